//! A run with its evaluations: what both `gradlab run` and the training thread step through, so
//! that both see the same numbers.

use std::sync::Arc;

use serde::Serialize;

use super::engine::{Engine, UpdateStats};
use super::problem::Problem;
use super::trace::Divergence;
use crate::experiment::Experiment;

/// One evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Row {
    /// Steps done.
    pub step: u64,
    /// Passes over the training rows.
    pub epoch: f64,
    /// Mean loss over all training rows.
    pub train_loss: f64,
    /// Mean loss over all held-out rows.
    pub test_loss: f64,
    /// Share of training rows in the right class; none for real values.
    pub train_accuracy: Option<f64>,
    /// Share of held-out rows in the right class; none for real values.
    pub test_accuracy: Option<f64>,
}

/// An engine with a budget and a rhythm of evaluations.
#[derive(Debug)]
pub struct Session {
    engine: Engine,
    /// The step at which the run is done.
    pub budget: u64,
}

impl Session {
    /// The start of a run.
    #[must_use]
    pub fn new(experiment: &Experiment, problem: Arc<Problem>) -> Self {
        let engine = Engine::new(experiment, problem);
        Self { budget: experiment.train.steps, engine }
    }

    /// Whether to keep to one thread: see [`Engine::set_single_threaded`].
    pub const fn set_single_threaded(&mut self, single_threaded: bool) {
        self.engine.set_single_threaded(single_threaded);
    }

    /// The engine, to be looked at.
    #[must_use]
    pub const fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Steps between evaluations.
    #[must_use]
    pub fn eval_every(&self) -> u64 {
        self.engine.experiment().train.evaluation_interval()
    }

    /// Whether the budget is spent.
    #[must_use]
    pub const fn finished(&self) -> bool {
        self.engine.step_count() >= self.budget
    }

    /// The present evaluation.
    pub fn evaluate(&mut self) -> Row {
        let (train, test) = self.engine.evaluate();
        Row {
            step: self.engine.step_count(),
            epoch: self.engine.epoch(),
            train_loss: train.loss,
            test_loss: test.loss,
            train_accuracy: train.accuracy,
            test_accuracy: test.accuracy,
        }
    }

    /// One step, with the evaluation that is due after it, if any: every [`Session::eval_every`]
    /// steps and at the end of the budget. Returns the batch's loss before the update.
    ///
    /// # Errors
    /// If the run diverged; it then stands at its last finite state.
    pub fn step(&mut self) -> Result<(f64, Option<Row>), Box<Divergence>> {
        let loss = self.train()?;
        Ok((loss, self.due()?))
    }

    /// One step without its evaluation, for who wants to time the two apart. Returns the batch's
    /// loss before the update.
    ///
    /// # Errors
    /// As [`Session::step`].
    pub fn train(&mut self) -> Result<f64, Box<Divergence>> {
        self.engine.step()
    }

    /// A step that also measures how each layer moved.
    ///
    /// # Errors
    /// As [`Session::step`].
    pub fn step_measured(
        &mut self,
    ) -> Result<(f64, Option<Row>, Vec<UpdateStats>), Box<Divergence>> {
        let (loss, motion) = self.engine.step_measured()?;
        Ok((loss, self.due()?, motion))
    }

    fn due(&mut self) -> Result<Option<Row>, Box<Divergence>> {
        self.evaluation_is_due().then(|| self.checked_evaluation()).transpose()
    }

    /// Whether the present state is to be evaluated.
    #[must_use]
    pub fn evaluation_is_due(&self) -> bool {
        self.finished() || self.engine.step_count().is_multiple_of(self.eval_every())
    }

    /// The present evaluation.
    ///
    /// # Errors
    /// If the budget is spent and the last update broke the run.
    pub fn checked_evaluation(&mut self) -> Result<Row, Box<Divergence>> {
        let row = self.evaluate();
        self.engine.observe(row.train_loss);
        if self.finished() && !row.train_loss.is_finite() {
            // No further step would notice what the last update did.
            self.engine.confirm_finite()?;
        }
        Ok(row)
    }

    /// Goes on under an experiment that differs only in what can change in the middle of a run.
    pub fn apply(&mut self, new: &Experiment) {
        if new.train.steps != self.engine.experiment().train.steps {
            self.budget = new.train.steps;
        }
        self.engine.apply(new);
    }
}
