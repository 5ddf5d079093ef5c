//! The schedule of the first transformers.

use super::warmup::{WARMUP_STEPS, ramp, warmup_steps};
use super::{Moment, Schedule, given};
use crate::spec::{Card, Describe, Pick};

/// A linear warm-up, then a fall with one over the root of the time.
#[derive(Clone, Copy, Debug)]
pub struct InverseSqrt {
    warmup_steps: Option<f64>,
}

impl Describe for InverseSqrt {
    const CARD: Card = Card {
        key: "inverse_sqrt",
        title: "Inverse square root (Noam)",
        formula: "α = α₀·min((t + 1)/w, √(w/(t + 1))),  w = warmup_steps",
        params: &[WARMUP_STEPS],
        usage: "transformers whose training may go on for longer than planned",
        caution: None,
        source: "Vaswani et al. 2017; fairseq's inverse_sqrt",
        differs: Some(
            "the rate that is set is the peak; the paper has d^−½·w^−½ there, and T5 starts at the peak",
        ),
    };
    fn build(pick: &Pick) -> Self {
        Self { warmup_steps: given(pick, "warmup_steps") }
    }
}

impl Schedule for InverseSqrt {
    fn rate(&self, at: Moment) -> f64 {
        let warmup = warmup_steps(self.warmup_steps, at);
        let fall = (warmup / (at.step as f64 + 1.0)).sqrt();
        ramp(at, warmup).unwrap_or(at.base * fall)
    }
}
