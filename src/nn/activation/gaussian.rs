//! Gaussian bump.

use super::{Flat, Pointwise, Traits};
use crate::nn::Real;
use crate::spec::{Card, Describe, Pick};

/// exp(−x²).
#[derive(Clone, Copy, Debug)]
pub struct Gaussian;

impl Describe for Gaussian {
    const CARD: Card = Card {
        key: "gaussian",
        title: "Gaussian",
        formula: "f(x) = exp(−x²)",
        params: &[],
        usage: "units that answer to one region only, as radial basis functions do",
        caution: Some("flat far from 0 on both sides: units whose inputs drift away are lost"),
        source: "Broomhead & Lowe 1988",
        differs: Some("width 1; some authors write exp(−x²/2)"),
    };
    const TORCH: Option<&'static str> = Some("torch.exp(-x.square())");
    const FAMILY: &'static str = super::family::WAVES;
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl Pointwise for Gaussian {
    const TRAITS: Traits = Traits {
        derivative: "f′(x) = −2·x·exp(−x²)",
        gain: |_| 1.0,
        flat: Flat::Ends,
        init: "xavier_uniform",
    };

    #[inline(always)]
    fn f<F: Real>(self, x: F) -> F {
        (-x * x).exp()
    }
    #[inline(always)]
    fn df<F: Real>(self, x: F, y: F) -> F {
        F::of(-2.0) * x.not_below(-1e3).not_above(1e3) * y
    }
}
