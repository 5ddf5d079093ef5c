//! The 1cycle policy.

use super::{Moment, Schedule, given, half_cosine, length, line};
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// Up to a peak, then far below the start.
#[derive(Clone, Copy, Debug)]
pub struct OneCycle {
    max_lr: Option<f64>,
    total_steps: Option<f64>,
    pct_start: f64,
    anneal: fn(f64, f64, f64) -> f64,
    div_factor: f64,
    final_div_factor: f64,
    three_phase: bool,
}

impl Describe for OneCycle {
    const CARD: Card = Card {
        key: "one_cycle",
        title: "1cycle",
        formula: "α from max_lr/div_factor up to max_lr in a share pct_start,\n\
                  then down to max_lr/(div_factor·final_div_factor)",
        params: &[
            Param {
                key: "max_lr",
                default: DefaultValue::Number(0.0),
                range: Range::AtLeast(0.0),
                meaning: "the peak; 0: the rate that is set",
                search: None,
            },
            length("total_steps", "steps of the cycle; 0: the whole run"),
            Param {
                key: "pct_start",
                default: DefaultValue::Number(0.3),
                range: Range::Closed(0.0, 1.0),
                meaning: "the share of it before the peak",
                search: None,
            },
            Param {
                key: "anneal_strategy",
                default: DefaultValue::Word("cos"),
                range: Range::OneOf(&["cos", "linear"]),
                meaning: "the shape of each part",
                search: None,
            },
            Param {
                key: "div_factor",
                default: DefaultValue::Number(25.0),
                range: Range::Above(0.0),
                meaning: "the peak over the first rate",
                search: None,
            },
            Param {
                key: "final_div_factor",
                default: DefaultValue::Number(1e4),
                range: Range::Above(0.0),
                meaning: "the first rate over the last one",
                search: None,
            },
            Param {
                key: "three_phase",
                default: DefaultValue::Flag(false),
                range: Range::Any,
                meaning: "down as slowly as up, then to the last rate",
                search: None,
            },
        ],
        usage: "few epochs at a rate higher than would be stable from the start",
        caution: Some("a run that is stopped early ends at a high rate"),
        source: "Smith & Topin 2018; torch.optim.lr_scheduler.OneCycleLR",
        differs: Some(
            "the momentum is not cycled; max_lr replaces the optimizer's rate as in PyTorch, and a layer's own rate keeps its ratio to that; the last rate stays after total_steps",
        ),
    };
    fn build(pick: &Pick) -> Self {
        Self {
            max_lr: given(pick, "max_lr"),
            total_steps: given(pick, "total_steps"),
            pct_start: pick.number("pct_start"),
            anneal: if pick.word("anneal_strategy") == "cos" { half_cosine } else { line },
            div_factor: pick.number("div_factor"),
            final_div_factor: pick.number("final_div_factor"),
            three_phase: pick.flag("three_phase"),
        }
    }
}

impl Schedule for OneCycle {
    fn rate(&self, at: Moment) -> f64 {
        let peak = self.max_lr.unwrap_or(at.base);
        let first = peak / self.div_factor;
        let last = first / self.final_div_factor;
        let end = self.total_steps.unwrap_or(at.budget as f64) - 1.0;
        // The steps at which parts end, as PyTorch has them: not whole numbers.
        let top = self.pct_start * (end + 1.0) - 1.0;
        let parts: &[_] = if self.three_phase {
            &[(top, first, peak), (2.0 * top, peak, first), (end, first, last)]
        } else {
            &[(top, first, peak), (end, peak, last)]
        };
        let step = at.step as f64;
        let mut start = 0.0;
        for &(stop, from, to) in parts {
            if step <= stop {
                let progress = (step - start) / (stop - start);
                // A part without any length is at its end.
                return (self.anneal)(from, to, if progress.is_finite() { progress } else { 1.0 });
            }
            start = stop;
        }
        last
    }
}
