//! Growing cosine unit.

use std::f64::consts::FRAC_PI_2;

use super::{Flat, Pointwise, Traits};
use crate::nn::Real;
use crate::spec::{Card, Describe, Pick};

/// x·cos(x).
#[derive(Clone, Copy, Debug)]
pub struct Gcu;

impl Describe for Gcu {
    const CARD: Card = Card {
        key: "gcu",
        title: "GCU",
        formula: "f(x) = x·cos(x)",
        params: &[],
        usage: "shallow networks: one such unit can learn xor",
        caution: Some("many turns: unstable with large weights or rates"),
        source: "Noel et al. 2021",
        differs: None,
    };
    const FAMILY: &'static str = super::family::WAVES;
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl Pointwise for Gcu {
    const TRAITS: Traits = Traits {
        derivative: "f′(x) = cos(x) − x·sin(x)",
        gain: |_| 1.0,
        flat: Flat::Never,
        init: "xavier_uniform",
    };

    #[inline(always)]
    fn f<F: Real>(self, x: F) -> F {
        x * x.sine(1.0, FRAC_PI_2)
    }
    #[inline(always)]
    fn df<F: Real>(self, x: F, _: F) -> F {
        (-x).mul_add(x.sine(1.0, 0.0), x.sine(1.0, FRAC_PI_2))
    }
}
