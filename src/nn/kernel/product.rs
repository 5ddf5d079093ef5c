//! The one matrix product behind forward and backward.
//!
//! A tile of rows × columns is summed in registers. LLVM sees to that as long as the sums are one
//! local array that is only ever indexed by loops of fixed length, and is left by whole groups of
//! lanes. Tiles differ in size by instruction set; the order of each sum does not.

use super::Lanes;
use crate::nn::real::Real;
use crate::nn::simd::{self, Kernel, LANES, Level};
use crate::team;

/// Products of fewer multiply-adds than this are not worth another thread.
const GRAIN: usize = 1 << 20;

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
}

impl<'a, F: Real> Left<F> for Transposed<'a, F> {
    type Rows<const R: usize> = (&'a [F], usize);
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
}

/// The sums that make up `start + left · right`.
#[derive(Clone, Copy)]
pub(super) struct Sums<'a, L, F> {
    pub left: L,
    /// What each row starts from; 0 if there is none.
    pub start: &'a [F],
    /// As many rows as the sums are long.
    pub right: &'a [F],
    /// The length of a row of `right`: a multiple of [`LANES`].
    pub width: usize,
}

/// Computes `sums` into the rows of `out`, `stride` long: up to `width`; columns beyond are not
/// wanted. Large products are shared among the team.
pub(super) fn product<F: Real, L: Left<F>>(sums: Sums<'_, L, F>, out: &mut [F], stride: usize) {
    let rows = out.len() / stride;
    if rows < 16 || sums.right.len() * rows < 2 * GRAIN {
        // The largest tiles whose sums fit the registers.
        return match Level::current() {
            Level::Avx512 => simd::run(Tiled::<L, F, 8, 2> { sums, out, stride }),
            Level::Avx2 | Level::Baseline => simd::run(Tiled::<L, F, 4, 1> { sums, out, stride }),
        };
    }
    let half = (rows / 2).next_multiple_of(8);
    let (upper, lower) = out.split_at_mut(half * stride);
    let (start, below) = sums.start.split_at(half.min(sums.start.len()));
    team::both(
        || product(Sums { start, ..sums }, upper, stride),
        || product(Sums { start: below, left: sums.left.below(half), ..sums }, lower, stride),
    );
}

/// A product in tiles of up to `R` rows and `C` groups of columns.
struct Tiled<'a, L, F, const R: usize, const C: usize> {
    sums: Sums<'a, L, F>,
    out: &'a mut [F],
    stride: usize,
}

impl<L: Left<F>, F: Real, const R: usize, const C: usize> Kernel for Tiled<'_, L, F, R, C> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let Self { sums, out, stride } = self;
        let mut column = 0;
        while column + C * LANES <= stride {
            sums.columns::<R, C>(column, out, stride);
            column += C * LANES;
        }
        while column + LANES <= stride {
            sums.columns::<R, 1>(column, out, stride);
            column += LANES;
        }
        if column < stride {
            sums.edge(column, out, stride);
        }
    }
}

impl<L: Left<F>, F: Real> Sums<'_, L, F> {
    /// All rows of the `C` groups of columns from `column` on.
    #[inline(always)]
    fn columns<const R: usize, const C: usize>(self, column: usize, out: &mut [F], stride: usize) {
        let rows = out.len() / stride;
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

    /// All rows of the columns from `column` on, fewer than a group.
    #[inline(always)]
    fn edge(self, column: usize, out: &mut [F], stride: usize) {
        let mut tile = [[F::ZERO; LANES]; 4];
        for (index, out) in out.chunks_mut(4 * stride).enumerate() {
            if out.len() == 4 * stride {
                self.tile::<4, 1>(4 * index, column, tile.as_flattened_mut(), LANES);
            } else {
                for (r, sums) in tile.iter_mut().enumerate().take(out.len() / stride) {
                    self.tile::<1, 1>(4 * index + r, column, sums, LANES);
                }
            }
            for (out, sums) in out.chunks_exact_mut(stride).zip(&tile) {
                for (out, sum) in out[column..].iter_mut().zip(sums) {
                    *out = *sum;
                }
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
        let depth = self.right.len() / self.width;
        let left = self.left.rows::<R>(row, depth);
        let mut sums = [[[F::ZERO; LANES]; C]; R];
        if !self.start.is_empty() {
            for (sums, &start) in sums.iter_mut().zip(&self.start[row..][..R]) {
                *sums = [[start; LANES]; C];
            }
        }
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
        for (r, sums) in sums.iter().enumerate() {
            for (c, sum) in sums.iter().enumerate() {
                out[r * stride + c * LANES..][..LANES].copy_from_slice(sum);
            }
        }
    }
}

/// `sum += w · x` in every lane.
#[inline(always)]
fn accumulate<F: Real>(sum: &mut Lanes<F>, w: F, x: &Lanes<F>) {
    for lane in 0..LANES {
        sum[lane] = w.mul_add(x[lane], sum[lane]);
    }
}
