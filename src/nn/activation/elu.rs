//! Exponential linear unit.

use super::{Flat, Pointwise, Traits};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// x for x > 0, else `alpha · (eˣ − 1)`.
#[derive(Clone, Copy, Debug)]
pub struct Elu {
    alpha: f64,
}

impl Describe for Elu {
    const CARD: Card = Card {
        key: "elu",
        title: "ELU",
        formula: "f(x) = x if x > 0, else α·(eˣ − 1)",
        params: &[Param {
            key: "alpha",
            default: DefaultValue::Number(1.0),
            range: Range::Any,
            meaning: "the floor: f tends to −α far below 0",
            search: None,
        }],
        usage: "hidden layers whose mean output should stay near 0",
        caution: Some("an exponential for each negative input: slower than ReLU"),
        source: "Clevert, Unterthiner & Hochreiter 2016",
        differs: Some("the kink at 0 (unless α = 1) takes the left slope α, as PyTorch"),
    };
    const TORCH: Option<&'static str> = Some("F.elu(x, alpha={alpha})");
    const FAMILY: &'static str = super::family::EXPONENTIAL;
    fn build(pick: &Pick) -> Self {
        Self { alpha: pick.number("alpha") }
    }
}

impl Pointwise for Elu {
    const TRAITS: Traits = Traits {
        derivative: "f′(x) = 1 if x > 0, else α·eˣ = f(x) + α",
        gain: |_| 1.0,
        flat: Flat::Negative,
        init: "kaiming_uniform",
    };

    #[inline(always)]
    fn f<F: Real>(self, x: F) -> F {
        F::select(x > F::ZERO, x, F::of(self.alpha) * x.exp_m1())
    }
    #[inline(always)]
    fn df<F: Real>(self, x: F, _: F) -> F {
        // Not f(x) + α, which far below 0 is what rounding has left.
        F::select(x > F::ZERO, F::ONE, F::of(self.alpha) * x.exp())
    }
}
