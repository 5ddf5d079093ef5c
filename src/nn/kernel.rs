//! Matrix products of a dense layer.
//!
//! Activations are `[units][columns]` with columns a multiple of [`LANES`]; weights `[units][inputs]`
//! as in PyTorch. Whatever the tiling and however many threads, each output is summed in the same
//! order.

mod blocked;
mod product;
pub mod sparse;
mod tile;
mod transpose;

pub use transpose::transpose;

use self::product::product;
use self::tile::{Plain, Start, Sums, Transposed};
use super::real::Real;
use super::simd::{self, Kernel, LANES, padded};

/// One group of adjacent samples.
pub(super) type Lanes<F> = [F; LANES];

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
    let left = Plain { values: weight, stride: dims.inputs };
    product(
        Sums { left, start: Start::Rows(bias), right: x, width: dims.columns },
        z,
        dims.columns,
    );
}

/// `z += W·x`.
pub fn add_product<F: Real>(dims: Dims, weight: &[F], x: &[F], z: &mut [F]) {
    let left = Plain { values: weight, stride: dims.inputs };
    product(Sums { left, start: Start::There, right: x, width: dims.columns }, z, dims.columns);
}

/// `dx = Wᵀ·dz`.
pub fn input_gradient<F: Real>(dims: Dims, weight: &[F], dz: &[F], dx: &mut [F]) {
    let left = Transposed { values: weight, stride: dims.inputs };
    product(Sums { left, start: Start::Zero, right: dz, width: dims.columns }, dx, dims.columns);
}

/// `dx += Wᵀ·dz`.
pub fn add_input_gradient<F: Real>(dims: Dims, weight: &[F], dz: &[F], dx: &mut [F]) {
    let left = Transposed { values: weight, stride: dims.inputs };
    product(Sums { left, start: Start::There, right: dz, width: dims.columns }, dx, dims.columns);
}

/// `dW = dz·xᵀ`, given `x` transposed as [`transpose`] leaves it, and `db` = the row sums of `dz`.
/// Padding columns of `dz` must be 0.
pub fn weight_gradient<F: Real>(dims: Dims, dz: &[F], xt: &[F], dw: &mut [F], db: &mut [F]) {
    let left = Plain { values: dz, stride: dims.columns };
    product(
        Sums { left, start: Start::Zero, right: xt, width: padded(dims.inputs) },
        dw,
        dims.inputs,
    );
    simd::run(RowSums { rows: dz, columns: dims.columns, sums: db });
}

/// As [`weight_gradient`], but added to `dw` and `db`.
pub fn add_weight_gradient<F: Real>(dims: Dims, dz: &[F], xt: &[F], dw: &mut [F], db: &mut [F]) {
    let left = Plain { values: dz, stride: dims.columns };
    product(
        Sums { left, start: Start::There, right: xt, width: padded(dims.inputs) },
        dw,
        dims.inputs,
    );
    simd::run(AddRowSums { rows: dz, columns: dims.columns, sums: db });
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
pub(super) fn fold<F: Real>(mut sum: Lanes<F>) -> F {
    let mut half = LANES / 2;
    while half > 0 {
        for lane in 0..half {
            sum[lane] += sum[lane + half];
        }
        half /= 2;
    }
    sum[0]
}

struct RowSums<'a, F> {
    rows: &'a [F],
    columns: usize,
    sums: &'a mut [F],
}

impl<F: Real> Kernel for RowSums<'_, F> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let rows = self.rows.chunks_exact(self.columns);
        for (total, row) in self.sums.iter_mut().zip(rows) {
            *total = row_sum(row);
        }
    }
}

struct AddRowSums<'a, F> {
    rows: &'a [F],
    columns: usize,
    sums: &'a mut [F],
}

impl<F: Real> Kernel for AddRowSums<'_, F> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let rows = self.rows.chunks_exact(self.columns);
        for (total, row) in self.sums.iter_mut().zip(rows) {
            *total += row_sum(row);
        }
    }
}

/// The sum of a row of whole groups of lanes.
#[inline(always)]
fn row_sum<F: Real>(row: &[F]) -> F {
    let mut sum = [F::ZERO; LANES];
    let (groups, _) = row.as_chunks::<LANES>();
    for group in groups {
        for (sum, &x) in sum.iter_mut().zip(group) {
            *sum += x;
        }
    }
    fold(sum)
}
