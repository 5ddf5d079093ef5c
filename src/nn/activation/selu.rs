//! Scaled exponential linear unit.

use super::{Flat, Pointwise, Traits};
use crate::nn::Real;
use crate::spec::{Card, Describe, Pick};

/// `SCALE` · ELU with `ALPHA`.
#[derive(Clone, Copy, Debug)]
pub struct Selu;

/// With these, mean 0 and variance 1 is a stable fixed point of a layer.
const ALPHA: f64 = 1.673_263_242_354_377_2;
const SCALE: f64 = 1.050_700_987_355_480_5;

impl Describe for Selu {
    const CARD: Card = Card {
        key: "selu",
        title: "SELU",
        formula: "f(x) = s·x if x > 0, else s·α·(eˣ − 1)\n\
                  s = 1.050701, α = 1.673263",
        params: &[],
        usage: "deep plain stacks that should normalise themselves",
        caution: Some(
            "keeps mean 0 and variance 1 only with lecun_normal weights and standardised inputs",
        ),
        source: "Klambauer et al. 2017",
        differs: None,
    };
    const TORCH: Option<&'static str> = Some("F.selu(x)");
    const FAMILY: &'static str = super::family::EXPONENTIAL;
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl Pointwise for Selu {
    const TRAITS: Traits = Traits {
        derivative: "f′(x) = s if x > 0, else s·α·eˣ = f(x) + s·α",
        gain: |_| 0.75,
        flat: Flat::Negative,
        init: "lecun_normal",
    };

    #[inline(always)]
    fn f<F: Real>(self, x: F) -> F {
        F::of(SCALE) * F::select(x > F::ZERO, x, F::of(ALPHA) * x.exp_m1())
    }
    #[inline(always)]
    fn df<F: Real>(self, x: F, _: F) -> F {
        F::select(x > F::ZERO, F::of(SCALE), F::of(SCALE * ALPHA) * x.exp())
    }
}
