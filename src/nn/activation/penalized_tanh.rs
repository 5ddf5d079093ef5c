//! Penalised tanh.

use super::{Flat, Pointwise, Traits};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// tanh(x) for x > 0, else `a · tanh(x)`.
#[derive(Clone, Copy, Debug)]
pub struct PenalizedTanh {
    a: f64,
}

impl Describe for PenalizedTanh {
    const CARD: Card = Card {
        key: "penalized_tanh",
        title: "Penalised tanh",
        formula: "f(x) = tanh(x) if x > 0, else a·tanh(x)",
        params: &[Param {
            key: "a",
            default: DefaultValue::Number(0.25),
            range: Range::Closed(0.0, 1.0),
            meaning: "factor on negative inputs",
            search: None,
        }],
        usage: "as leaky ReLU, bounded: language tasks and gates",
        caution: None,
        source: "Xu, Huang & Li 2016",
        differs: Some("the kink at 0 takes the left slope"),
    };
    const FAMILY: &'static str = super::family::SIGMOIDS;
    fn build(pick: &Pick) -> Self {
        Self { a: pick.number("a") }
    }
}

impl Pointwise for PenalizedTanh {
    const TRAITS: Traits = Traits {
        derivative: "f′(x) = 1 − tanh²(x) if x > 0, else a·(1 − tanh²(x))",
        gain: |_| 1.0,
        flat: Flat::Ends,
        init: "xavier_uniform",
    };

    #[inline(always)]
    fn f<F: Real>(self, x: F) -> F {
        let tanh = x.tanh();
        F::select(x > F::ZERO, tanh, F::of(self.a) * tanh)
    }
    #[inline(always)]
    fn df<F: Real>(self, x: F, _: F) -> F {
        let slope = x.sech_squared();
        F::select(x > F::ZERO, slope, F::of(self.a) * slope)
    }
}
