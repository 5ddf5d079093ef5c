//! Schedules: how the learning rate changes in the course of a run.
//!
//! A schedule says which rate is in force at a step, given the rate that was set and the run's
//! budget. It is a pure rule; the one that watches the loss keeps what it has seen in a [`PlateauState`].
//! To add one: write its file beside these and give it a line in [`TABLE`].

use std::fmt::Debug;
use std::ops::Deref;

use crate::spec::{Base, DefaultValue, Describe, Param, Pick, Range, Value};
use Length::{Run, RunUnless};

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
    entry::<cosine::Cosine>().length(RunUnless("t_max")).rates(&["eta_min"]),
    entry::<warmup::WarmupCosine>().length(Run).rates(&["eta_min"]),
    entry::<warmup_stable_decay::WarmupStableDecay>().length(Run).rates(&["eta_min"]),
    entry::<one_cycle::OneCycle>().length(RunUnless("total_steps")).rates(&["max_lr"]),
    entry::<step::Step>().length(RunUnless("step_size")),
    entry::<multi_step::MultiStep>().length(RunUnless("milestones")),
    Entry { watches_loss: true, ..entry::<plateau::ReduceOnPlateau>().rates(&["min_lr"]) },
    entry::<exponential::Exponential>(),
    entry::<linear::Linear>().length(RunUnless("total_iters")),
    entry::<polynomial::Polynomial>().length(RunUnless("total_iters")),
    entry::<inverse_time::InverseTime>(),
    entry::<inverse_sqrt::InverseSqrt>().length(RunUnless("warmup_steps")),
    entry::<warmup::WarmupConstant>().length(RunUnless("warmup_steps")),
    entry::<warmup::WarmupLinear>().length(Run),
    entry::<cosine_restarts::CosineRestarts>().length(RunUnless("t_0")).rates(&["eta_min"]),
    entry::<cyclic::Cyclic>().rates(&["base_lr", "max_lr"]),
    entry::<constant::Constant>().length(RunUnless("total_iters")),
];

/// A row of [`TABLE`].
pub struct Entry {
    base: Base,
    builder: fn(&Pick) -> Box<dyn Schedule>,
    length: Length,
    /// Whether it goes by the loss.
    pub watches_loss: bool,
    /// Its parameters that are learning rates; the others are factors and numbers of steps.
    pub rates: &'static [&'static str],
}

/// The number of steps that a schedule goes by.
#[derive(Clone, Copy, Debug)]
enum Length {
    /// None, or one of its own.
    Own,
    /// The length of the run.
    Run,
    /// The length of the run, unless this parameter is given.
    RunUnless(&'static str),
}

impl Deref for Entry {
    type Target = Base;
    fn deref(&self) -> &Base {
        &self.base
    }
}

impl Entry {
    /// The schedule with the parameters picked.
    #[must_use]
    pub fn build(&self, pick: &Pick) -> Box<dyn Schedule> {
        (self.builder)(pick)
    }

    /// Whether the rates depend on the length of the run.
    #[must_use]
    pub fn paced_by_steps(&self, pick: &Pick) -> bool {
        match self.length {
            Length::Own => false,
            Length::Run => true,
            Length::RunUnless(key) => match pick.get(key) {
                Value::List(steps) => steps.is_empty(),
                _ => given(pick, key).is_none(),
            },
        }
    }

    const fn length(mut self, length: Length) -> Self {
        self.length = length;
        self
    }

    const fn rates(mut self, rates: &'static [&'static str]) -> Self {
        self.rates = rates;
        self
    }
}

const fn entry<S: Schedule + Describe + 'static>() -> Entry {
    Entry {
        base: Base::of::<S>(),
        builder: |pick| Box::new(S::build(pick)),
        length: Length::Own,
        watches_loss: false,
        rates: &[],
    }
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

    /// Looks at an evaluated loss, which is finite; returns whether the rate is to be reduced.
    fn reduces(&self, _plateau: &mut PlateauState, _loss: f64) -> bool {
        false
    }
}

/// A number of steps that is a share of the run unless it is given.
const fn length(key: &'static str, meaning: &'static str) -> Param {
    let range = Range::AtLeast(0.0);
    Param { key, default: DefaultValue::Integer(0), range, meaning, search: None }
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
    search: None,
};

/// The factor of a stepwise decay.
const fn gamma(default: f64) -> Param {
    Param {
        key: "gamma",
        default: DefaultValue::Number(default),
        range: Range::AtLeast(0.0),
        meaning: "what the rate is multiplied by",
        search: None,
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
