//! Matrix products of layers.
//!
//! Activations are `[units][columns]` with columns a multiple of [`LANES`]; weights `[units][inputs]`
//! as in PyTorch. Whatever the tiling and however many threads, each output is summed in the same
//! order.

mod blocked;
mod product;
mod sequence;
pub mod sparse;
mod tile;
mod transpose;

use std::hint::black_box;

pub use sequence::{Steps, samples_product};
pub use transpose::transpose;

use self::product::{is_large, product, tiled};
use self::tile::{Both, Plain, Product, Start, Sums, Transposed};
use super::real::Real;
use super::simd::{self, Kernel, LANES, padded};

/// One group of adjacent samples.
pub(super) type Lanes<F> = [F; LANES];

/// Groups of lanes on the stack, aligned to a cache line. Where the stack happened to place one across the
/// end of a page, the sums in it made a small step up to 40 % longer.
#[repr(align(64))]
pub(super) struct OnStack<T>(pub T);

/// The dimensions of a dense layer over a batch.
#[derive(Clone, Copy, Debug)]
pub struct Dims {
    /// Rows of the weight matrix.
    pub units: usize,
    /// Columns of the weight matrix.
    pub inputs: usize,
    /// Samples, padded.
    pub columns: usize,
}

/// `z = W·x + b`.
pub fn affine<F: Real>(dims: Dims, weight: &[F], bias: &[F], x: &[F], z: &mut [F]) {
    let sums = Sums { terms: of_rows(dims, weight, x), start: Start::Rows(bias) };
    product(sums, z, dims.columns);
}

/// `z = W·x + V·y + b`, given `(dims, W, x)` and `(dims, V, y)`: the terms of the first product come
/// first in every sum.
pub fn affine_of_both<F: Real>(
    first: Factors<'_, F>,
    second: Factors<'_, F>,
    bias: &[F],
    z: &mut [F],
) {
    let (dims, weight, x) = first;
    let terms = Both(of_rows(dims, weight, x), of_rows(second.0, second.1, second.2));
    if is_large(&terms.0, dims.units) || is_large(&terms.1, dims.units) {
        affine(dims, weight, bias, x, z);
        return product(Sums { terms: terms.1, start: Start::There }, z, dims.columns);
    }
    tiled(Sums { terms, start: Start::Rows(bias) }, z, dims.columns);
}

/// The dimensions of a product, its weights and its inputs.
pub type Factors<'a, F> = (Dims, &'a [F], &'a [F]);

/// `dx = Wᵀ·dz`.
pub fn input_gradient<F: Real>(dims: Dims, weight: &[F], dz: &[F], dx: &mut [F]) {
    let sums = Sums { terms: of_columns(dims, weight, dz), start: Start::Zero };
    product(sums, dx, dims.columns);
}

/// `dx += Wᵀ·dz`.
pub fn add_input_gradient<F: Real>(dims: Dims, weight: &[F], dz: &[F], dx: &mut [F]) {
    let sums = Sums { terms: of_columns(dims, weight, dz), start: Start::There };
    product(sums, dx, dims.columns);
}

/// `dW = dz·xᵀ`, given as many samples of `x` as count, transposed as [`transpose`] leaves it.
pub fn weight_gradient<F: Real>(dims: Dims, dz: &[F], xt: &[F], dw: &mut [F]) {
    let sums = Sums { terms: of_samples(dims, dz, xt), start: Start::Zero };
    product(sums, dw, dims.inputs);
}

/// Writes the sum of each row of `values`, a row being `columns` long. Values that are next to nothing
/// ([`Real::settled`]) become 0 before.
pub fn row_sums<F: Real>(values: &mut [F], columns: usize, sums: &mut [F]) {
    simd::run(RowSums { rows: values, columns, sums });
}

/// `dW += dz·xᵀ`, as in [`weight_gradient`].
pub fn add_weight_gradient<F: Real>(dims: Dims, dz: &[F], xt: &[F], dw: &mut [F]) {
    let sums = Sums { terms: of_samples(dims, dz, xt), start: Start::There };
    product(sums, dw, dims.inputs);
}

/// The terms of `W·x`.
fn of_rows<'a, F>(dims: Dims, weight: &'a [F], x: &'a [F]) -> Product<'a, Plain<'a, F>, F> {
    Product { left: Plain { values: weight, stride: dims.inputs }, right: x, width: dims.columns }
}

/// The terms of `Wᵀ·dz`.
fn of_columns<'a, F>(
    dims: Dims,
    weight: &'a [F],
    dz: &'a [F],
) -> Product<'a, Transposed<'a, F>, F> {
    let left = Transposed { values: weight, stride: dims.inputs };
    Product { left, right: dz, width: dims.columns }
}

/// The terms of `dz·xᵀ`.
fn of_samples<'a, F>(dims: Dims, dz: &'a [F], xt: &'a [F]) -> Product<'a, Plain<'a, F>, F> {
    let left = Plain { values: dz, stride: dims.columns };
    Product { left, right: xt, width: padded(dims.inputs) }
}

/// The `LANES` numbers from `start` on.
#[inline(always)]
pub(super) fn lanes<F>(row: &[F], start: usize) -> &Lanes<F> {
    match row[start..].first_chunk() {
        Some(chunk) => chunk,
        None => unreachable!("columns are padded"),
    }
}

/// As [`lanes`], to be changed.
#[inline(always)]
pub(super) fn lanes_mut<F>(row: &mut [F], start: usize) -> &mut Lanes<F> {
    match row[start..].first_chunk_mut() {
        Some(chunk) => chunk,
        None => unreachable!("columns are padded"),
    }
}

/// The sum of all lanes, halves first: always the same order.
#[inline(always)]
pub(super) fn fold<F: Real>(sum: Lanes<F>) -> F {
    let eight: [F; LANES / 2] = halved(sum);
    let four: [F; LANES / 4] = halved(eight);
    let [a, b] = halved(four);
    a + b
}

/// The sums of each number and the one half the length behind it.
#[inline(always)]
fn halved<F: Real, const N: usize, const HALF: usize>(numbers: [F; N]) -> [F; HALF] {
    let mut sums = [F::ZERO; HALF];
    for (i, sum) in sums.iter_mut().enumerate() {
        *sum = numbers[i] + numbers[i + HALF];
    }
    sums
}

struct RowSums<'a, F> {
    rows: &'a mut [F],
    columns: usize,
    sums: &'a mut [F],
}

impl<F: Real> Kernel for RowSums<'_, F> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let rows = self.rows.chunks_exact_mut(self.columns);
        for (total, row) in self.sums.iter_mut().zip(rows) {
            *total = row_sum(row);
        }
    }
}

/// The sum of a row of whole groups of lanes, without what is next to nothing.
#[inline(always)]
fn row_sum<F: Real>(row: &mut [F]) -> F {
    let mut sum = OnStack([F::ZERO; LANES]);
    let (groups, _) = row.as_chunks_mut::<LANES>();
    for group in groups {
        for (sum, x) in sum.0.iter_mut().zip(group) {
            *x = x.settled();
            *sum += *x;
        }
    }
    // Seen together with the folding, the sums would be kept in pairs rather than in one register.
    fold(black_box(sum).0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn row_sums_leave_out_what_is_next_to_nothing() {
        let least = f32::MIN_POSITIVE / f32::EPSILON;
        let mut values = vec![0.0; 2 * LANES];
        values[..4].copy_from_slice(&[least / 2.0, -least / 3.0, least, -2.0 * least]);
        values[LANES..][..2].copy_from_slice(&[1.5, f32::NAN]);
        let mut sums = [0.0; 2];
        row_sums(&mut values, LANES, &mut sums);
        assert_eq!(values[..4], [0.0, 0.0, least, -2.0 * least]);
        assert!(values[LANES + 1].is_nan() && sums[1].is_nan());
        assert_eq!(sums[0], -least);
    }
}
