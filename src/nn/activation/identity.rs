//! No activation.

use super::{Flat, Pointwise, Traits};
use crate::nn::Real;
use crate::spec::{Card, Describe, Pick};

/// x.
#[derive(Clone, Copy, Debug)]
pub struct Identity;

impl Describe for Identity {
    const CARD: Card = Card {
        key: "identity",
        title: "Identity",
        formula: "f(x) = x",
        params: &[],
        usage: "the output layer of a regression, or raw logits under a fused loss",
        caution: Some("a network of identity layers is one linear map, however deep"),
        source: "torch.nn.Identity",
        differs: None,
    };
    const TORCH: Option<&'static str> = Some("x");
    const FAMILY: &'static str = super::family::LINEAR;
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl Pointwise for Identity {
    const TRAITS: Traits = Traits {
        derivative: "f′(x) = 1",
        gain: |_| 1.0,
        flat: Flat::Never,
        init: "xavier_uniform",
    };

    #[inline(always)]
    fn f<F: Real>(self, x: F) -> F {
        x
    }
    #[inline(always)]
    fn df<F: Real>(self, _: F, _: F) -> F {
        F::ONE
    }
}
