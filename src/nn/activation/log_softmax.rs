//! Logarithm of softmax.

use super::softmax::top;
use super::{Activation, Backward, Flat, Forward, Traits};
use crate::nn::Real;
use crate::nn::kernel::{lanes, lanes_mut};
use crate::nn::simd::{self, Kernel, LANES};
use crate::spec::{Card, Describe, Pick};

/// xᵢ − ln Σⱼ exp(xⱼ) over the units of each sample.
#[derive(Clone, Copy, Debug)]
pub struct LogSoftmax;

impl Describe for LogSoftmax {
    const CARD: Card = Card {
        key: "log_softmax",
        title: "LogSoftmax",
        formula: "log_softmax(x)ᵢ = xᵢ − ln Σⱼ exp(xⱼ)",
        params: &[],
        usage: "log-probabilities over k classes",
        caution: Some("always negative; cross_entropy already contains it"),
        source: "torch.nn.LogSoftmax",
        differs: Some("over the units of a sample (PyTorch's dim = 1)"),
    };
    const TORCH: Option<&'static str> = Some("F.log_softmax(x, 1)");
    const FAMILY: &'static str = super::family::LAYER;
    fn build(_: &Pick) -> Self {
        Self
    }
}

/// What others need to know of it.
pub(super) const TRAITS: Traits = Traits {
    derivative: "∂yᵢ/∂xⱼ = δᵢⱼ − exp(yⱼ)",
    gain: |_| 1.0,
    flat: Flat::Never,
    init: "xavier_uniform",
};

impl<F: Real> Activation<F> for LogSoftmax {
    fn forward(&self, pass: Forward<'_, F>) {
        simd::run(LogSoftmaxForward(pass));
    }
    fn backward(&self, pass: Backward<'_, F>) {
        simd::run(LogSoftmaxBackward(pass));
    }
}

struct LogSoftmaxForward<'a, F>(Forward<'a, F>);

impl<F: Real> Kernel for LogSoftmaxForward<'_, F> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let Forward { z, a, shape, .. } = self.0;
        for start in (0..shape.columns).step_by(LANES) {
            let top = top(F::ONE, z, shape.columns, start);
            // The exponential of the first of the largest is 1; the sum of the others may be small.
            let mut others = [F::ZERO; LANES];
            let mut passed = [F::ZERO; LANES];
            for row in z.chunks_exact(shape.columns) {
                let z = lanes(row, start);
                for lane in 0..LANES {
                    let first = z[lane] == top[lane] && passed[lane] == F::ZERO;
                    passed[lane] = F::select(first, F::ONE, passed[lane]);
                    others[lane] += F::select(first, F::ZERO, (z[lane] - top[lane]).exp());
                }
            }
            let mut log_sum = others;
            for sum in &mut log_sum {
                *sum = sum.ln_1p();
            }
            for (z, a) in z.chunks_exact(shape.columns).zip(a.chunks_exact_mut(shape.columns)) {
                let (z, a) = (lanes(z, start), lanes_mut(a, start));
                for lane in 0..LANES {
                    a[lane] = z[lane] - top[lane] - log_sum[lane];
                }
            }
        }
    }
}

struct LogSoftmaxBackward<'a, F>(Backward<'a, F>);

impl<F: Real> Kernel for LogSoftmaxBackward<'_, F> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let Backward { a, da, dz, shape, .. } = self.0;
        for start in (0..shape.columns).step_by(LANES) {
            let mut sum = [F::ZERO; LANES];
            for row in da.chunks_exact(shape.columns) {
                for (sum, &da) in sum.iter_mut().zip(lanes(row, start)) {
                    *sum += da;
                }
            }
            let rows = a.chunks_exact(shape.columns).zip(da.chunks_exact(shape.columns));
            for (dz, (a, da)) in dz.chunks_exact_mut(shape.columns).zip(rows) {
                let (a, da, dz) = (lanes(a, start), lanes(da, start), lanes_mut(dz, start));
                for lane in 0..LANES {
                    // Of a y near 1, whose rounding would hide the others, the difference from 1.
                    let small = da[lane] - a[lane].exp() * sum[lane];
                    let large = (da[lane] - sum[lane]) - a[lane].exp_m1() * sum[lane];
                    dz[lane] = F::select(a[lane] > F::of(-0.5), large, small);
                }
            }
        }
    }
}
