//! A schedule at work in a run.

use super::{Moment, PlateauState, Schedule};

/// A schedule with the rate and the budget it goes by, and what it has seen of the loss.
///
/// Which rate is in force at a step follows from these alone, for past steps as well: a replay
/// meets the same rates.
#[derive(Debug)]
pub struct Scheduler {
    rule: Box<dyn Schedule>,
    base: f64,
    budget: u64,
    plateau: PlateauState,
    /// The steps from which on the rate was reduced, rising.
    reduced: Vec<u64>,
}

impl Scheduler {
    /// The start of a run of `budget` steps at the rate `base`.
    #[must_use]
    pub fn new(rule: Box<dyn Schedule>, base: f64, budget: u64) -> Self {
        Self { rule, base, budget, plateau: PlateauState::default(), reduced: Vec::new() }
    }

    /// Takes over what `old`, a scheduler of the same kind, has seen of the loss.
    pub fn inherit(&mut self, old: Self) {
        (self.plateau, self.reduced) = (old.plateau, old.reduced);
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
        let reductions = self.reduced.partition_point(|&from| from <= step);
        self.rule.rate(Moment { base, step, budget: self.budget, reductions })
    }

    /// Shows the schedule the loss as evaluated after `step` steps. One that is not finite is
    /// passed over: it ends the run.
    pub fn observe(&mut self, step: u64, loss: f64) {
        if loss.is_finite()
            && self.rule.reduces(&mut self.plateau, loss)
            // Once the rate cannot fall any more there is nothing to remember.
            && self.rate_after(step, 1) < self.rate_after(step, 0)
        {
            self.reduced.push(step);
        }
    }

    /// The rate at `step` if it were reduced so many times more.
    fn rate_after(&self, step: u64, more: usize) -> f64 {
        let reductions = self.reduced.len() + more;
        self.rule.rate(Moment { base: self.base, step, budget: self.budget, reductions })
    }
}
