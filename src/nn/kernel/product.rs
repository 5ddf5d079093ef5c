//! The one matrix product behind forward and backward.
//!
//! It is summed in tiles (`tile`) as large as the registers of the machine allow. A product that does
//! not fit the caches is gone through in blocks (`blocked`).

use super::blocked;
use super::tile::{Left, Product, Sums, Terms};
use crate::nn::real::Real;
use crate::nn::simd::{self, Kernel, Level};
use crate::parallel;

/// Multiply-adds from which on blocks and threads are worth their while.
pub(super) const LARGE: usize = 1 << 21;

/// Rows of `out` that are worth a block's copies, and that a thread should have.
pub(super) const MANY: usize = 128;

/// Computes `sums` into the rows of `out`, `stride` long: up to `width`; columns beyond are not
/// wanted. Large products are shared among the team.
#[inline(always)]
pub(super) fn product<F: Real, L: Left<F>>(
    sums: Sums<'_, Product<'_, L, F>, F>,
    out: &mut [F],
    stride: usize,
) {
    if is_large(&sums.terms, out.len() / stride) {
        large(sums, out, stride);
    } else {
        tiled(sums, out, stride);
    }
}

/// Whether a product of so many rows is gone through in blocks.
#[inline(always)]
pub(super) fn is_large<F, L>(terms: &Product<'_, L, F>, rows: usize) -> bool {
    rows >= MANY && terms.right.len() * rows >= LARGE
}

/// Computes `sums` as [`product`] does, on this thread, in the largest tiles whose sums fit the
/// registers.
#[inline(always)]
pub(super) fn tiled<F: Real, T: Terms<F>>(sums: Sums<'_, T, F>, out: &mut [F], stride: usize) {
    match Level::current() {
        Level::Avx512 => simd::run(Tiled::<T, F, 8, 2> { sums, out, stride }),
        Level::Avx2 | Level::Baseline => simd::run(Tiled::<T, F, 4, 1> { sums, out, stride }),
    }
}

/// As [`product`], by all threads of the team and in blocks. Apart from it, so that small products do
/// not pay for its frame.
#[inline(never)]
fn large<F: Real, L: Left<F>>(sums: Sums<'_, Product<'_, L, F>, F>, out: &mut [F], stride: usize) {
    let rows = out.len() / stride;
    if rows < 2 * MANY {
        return match Level::current() {
            Level::Avx512 => blocked::run::<L, F, 8, 2>(sums, out, stride),
            Level::Avx2 | Level::Baseline => blocked::run::<L, F, 4, 1>(sums, out, stride),
        };
    }
    let half = (rows / 2).next_multiple_of(8);
    let (upper, lower) = out.split_at_mut(half * stride);
    let terms = Product { left: sums.terms.left.below(half), ..sums.terms };
    parallel::both(
        || large(sums, upper, stride),
        || large(Sums { terms, start: sums.start.below(half) }, lower, stride),
    );
}

/// Sums in tiles of up to `R` rows and `C` groups of columns.
struct Tiled<'a, T, F, const R: usize, const C: usize> {
    sums: Sums<'a, T, F>,
    out: &'a mut [F],
    stride: usize,
}

impl<T: Terms<F>, F: Real, const R: usize, const C: usize> Kernel for Tiled<'_, T, F, R, C> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let size = (self.out.len() / self.stride, self.stride);
        self.sums.columns::<R, C>(size, self.out, self.stride);
    }
}
