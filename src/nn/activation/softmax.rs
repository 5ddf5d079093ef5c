//! Softmax over the units of a layer.

use super::{Activation, Backward, Flat, Forward, Traits};
use crate::nn::Real;
use crate::nn::simd::{self, Kernel};
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
    fn build(_: &Pick) -> Self {
        Self
    }
}

/// What others need to know of it.
pub(super) const TRAITS: Traits =
    Traits {
        derivative: "∂yᵢ/∂xⱼ = yᵢ·(δᵢⱼ − yⱼ)", gain: |_| 1.0, flat: Flat::Ends
    };

impl<F: Real> Activation<F> for Softmax {
    fn forward(&self, pass: Forward<'_, F>) {
        simd::run(SoftmaxForward(pass));
    }
    fn backward(&self, pass: Backward<'_, F>) {
        simd::run(SoftmaxBackward(pass));
    }
}

struct SoftmaxForward<'a, F>(Forward<'a, F>);

impl<F: Real> Kernel for SoftmaxForward<'_, F> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let Forward { z, a, shape, .. } = self.0;
        for column in 0..shape.columns {
            let sample = |k: usize| k * shape.columns + column;
            let mut top = z[sample(0)];
            for k in 1..shape.units {
                top = top.larger(z[sample(k)]);
            }
            let mut sum = F::ZERO;
            for k in 0..shape.units {
                let e = (z[sample(k)] - top).exp();
                a[sample(k)] = e;
                sum += e;
            }
            for k in 0..shape.units {
                a[sample(k)] /= sum;
            }
        }
    }
}

struct SoftmaxBackward<'a, F>(Backward<'a, F>);

impl<F: Real> Kernel for SoftmaxBackward<'_, F> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let Backward { a, da, dz, shape, .. } = self.0;
        for column in 0..shape.columns {
            let sample = |k: usize| k * shape.columns + column;
            let mut dot = F::ZERO;
            for k in 0..shape.units {
                dot = a[sample(k)].mul_add(da[sample(k)], dot);
            }
            for k in 0..shape.units {
                dz[sample(k)] = a[sample(k)] * (da[sample(k)] - dot);
            }
        }
    }
}
