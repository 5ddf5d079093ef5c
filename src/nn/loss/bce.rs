//! Binary cross-entropy on logits.

use super::Pointwise;
use crate::nn::Real;
use crate::spec::{Card, Describe, Pick};

/// −y·ln σ(z) − (1 − y)·ln(1 − σ(z)), averaged over samples and outputs.
#[derive(Clone, Copy, Debug)]
pub struct Bce;

impl Describe for Bce {
    const CARD: Card = Card {
        key: "bce",
        title: "Binary cross-entropy",
        formula: "L = −mean [ y·ln σ(z) + (1 − y)·ln(1 − σ(z)) ]",
        params: &[],
        usage: "two classes with one output, or several independent yes/no outputs",
        caution: None,
        source: "torch.nn.BCEWithLogitsLoss",
        differs: Some(
            "always takes logits; a sigmoid output layer is fused into it, so it never overflows",
        ),
    };
    const TORCH: Option<&'static str> = Some("F.binary_cross_entropy_with_logits(output, y)");
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl Pointwise for Bce {
    #[inline(always)]
    fn at<F: Real>(self, z: F, target: F) -> (F, F) {
        // y·softplus(−z) + (1 − y)·softplus(z) and (1 − y)·σ(z) − y·σ(−z): nothing cancels where the
        // output is sure and right.
        let other = F::ONE - target;
        let (positive, negative) = (z.larger(F::ZERO), (-z).larger(F::ZERO));
        let shared = (-z.abs()).exp().ln_1p();
        let loss = target.mul_add(negative, other.mul_add(positive, shared));
        (loss, other * z.sigmoid() - target * (-z).sigmoid())
    }
}
