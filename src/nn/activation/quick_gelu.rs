//! GELU by a sigmoid.

use super::{Flat, Pointwise, Traits};
use crate::nn::Real;
use crate::spec::{Card, Describe, Pick};

/// x·σ(1.702·x).
#[derive(Clone, Copy, Debug)]
pub struct QuickGelu;

/// The scale at which σ comes closest to the normal distribution function.
const K: f64 = 1.702;

impl Describe for QuickGelu {
    const CARD: Card = Card {
        key: "quick_gelu",
        title: "Quick GELU",
        formula: "f(x) = x·σ(1.702·x)",
        params: &[],
        usage: "GELU where an exponential is cheaper than erf; CLIP uses it",
        caution: Some("differs from GELU by up to 0.02"),
        source: "Hendrycks & Gimpel 2016",
        differs: None,
    };
    const TORCH: Option<&'static str> = Some("x * torch.sigmoid(1.702 * x)");
    const FAMILY: &'static str = super::family::SMOOTH;
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl Pointwise for QuickGelu {
    const TRAITS: Traits = Traits {
        derivative: "f′(x) = s + 1.702·x·s·(1 − s),  s = σ(1.702·x)",
        gain: |_| 1.0,
        flat: Flat::Negative,
        init: "kaiming_uniform",
    };

    #[inline(always)]
    fn f<F: Real>(self, x: F) -> F {
        x.not_below(-1e3) * (F::of(K) * x).sigmoid()
    }
    #[inline(always)]
    fn df<F: Real>(self, x: F, _: F) -> F {
        let scaled = F::of(K) * x.not_below(-1e3).not_above(1e3);
        let s = scaled.sigmoid();
        s * scaled.mul_add(F::ONE - s, F::ONE)
    }
}
