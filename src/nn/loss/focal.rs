//! Binary cross-entropy that looks away from easy samples.

use super::Pointwise;
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// Binary cross-entropy weighted by (1 − p)^`gamma`, p the probability given to the truth.
#[derive(Clone, Copy, Debug)]
pub struct Focal {
    alpha: f64,
    gamma: f64,
}

impl Describe for Focal {
    const CARD: Card = Card {
        key: "focal",
        title: "Focal",
        formula: "L = −mean α·(1 − p)ᵞ·ln p\n\
                  p = σ(z) if y = 1, else 1 − σ(z);  1 − α in place of α if y = 0",
        params: &[
            Param {
                key: "alpha",
                default: DefaultValue::Number(0.25),
                range: Range::Closed(0.0, 1.0),
                meaning: "weight of class 1; class 0 has 1 − alpha",
                search: None,
            },
            Param {
                key: "gamma",
                default: DefaultValue::Number(2.0),
                range: Range::AtLeast(0.0),
                meaning: "how much easy samples are played down; 0 not at all",
                search: None,
            },
        ],
        usage: "two classes of which one is rare",
        caution: Some("its outputs are not calibrated probabilities"),
        source: "Lin et al. 2017",
        differs: Some(
            "mean over all elements; always takes logits, as torchvision.ops.sigmoid_focal_loss",
        ),
    };
    fn build(pick: &Pick) -> Self {
        Self { alpha: pick.number("alpha"), gamma: pick.number("gamma") }
    }
}

impl Pointwise for Focal {
    #[inline(always)]
    fn at<F: Real>(self, z: F, target: F) -> (F, F) {
        let (alpha, gamma) = (F::of(self.alpha), F::of(self.gamma));
        let positive = target > F::of(0.5);
        let weight = F::select(positive, alpha, F::ONE - alpha);
        let sign = F::select(positive, F::ONE, -F::ONE);
        let towards = sign * z;
        let (p, surprise) = (towards.sigmoid(), (-towards).softplus());
        // (1 − p)^γ = exp(γ·ln(1 − p))
        let focus = weight * (-gamma * towards.softplus()).exp();
        let slope = (gamma * p).mul_add(surprise, (-towards).sigmoid());
        (focus * surprise, -sign * focus * slope)
    }
}
