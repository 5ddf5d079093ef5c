//! Sigmoid linear unit.

use super::{Flat, Pointwise, Traits};
use crate::nn::Real;
use crate::spec::{Card, Describe, Pick};

/// x·σ(x).
#[derive(Clone, Copy, Debug)]
pub struct Silu;

impl Describe for Silu {
    const CARD: Card = Card {
        key: "silu",
        title: "SiLU (Swish)",
        formula: "f(x) = x·σ(x) = x / (1 + e⁻ˣ)",
        params: &[],
        usage: "hidden layers, as a smooth ReLU; convolutional networks and language models use it",
        caution: Some("dips to −0.28 near x = −1.28: not monotonic"),
        source: "Elfwing, Uchibe & Doya 2018; Swish: Ramachandran, Zoph & Le 2017",
        differs: None,
    };
    const TORCH: Option<&'static str> = Some("F.silu(x)");
    const FAMILY: &'static str = super::family::SMOOTH;
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl Pointwise for Silu {
    const TRAITS: Traits = Traits {
        derivative: "f′(x) = σ(x)·(1 + x·(1 − σ(x)))",
        gain: |_| 1.0,
        flat: Flat::Negative,
        init: "kaiming_uniform",
    };

    #[inline(always)]
    fn f<F: Real>(self, x: F) -> F {
        x.not_below(-1e3) * x.sigmoid()
    }
    #[inline(always)]
    fn df<F: Real>(self, x: F, _: F) -> F {
        let x = x.not_below(-1e3).not_above(1e3);
        let sigmoid = x.sigmoid();
        sigmoid * x.mul_add(F::ONE - sigmoid, F::ONE)
    }
}
