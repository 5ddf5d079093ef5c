//! Inverse square root linear unit.

use super::{Flat, Pointwise, Traits};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// x for x > 0, else ISRU.
#[derive(Clone, Copy, Debug)]
pub struct Isrlu {
    alpha: f64,
}

impl Describe for Isrlu {
    const CARD: Card = Card {
        key: "isrlu",
        title: "ISRLU",
        formula: "f(x) = x if x > 0, else x / √(1 + α·x²)",
        params: &[Param {
            key: "alpha",
            default: DefaultValue::Number(1.0),
            range: Range::Above(0.0),
            meaning: "the floor: f tends to −1/√α far below 0",
            search: None,
        }],
        usage: "as ELU, without exponentials",
        caution: None,
        source: "Carlile et al. 2017",
        differs: None,
    };
    const FAMILY: &'static str = super::family::EXPONENTIAL;
    fn build(pick: &Pick) -> Self {
        Self { alpha: pick.number("alpha") }
    }
}

impl Isrlu {
    /// √α·x, where it counts: below −10¹² the function is flat and the square could overflow.
    #[inline(always)]
    fn scaled<F: Real>(self, x: F) -> F {
        (F::of(self.alpha.sqrt()) * x).not_below(-1e12).not_above(1e12)
    }
}

impl Pointwise for Isrlu {
    const TRAITS: Traits = Traits {
        derivative: "f′(x) = 1 if x > 0, else 1 / √(1 + α·x²)³",
        gain: |_| 1.0,
        flat: Flat::Negative,
        init: "kaiming_uniform",
    };

    #[inline(always)]
    fn f<F: Real>(self, x: F) -> F {
        let t = self.scaled(x);
        let y = t / t.mul_add(t, F::ONE).sqrt() / F::of(self.alpha.sqrt());
        F::select(x > F::ZERO, x, y)
    }
    #[inline(always)]
    fn df<F: Real>(self, x: F, _: F) -> F {
        let t = self.scaled(x);
        let square = t.mul_add(t, F::ONE);
        F::select(x > F::ZERO, F::ONE, F::ONE / (square * square.sqrt()))
    }
}
