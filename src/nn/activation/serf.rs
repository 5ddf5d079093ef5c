//! Serf.

use super::{Flat, Pointwise, Traits};
use crate::nn::Real;
use crate::spec::{Card, Describe, Pick};

/// x·erf(softplus(x)).
#[derive(Clone, Copy, Debug)]
pub struct Serf;

impl Describe for Serf {
    const CARD: Card = Card {
        key: "serf",
        title: "Serf",
        formula: "f(x) = x·erf(ln(1 + eˣ))",
        params: &[],
        usage: "hidden layers, as Mish",
        caution: Some("dips below 0: not monotonic"),
        source: "Nag, Bhattacharyya et al. 2021",
        differs: None,
    };
    const FAMILY: &'static str = super::family::SMOOTH;
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl Pointwise for Serf {
    const TRAITS: Traits = Traits {
        derivative: "f′(x) = erf(p) + x·σ(x)·(2/√π)·exp(−p²),  p = ln(1 + eˣ)",
        gain: |_| 1.0,
        flat: Flat::Negative,
        init: "kaiming_uniform",
    };

    #[inline(always)]
    fn f<F: Real>(self, x: F) -> F {
        x.not_below(-1e3) * x.softplus().erf()
    }
    #[inline(always)]
    fn df<F: Real>(self, x: F, _: F) -> F {
        let x = x.not_below(-1e3).not_above(1e3);
        let p = x.softplus();
        let bell = F::of(std::f64::consts::FRAC_2_SQRT_PI) * (-p * p).exp();
        x * x.sigmoid() * bell + p.erf()
    }
}
