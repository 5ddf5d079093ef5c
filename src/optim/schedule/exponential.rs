//! Decay by a factor each step.

use super::{Moment, Schedule};
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// The rate falls by the same factor at every step.
#[derive(Clone, Copy, Debug)]
pub struct Exponential {
    gamma: f64,
}

impl Describe for Exponential {
    const CARD: Card = Card {
        key: "exponential",
        title: "Exponential decay",
        formula: "α = α₀·γᵗ",
        params: &[Param {
            key: "gamma",
            default: DefaultValue::Number(0.9995),
            range: Range::AtLeast(0.0),
            meaning: "factor of each step: a tenth is left after 2.3/(1 − γ) steps",
            search: None,
        }],
        usage: "a smooth fall that does not know how long the run is",
        caution: Some("too small a gamma stops the training long before its end"),
        source: "torch.optim.lr_scheduler.ExponentialLR",
        differs: Some("t counts steps, not epochs, so gamma is much closer to 1"),
    };
    fn build(pick: &Pick) -> Self {
        Self { gamma: pick.number("gamma") }
    }
}

impl Schedule for Exponential {
    fn rate(&self, at: Moment) -> f64 {
        at.base * libm::pow(self.gamma, at.step as f64)
    }
}
