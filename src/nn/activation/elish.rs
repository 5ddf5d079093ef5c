//! Exponential linear squashing.

use super::{Flat, Pointwise, Traits};
use crate::nn::Real;
use crate::spec::{Card, Describe, Pick};

/// SiLU for x ≥ 0, else (eˣ − 1)·σ(x).
#[derive(Clone, Copy, Debug)]
pub struct Elish;

impl Describe for Elish {
    const CARD: Card = Card {
        key: "elish",
        title: "ELiSH",
        formula: "f(x) = x·σ(x) if x ≥ 0, else (eˣ − 1)·σ(x)",
        params: &[],
        usage: "hidden layers, between ELU and SiLU",
        caution: Some("dips to −0.17 near x = −0.88: not monotonic"),
        source: "Basirat & Roth 2018",
        differs: None,
    };
    const FAMILY: &'static str = super::family::SMOOTH;
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl Pointwise for Elish {
    const TRAITS: Traits = Traits {
        derivative: "f′(x) = s·(1 + x·(1 − s)) if x ≥ 0, else s·(eˣ + (eˣ − 1)·(1 − s))",
        gain: |_| 1.0,
        flat: Flat::Negative,
        init: "kaiming_uniform",
    };

    #[inline(always)]
    fn f<F: Real>(self, x: F) -> F {
        F::select(x < F::ZERO, x.exp_m1(), x) * x.sigmoid()
    }
    #[inline(always)]
    fn df<F: Real>(self, x: F, _: F) -> F {
        let x = x.not_below(-1e3).not_above(1e3);
        let s = x.sigmoid();
        let above = x.mul_add(F::ONE - s, F::ONE);
        let e_m1 = F::select(x < F::ZERO, x, F::ZERO).exp_m1();
        let below = e_m1.mul_add(F::ONE - s, e_m1 + F::ONE);
        s * F::select(x < F::ZERO, below, above)
    }
}
