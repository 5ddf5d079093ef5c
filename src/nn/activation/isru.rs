//! Inverse square root unit.

use super::{Flat, Pointwise, Traits};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// `x / √(1 + alpha·x²)`.
#[derive(Clone, Copy, Debug)]
pub struct Isru {
    alpha: f64,
}

impl Describe for Isru {
    const CARD: Card = Card {
        key: "isru",
        title: "ISRU",
        formula: "f(x) = x / √(1 + α·x²)",
        params: &[Param {
            key: "alpha",
            default: DefaultValue::Number(1.0),
            range: Range::Above(0.0),
            meaning: "f tends to ±1/√α",
            search: None,
        }],
        usage: "as tanh, without exponentials",
        caution: None,
        source: "Carlile et al. 2017",
        differs: None,
    };
    const FAMILY: &'static str = super::family::SIGMOIDS;
    fn build(pick: &Pick) -> Self {
        Self { alpha: pick.number("alpha") }
    }
}

impl Isru {
    /// √α·x, where it counts: beyond ±10¹² the function is flat and the square could overflow.
    #[inline(always)]
    fn scaled<F: Real>(self, x: F) -> F {
        (F::of(self.alpha.sqrt()) * x).not_below(-1e12).not_above(1e12)
    }
}

impl Pointwise for Isru {
    const TRAITS: Traits = Traits {
        derivative: "f′(x) = 1 / √(1 + α·x²)³",
        gain: |_| 1.0,
        flat: Flat::Ends,
        init: "xavier_uniform",
    };

    #[inline(always)]
    fn f<F: Real>(self, x: F) -> F {
        let t = self.scaled(x);
        t / t.mul_add(t, F::ONE).sqrt() / F::of(self.alpha.sqrt())
    }
    #[inline(always)]
    fn df<F: Real>(self, x: F, _: F) -> F {
        let t = self.scaled(x);
        let square = t.mul_add(t, F::ONE);
        F::ONE / (square * square.sqrt())
    }
}
