//! Algebraic softplus.

use super::{Flat, Pointwise, Traits};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// `(x + √(x² + b)) / 2`.
#[derive(Clone, Copy, Debug)]
pub struct Squareplus {
    b: f64,
}

impl Describe for Squareplus {
    const CARD: Card = Card {
        key: "squareplus",
        title: "Squareplus",
        formula: "f(x) = (x + √(x² + b)) / 2",
        params: &[Param {
            key: "b",
            default: DefaultValue::Number(4.0),
            range: Range::Above(0.0),
            meaning: "width of the bend; 4 comes near softplus at 0",
            search: None,
        }],
        usage: "as softplus, without exponentials",
        caution: Some("falls off only as b/(4·|x|) below 0, not exponentially"),
        source: "Barron 2021",
        differs: None,
    };
    const FAMILY: &'static str = super::family::SMOOTH;
    fn build(pick: &Pick) -> Self {
        Self { b: pick.number("b") }
    }
}

impl Squareplus {
    /// √(x² + b), whose square may overflow.
    #[inline(always)]
    fn root<F: Real>(self, x: F) -> F {
        let (a, b) = (x.abs(), F::of(self.b.sqrt()));
        let (long, short) = (a.larger(b), a.smaller(b));
        let ratio = short / long;
        long * ratio.mul_add(ratio, F::ONE).sqrt()
    }
}

impl Pointwise for Squareplus {
    const TRAITS: Traits = Traits {
        derivative: "f′(x) = (1 + x/√(x² + b)) / 2",
        gain: |_| 1.0,
        flat: Flat::Negative,
        init: "kaiming_uniform",
    };

    #[inline(always)]
    fn f<F: Real>(self, x: F) -> F {
        let root = self.root(x);
        // Two forms of the same number, each where it does not cancel.
        let half = F::of(0.5);
        F::select(x < F::ZERO, F::of(0.5 * self.b) / (root - x), half.mul_add(root, half * x))
    }
    #[inline(always)]
    fn df<F: Real>(self, x: F, _: F) -> F {
        // As far out the slope is 0 or 1.
        let x = x.not_below(-1e18).not_above(1e18);
        let root = self.root(x);
        let above = F::of(0.5) * (F::ONE + x / root);
        F::select(x < F::ZERO, F::of(0.5 * self.b) / (root - x) / root, above)
    }
}
