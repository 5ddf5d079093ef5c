//! ReLU with a ceiling.

use super::{Flat, Pointwise, Traits};
use crate::nn::Real;
use crate::spec::{Card, Describe, Pick};

/// min(max(0, x), 6).
#[derive(Clone, Copy, Debug)]
pub struct Relu6;

impl Describe for Relu6 {
    const CARD: Card = Card {
        key: "relu6",
        title: "ReLU6",
        formula: "f(x) = min(max(0, x), 6)",
        params: &[],
        usage: "small and quantised networks: outputs have a known range",
        caution: Some("flat at both ends: units can die below 0 and saturate above 6"),
        source: "Krizhevsky 2010",
        differs: Some("slope 0 at both kinks, as PyTorch"),
    };
    const TORCH: Option<&'static str> = Some("F.relu6(x)");
    const FAMILY: &'static str = super::family::RECTIFIERS;
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl Pointwise for Relu6 {
    const TRAITS: Traits = Traits {
        derivative: "f′(x) = 1 if 0 < x < 6, else 0",
        gain: |_| 1.0,
        flat: Flat::Negative,
        init: "kaiming_uniform",
    };

    #[inline(always)]
    fn f<F: Real>(self, x: F) -> F {
        let x = F::select(x < F::ZERO, F::ZERO, x);
        F::select(x > F::of(6.0), F::of(6.0), x)
    }
    #[inline(always)]
    fn df<F: Real>(self, x: F, _: F) -> F {
        F::select((x > F::ZERO) & (x < F::of(6.0)), F::ONE, F::ZERO)
    }
}
