//! Schedules: how the learning rate changes in the course of a run.
//!
//! A schedule says which rate is in force at a step, given the rate that was set and the run's
//! budget. It is a pure rule; the one that watches the loss keeps what it has seen in a [`PlateauState`].
//! To add one: write its file beside these and give it a line in [`TABLE`].

use std::fmt::Debug;

use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

mod constant;
mod cosine;
mod cosine_restarts;
mod cyclic;
mod exponential;
mod inverse_sqrt;
mod inverse_time;
mod linear;
mod multi_step;
mod none;
mod one_cycle;
mod plateau;
mod polynomial;
mod scheduler;
mod step;
mod warmup;
mod warmup_stable_decay;

pub use plateau::PlateauState;
pub use scheduler::{Scheduler, SchedulerState, Seen};

/// Every schedule that can be picked, in the order in which it is shown.
pub static TABLE: &[Entry] = &[
    entry::<none::NoSchedule>(),
    entry::<cosine::Cosine>(),
    entry::<warmup::WarmupCosine>(),
    entry::<warmup_stable_decay::WarmupStableDecay>(),
    entry::<one_cycle::OneCycle>(),
    entry::<step::Step>(),
    entry::<multi_step::MultiStep>(),
    entry::<plateau::ReduceOnPlateau>(),
    entry::<exponential::Exponential>(),
    entry::<linear::Linear>(),
    entry::<polynomial::Polynomial>(),
    entry::<inverse_time::InverseTime>(),
    entry::<inverse_sqrt::InverseSqrt>(),
    entry::<warmup::WarmupConstant>(),
    entry::<warmup::WarmupLinear>(),
    entry::<cosine_restarts::CosineRestarts>(),
    entry::<cyclic::Cyclic>(),
    entry::<constant::Constant>(),
];

/// A row of [`TABLE`].
pub struct Entry {
    /// Its description.
    pub card: &'static Card,
    /// Checks that the parameters go together, beyond each one's own range.
    pub check: fn(&Pick) -> Result<(), String>,
    /// Builds it.
    pub build: fn(&Pick) -> Box<dyn Schedule>,
}

const fn entry<S: Schedule + Describe + 'static>() -> Entry {
    Entry { card: &S::CARD, check: S::check, build: |pick| Box::new(S::build(pick)) }
}

/// What a schedule is asked about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moment {
    /// The rate that was set, α₀.
    pub base: f64,
    /// Steps done, t: the first update is made at step 0.
    pub step: u64,
    /// Steps of the whole run.
    pub budget: u64,
    /// How often the loss has been found not to fall any more, by a schedule that watches it.
    pub reductions: usize,
}

impl Moment {
    /// How much of `steps`, or of the whole run, is over: 0 to 1.
    fn progress(self, steps: Option<f64>) -> f64 {
        (self.step as f64 / steps.unwrap_or(self.budget.max(1) as f64)).min(1.0)
    }
}

/// A rule for the learning rate.
pub trait Schedule: Debug + Send + Sync {
    /// The rate in force at a moment.
    fn rate(&self, at: Moment) -> f64;

    /// Whether it goes by the loss.
    fn watches_loss(&self) -> bool {
        false
    }

    /// Looks at an evaluated loss, which is finite; returns whether the rate is to be reduced.
    fn reduces(&self, _plateau: &mut PlateauState, _loss: f64) -> bool {
        false
    }

    /// Rules about several parameters at once.
    ///
    /// # Errors
    /// Why they do not go together and what would be right, to follow the schedule's name.
    fn check(_pick: &Pick) -> Result<(), String>
    where
        Self: Sized,
    {
        Ok(())
    }
}

/// A number of steps that is a share of the run unless it is given.
const fn length(key: &'static str, meaning: &'static str) -> Param {
    let range = Range::AtLeast(0.0);
    Param { key, default: DefaultValue::Integer(0), range, meaning }
}

/// The number of steps in the parameter `key`, as [`length`] describes it: none if it is 0.
fn given(pick: &Pick, key: &str) -> Option<f64> {
    Some(pick.number(key)).filter(|&steps| steps > 0.0)
}

/// The rate at the end of the run.
const ETA_MIN: Param = Param {
    key: "eta_min",
    default: DefaultValue::Number(0.0),
    range: Range::AtLeast(0.0),
    meaning: "the smallest rate",
};

/// The factor of a stepwise decay.
const fn gamma(default: f64) -> Param {
    Param {
        key: "gamma",
        default: DefaultValue::Number(default),
        range: Range::AtLeast(0.0),
        meaning: "what the rate is multiplied by",
    }
}

/// From `high` at 0 to `low` at 1, along half a period of a cosine.
fn half_cosine(high: f64, low: f64, progress: f64) -> f64 {
    low + (high - low) * (1.0 + libm::cos(std::f64::consts::PI * progress)) / 2.0
}

/// From `from` at 0 to `to` at 1, in a straight line.
fn line(from: f64, to: f64, progress: f64) -> f64 {
    from + (to - from) * progress
}
