//! Cosine annealing with warm restarts.

use super::{ETA_MIN, Moment, Schedule, given, half_cosine, length};
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// The rate falls along a cosine and starts again, each time for longer.
#[derive(Clone, Copy, Debug)]
pub struct CosineRestarts {
    t_0: Option<f64>,
    t_mult: f64,
    eta_min: f64,
}

impl Describe for CosineRestarts {
    const CARD: Card = Card {
        key: "cosine_restarts",
        title: "Cosine with warm restarts (SGDR)",
        formula: "α = eta_min + ½·(α₀ − eta_min)·(1 + cos(π·s / T))\n\
                  s = steps since a restart;  T = t_0, then t_mult times it",
        params: &[
            length("t_0", "steps of the first fall; 0: a fifth of the run"),
            Param {
                key: "t_mult",
                default: DefaultValue::Integer(1),
                range: Range::AtLeast(1.0),
                meaning: "how many times as long each fall is as the one before",
                search: None,
            },
            ETA_MIN,
        ],
        usage: "runs of unknown length: the end of every fall is a usable network",
        caution: Some("the loss jumps up at each restart"),
        source: "Loshchilov & Hutter 2017; torch.optim.lr_scheduler.CosineAnnealingWarmRestarts",
        differs: Some("t counts steps, not epochs"),
    };
    fn build(pick: &Pick) -> Self {
        Self {
            t_0: given(pick, "t_0"),
            t_mult: pick.number("t_mult"),
            eta_min: pick.number("eta_min"),
        }
    }
}

impl Schedule for CosineRestarts {
    fn rate(&self, at: Moment) -> f64 {
        let mut length = self.t_0.unwrap_or_else(|| (at.budget as f64 / 5.0).ceil());
        let mut since = at.step as f64;
        if self.t_mult > 1.0 {
            // Each fall is at least twice as long as the one before: there are few of them.
            while since >= length {
                since -= length;
                length *= self.t_mult;
            }
        }
        half_cosine(at.base, self.eta_min, since % length / length)
    }
}
