//! Root-mean-square normalisation: each sample over the units of the layer, mean kept.

use super::sample::{SampleBackward, SampleForward};
use super::{Backward, Forward, Norm, affine, eps, gamma};
use crate::nn::activation::Shape;
use crate::nn::simd;
use crate::nn::{Real, Tensor};
use crate::spec::{Card, Describe, Pick};

/// Root-mean-square normalisation.
#[derive(Clone, Copy, Debug)]
pub struct RmsNorm {
    eps: f64,
    affine: bool,
}

impl Describe for RmsNorm {
    const CARD: Card = Card {
        key: "rms_norm",
        title: "RMS normalization",
        formula: "n = γ·z / √(mean z² + ε)        the mean: of a sample over its units",
        params: &[eps(1e-6), affine("learn γ; there is no β")],
        usage: "as layer_norm, for less work: large language models use it",
        caution: None,
        source: "Zhang & Sennrich 2019",
        differs: Some("torch.nn.RMSNorm's ε is the float's own by default, 1.2e-7"),
    };
    const TORCH: Option<&'static str> = Some("F.rms_norm(x, x.shape[1:], {gamma}, {eps})");
    fn build(pick: &Pick) -> Self {
        Self { eps: pick.number("eps"), affine: pick.flag("affine") }
    }
}

impl<F: Real> Norm<F> for RmsNorm {
    fn tensors(&self, units: usize) -> Vec<Tensor<F>> {
        if self.affine { vec![gamma(units)] } else { Vec::new() }
    }
    fn statistics(&self, shape: Shape) -> usize {
        shape.columns
    }
    fn forward(&self, pass: Forward<'_, F>) {
        simd::run(SampleForward { eps: F::of(self.eps), centred: false, pass });
    }
    fn backward(&self, pass: Backward<'_, F>) {
        simd::run(SampleBackward { centred: false, pass });
    }
}
