//! Rows to columns.

use std::ops::Range;

use super::lanes;
use crate::nn::real::Real;
use crate::nn::simd::{self, Kernel, LANES, padded};
use crate::parallel;

/// Elements of one square block.
const BLOCK: usize = LANES * LANES;

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
        if width == LANES && columns.len().is_multiple_of(LANES) {
            // A block is all there is between two steps along `out`: as in any small layer.
            let (blocks, _) = out.as_chunks_mut::<BLOCK>();
            for (column, out) in columns.step_by(LANES).zip(blocks) {
                let mut block = [F::ZERO; BLOCK];
                let (groups, _) = block.as_chunks_mut::<LANES>();
                for (r, group) in groups.iter_mut().enumerate() {
                    *group = *lanes(row(r.min(rows - 1)), column);
                }
                *out = turned(block);
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
                let mut block = [F::ZERO; BLOCK];
                for (r, source) in sources.iter().enumerate() {
                    block[r * LANES..][..LANES].copy_from_slice(&source[column..][..LANES]);
                }
                let block = turned(block);
                for c in 0..LANES {
                    out[(column + c) * width + start..][..LANES]
                        .copy_from_slice(&block[c * LANES..][..LANES]);
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

/// A block transposed: four perfect shuffles, each of which turns the index by one bit.
#[inline(always)]
fn turned<F: Real>(block: [F; BLOCK]) -> [F; BLOCK] {
    shuffled(shuffled(shuffled(shuffled(block))))
}

#[inline(always)]
fn shuffled<F: Real>(block: [F; BLOCK]) -> [F; BLOCK] {
    let mut out = [F::ZERO; BLOCK];
    for i in 0..BLOCK / 2 {
        out[2 * i] = block[i];
        out[2 * i + 1] = block[i + BLOCK / 2];
    }
    out
}
