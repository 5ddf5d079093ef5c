//! Schedules that begin with a linear warm-up.

use super::{ETA_MIN, Moment, Schedule, given, half_cosine, length, line};
use crate::spec::{Card, Describe, Param, Pick};

/// The length of a warm-up.
pub(super) const WARMUP_STEPS: Param =
    length("warmup_steps", "steps up to the full rate; 0: a tenth of the run");

/// How the first step differs from that of other libraries.
const FIRST_STEP: &str =
    "Hugging Face starts at a rate of 0, which wastes a step: here the first is α₀/warmup_steps";

/// The length of a warm-up, if not as given then a tenth of the run.
pub(super) fn warmup_steps(given: Option<f64>, at: Moment) -> f64 {
    given.unwrap_or_else(|| (at.budget as f64 / 10.0).ceil())
}

/// The rate during the warm-up; none after it.
pub(super) fn ramp(at: Moment, warmup: f64) -> Option<f64> {
    let step = at.step as f64;
    (step < warmup).then(|| at.base * ((step + 1.0) / warmup))
}

/// How much of the run after the warm-up is over, 0 to 1.
fn rest(at: Moment, warmup: f64) -> f64 {
    ((at.step as f64 - warmup) / (at.budget as f64 - warmup).max(1.0)).min(1.0)
}

/// A linear warm-up, then the full rate.
#[derive(Clone, Copy, Debug)]
pub struct WarmupConstant {
    warmup_steps: Option<f64>,
}

impl Describe for WarmupConstant {
    const CARD: Card = Card {
        key: "warmup_constant",
        title: "Warm-up, then constant",
        formula: "α = α₀·min((t + 1)/warmup_steps, 1)",
        params: &[WARMUP_STEPS],
        usage: "large batches and adaptive optimizers, whose first steps are the wildest",
        caution: None,
        source: "Goyal et al. 2017",
        differs: Some(FIRST_STEP),
    };
    fn build(pick: &Pick) -> Self {
        Self { warmup_steps: given(pick, "warmup_steps") }
    }
}

impl Schedule for WarmupConstant {
    fn rate(&self, at: Moment) -> f64 {
        ramp(at, warmup_steps(self.warmup_steps, at)).unwrap_or(at.base)
    }
}

/// A linear warm-up, then a linear fall.
#[derive(Clone, Copy, Debug)]
pub struct WarmupLinear {
    warmup_steps: Option<f64>,
}

impl Describe for WarmupLinear {
    const CARD: Card = Card {
        key: "warmup_linear",
        title: "Warm-up, then linear decay",
        formula: "α = α₀·(t + 1)/w  while t < w, then α₀·(T − t)/(T − w)\n\
                  w = warmup_steps, T = steps of the run",
        params: &[WARMUP_STEPS],
        usage: "fine-tuning, as BERT was",
        caution: None,
        source: "Devlin et al. 2019",
        differs: Some(FIRST_STEP),
    };
    fn build(pick: &Pick) -> Self {
        Self { warmup_steps: given(pick, "warmup_steps") }
    }
}

impl Schedule for WarmupLinear {
    fn rate(&self, at: Moment) -> f64 {
        let warmup = warmup_steps(self.warmup_steps, at);
        ramp(at, warmup).unwrap_or_else(|| line(at.base, 0.0, rest(at, warmup)))
    }
}

/// A linear warm-up, then a fall along a cosine.
#[derive(Clone, Copy, Debug)]
pub struct WarmupCosine {
    warmup_steps: Option<f64>,
    eta_min: f64,
}

impl Describe for WarmupCosine {
    const CARD: Card = Card {
        key: "warmup_cosine",
        title: "Warm-up, then cosine",
        formula: "α = α₀·(t + 1)/w  while t < w = warmup_steps, then\n\
                  α = eta_min + ½·(α₀ − eta_min)·(1 + cos(π·s))\n\
                  s = (t − w)/(T − w),  T = steps of the run",
        params: &[WARMUP_STEPS, ETA_MIN],
        usage: "the default of transformers and of most large networks",
        caution: None,
        source: "Loshchilov & Hutter 2017; Brown et al. 2020",
        differs: Some(FIRST_STEP),
    };
    fn build(pick: &Pick) -> Self {
        Self { warmup_steps: given(pick, "warmup_steps"), eta_min: pick.number("eta_min") }
    }
}

impl Schedule for WarmupCosine {
    fn rate(&self, at: Moment) -> f64 {
        let warmup = warmup_steps(self.warmup_steps, at);
        let fall = || half_cosine(at.base, self.eta_min, rest(at, warmup));
        ramp(at, warmup).unwrap_or_else(fall)
    }
}
