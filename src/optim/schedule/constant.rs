//! A smaller rate for a while.

use super::{Moment, Schedule, given, length};
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// A constant factor for the first steps.
#[derive(Clone, Copy, Debug)]
pub struct Constant {
    factor: f64,
    total_iters: Option<f64>,
}

impl Describe for Constant {
    const CARD: Card = Card {
        key: "constant",
        title: "Constant factor, then full rate",
        formula: "α = factor·α₀  while t < total_iters, then α₀",
        params: &[
            Param {
                key: "factor",
                default: DefaultValue::Number(1.0 / 3.0),
                range: Range::Closed(0.0, 1.0),
                meaning: "what the rate is multiplied by at first",
                search: None,
            },
            length("total_iters", "steps until the full rate; 0: a tenth of the run"),
        ],
        usage: "the plainest warm-up: a lower rate until the first large gradients are over",
        caution: None,
        source: "torch.optim.lr_scheduler.ConstantLR",
        differs: Some(
            "PyTorch's total_iters is 5 by default, meant as epochs; here it is in steps",
        ),
    };
    fn build(pick: &Pick) -> Self {
        Self { factor: pick.number("factor"), total_iters: given(pick, "total_iters") }
    }
}

impl Schedule for Constant {
    fn rate(&self, at: Moment) -> f64 {
        let end = self.total_iters.unwrap_or(at.budget as f64 / 10.0);
        if (at.step as f64) < end { at.base * self.factor } else { at.base }
    }
}
