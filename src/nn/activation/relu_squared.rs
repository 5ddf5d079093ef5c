//! Squared ReLU.

use super::{Flat, Pointwise, Traits};
use crate::nn::Real;
use crate::spec::{Card, Describe, Pick};

/// max(0, x)².
#[derive(Clone, Copy, Debug)]
pub struct ReluSquared;

impl Describe for ReluSquared {
    const CARD: Card = Card {
        key: "relu_squared",
        title: "ReLU²",
        formula: "f(x) = max(0, x)²",
        params: &[],
        usage: "the feed-forward layers of Transformers",
        caution: Some("outputs grow with the square: keep weights small"),
        source: "So et al. 2021, Primer",
        differs: None,
    };
    const TORCH: Option<&'static str> = Some("torch.relu(x).square()");
    const FAMILY: &'static str = super::family::RECTIFIERS;
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl Pointwise for ReluSquared {
    const TRAITS: Traits = Traits {
        derivative: "f′(x) = 2·max(0, x)",
        gain: |_| 1.0,
        flat: Flat::Negative,
        init: "kaiming_uniform",
    };

    #[inline(always)]
    fn f<F: Real>(self, x: F) -> F {
        let y = F::select(x < F::ZERO, F::ZERO, x);
        y * y
    }
    #[inline(always)]
    fn df<F: Real>(self, x: F, _: F) -> F {
        F::select(x < F::ZERO, F::ZERO, x + x)
    }
}
