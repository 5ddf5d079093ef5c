//! Layer normalisation: each sample over the units of the layer.

use super::sample::{SampleBackward, SampleForward};
use super::{Backward, Forward, Norm, affine, beta, eps, gamma};
use crate::nn::activation::Shape;
use crate::nn::simd;
use crate::nn::{Real, Tensor};
use crate::spec::{Card, Describe, Pick};

/// Layer normalisation.
#[derive(Clone, Copy, Debug)]
pub struct LayerNorm {
    eps: f64,
    affine: bool,
}

impl Describe for LayerNorm {
    const CARD: Card = Card {
        key: "layer_norm",
        title: "Layer normalization",
        formula: "n = γ·(z − μ) / √(σ² + ε) + β        μ, σ²: of a sample over its units",
        params: &[eps(1e-5), affine("learn γ and β")],
        usage: "small batches, where batch_norm is noisy; the same in training and evaluation",
        caution: Some("with few units little is left: of two, only which is the larger"),
        source: "Ba, Kiros & Hinton 2016",
        differs: Some("affine is torch.nn.LayerNorm's elementwise_affine; Keras's ε is 1e-3"),
    };
    const TORCH: Option<&'static str> =
        Some("F.layer_norm(x, x.shape[1:], {gamma}, {beta}, eps={eps})");
    fn build(pick: &Pick) -> Self {
        Self { eps: pick.number("eps"), affine: pick.flag("affine") }
    }
}

impl<F: Real> Norm<F> for LayerNorm {
    fn tensors(&self, units: usize) -> Vec<Tensor<F>> {
        if self.affine { vec![gamma(units), beta(units)] } else { Vec::new() }
    }
    fn statistics(&self, shape: Shape) -> usize {
        2 * shape.columns
    }
    fn forward(&self, pass: Forward<'_, F>) {
        simd::run(SampleForward { eps: F::of(self.eps), centred: true, pass });
    }
    fn backward(&self, pass: Backward<'_, F>) {
        simd::run(SampleBackward { centred: true, pass });
    }
}
