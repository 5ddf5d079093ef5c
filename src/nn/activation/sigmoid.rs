//! Logistic sigmoid.

use super::{Flat, Pointwise, Traits};
use crate::nn::Real;
use crate::spec::{Card, Describe, Pick};

/// 1 / (1 + e⁻ˣ).
#[derive(Clone, Copy, Debug)]
pub struct Sigmoid;

impl Describe for Sigmoid {
    const CARD: Card = Card {
        key: "sigmoid",
        title: "Sigmoid",
        formula: "σ(x) = 1 / (1 + e⁻ˣ)",
        params: &[],
        usage: "the output of a yes/no classifier: a probability",
        caution: Some("slope at most ¼ and ≈ 0 far out: gradients fade in deep stacks"),
        source: "Rumelhart, Hinton & Williams 1986",
        differs: None,
    };
    const TORCH: Option<&'static str> = Some("torch.sigmoid(x)");
    const FAMILY: &'static str = super::family::SIGMOIDS;
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl Pointwise for Sigmoid {
    const TRAITS: Traits = Traits {
        derivative: "σ′(x) = σ(x)·(1 − σ(x))",
        gain: |_| 1.0,
        flat: Flat::Ends,
        init: "xavier_uniform",
    };

    #[inline(always)]
    fn f<F: Real>(self, x: F) -> F {
        x.sigmoid()
    }
    #[inline(always)]
    fn df<F: Real>(self, _: F, y: F) -> F {
        y * (F::ONE - y)
    }
}
