//! Piecewise quadratic SiLU.

use super::{Flat, Pointwise, Traits};
use crate::nn::Real;
use crate::spec::{Card, Describe, Pick};

/// x · hardsigmoid(x).
#[derive(Clone, Copy, Debug)]
pub struct Hardswish;

impl Describe for Hardswish {
    const CARD: Card = Card {
        key: "hardswish",
        title: "Hardswish",
        formula: "f(x) = x·min(max(0, (x + 3)/6), 1)",
        params: &[],
        usage: "a cheap SiLU for small networks",
        caution: Some("slope exactly 0 below −3, as a dead ReLU"),
        source: "Howard et al. 2019, MobileNetV3",
        differs: Some("slope 0 at −3 and 1 at 3, as PyTorch"),
    };
    const TORCH: Option<&'static str> = Some("F.hardswish(x)");
    const FAMILY: &'static str = super::family::SMOOTH;
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl Pointwise for Hardswish {
    const TRAITS: Traits = Traits {
        derivative: "f′(x) = 0 below −3, (2x + 3)/6 within ±3, 1 above 3",
        gain: |_| 1.0,
        flat: Flat::Negative,
        init: "kaiming_uniform",
    };

    #[inline(always)]
    fn f<F: Real>(self, x: F) -> F {
        let gate = (x + F::of(3.0)) / F::of(6.0);
        let y = F::select(gate > F::ONE, x, x * gate);
        F::select(x < F::of(-3.0), F::ZERO, y)
    }
    #[inline(always)]
    fn df<F: Real>(self, x: F, _: F) -> F {
        let inner = x / F::of(3.0) + F::of(0.5);
        let slope = F::select(x < F::of(3.0), inner, F::ONE);
        F::select(x > F::of(-3.0), slope, F::ZERO)
    }
}
