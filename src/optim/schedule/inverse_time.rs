//! Decay with one over the time.

use super::{Moment, Schedule};
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// The rate falls with 1/t.
#[derive(Clone, Copy, Debug)]
pub struct InverseTime {
    decay_rate: f64,
}

impl Describe for InverseTime {
    const CARD: Card = Card {
        key: "inverse_time",
        title: "Inverse-time decay",
        formula: "α = α₀ / (1 + decay_rate·t)",
        params: &[Param {
            key: "decay_rate",
            default: DefaultValue::Number(0.001),
            range: Range::AtLeast(0.0),
            meaning: "one over the steps after which half the rate is left",
            search: None,
        }],
        usage: "plain SGD on convex problems, where theory asks for 1/t",
        caution: Some("falls fast at first and hardly at all later"),
        source: "Robbins & Monro 1951; Keras InverseTimeDecay with decay_steps 1",
        differs: None,
    };
    fn build(pick: &Pick) -> Self {
        Self { decay_rate: pick.number("decay_rate") }
    }
}

impl Schedule for InverseTime {
    fn rate(&self, at: Moment) -> f64 {
        at.base / (1.0 + self.decay_rate * at.step as f64)
    }
}
