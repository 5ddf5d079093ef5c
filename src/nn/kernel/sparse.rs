//! Products whose right factor is mostly 0, as bags of words are: what is 0 throughout a group of lanes
//! is skipped.
//!
//! They have the bits of the dense product. A term `w·0` with a finite `w` is ±0, which leaves a sum as
//! it is unless that is −0: then it becomes 0 or stays. So the sum without such terms has the same
//! value all along, and at its end the same bits, unless it is −0 there. Tiles with a −0 are summed
//! anew with all terms, and so is everything if a number on the left is not finite.

use super::product::{LARGE, MANY};
use super::tile::{Left, Plain, Start, accumulate};
use super::{Dims, Lanes, lanes};
use crate::nn::real::Real;
use crate::nn::simd::{self, Kernel, LANES, Level, padded};
use crate::parallel;

/// The fewest inputs of a layer that are looked through for zeros: with fewer, looking would cost a
/// share of the product.
const INPUTS: usize = 256;
/// The largest share of groups that may be occupied: one in so many.
const SHARE: usize = 3;

/// The terms of each group of lanes that are not 0 throughout.
#[derive(Clone, Debug, Default)]
pub struct Occupied {
    /// Those of all groups, up to the last of `ends`.
    terms: Vec<u32>,
    /// Where the terms of each group end.
    ends: Vec<usize>,
}

impl Occupied {
    /// Looks through `right`, whose rows are `width` long. Returns whether so few groups are occupied
    /// that the others are worth skipping.
    fn find<F: Real>(&mut self, right: &[F], width: usize) -> bool {
        // Each row is written down before it is known whether it counts.
        let most = right.len() / LANES / SHARE;
        let depth = right.len() / width;
        self.terms.resize(most + depth, 0);
        self.ends.clear();
        self.ends.reserve(width / LANES);
        simd::run(Find { right, width, most, found: self })
    }

    /// Terms of all groups.
    fn len(&self) -> usize {
        self.ends.last().copied().unwrap_or(0)
    }

    fn groups(&self) -> impl Iterator<Item = &[u32]> {
        let starts = [0].into_iter().chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.terms[start..end])
    }
}

struct Find<'a, F> {
    right: &'a [F],
    width: usize,
    most: usize,
    found: &'a mut Occupied,
}

impl<F: Real> Kernel for Find<'_, F> {
    type Output = bool;
    #[inline(always)]
    fn run(self) -> bool {
        let Self { right, width, most, found } = self;
        let depth = right.len() / width;
        let mut end = 0;
        for column in (0..width).step_by(LANES) {
            // Without a branch, which could not be foreseen.
            let mut count = 0;
            let terms = &mut found.terms[end..][..depth];
            for (term, row) in right.chunks_exact(width).enumerate() {
                let zero = lanes(row, column).iter().fold(true, |zero, x| zero & x.is_zero());
                terms[count] = term as u32;
                count += usize::from(!zero);
            }
            end += count;
            if end > most {
                return false;
            }
            found.ends.push(end);
        }
        true
    }
}

/// As [`super::affine`], if `x` is 0 nearly everywhere and the weights are finite; else it does nothing
/// and returns false.
pub fn affine<F: Real>(
    dims: Dims,
    (weight, bias): (&[F], &[F]),
    x: &[F],
    z: &mut [F],
    occupied: &mut Occupied,
) -> bool {
    if dims.inputs < INPUTS || !occupied.find(x, dims.columns) || !simd::run(AreFinite(weight)) {
        return false;
    }
    let left = Plain { values: weight, stride: dims.inputs };
    let start = Start::Rows(bias);
    let sums = Skipping { left, start, right: x, width: dims.columns, occupied };
    sums.product(z, dims.columns);
    true
}

/// As [`super::weight_gradient`], if `xt` is 0 nearly everywhere and `dz` is finite; else it does
/// nothing and returns false.
pub fn weight_gradient<F: Real>(
    dims: Dims,
    (dz, xt): (&[F], &[F]),
    dw: &mut [F],
    occupied: &mut Occupied,
) -> bool {
    let width = padded(dims.inputs);
    if !occupied.find(xt, width) || !simd::run(AreFinite(dz)) {
        return false;
    }
    let left = Plain { values: dz, stride: dims.columns };
    let sums = Skipping { left, start: Start::Zero, right: xt, width, occupied };
    sums.product(dw, dims.inputs);
    true
}

struct AreFinite<'a, F>(&'a [F]);

impl<F: Real> Kernel for AreFinite<'_, F> {
    type Output = bool;
    #[inline(always)]
    fn run(self) -> bool {
        self.0.iter().fold(true, |finite, x| finite & x.is_finite())
    }
}

/// `start + left · right` without the terms that are 0 throughout a group.
#[derive(Clone, Copy)]
struct Skipping<'a, F> {
    left: Plain<'a, F>,
    start: Start<'a, F>,
    right: &'a [F],
    width: usize,
    occupied: &'a Occupied,
}

impl<F: Real> Skipping<'_, F> {
    /// Sums into the rows of `out`, `stride` long. Much of it is shared among the team.
    fn product(self, out: &mut [F], stride: usize) {
        let rows = out.len() / stride;
        if rows >= 2 * MANY && self.occupied.len() * LANES * rows >= LARGE {
            let half = (rows / 2).next_multiple_of(8);
            let (upper, lower) = out.split_at_mut(half * stride);
            let (left, start) = (self.left.below(half), self.start.below(half));
            parallel::both(
                || self.product(upper, stride),
                || Self { left, start, ..self }.product(lower, stride),
            );
            return;
        }
        // As many rows side by side as keep the multipliers busy.
        match Level::current() {
            Level::Avx512 => simd::run(Groups::<F, 8> { sums: self, out, stride }),
            Level::Avx2 | Level::Baseline => simd::run(Groups::<F, 4> { sums: self, out, stride }),
        }
    }

    /// Sums `R` rows of the group at `column` into the columns that `out` has of it.
    #[inline(always)]
    fn tile<const R: usize>(
        self,
        (row, column): (usize, usize),
        terms: &[u32],
        out: &mut [F],
        stride: usize,
    ) {
        let depth = self.right.len() / self.width;
        let mut sums = self.sum::<R>((row, column), terms.iter().map(|&term| term as usize));
        if sums.as_flattened().iter().fold(false, |any, sum| any | sum.is_negative_zero()) {
            sums = self.sum::<R>((row, column), 0..depth);
        }
        let columns = LANES.min(stride - column);
        for (r, sum) in sums.iter().enumerate() {
            out[r * stride + column..][..columns].copy_from_slice(&sum[..columns]);
        }
    }

    #[inline(always)]
    fn sum<const R: usize>(
        self,
        (row, column): (usize, usize),
        terms: impl Iterator<Item = usize>,
    ) -> [Lanes<F>; R] {
        let left = self.left.rows::<R>(row, self.right.len() / self.width);
        let mut sums = [[F::ZERO; LANES]; R];
        if let Start::Rows(starts) = self.start {
            for (sum, &start) in sums.iter_mut().zip(&starts[row..][..R]) {
                *sum = [start; LANES];
            }
        }
        for term in terms {
            let right = lanes(self.right, term * self.width + column);
            for (r, sum) in sums.iter_mut().enumerate() {
                accumulate(sum, Plain::at::<R>(left, r, term), right);
            }
        }
        sums
    }
}

/// All groups of so many rows at a time.
struct Groups<'a, F, const R: usize> {
    sums: Skipping<'a, F>,
    out: &'a mut [F],
    stride: usize,
}

impl<F: Real, const R: usize> Kernel for Groups<'_, F, R> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let Self { sums, out, stride } = self;
        let rows = out.len() / stride;
        for (group, terms) in sums.occupied.groups().enumerate() {
            let column = group * LANES;
            let mut row = 0;
            while row + R <= rows {
                sums.tile::<R>((row, column), terms, &mut out[row * stride..], stride);
                row += R;
            }
            while row < rows {
                sums.tile::<1>((row, column), terms, &mut out[row * stride..], stride);
                row += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::kernel;
    use crate::rng::{Purpose, normal, stream};

    const DIMS: Dims = Dims { units: 21, inputs: 300, columns: 32 };

    /// Numbers of which one in `every` is not 0, in an order that looks random; zeros are of both signs.
    fn mostly_zero(len: usize, every: usize) -> Vec<f32> {
        let mut stream = stream(3, Purpose::Data);
        let number = |index: usize| {
            let x = normal(&mut stream) as f32;
            if ((index * 7919 + 13) % 10_007).is_multiple_of(every) { x } else { x * 0.0 }
        };
        (0..len).map(number).collect()
    }

    fn bits(numbers: &[f32]) -> Vec<u32> {
        numbers.iter().map(|x| x.to_bits()).collect()
    }

    /// z and dW of the dense and of the skipping kernel, and whether that skipped.
    fn both(
        weight: &[f32],
        bias: &[f32],
        x: &[f32],
        dz: &[f32],
    ) -> ([Vec<Vec<u32>>; 2], [bool; 2]) {
        let Dims { units, inputs, columns } = DIMS;
        let mut xt = vec![0.0; columns * padded(inputs)];
        kernel::transpose(inputs, columns, |input| &x[input * columns..][..columns], &mut xt);
        let mut occupied = Occupied::default();
        let (mut z, mut dw) = (vec![0.5; units * columns], vec![0.5; units * inputs]);
        kernel::affine(DIMS, weight, bias, x, &mut z);
        kernel::weight_gradient(DIMS, dz, &xt, &mut dw);
        let dense = [bits(&z), bits(&dw)].to_vec();
        let (mut sparse_z, mut sparse_dw) = (z.clone(), dw.clone());
        let skipped = [
            affine(DIMS, (weight, bias), x, &mut sparse_z, &mut occupied),
            weight_gradient(DIMS, (dz, &xt), &mut sparse_dw, &mut occupied),
        ];
        ([dense, [bits(&sparse_z), bits(&sparse_dw)].to_vec()], skipped)
    }

    #[test]
    fn what_is_skipped_changes_no_bit() {
        let Dims { units, inputs, columns } = DIMS;
        let x = mostly_zero(inputs * columns, 83);
        let dz = mostly_zero(units * columns, 2);
        let weight = mostly_zero(units * inputs, 1);
        let tiny: Vec<f32> = weight.iter().map(|w| w * 1e-38).collect();
        let zeros = vec![-0.0; units * inputs];
        for (weight, bias) in [
            (&weight, mostly_zero(units, 1)),
            (&weight, vec![-0.0; units]),
            // Products that are rounded to 0 and −0, and only such.
            (&tiny, vec![-0.0; units]),
            (&zeros, vec![-0.0; units]),
            (&zeros, vec![0.0; units]),
        ] {
            let tiny_x: Vec<f32> = x.iter().map(|x| x * 1e-20).collect();
            for x in [&x, &tiny_x] {
                let ([dense, sparse], skipped) = both(weight, &bias, x, &dz);
                assert_eq!(skipped, [true, true]);
                assert!(dense == sparse, "of {} and {}", weight[0], bias[0]);
            }
        }
    }

    #[test]
    fn numbers_that_are_not_finite_are_left_to_the_dense_kernel() {
        let Dims { units, inputs, columns } = DIMS;
        let x = mostly_zero(inputs * columns, 83);
        let (mut weight, mut dz) =
            (mostly_zero(units * inputs, 1), mostly_zero(units * columns, 1));
        for wrong in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            weight[1234] = wrong;
            dz[77] = wrong;
            let (_, skipped) = both(&weight, &vec![0.0; units], &x, &dz);
            assert_eq!(skipped, [false, false], "{wrong}");
        }
    }

    #[test]
    fn what_is_rarely_0_is_left_to_the_dense_kernel() {
        let Dims { units, inputs, columns } = DIMS;
        let (x, dz) = (mostly_zero(inputs * columns, 3), mostly_zero(units * columns, 1));
        let (_, skipped) = both(&mostly_zero(units * inputs, 1), &vec![0.0; units], &x, &dz);
        assert_eq!(skipped, [false, false]);
        // Numbers that are infinite times 0 are not skipped for being 0.
        let mut x = mostly_zero(inputs * columns, 83);
        x[40] = f32::INFINITY;
        let ([dense, sparse], _) =
            both(&vec![0.0; units * inputs], &vec![0.0; units], &x, &vec![0.0; units * columns]);
        assert!(dense == sparse);
    }
}
