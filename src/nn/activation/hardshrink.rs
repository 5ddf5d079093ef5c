//! Hard thresholding.

use super::{Flat, Pointwise, Traits};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// x, or 0 within ±`lambd`.
#[derive(Clone, Copy, Debug)]
pub struct Hardshrink {
    lambd: f64,
}

impl Describe for Hardshrink {
    const CARD: Card = Card {
        key: "hardshrink",
        title: "Hardshrink",
        formula: "f(x) = x if |x| > λ, else 0            λ = lambd",
        params: &[Param {
            key: "lambd",
            default: DefaultValue::Number(0.5),
            range: Range::AtLeast(0.0),
            meaning: "half the width of the dead zone",
            search: None,
        }],
        usage: "sparse codes: small values become 0, large ones stay",
        caution: Some("jumps at ±λ, and within them nothing is learnt"),
        source: "Donoho & Johnstone 1994",
        differs: None,
    };
    const TORCH: Option<&'static str> = Some("F.hardshrink(x, lambd={lambd})");
    const FAMILY: &'static str = super::family::SHRINKAGE;
    fn build(pick: &Pick) -> Self {
        Self { lambd: pick.number("lambd") }
    }
}

impl Pointwise for Hardshrink {
    const TRAITS: Traits = Traits {
        derivative: "f′(x) = 1 if |x| > λ, else 0",
        gain: |_| 1.0,
        flat: Flat::Never,
        init: "xavier_uniform",
    };

    #[inline(always)]
    fn f<F: Real>(self, x: F) -> F {
        F::select(x.abs() <= F::at_most(self.lambd), F::ZERO, x)
    }
    #[inline(always)]
    fn df<F: Real>(self, x: F, _: F) -> F {
        F::select(x.abs() <= F::at_most(self.lambd), F::ZERO, F::ONE)
    }
}
