//! Continuously differentiable ELU.

use super::{Flat, Pointwise, Traits};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// x for x > 0, else `alpha · (e^(x/alpha) − 1)`.
#[derive(Clone, Copy, Debug)]
pub struct Celu {
    alpha: f64,
}

impl Describe for Celu {
    const CARD: Card = Card {
        key: "celu",
        title: "CELU",
        formula: "f(x) = x if x > 0, else α·(exp(x/α) − 1)",
        params: &[Param {
            key: "alpha",
            default: DefaultValue::Number(1.0),
            range: Range::Above(0.0),
            meaning: "the floor: f tends to −α far below 0",
            search: None,
        }],
        usage: "as ELU, with a slope that has no jump for any α",
        caution: None,
        source: "Barron 2017",
        differs: None,
    };
    const TORCH: Option<&'static str> = Some("F.celu(x, alpha={alpha})");
    const FAMILY: &'static str = super::family::EXPONENTIAL;
    fn build(pick: &Pick) -> Self {
        Self { alpha: pick.number("alpha") }
    }
}

impl Pointwise for Celu {
    const TRAITS: Traits = Traits {
        derivative: "f′(x) = 1 if x > 0, else exp(x/α)",
        gain: |_| 1.0,
        flat: Flat::Negative,
        init: "kaiming_uniform",
    };

    #[inline(always)]
    fn f<F: Real>(self, x: F) -> F {
        let alpha = F::of(self.alpha);
        F::select(x > F::ZERO, x, alpha * (x / alpha).exp_m1())
    }
    #[inline(always)]
    fn df<F: Real>(self, x: F, _: F) -> F {
        F::select(x > F::ZERO, F::ONE, (x / F::of(self.alpha)).exp())
    }
}
