//! Scaled and shifted squared ReLU.

use super::{Flat, Pointwise, Traits};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// `s · max(0, x)² + b`.
#[derive(Clone, Copy, Debug)]
pub struct StarRelu {
    s: f64,
    b: f64,
}

impl Describe for StarRelu {
    const CARD: Card = Card {
        key: "star_relu",
        title: "StarReLU",
        formula: "f(x) = s·max(0, x)² + b",
        params: &[
            Param {
                key: "s",
                default: DefaultValue::Number(0.8944),
                range: Range::Any,
                meaning: "scale, 2/√5",
                search: None,
            },
            Param {
                key: "b",
                default: DefaultValue::Number(-0.4472),
                range: Range::Any,
                meaning: "shift, −1/√5",
                search: None,
            },
        ],
        usage: "ReLU² brought to mean 0 and variance 1 for standard normal inputs",
        caution: Some("outputs grow with the square: keep weights small"),
        source: "Yu et al. 2022, MetaFormer baselines",
        differs: Some("s and b fixed; the paper also learns them"),
    };
    const FAMILY: &'static str = super::family::RECTIFIERS;
    fn build(pick: &Pick) -> Self {
        Self { s: pick.number("s"), b: pick.number("b") }
    }
}

impl Pointwise for StarRelu {
    const TRAITS: Traits = Traits {
        derivative: "f′(x) = 2·s·max(0, x)",
        gain: |_| 1.0,
        flat: Flat::Negative,
        init: "kaiming_uniform",
    };

    #[inline(always)]
    fn f<F: Real>(self, x: F) -> F {
        let y = F::select(x < F::ZERO, F::ZERO, x);
        (F::of(self.s) * y).mul_add(y, F::of(self.b))
    }
    #[inline(always)]
    fn df<F: Real>(self, x: F, _: F) -> F {
        F::of(2.0 * self.s) * F::select(x < F::ZERO, F::ZERO, x)
    }
}
