//! Rows to columns.

use std::ops::Range;

use super::{OnStack, lanes};
use crate::nn::real::Real;
use crate::nn::simd::{self, Kernel, LANES, padded};
use crate::parallel;

/// Elements of one square block.
const BLOCK: usize = LANES * LANES;
/// Elements of the upper half of one.
const HALF: usize = BLOCK / 2;

/// Numbers that are worth another thread.
const GRAIN: usize = 1 << 15;

/// Writes `columns × padded(rows)` numbers: element (c, r) is `row(r)[c]`, the padding a copy of
/// the last row's. There must be a row. Large ones are shared among the team.
pub fn transpose<'a, F: Real>(
    rows: usize,
    columns: usize,
    row: impl Fn(usize) -> &'a [F] + Sync,
    out: &mut [F],
) {
    part(rows, 0..columns, &row, out);
}

/// The columns of a part of the whole.
fn part<'a, F: Real>(
    rows: usize,
    columns: Range<usize>,
    row: &(impl Fn(usize) -> &'a [F] + Sync),
    out: &mut [F],
) {
    if rows * columns.len() < 2 * GRAIN || columns.len() < 2 * LANES {
        return simd::run(Transpose { rows, columns, row, out });
    }
    let half = (columns.len() / 2).next_multiple_of(LANES);
    let middle = columns.start + half;
    let (first, rest) = out.split_at_mut(half * padded(rows));
    parallel::both(
        || part(rows, columns.start..middle, row, first),
        || part(rows, middle..columns.end, row, rest),
    );
}

struct Transpose<'a, F, R> {
    rows: usize,
    columns: Range<usize>,
    row: &'a R,
    out: &'a mut [F],
}

impl<'b, F: Real, R: Fn(usize) -> &'b [F]> Kernel for Transpose<'_, F, R> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let Self { rows, columns, row, out } = self;
        let width = padded(rows);
        match columns.len() {
            1 => return few::<1, F>(rows, |r| &row(r)[columns.clone()], out),
            2 => return few::<2, F>(rows, |r| &row(r)[columns.clone()], out),
            3 => return few::<3, F>(rows, |r| &row(r)[columns.clone()], out),
            _ => {}
        }
        if width == LANES && columns.len().is_multiple_of(LANES) {
            // A block is all there is between two steps along `out`: as in any small layer.
            let (blocks, _) = out.as_chunks_mut::<BLOCK>();
            for (column, out) in columns.step_by(LANES).zip(blocks) {
                *out = if rows <= LANES / 2 {
                    half_turned(gathered(rows, row, column))
                } else {
                    turned(gathered(rows, row, column))
                };
            }
            return;
        }
        for start in (0..width).step_by(LANES) {
            let mut sources = [&[] as &[F]; LANES];
            for (r, source) in sources.iter_mut().enumerate() {
                *source = &row((start + r).min(rows - 1))[columns.clone()];
            }
            let whole = columns.len() / LANES * LANES;
            for column in (0..whole).step_by(LANES) {
                let mut block = OnStack([F::ZERO; BLOCK]);
                for (r, source) in sources.iter().enumerate() {
                    block.0[r * LANES..][..LANES].copy_from_slice(&source[column..][..LANES]);
                }
                let block = OnStack(turned(block.0));
                for c in 0..LANES {
                    out[(column + c) * width + start..][..LANES]
                        .copy_from_slice(&block.0[c * LANES..][..LANES]);
                }
            }
            for column in whole..columns.len() {
                let out = &mut out[column * width + start..][..LANES];
                for (out, source) in out.iter_mut().zip(&sources) {
                    *out = source[column];
                }
            }
        }
    }
}

/// So few columns that each number is copied by itself.
#[inline(always)]
fn few<'a, const N: usize, F: Real>(rows: usize, row: impl Fn(usize) -> &'a [F], out: &mut [F]) {
    let width = padded(rows);
    let mut last = [F::ZERO; N];
    for r in 0..rows {
        if let Some(source) = row(r).first_chunk::<N>() {
            last = *source;
        }
        for (c, &x) in last.iter().enumerate() {
            out[c * width + r] = x;
        }
    }
    for (out, last) in out.chunks_exact_mut(width).zip(last) {
        out[rows..].fill(last);
    }
}

/// The group of columns from `column` on in as many rows as `N` has room for; the last of `rows` stands
/// for those that are not there.
#[inline(always)]
fn gathered<'a, F: Real, const N: usize>(
    rows: usize,
    row: &impl Fn(usize) -> &'a [F],
    column: usize,
) -> [F; N] {
    let mut block = [F::ZERO; N];
    let (groups, _) = block.as_chunks_mut::<LANES>();
    for (r, group) in groups.iter_mut().enumerate() {
        *group = *lanes(row(r.min(rows - 1)), column);
    }
    block
}

/// A block transposed: four perfect shuffles, each of which turns the index by one bit.
#[inline(always)]
fn turned<F: Real>(block: [F; BLOCK]) -> [F; BLOCK] {
    shuffled(shuffled(shuffled(shuffled(block))))
}

/// A block transposed whose other rows are copies of the last of the upper half.
#[inline(always)]
fn half_turned<F: Real>(half: [F; HALF]) -> [F; BLOCK] {
    let half = shuffled(shuffled(shuffled(half)));
    let mut out = [F::ZERO; BLOCK];
    // Two columns at a time, which are one group of the half: anything less goes by way of the stack.
    let (pairs, _) = out.as_chunks_mut::<{ 2 * LANES }>();
    let (groups, _) = half.as_chunks::<LANES>();
    for (pair, group) in pairs.iter_mut().zip(groups) {
        for row in 0..LANES {
            let copied = row.min(LANES / 2 - 1);
            pair[row] = group[copied];
            pair[LANES + row] = group[LANES / 2 + copied];
        }
    }
    out
}

#[inline(always)]
fn shuffled<F: Real, const N: usize>(block: [F; N]) -> [F; N] {
    let mut out = [F::ZERO; N];
    for i in 0..N / 2 {
        out[2 * i] = block[i];
        out[2 * i + 1] = block[i + N / 2];
    }
    out
}
