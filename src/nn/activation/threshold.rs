//! Threshold.

use super::{Flat, Pointwise, Traits};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// x above `threshold`, else `value`.
#[derive(Clone, Copy, Debug)]
pub struct Threshold {
    threshold: f64,
    value: f64,
}

impl Describe for Threshold {
    const CARD: Card = Card {
        key: "threshold",
        title: "Threshold",
        formula: "f(x) = x if x > threshold, else value",
        params: &[
            Param {
                key: "threshold",
                default: DefaultValue::Number(0.0),
                range: Range::Any,
                meaning: "where x begins to pass",
                search: None,
            },
            Param {
                key: "value",
                default: DefaultValue::Number(0.0),
                range: Range::Any,
                meaning: "the output up to there",
                search: None,
            },
        ],
        usage: "a ReLU whose bend and floor are chosen",
        caution: Some("jumps at the threshold unless value equals it"),
        source: "torch.nn.Threshold",
        differs: Some("PyTorch has no defaults; 0 and 0 here: ReLU"),
    };
    const TORCH: Option<&'static str> = Some("F.threshold(x, {threshold}, {value})");
    const FAMILY: &'static str = super::family::RECTIFIERS;
    fn build(pick: &Pick) -> Self {
        Self { threshold: pick.number("threshold"), value: pick.number("value") }
    }
}

impl Threshold {
    /// x is held back; NaN is not.
    #[inline(always)]
    fn stops<F: Real>(self, x: F) -> bool {
        x <= F::at_most(self.threshold)
    }
}

impl Pointwise for Threshold {
    const TRAITS: Traits = Traits {
        derivative: "f′(x) = 1 if x > threshold, else 0",
        gain: |_| 1.0,
        flat: Flat::Negative,
        init: "kaiming_uniform",
    };

    #[inline(always)]
    fn f<F: Real>(self, x: F) -> F {
        F::select(self.stops(x), F::of(self.value), x)
    }
    #[inline(always)]
    fn df<F: Real>(self, x: F, _: F) -> F {
        F::select(self.stops(x), F::ZERO, F::ONE)
    }
}
