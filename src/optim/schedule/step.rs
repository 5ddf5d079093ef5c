//! Decay in equal steps.

use super::{Moment, Schedule, gamma, given, length};
use crate::spec::{Card, Describe, Pick};

/// The rate falls by a factor at regular intervals.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    step_size: Option<f64>,
    gamma: f64,
}

impl Describe for Step {
    const CARD: Card = Card {
        key: "step",
        title: "Step decay",
        formula: "α = α₀·γ^⌊t / step_size⌋",
        params: &[
            length("step_size", "steps between two falls; 0: a third of the run"),
            gamma(0.1),
        ],
        usage: "the classic of image networks: a tenth of the rate when the loss stops falling",
        caution: Some("its falls have to be placed by hand: cosine needs no such choice"),
        source: "torch.optim.lr_scheduler.StepLR",
        differs: Some("t counts steps, not epochs"),
    };
    fn build(pick: &Pick) -> Self {
        Self { step_size: given(pick, "step_size"), gamma: pick.number("gamma") }
    }
}

impl Schedule for Step {
    fn rate(&self, at: Moment) -> f64 {
        let size = self.step_size.unwrap_or_else(|| (at.budget as f64 / 3.0).ceil());
        at.base * libm::pow(self.gamma, (at.step as f64 / size).floor())
    }
}
