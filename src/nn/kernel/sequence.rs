//! Sums over all samples of all steps of a sequence.
//!
//! They are summed in lanes, one for every [`LANES`]th sample, and folded once at the end: so no
//! factor needs to be transposed, which is what a product with few columns would spend its time on.

use super::{Lanes, fold, lanes};
use crate::nn::real::Real;
use crate::nn::simd::{self, Kernel, LANES};

/// Rows of a tile.
const ROWS: usize = 8;

/// Rows of a matrix that a sequence has one of in every step.
#[derive(Clone, Copy, Debug)]
pub struct Steps<'a, F> {
    /// Those of all steps; the first step's rows begin at the first number.
    pub values: &'a [F],
    /// Numbers from a step to the next; 0 if all steps share the same rows.
    pub stride: usize,
    /// The length of a row, padded.
    pub columns: usize,
}

impl<'a, F: Real> Steps<'a, F> {
    /// Each step, from its row `row` on.
    #[inline(always)]
    fn below(self, row: usize) -> impl Iterator<Item = &'a [F]> {
        self.values.chunks(self.stride).map(move |step| &step[row * self.columns..])
    }
}

/// `out[r][c]` = the sum of the products of row `r` of `left` and row `c` of `right` over all steps
/// and samples; `right` has `count` rows. A row of ones gives the sums of the rows of `left`.
pub fn samples_product<F: Real>(
    left: Steps<'_, F>,
    right: Steps<'_, F>,
    count: usize,
    out: &mut [F],
) {
    simd::run(SamplesProduct { left, right, count, out });
}

struct SamplesProduct<'a, F> {
    left: Steps<'a, F>,
    right: Steps<'a, F>,
    count: usize,
    out: &'a mut [F],
}

impl<F: Real> Kernel for SamplesProduct<'_, F> {
    type Output = ();
    #[inline(always)]
    fn run(mut self) {
        let rows = self.out.len() / self.count;
        let whole = rows / ROWS * ROWS;
        for row in (0..whole).step_by(ROWS) {
            self.rows::<ROWS>(row);
        }
        for row in whole..rows {
            self.rows::<1>(row);
        }
    }
}

impl<F: Real> SamplesProduct<'_, F> {
    /// All columns of `R` rows.
    #[inline(always)]
    fn rows<const R: usize>(&mut self, row: usize) {
        let mut column = 0;
        while column + 2 <= self.count {
            self.columns::<R, 2>(row, column);
            column += 2;
        }
        if column < self.count {
            self.columns::<R, 1>(row, column);
        }
    }

    #[inline(always)]
    fn columns<const R: usize, const C: usize>(&mut self, row: usize, column: usize) {
        let Steps { values, stride, columns } = self.right;
        let factors = |step: usize, group: usize| {
            let first = step * stride + column * columns + group;
            let mut factors = [[F::ZERO; LANES]; C];
            for (c, factor) in factors.iter_mut().enumerate() {
                *factor = *lanes(values, first + c * columns);
            }
            factors
        };
        let tile = tile::<F, R, C>(self.left, row, factors);
        for (r, sums) in tile.iter().enumerate() {
            self.out[(row + r) * self.count + column..][..C].copy_from_slice(sums);
        }
    }
}

/// The sums of the products of `R` rows with `C` factors, which `factors` gives for a group of samples
/// of a step.
#[inline(always)]
fn tile<F: Real, const R: usize, const C: usize>(
    left: Steps<'_, F>,
    row: usize,
    factors: impl Fn(usize, usize) -> [Lanes<F>; C],
) -> [[F; C]; R] {
    let columns = left.columns;
    let mut sums = [[[F::ZERO; LANES]; C]; R];
    for (step, left) in left.below(row).enumerate() {
        let left = &left[..R * columns];
        for group in (0..columns).step_by(LANES) {
            let factors = factors(step, group);
            for (r, sums) in sums.iter_mut().enumerate() {
                let left = lanes(left, r * columns + group);
                for (sum, factor) in sums.iter_mut().zip(&factors) {
                    add_product(sum, left, factor);
                }
            }
        }
    }
    let mut folded = [[F::ZERO; C]; R];
    for (folded, sums) in folded.iter_mut().zip(&sums) {
        for (folded, &sum) in folded.iter_mut().zip(sums) {
            *folded = fold(sum);
        }
    }
    folded
}

/// `sum += a · b`, lane by lane.
#[inline(always)]
fn add_product<F: Real>(sum: &mut Lanes<F>, a: &Lanes<F>, b: &Lanes<F>) {
    for lane in 0..LANES {
        sum[lane] = a[lane].mul_add(b[lane], sum[lane]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_over_steps_and_samples_are_those_of_plain_loops() {
        let (steps, columns) = (3, 2 * LANES);
        for (rows, count) in [(1, 1), (8, 2), (11, 3), (17, 8)] {
            // Whole numbers, so that the order does not matter.
            let values = |rows: usize, step: usize| -> Vec<f32> {
                (0..steps * rows * columns).map(|i| ((i * step) % 13) as f32 - 6.0).collect()
            };
            // More rows lie between two steps than are summed.
            let (left, right) = (values(rows + 2, 7), values(count, 5));
            let left = Steps { values: &left, stride: (rows + 2) * columns, columns };
            let right = Steps { values: &right, stride: count * columns, columns };
            let (mut sums, mut out) = (vec![0.0; rows], vec![0.0; rows * count]);
            let ones = Steps { values: &vec![1.0; columns], stride: 0, columns };
            samples_product(left, ones, 1, &mut sums);
            samples_product(left, right, count, &mut out);
            let row = |of: Steps<'_, f32>, row: usize| -> Vec<f32> {
                of.below(row).flat_map(|step| step[..columns].to_vec()).collect()
            };
            for r in 0..rows {
                assert_eq!(sums[r], row(left, r).iter().sum::<f32>());
                for c in 0..count {
                    let products = row(left, r).into_iter().zip(row(right, c));
                    assert_eq!(out[r * count + c], products.map(|(a, b)| a * b).sum::<f32>());
                }
            }
        }
    }
}
