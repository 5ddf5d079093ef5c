//! Softmax of the negated units.

use super::softmax::{self, SoftmaxBackward, SoftmaxForward};
use super::{Activation, Backward, Forward, Traits};
use crate::nn::{Real, simd};
use crate::spec::{Card, Describe, Pick};

/// exp(−xᵢ) / Σⱼ exp(−xⱼ) over the units of each sample.
#[derive(Clone, Copy, Debug)]
pub struct Softmin;

impl Describe for Softmin {
    const CARD: Card = Card {
        key: "softmin",
        title: "Softmin",
        formula: "softmin(x)ᵢ = exp(−xᵢ) / Σⱼ exp(−xⱼ)",
        params: &[],
        usage: "weights over k choices where the smallest number counts most: distances, costs",
        caution: None,
        source: "torch.nn.Softmin",
        differs: Some("over the units of a sample (PyTorch's dim = 1)"),
    };
    const TORCH: Option<&'static str> = Some("F.softmin(x, 1)");
    const FAMILY: &'static str = super::family::LAYER;
    fn build(_: &Pick) -> Self {
        Self
    }
}

/// What others need to know of it.
pub(super) const TRAITS: Traits =
    Traits { derivative: "∂yᵢ/∂xⱼ = yᵢ·(yⱼ − δᵢⱼ)", ..softmax::TRAITS };

impl<F: Real> Activation<F> for Softmin {
    fn forward(&self, pass: Forward<'_, F>) {
        simd::run(SoftmaxForward { sign: -F::ONE, pass });
    }
    fn backward(&self, pass: Backward<'_, F>) {
        simd::run(SoftmaxBackward { sign: -F::ONE, pass });
    }
}
