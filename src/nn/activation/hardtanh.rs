//! Piecewise linear tanh.

use super::{Flat, Pointwise, Traits};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// x held between `min_val` and `max_val`.
#[derive(Clone, Copy, Debug)]
pub struct Hardtanh {
    min_val: f64,
    max_val: f64,
}

impl Describe for Hardtanh {
    const CARD: Card = Card {
        key: "hardtanh",
        title: "Hardtanh",
        formula: "f(x) = min(max(min_val, x), max_val)",
        params: &[
            Param {
                key: "min_val",
                default: DefaultValue::Number(-1.0),
                range: Range::Any,
                meaning: "the lower end",
                search: None,
            },
            Param {
                key: "max_val",
                default: DefaultValue::Number(1.0),
                range: Range::Any,
                meaning: "the upper end",
                search: None,
            },
        ],
        usage: "a cheap tanh; bounded outputs",
        caution: Some("slope exactly 0 outside: no way back"),
        source: "Collobert 2004",
        differs: Some("slope 0 at both kinks, as PyTorch"),
    };
    const TORCH: Option<&'static str> = Some("F.hardtanh(x, min_val={min_val}, max_val={max_val})");
    const FAMILY: &'static str = super::family::SIGMOIDS;
    fn build(pick: &Pick) -> Self {
        Self { min_val: pick.number("min_val"), max_val: pick.number("max_val") }
    }
    fn check(pick: &Pick) -> Result<(), String> {
        if pick.number("min_val") >= pick.number("max_val") {
            return Err("min_val must be less than max_val".to_owned());
        }
        Ok(())
    }
}

impl Pointwise for Hardtanh {
    const TRAITS: Traits = Traits {
        derivative: "f′(x) = 1 if min_val < x < max_val, else 0",
        gain: |_| 1.0,
        flat: Flat::Ends,
        init: "xavier_uniform",
    };

    #[inline(always)]
    fn f<F: Real>(self, x: F) -> F {
        let (low, high) = (F::of(self.min_val), F::of(self.max_val));
        let x = F::select(x < low, low, x);
        F::select(x > high, high, x)
    }
    #[inline(always)]
    fn df<F: Real>(self, x: F, _: F) -> F {
        let inside = (x > F::at_most(self.min_val)) & (x < -F::at_most(-self.max_val));
        F::select(inside, F::ONE, F::ZERO)
    }
}
