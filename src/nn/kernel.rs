//! Matrix products of a dense layer.
//!
//! Activations are `[units][columns]` with columns a multiple of [`LANES`]; weights `[units][inputs]`
//! as in PyTorch. Whatever the tiling, each output is summed in the same order.

use super::real::Real;
use super::simd::{self, Kernel, LANES};

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
    simd::run(Affine { dims, weight, bias, x, z });
}

/// `dx = Wᵀ·dz`.
pub fn input_gradient<F: Real>(dims: Dims, weight: &[F], dz: &[F], dx: &mut [F]) {
    simd::run(InputGradient { dims, weight, dz, dx });
}

/// `dW = dz·xᵀ` and `db` = the row sums of `dz`. Padding columns of `dz` must be 0.
pub fn weight_gradient<F: Real>(dims: Dims, dz: &[F], x: &[F], dw: &mut [F], db: &mut [F]) {
    simd::run(WeightGradient { dims, dz, x, dw, db });
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

/// `sum += w · x` in every lane.
#[inline(always)]
fn accumulate<F: Real>(sum: &mut Lanes<F>, w: F, x: &Lanes<F>) {
    for (sum, &x) in sum.iter_mut().zip(x) {
        *sum = w.mul_add(x, *sum);
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

/// Calls `$tile::<R>(start)` for tiles of 8, then 4, 2 and 1 rows until `$rows` are covered.
macro_rules! tiled {
    ($rows:expr, $self:ident.$tile:ident($($arg:expr),*)) => {{
        let (rows, mut start) = ($rows, 0);
        while start + 8 <= rows {
            $self.$tile::<8>(start $(, $arg)*);
            start += 8;
        }
        if start + 4 <= rows {
            $self.$tile::<4>(start $(, $arg)*);
            start += 4;
        }
        if start + 2 <= rows {
            $self.$tile::<2>(start $(, $arg)*);
            start += 2;
        }
        if start < rows {
            $self.$tile::<1>(start $(, $arg)*);
        }
    }};
}

struct Affine<'a, F> {
    dims: Dims,
    weight: &'a [F],
    bias: &'a [F],
    x: &'a [F],
    z: &'a mut [F],
}

impl<F: Real> Affine<'_, F> {
    #[inline(always)]
    fn tile<const R: usize>(&mut self, unit: usize, column: usize) {
        let Dims { inputs, columns, .. } = self.dims;
        let rows: [&[F]; R] =
            std::array::from_fn(|r| &self.weight[(unit + r) * inputs..][..inputs]);
        let mut sums: [Lanes<F>; R] = std::array::from_fn(|r| [self.bias[unit + r]; LANES]);
        for (input, x) in self.x.chunks_exact(columns).take(inputs).enumerate() {
            let x = lanes(x, column);
            for (sum, row) in sums.iter_mut().zip(rows) {
                accumulate(sum, row[input], x);
            }
        }
        for (r, sum) in sums.into_iter().enumerate() {
            *lanes_mut(self.z, (unit + r) * columns + column) = sum;
        }
    }
}

impl<F: Real> Kernel for Affine<'_, F> {
    type Output = ();
    #[inline(always)]
    fn run(mut self) {
        for column in (0..self.dims.columns).step_by(LANES) {
            tiled!(self.dims.units, self.tile(column));
        }
    }
}

struct InputGradient<'a, F> {
    dims: Dims,
    weight: &'a [F],
    dz: &'a [F],
    dx: &'a mut [F],
}

impl<F: Real> InputGradient<'_, F> {
    #[inline(always)]
    fn tile<const R: usize>(&mut self, input: usize, column: usize) {
        let Dims { units, inputs, columns } = self.dims;
        let mut sums = [[F::ZERO; LANES]; R];
        let rows = self.weight.chunks_exact(inputs).take(units);
        for (row, dz) in rows.zip(self.dz.chunks_exact(columns)) {
            let dz = lanes(dz, column);
            for (sum, &w) in sums.iter_mut().zip(&row[input..input + R]) {
                accumulate(sum, w, dz);
            }
        }
        for (r, sum) in sums.into_iter().enumerate() {
            *lanes_mut(self.dx, (input + r) * columns + column) = sum;
        }
    }
}

impl<F: Real> Kernel for InputGradient<'_, F> {
    type Output = ();
    #[inline(always)]
    fn run(mut self) {
        for column in (0..self.dims.columns).step_by(LANES) {
            tiled!(self.dims.inputs, self.tile(column));
        }
    }
}

struct WeightGradient<'a, F> {
    dims: Dims,
    dz: &'a [F],
    x: &'a [F],
    dw: &'a mut [F],
    db: &'a mut [F],
}

impl<F: Real> WeightGradient<'_, F> {
    #[inline(always)]
    fn tile<const R: usize>(&mut self, input: usize, unit: usize) {
        let Dims { inputs, columns, .. } = self.dims;
        let dz = &self.dz[unit * columns..][..columns];
        let rows: [&[F]; R] = std::array::from_fn(|r| &self.x[(input + r) * columns..][..columns]);
        let mut sums = [[F::ZERO; LANES]; R];
        for column in (0..columns).step_by(LANES) {
            let dz = lanes(dz, column);
            for (sum, row) in sums.iter_mut().zip(rows) {
                for (sum, (&x, &dz)) in sum.iter_mut().zip(lanes(row, column).iter().zip(dz)) {
                    *sum = x.mul_add(dz, *sum);
                }
            }
        }
        for (r, sum) in sums.into_iter().enumerate() {
            self.dw[unit * inputs + input + r] = fold(sum);
        }
    }
}

impl<F: Real> Kernel for WeightGradient<'_, F> {
    type Output = ();
    #[inline(always)]
    fn run(mut self) {
        let Dims { units, inputs, columns } = self.dims;
        for unit in 0..units {
            tiled!(inputs, self.tile(unit));
            let mut sum = [F::ZERO; LANES];
            for dz in self.dz[unit * columns..][..columns].chunks_exact(LANES) {
                accumulate(&mut sum, F::ONE, lanes(dz, 0));
            }
            self.db[unit] = fold(sum);
        }
    }
}
