//! Softmax over the units of a layer.

use super::{Activation, Backward, Flat, Forward, Traits};
use crate::nn::Real;
use crate::nn::kernel::{lanes, lanes_mut};
use crate::nn::simd::{self, Kernel, LANES};
use crate::spec::{Card, Describe, Pick};

/// exp(xᵢ) / Σⱼ exp(xⱼ) over the units of each sample.
#[derive(Clone, Copy, Debug)]
pub struct Softmax;

impl Describe for Softmax {
    const CARD: Card = Card {
        key: "softmax",
        title: "Softmax",
        formula: "softmax(x)ᵢ = exp(xᵢ) / Σⱼ exp(xⱼ)",
        params: &[],
        usage: "the output of a classifier over k classes: probabilities that sum to 1",
        caution: Some("in a hidden layer it makes units compete, which is rarely wanted"),
        source: "Bridle 1990",
        differs: Some("over the units of a sample (PyTorch's dim = 1)"),
    };
    const TORCH: Option<&'static str> = Some("F.softmax(x, 1)");
    const FAMILY: &'static str = super::family::LAYER;
    fn build(_: &Pick) -> Self {
        Self
    }
}

/// What others need to know of it.
pub(super) const TRAITS: Traits = Traits {
    derivative: "∂yᵢ/∂xⱼ = yᵢ·(δᵢⱼ − yⱼ)",
    gain: |_| 1.0,
    flat: Flat::Ends,
    init: "xavier_uniform",
};

impl<F: Real> Activation<F> for Softmax {
    fn forward(&self, pass: Forward<'_, F>) {
        simd::run(SoftmaxForward { sign: F::ONE, pass });
    }
    fn backward(&self, pass: Backward<'_, F>) {
        simd::run(SoftmaxBackward { sign: F::ONE, pass });
    }
}

/// The largest unit of `sign · z` in each of the samples from column `start` on, the first of equals:
/// a dual number has a slope as well.
#[inline(always)]
pub(in crate::nn) fn top<F: Real>(sign: F, z: &[F], columns: usize, start: usize) -> [F; LANES] {
    let mut top = *lanes(z, start);
    for top in &mut top {
        *top = sign * *top;
    }
    for row in z.chunks_exact(columns).skip(1) {
        for (top, &z) in top.iter_mut().zip(lanes(row, start)) {
            *top = (sign * z).larger(*top);
        }
    }
    top
}

/// Softmax of `sign · z`. The largest unit is taken off first, so that nothing overflows.
pub(super) struct SoftmaxForward<'a, F> {
    pub sign: F,
    pub pass: Forward<'a, F>,
}

impl<F: Real> Kernel for SoftmaxForward<'_, F> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let Self { sign, pass: Forward { z, a, shape, .. } } = self;
        for start in (0..shape.columns).step_by(LANES) {
            let top = top(sign, z, shape.columns, start);
            let mut sum = [F::ZERO; LANES];
            for (z, a) in z.chunks_exact(shape.columns).zip(a.chunks_exact_mut(shape.columns)) {
                let (z, a) = (lanes(z, start), lanes_mut(a, start));
                for lane in 0..LANES {
                    a[lane] = (sign * z[lane] - top[lane]).exp();
                    sum[lane] += a[lane];
                }
            }
            for row in a.chunks_exact_mut(shape.columns) {
                for (a, &sum) in lanes_mut(row, start).iter_mut().zip(&sum) {
                    *a /= sum;
                }
            }
        }
    }
}

/// ∂L/∂a of the largest activation in each of the samples from column `start` on. As y sums to 1,
/// y·(g − ⟨y, g⟩) stays the same if a number is taken off all of g; with this one the term of a y
/// near 1, whose rounding would hide the others, is 0.
#[inline(always)]
fn of_the_top<F: Real>(a: &[F], da: &[F], columns: usize, start: usize) -> [F; LANES] {
    let (mut top, mut gradient) = (*lanes(a, start), *lanes(da, start));
    for (a, da) in a.chunks_exact(columns).zip(da.chunks_exact(columns)).skip(1) {
        let (a, da) = (lanes(a, start), lanes(da, start));
        for lane in 0..LANES {
            gradient[lane] = F::select(a[lane] > top[lane], da[lane], gradient[lane]);
            top[lane] = top[lane].larger(a[lane]);
        }
    }
    gradient
}

/// ∂L/∂z of softmax of `sign · z`.
pub(super) struct SoftmaxBackward<'a, F> {
    pub sign: F,
    pub pass: Backward<'a, F>,
}

impl<F: Real> Kernel for SoftmaxBackward<'_, F> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let Self { sign, pass: Backward { a, da, dz, shape, .. } } = self;
        for start in (0..shape.columns).step_by(LANES) {
            let from = of_the_top(a, da, shape.columns, start);
            let mut dot = [F::ZERO; LANES];
            for (a, da) in a.chunks_exact(shape.columns).zip(da.chunks_exact(shape.columns)) {
                let (a, da) = (lanes(a, start), lanes(da, start));
                for lane in 0..LANES {
                    dot[lane] = a[lane].mul_add(da[lane] - from[lane], dot[lane]);
                }
            }
            let rows = a.chunks_exact(shape.columns).zip(da.chunks_exact(shape.columns));
            for (dz, (a, da)) in dz.chunks_exact_mut(shape.columns).zip(rows) {
                let (a, da, dz) = (lanes(a, start), lanes(da, start), lanes_mut(dz, start));
                for lane in 0..LANES {
                    dz[lane] = sign * a[lane] * (da[lane] - from[lane] - dot[lane]);
                }
            }
        }
    }
}
