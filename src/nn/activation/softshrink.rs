//! Soft thresholding.

use super::{Flat, Pointwise, Traits};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// x moved towards 0 by `lambd`, 0 within it.
#[derive(Clone, Copy, Debug)]
pub struct Softshrink {
    lambd: f64,
}

impl Describe for Softshrink {
    const CARD: Card = Card {
        key: "softshrink",
        title: "Softshrink",
        formula: "f(x) = x − λ if x > λ, x + λ if x < −λ, else 0        λ = lambd",
        params: &[Param {
            key: "lambd",
            default: DefaultValue::Number(0.5),
            range: Range::AtLeast(0.0),
            meaning: "half the width of the dead zone, and the shift",
            search: None,
        }],
        usage: "sparse codes: the step that an L1 penalty asks for",
        caution: Some("within ±λ nothing is learnt"),
        source: "Donoho & Johnstone 1994",
        differs: None,
    };
    const TORCH: Option<&'static str> = Some("F.softshrink(x, lambd={lambd})");
    const FAMILY: &'static str = super::family::SHRINKAGE;
    fn build(pick: &Pick) -> Self {
        Self { lambd: pick.number("lambd") }
    }
}

impl Pointwise for Softshrink {
    const TRAITS: Traits = Traits {
        derivative: "f′(x) = 1 if |x| > λ, else 0",
        gain: |_| 1.0,
        flat: Flat::Never,
        init: "xavier_uniform",
    };

    #[inline(always)]
    fn f<F: Real>(self, x: F) -> F {
        let lambd = F::of(self.lambd);
        let moved = F::select(x > F::ZERO, x - lambd, x + lambd);
        F::select(x.abs() <= F::at_most(self.lambd), F::ZERO, moved)
    }
    #[inline(always)]
    fn df<F: Real>(self, x: F, _: F) -> F {
        F::select(x.abs() <= F::at_most(self.lambd), F::ZERO, F::ONE)
    }
}
