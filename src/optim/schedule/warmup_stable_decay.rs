//! Warm-up, a long plateau, and a short decay.

use super::warmup::{WARMUP_STEPS, ramp, warmup_steps};
use super::{ETA_MIN, Moment, Schedule, given, half_cosine, length, line};
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// Up, level, down.
#[derive(Clone, Copy, Debug)]
pub struct WarmupStableDecay {
    warmup_steps: Option<f64>,
    decay_steps: Option<f64>,
    shape: fn(f64, f64, f64) -> f64,
    eta_min: f64,
}

impl Describe for WarmupStableDecay {
    const CARD: Card = Card {
        key: "warmup_stable_decay",
        title: "Warm-up, stable, decay (WSD)",
        formula: "α = α₀·(t + 1)/warmup_steps at first, then α₀,\n\
                  then down to eta_min in the last decay_steps",
        params: &[
            WARMUP_STEPS,
            length("decay_steps", "steps of the fall at the end; 0: a fifth of the run"),
            Param {
                key: "decay_type",
                default: DefaultValue::Word("linear"),
                range: Range::OneOf(&["linear", "cosine", "sqrt"]),
                meaning: "the shape of the fall; sqrt is 1 − √progress",
                search: None,
            },
            ETA_MIN,
        ],
        usage: "runs that may be prolonged: until the decay nothing depends on their length",
        caution: Some("most of the gain comes in the decay: do not judge it before"),
        source: "Hu et al. 2024 (MiniCPM); Hägele et al. 2024",
        differs: Some(
            "the paper's decay is exponential; linear and sqrt are those of Hägele et al.",
        ),
    };
    fn build(pick: &Pick) -> Self {
        Self {
            warmup_steps: given(pick, "warmup_steps"),
            decay_steps: given(pick, "decay_steps"),
            shape: match pick.word("decay_type") {
                "cosine" => half_cosine,
                "sqrt" => |high, low, progress| line(high, low, progress.sqrt()),
                _ => line,
            },
            eta_min: pick.number("eta_min"),
        }
    }
}

impl Schedule for WarmupStableDecay {
    fn rate(&self, at: Moment) -> f64 {
        let warmup = warmup_steps(self.warmup_steps, at);
        if let Some(rate) = ramp(at, warmup) {
            return rate;
        }
        let budget = at.budget as f64;
        let length = self.decay_steps.unwrap_or_else(|| (budget / 5.0).ceil()).min(budget);
        let progress = (at.step as f64 - (budget - length)) / length;
        (self.shape)(at.base, self.eta_min, progress.clamp(0.0, 1.0))
    }
}
