//! Smooth ReLU of two parabolas.

use super::{Flat, Pointwise, Traits};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// 0, then a parabola over ±`beta`, then x.
#[derive(Clone, Copy, Debug)]
pub struct Smelu {
    beta: f64,
}

impl Describe for Smelu {
    const CARD: Card = Card {
        key: "smelu",
        title: "SmeLU",
        formula: "f(x) = 0 if x ≤ −β, x if x ≥ β, else (x + β)² / 4β",
        params: &[Param {
            key: "beta",
            default: DefaultValue::Number(1.0),
            range: Range::Above(0.0),
            meaning: "half the width of the bend",
            search: None,
        }],
        usage: "ReLU with a continuous slope: retraining gives more alike models",
        caution: None,
        source: "Shamir, Lin & Coviello 2020",
        differs: None,
    };
    const FAMILY: &'static str = super::family::SMOOTH;
    fn build(pick: &Pick) -> Self {
        Self { beta: pick.number("beta") }
    }
}

impl Pointwise for Smelu {
    const TRAITS: Traits = Traits {
        derivative: "f′(x) = min(max(0, (x + β)/2β), 1)",
        gain: |_| 1.0,
        flat: Flat::Negative,
        init: "kaiming_uniform",
    };

    #[inline(always)]
    fn f<F: Real>(self, x: F) -> F {
        let beta = F::of(self.beta);
        let bend = (x + beta) * (x + beta) / F::of(4.0 * self.beta);
        let y = F::select(x < beta, bend, x);
        F::select(x < -beta, F::ZERO, y)
    }
    #[inline(always)]
    fn df<F: Real>(self, x: F, _: F) -> F {
        let slope = (x + F::of(self.beta)) / F::of(2.0 * self.beta);
        let slope = F::select(slope < F::ZERO, F::ZERO, slope);
        F::select(slope > F::ONE, F::ONE, slope)
    }
}
