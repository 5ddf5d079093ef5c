//! Sums of products, tile by tile.
//!
//! A tile of rows × columns is summed in registers. LLVM sees to that as long as the sums are one
//! local array that is only ever indexed by loops of fixed length, and is left by whole groups of
//! lanes. Tiles differ in size by instruction set; the order of each sum does not.

use std::ops::Range;

use super::{Lanes, lanes};
use crate::nn::real::Real;
use crate::nn::simd::LANES;

/// The left factor. Rows of it are gone through along the sum, `R` of them side by side.
pub(super) trait Left<F>: Copy + Send + Sync {
    /// `R` rows, bounds checked once.
    type Rows<const R: usize>: Copy;
    /// Rows from `row` on, for a sum of `depth` terms.
    fn rows<const R: usize>(self, row: usize, depth: usize) -> Self::Rows<R>;
    /// The factor of term `k` in row `r` of those.
    fn at<const R: usize>(rows: Self::Rows<R>, r: usize, k: usize) -> F;
    /// The rows from `row` on.
    fn below(self, row: usize) -> Self;
    /// A block of it.
    type Block<'b>: Left<F>
    where
        F: 'b;
    /// The block of these `(first, count)` rows and terms, copied into `memory` if it would be
    /// scattered where it is.
    fn block(
        self,
        rows: (usize, usize),
        terms: (usize, usize),
        memory: &mut [F],
    ) -> Self::Block<'_>;
}

/// A matrix as it is stored: each row in one piece.
#[derive(Clone, Copy)]
pub(super) struct Plain<'a, F> {
    pub values: &'a [F],
    /// The length of a stored row.
    pub stride: usize,
}

/// The transpose of a stored matrix.
#[derive(Clone, Copy)]
pub(super) struct Transposed<'a, F> {
    pub values: &'a [F],
    /// The length of a stored row.
    pub stride: usize,
}

impl<'a, F: Real> Left<F> for Plain<'a, F> {
    type Rows<const R: usize> = [&'a [F]; R];
    type Block<'b> = Self;
    #[inline(always)]
    fn rows<const R: usize>(self, row: usize, depth: usize) -> [&'a [F]; R] {
        let mut rows = [&self.values[..0]; R];
        for (r, slot) in rows.iter_mut().enumerate() {
            *slot = &self.values[(row + r) * self.stride..][..depth];
        }
        rows
    }
    #[inline(always)]
    fn at<const R: usize>(rows: [&'a [F]; R], r: usize, k: usize) -> F {
        rows[r][k]
    }
    fn below(self, row: usize) -> Self {
        Self { values: &self.values[row * self.stride..], ..self }
    }
    #[inline(always)]
    fn block(self, (row, _): (usize, usize), (term, _): (usize, usize), _: &mut [F]) -> Self {
        Self { values: &self.values[row * self.stride + term..], ..self }
    }
}

impl<'a, F: Real> Left<F> for Transposed<'a, F> {
    type Rows<const R: usize> = (&'a [F], usize);
    type Block<'b> = Transposed<'b, F>;
    #[inline(always)]
    fn rows<const R: usize>(self, row: usize, _: usize) -> (&'a [F], usize) {
        (&self.values[row..], self.stride)
    }
    #[inline(always)]
    fn at<const R: usize>((values, stride): (&'a [F], usize), r: usize, k: usize) -> F {
        values[k * stride + r]
    }
    fn below(self, row: usize) -> Self {
        Self { values: &self.values[row..], ..self }
    }
    #[inline(always)]
    fn block(
        self,
        (row, rows): (usize, usize),
        (term, terms): (usize, usize),
        memory: &mut [F],
    ) -> Transposed<'_, F> {
        let sources = self.values.chunks(self.stride).skip(term);
        for (copy, source) in memory.chunks_exact_mut(rows).take(terms).zip(sources) {
            copy.copy_from_slice(&source[row..][..rows]);
        }
        Transposed { values: memory, stride: rows }
    }
}

/// The numbers that sums start from.
#[derive(Clone, Copy)]
pub(super) enum Start<'a, F> {
    Zero,
    /// One number for each row.
    Rows(&'a [F]),
    /// Those that stand where the sums go.
    There,
}

impl<F> Start<'_, F> {
    /// That of the rows from `row` on.
    #[inline(always)]
    pub fn below(self, row: usize) -> Self {
        match self {
            Self::Rows(rows) => Self::Rows(&rows[row..]),
            other => other,
        }
    }
}

/// The terms of the sums of a tile.
pub(super) trait Terms<F>: Copy {
    /// Adds them to the sums of the tile at this row and column, in an order that is always the same.
    fn add<const R: usize, const C: usize>(self, at: (usize, usize), sums: &mut [[Lanes<F>; C]; R]);
}

/// The terms of `left · right`.
#[derive(Clone, Copy)]
pub(super) struct Product<'a, L, F> {
    pub left: L,
    /// As many rows as the sums are long.
    pub right: &'a [F],
    /// The length of a row of `right`: a multiple of [`LANES`].
    pub width: usize,
}

impl<L: Left<F>, F: Real> Terms<F> for Product<'_, L, F> {
    #[inline(always)]
    fn add<const R: usize, const C: usize>(
        self,
        (row, column): (usize, usize),
        sums: &mut [[Lanes<F>; C]; R],
    ) {
        let depth = self.right.len() / self.width;
        let left = self.left.rows::<R>(row, depth);
        for k in 0..depth {
            let (groups, _) = self.right[k * self.width + column..].as_chunks::<LANES>();
            let Some(&right) = groups.first_chunk::<C>() else { break };
            for (r, sums) in sums.iter_mut().enumerate() {
                let w = L::at::<R>(left, r, k);
                for (sum, right) in sums.iter_mut().zip(&right) {
                    accumulate(sum, w, right);
                }
            }
        }
    }
}

/// The terms of one product, then those of another.
#[derive(Clone, Copy)]
pub(super) struct Both<A, B>(pub A, pub B);

impl<F, A: Terms<F>, B: Terms<F>> Terms<F> for Both<A, B> {
    #[inline(always)]
    fn add<const R: usize, const C: usize>(
        self,
        at: (usize, usize),
        sums: &mut [[Lanes<F>; C]; R],
    ) {
        self.0.add(at, sums);
        self.1.add(at, sums);
    }
}

/// The sums that make up `start + terms`.
#[derive(Clone, Copy)]
pub(super) struct Sums<'a, T, F> {
    pub terms: T,
    pub start: Start<'a, F>,
}

impl<T: Terms<F>, F: Real> Sums<'_, T, F> {
    /// So many rows and columns of the product, into `out`, which may begin within a row.
    #[inline(always)]
    pub fn columns<const R: usize, const C: usize>(
        self,
        (rows, columns): (usize, usize),
        out: &mut [F],
        stride: usize,
    ) {
        let mut column = 0;
        while column + C * LANES <= columns {
            self.rows::<R, C>(rows, column, out, stride);
            column += C * LANES;
        }
        while column + LANES <= columns {
            self.rows::<R, 1>(rows, column, out, stride);
            column += LANES;
        }
        if column < columns {
            self.edge::<R>(rows, column..columns, out, stride);
        }
    }

    /// All rows of the `C` groups of columns from `column` on.
    #[inline(always)]
    fn rows<const R: usize, const C: usize>(
        self,
        rows: usize,
        column: usize,
        out: &mut [F],
        stride: usize,
    ) {
        let out = &mut out[column..];
        let mut row = 0;
        while row + R <= rows {
            self.tile::<R, C>(row, column, &mut out[row * stride..], stride);
            row += R;
        }
        if row + 4 <= rows {
            self.tile::<4, C>(row, column, &mut out[row * stride..], stride);
            row += 4;
        }
        if row + 2 <= rows {
            self.tile::<2, C>(row, column, &mut out[row * stride..], stride);
            row += 2;
        }
        if row < rows {
            self.tile::<1, C>(row, column, &mut out[row * stride..], stride);
        }
    }

    /// All rows of the last columns, fewer than a group.
    #[inline(always)]
    fn edge<const R: usize>(
        self,
        rows: usize,
        columns: Range<usize>,
        out: &mut [F],
        stride: usize,
    ) {
        let mut row = 0;
        while row < rows {
            let out = &mut out[row * stride..];
            let columns = columns.clone();
            match rows - row {
                left if left >= R => {
                    self.strip::<R>(row, columns, out, stride);
                    row += R;
                }
                left if left >= 4 => {
                    self.strip::<4>(row, columns, out, stride);
                    row += 4;
                }
                _ => {
                    self.strip::<1>(row, columns, out, stride);
                    row += 1;
                }
            }
        }
    }

    /// Some rows of the last columns, by way of a tile that has room for a whole group.
    #[inline(always)]
    fn strip<const R: usize>(
        self,
        row: usize,
        columns: Range<usize>,
        out: &mut [F],
        stride: usize,
    ) {
        let mut tile = [[F::ZERO; LANES]; R];
        if matches!(self.start, Start::There) {
            for (tile, out) in tile.iter_mut().zip(out.chunks(stride)) {
                for (sum, out) in tile.iter_mut().zip(&out[columns.clone()]) {
                    *sum = *out;
                }
            }
        }
        self.tile::<R, 1>(row, columns.start, tile.as_flattened_mut(), LANES);
        for (tile, out) in tile.iter().zip(out.chunks_mut(stride)) {
            let out = &mut out[columns.clone()];
            // Half a group, as of eight inputs, without a call to copy it.
            if out.len() == LANES / 2 {
                out[..LANES / 2].copy_from_slice(&tile[..LANES / 2]);
            } else {
                out.copy_from_slice(&tile[..out.len()]);
            }
        }
    }

    #[inline(always)]
    fn tile<const R: usize, const C: usize>(
        self,
        row: usize,
        column: usize,
        out: &mut [F],
        stride: usize,
    ) {
        let mut sums = [[[F::ZERO; LANES]; C]; R];
        match self.start {
            Start::Zero => {}
            Start::Rows(starts) => {
                for (sums, &start) in sums.iter_mut().zip(&starts[row..][..R]) {
                    *sums = [[start; LANES]; C];
                }
            }
            Start::There => {
                for (r, sums) in sums.iter_mut().enumerate() {
                    for (c, sum) in sums.iter_mut().enumerate() {
                        *sum = *lanes(out, r * stride + c * LANES);
                    }
                }
            }
        }
        self.terms.add((row, column), &mut sums);
        for (r, sums) in sums.iter().enumerate() {
            for (c, sum) in sums.iter().enumerate() {
                out[r * stride + c * LANES..][..LANES].copy_from_slice(sum);
            }
        }
    }
}

/// `sum += w · x` in every lane.
#[inline(always)]
pub(super) fn accumulate<F: Real>(sum: &mut Lanes<F>, w: F, x: &Lanes<F>) {
    for lane in 0..LANES {
        sum[lane] = w.mul_add(x[lane], sum[lane]);
    }
}
