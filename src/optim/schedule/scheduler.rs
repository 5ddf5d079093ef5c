//! A schedule at work in a run.

use super::{Moment, PlateauState, Schedule};

/// A schedule with the rate and the number of steps it goes by, and what it has seen of the loss.
///
/// Which rate is in force at a step follows from these alone, for past steps as well: a replay
/// meets the same rates.
#[derive(Debug)]
pub struct Scheduler {
    rule: Box<dyn Schedule>,
    base: f64,
    budget: u64,
    state: SchedulerState,
}

/// What a schedule has seen of the loss.
#[derive(Debug, Default, PartialEq)]
pub struct SchedulerState {
    /// After the latest evaluation.
    pub latest: Seen,
    /// After the one before, so that the latest can be taken back.
    pub previous: Seen,
    /// The steps from which on the rate was reduced, rising.
    pub reduced: Vec<u64>,
}

/// The state of a schedule after an evaluation.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Seen {
    /// Steps done before the evaluation; 0 if there was none yet.
    pub step: u64,
    /// What was made of it and of those before.
    pub plateau: PlateauState,
}

impl Clone for SchedulerState {
    fn clone(&self) -> Self {
        Self { reduced: self.reduced.clone(), ..*self }
    }
    /// In place: copies to go back to are made this way.
    fn clone_from(&mut self, source: &Self) {
        (self.latest, self.previous) = (source.latest, source.previous);
        self.reduced.clone_from(&source.reduced);
    }
}

impl Scheduler {
    /// The start of a run at the rate `base` whose schedule is `budget` steps long.
    #[must_use]
    pub fn new(rule: Box<dyn Schedule>, base: f64, budget: u64) -> Self {
        Self { rule, base, budget, state: SchedulerState::default() }
    }

    /// Takes over what `old`, a scheduler of the same kind, has seen of the loss.
    pub fn inherit(&mut self, old: Self) {
        self.state = old.state;
    }

    /// What it has seen of the loss.
    #[must_use]
    pub const fn state(&self) -> &SchedulerState {
        &self.state
    }

    /// Replaces what it has seen of the loss, in place.
    pub fn set_state(&mut self, state: &SchedulerState) {
        self.state.clone_from(state);
    }

    /// The learning rate at `step`, from 0.
    #[must_use]
    pub fn rate(&self, step: u64) -> f64 {
        self.rate_from(self.base, step)
    }

    /// What the rate that was set is multiplied by at `step`: 1 without a schedule. Where that rate
    /// is 0 it is the factor of a rate of 1.
    #[must_use]
    pub fn factor(&self, step: u64) -> f64 {
        let base = if self.base > 0.0 { self.base } else { 1.0 };
        self.rate_from(base, step) / base
    }

    fn rate_from(&self, base: f64, step: u64) -> f64 {
        let reductions = self.state.reduced.partition_point(|&from| from <= step);
        self.rule.rate(Moment { base, step, budget: self.budget, reductions })
    }

    /// Whether it has not seen the loss after `step` steps.
    #[must_use]
    pub const fn awaits(&self, step: u64) -> bool {
        step > self.state.latest.step
    }

    /// Shows the schedule the loss as evaluated after `step` steps; a second evaluation there counts
    /// for nothing. One that is not finite is passed over: it ends the run.
    pub fn observe(&mut self, step: u64, loss: f64) {
        if !self.awaits(step) {
            return;
        }
        self.pass(step);
        if loss.is_finite()
            && self.rule.reduces(&mut self.state.latest.plateau, loss)
            // Once the rate cannot fall any more there is nothing to remember.
            && self.rate_after(step, 1) < self.rate_after(step, 0)
        {
            self.state.reduced.push(step);
        }
    }

    /// Takes the loss after `step` steps for seen.
    pub const fn pass(&mut self, step: u64) {
        if step > self.state.latest.step {
            self.state.previous = self.state.latest;
            self.state.latest.step = step;
        }
    }

    /// Takes back what it saw of the loss after more than `step` steps, at most one evaluation.
    pub fn take_back(&mut self, step: u64) {
        if self.state.latest.step > step {
            self.state.latest = self.state.previous;
            self.state.reduced.retain(|&from| from <= step);
        }
    }

    /// The rate at `step` if it were reduced so many times more.
    fn rate_after(&self, step: u64, more: usize) -> f64 {
        let reductions = self.state.reduced.len() + more;
        self.rule.rate(Moment { base: self.base, step, budget: self.budget, reductions })
    }
}
