//! Smooth ReLU.

use super::{Flat, Pointwise, Traits};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// `ln(1 + e^(beta·x)) / beta`.
#[derive(Clone, Copy, Debug)]
pub struct Softplus {
    beta: f64,
    threshold: f64,
}

impl Describe for Softplus {
    const CARD: Card = Card {
        key: "softplus",
        title: "Softplus",
        formula: "f(x) = ln(1 + exp(β·x)) / β",
        params: &[
            Param {
                key: "beta",
                default: DefaultValue::Number(1.0),
                range: Range::Above(0.0),
                meaning: "sharpness of the bend",
                search: None,
            },
            Param {
                key: "threshold",
                default: DefaultValue::Number(20.0),
                range: Range::Any,
                meaning: "above this β·x the function is x itself",
                search: None,
            },
        ],
        usage: "outputs that must be positive: variances, rates",
        caution: Some("never 0, so units are never sparse"),
        source: "Dugas et al. 2001",
        differs: Some("x itself where β·x > threshold, as PyTorch"),
    };
    const TORCH: Option<&'static str> = Some("F.softplus(x, beta={beta}, threshold={threshold})");
    const FAMILY: &'static str = super::family::SMOOTH;
    fn build(pick: &Pick) -> Self {
        Self { beta: pick.number("beta"), threshold: pick.number("threshold") }
    }
}

impl Softplus {
    /// β·x is above the threshold.
    #[inline(always)]
    fn straight<F: Real>(self, x: F) -> bool {
        x > F::at_most(self.threshold / self.beta)
    }
}

impl Pointwise for Softplus {
    const TRAITS: Traits = Traits {
        derivative: "f′(x) = σ(β·x)",
        gain: |_| 1.0,
        flat: Flat::Negative,
        init: "kaiming_uniform",
    };

    #[inline(always)]
    fn f<F: Real>(self, x: F) -> F {
        let scaled = F::of(self.beta) * x;
        let smooth = scaled.softplus() / F::of(self.beta);
        F::select(self.straight(x), x, smooth)
    }
    #[inline(always)]
    fn df<F: Real>(self, x: F, _: F) -> F {
        let scaled = F::of(self.beta) * x;
        F::select(self.straight(x), F::ONE, scaled.sigmoid())
    }
}
