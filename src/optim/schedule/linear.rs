//! A straight line.

use super::{Moment, Schedule, given, length, line};
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// A factor that changes evenly.
#[derive(Clone, Copy, Debug)]
pub struct Linear {
    start_factor: f64,
    end_factor: f64,
    total_iters: Option<f64>,
}

impl Describe for Linear {
    const CARD: Card = Card {
        key: "linear",
        title: "Linear",
        formula: "α = α₀·[s + (e − s)·min(t / total_iters, 1)]\n\
                  s = start_factor, e = end_factor",
        params: &[
            Param {
                key: "start_factor",
                default: DefaultValue::Number(1.0 / 3.0),
                range: Range::Closed(0.0, 1.0),
                meaning: "share of the rate at the first step",
                search: None,
            },
            Param {
                key: "end_factor",
                default: DefaultValue::Number(1.0),
                range: Range::Closed(0.0, 1.0),
                meaning: "share of the rate from total_iters on",
                search: None,
            },
            length("total_iters", "steps from start to end; 0: the whole run"),
        ],
        usage: "a warm-up with these factors; a linear decay with 1 and 0",
        caution: None,
        source: "torch.optim.lr_scheduler.LinearLR",
        differs: Some(
            "PyTorch's total_iters is 5 by default, meant as epochs, and its start_factor is above 0",
        ),
    };
    fn build(pick: &Pick) -> Self {
        Self {
            start_factor: pick.number("start_factor"),
            end_factor: pick.number("end_factor"),
            total_iters: given(pick, "total_iters"),
        }
    }
}

impl Schedule for Linear {
    fn rate(&self, at: Moment) -> f64 {
        let progress = at.progress(self.total_iters);
        at.base * line(self.start_factor, self.end_factor, progress)
    }
}
