//! Cosine annealing.

use super::{ETA_MIN, Moment, Schedule, given, half_cosine, length};
use crate::spec::{Card, Describe, Pick};

/// The rate falls along half a period of a cosine.
#[derive(Clone, Copy, Debug)]
pub struct Cosine {
    t_max: Option<f64>,
    eta_min: f64,
}

impl Describe for Cosine {
    const CARD: Card = Card {
        key: "cosine",
        title: "Cosine annealing",
        formula: "α = eta_min + ½·(α₀ − eta_min)·(1 + cos(π·t / t_max))",
        params: &[length("t_max", "steps of the fall; 0: the whole run"), ETA_MIN],
        usage: "the default when the length of the run is known",
        caution: Some("past a t_max of its own the rate rises again, as in PyTorch"),
        source: "Loshchilov & Hutter 2017; torch.optim.lr_scheduler.CosineAnnealingLR",
        differs: Some("t counts steps, not epochs; optax and Keras stay at the end of the fall"),
    };
    fn build(pick: &Pick) -> Self {
        Self { t_max: given(pick, "t_max"), eta_min: pick.number("eta_min") }
    }
}

impl Schedule for Cosine {
    fn rate(&self, at: Moment) -> f64 {
        let progress = match self.t_max {
            Some(t_max) => at.step as f64 / t_max,
            None => at.progress(None),
        };
        half_cosine(at.base, self.eta_min, progress)
    }
}
