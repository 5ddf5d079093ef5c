//! Large products, in blocks that stay in the caches.
//!
//! Read in place, a large right factor would come from beyond the caches once for every few rows of
//! the left, and rows a power of two apart would compete for the same few lines. So a block of
//! each factor is copied to where its neighbours are close by and used as often as it can be (Goto &
//! van de Geijn 2008, "Anatomy of high-performance matrix multiplication"). What one block of a sum
//! leaves in `out`, the next goes on from, so that the order of the sum is that of [`Sums`].

use std::cell::RefCell;

use super::tile::{Left, Product, Start, Sums};
use super::{lanes, lanes_mut};
use crate::nn::real::{Memory, Real};
use crate::nn::simd::{self, Kernel, LANES};

/// Rows of a block of the left factor.
const ROWS: usize = 256;
/// Terms of a sum in a block.
const TERMS: usize = 256;

thread_local! {
    /// This thread's memory for copied blocks, kept for its life.
    static MEMORY: RefCell<Memory> = RefCell::default();
}

/// Computes `sums` as [`super::product::product`] does, on this thread, in tiles of `R` rows and
/// `C` groups of columns.
pub(super) fn run<L: Left<F>, F: Real, const R: usize, const C: usize>(
    sums: Sums<'_, Product<'_, L, F>, F>,
    out: &mut [F],
    stride: usize,
) {
    MEMORY.with_borrow_mut(|memory| {
        let memory = F::memory(memory);
        memory.resize((ROWS + C * LANES) * TERMS, F::ZERO);
        simd::run(Blocked::<L, F, R, C> { sums, out, stride, memory });
    });
}

struct Blocked<'a, L, F, const R: usize, const C: usize> {
    sums: Sums<'a, Product<'a, L, F>, F>,
    out: &'a mut [F],
    stride: usize,
    memory: &'a mut [F],
}

impl<L: Left<F>, F: Real, const R: usize, const C: usize> Kernel for Blocked<'_, L, F, R, C> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let Self { sums: Sums { terms: factors, start }, out, stride, memory } = self;
        let (rows, depth) = (out.len() / stride, factors.right.len() / factors.width);
        let (block, panel) = memory.split_at_mut(ROWS * TERMS);
        for term in (0..depth).step_by(TERMS) {
            let terms = TERMS.min(depth - term);
            for row in (0..rows).step_by(ROWS) {
                let rows = ROWS.min(rows - row);
                let left = factors.left.block((row, rows), (term, terms), block);
                let start = if term == 0 { start.below(row) } else { Start::There };
                for column in (0..stride).step_by(C * LANES) {
                    let width = (C * LANES).min(factors.width - column);
                    let right = &mut panel[..terms * width];
                    let lines = factors.right.chunks_exact(factors.width).skip(term);
                    for (copy, line) in right.chunks_exact_mut(width).zip(lines) {
                        for group in (0..width).step_by(LANES) {
                            *lanes_mut(copy, group) = *lanes(line, column + group);
                        }
                    }
                    let size = (rows, width.min(stride - column));
                    Sums { terms: Product { left, right, width }, start }.columns::<R, C>(
                        size,
                        &mut out[row * stride + column..],
                        stride,
                    );
                }
            }
        }
    }
}
