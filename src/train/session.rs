//! A run with its evaluations: what both `gradlab run` and the training thread step through, so
//! that both see the same numbers.

use std::sync::Arc;

use serde::Serialize;

use super::engine::{Checkpoint, Divergence, Engine, LayerStep, Mismatch};
use super::evaluate::Score;
use super::problem::Problem;
use crate::experiment::lesson::Score as RowScore;
use crate::experiment::{Edit, Experiment, Script};

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
    /// The default optimizer's rate at the next step, under the schedule.
    pub lr: f64,
    /// Root of the mean squared error over all training rows, in the units of the target's source;
    /// none for classes.
    pub train_rmse: Option<f64>,
    /// The same over all held-out rows.
    pub test_rmse: Option<f64>,
}

impl Row {
    /// The number that a lesson can stop a run by; none where the targets have no classes.
    #[must_use]
    pub const fn score(&self, score: RowScore) -> Option<f64> {
        match score {
            RowScore::TrainLoss => Some(self.train_loss),
            RowScore::TestLoss => Some(self.test_loss),
            RowScore::TrainAccuracy => self.train_accuracy,
            RowScore::TestAccuracy => self.test_accuracy,
        }
    }
}

/// A place in a run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    step: u64,
    epoch: f64,
    lr: f64,
}

impl Moment {
    /// The evaluation there, of these scores on the training rows and on those held out.
    pub fn row(self, (train, test): (Score, Score)) -> Row {
        let Self { step, epoch, lr } = self;
        Row {
            step,
            epoch,
            train_loss: train.loss,
            test_loss: test.loss,
            train_accuracy: train.accuracy,
            test_accuracy: test.accuracy,
            lr,
            train_rmse: train.rmse,
            test_rmse: test.rmse,
        }
    }
}

/// A step of [`Session::advance`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stepped {
    /// Steps done, with this one.
    pub step: u64,
    /// Mean loss of its batch, before the update.
    pub loss: f64,
    /// The evaluation after it, if one was due.
    pub row: Option<Row>,
}

/// A run with its evaluations. Its state at a step follows from the script and the step: how
/// often it is evaluated and how far it is to go bear on nothing.
#[derive(Debug)]
pub struct Session {
    engine: Engine,
    /// The edits to come, the last one first.
    edits: Vec<Edit>,
    /// The step at which the run rests; the length of the experiment's schedule unless the run is to
    /// go less far or farther.
    pub until: u64,
}

impl Session {
    /// The start of a run.
    #[must_use]
    pub fn new(experiment: &Experiment, problem: Arc<Problem>) -> Self {
        let engine = Engine::new(experiment, problem);
        Self { until: experiment.train.steps, engine, edits: Vec::new() }
    }

    /// The start of a run of `script`: each edit is made before the step that follows it.
    #[must_use]
    pub fn of_script(script: &Script, problem: Arc<Problem>) -> Self {
        let mut session = Self::new(script.start(), problem);
        session.expect(script.edits());
        session
    }

    /// Sets the edits that are to come, in the place of all that were.
    pub fn expect(&mut self, edits: &[Edit]) {
        self.edits = edits.iter().rev().cloned().collect();
    }

    /// The edits that are to come.
    #[must_use]
    pub fn edits_to_come(&self) -> Vec<Edit> {
        self.edits.iter().rev().cloned().collect()
    }

    /// The edits that are to come, if the run goes on under `new`; and of each that is then not
    /// possible, in words, why.
    #[must_use]
    pub fn rebased_edits(&self, new: &Experiment) -> (Vec<Edit>, Vec<String>) {
        let mut script = Script::from(self.engine.experiment().clone());
        for edit in self.edits.iter().rev() {
            // They were possible one after another.
            let _ = script.edit(edit.step, Arc::clone(&edit.experiment));
        }
        let (script, left_out) = script.rebased(new.clone());
        let left_out = left_out
            .into_iter()
            .map(|(step, reason)| format!("the edit at step {step} is left out: {reason}"));
        (script.edits().to_vec(), left_out.collect())
    }

    /// The next edit that is to come.
    #[must_use]
    pub fn next_edit(&self) -> Option<&Edit> {
        self.edits.last()
    }

    /// Makes the edit of the present step, if there is one. Every step does this first; who looks at
    /// the state at a step of a script does it as well. Returns whether there was one.
    pub fn make_due_edit(&mut self) -> bool {
        let step = self.engine.step_count();
        let due = self.edits.pop_if(|edit| edit.step <= step);
        if let Some(edit) = &due {
            self.apply(&edit.experiment);
        }
        due.is_some()
    }

    /// A run from where `checkpoint` was taken, on the same data.
    ///
    /// # Errors
    /// If the data is of another size.
    pub fn resume(checkpoint: &Checkpoint, problem: Arc<Problem>) -> Result<Self, Mismatch> {
        let engine = Engine::resume(checkpoint, problem)?;
        Ok(Self { engine, until: checkpoint.until, edits: Vec::new() })
    }

    /// The whole present state. It costs a pass over the next batch.
    pub fn snapshot(&mut self) -> Checkpoint {
        self.engine.snapshot(self.until)
    }

    /// The present state, as long as the loss of the next batch turns out to be finite: nothing leads
    /// back from it to an earlier step.
    pub fn keyframe(&mut self) -> Checkpoint {
        self.engine.keyframe(self.until)
    }

    /// Whether the loss of the next batch is finite. It costs a pass over it.
    pub(super) fn next_loss_is_finite(&mut self) -> bool {
        self.engine.next_loss_is_finite()
    }

    /// Goes to where `checkpoint` was taken: to another step of this run, or to one of another run
    /// on the same data. The edits to come stay; see [`Session::expect`].
    ///
    /// # Errors
    /// If the data is of another size.
    pub fn restore(&mut self, checkpoint: &Checkpoint) -> Result<(), Mismatch> {
        self.engine.restore(checkpoint)?;
        self.until = checkpoint.until;
        Ok(())
    }

    /// Makes so many steps and shows each to `watch`. Returns how each layer moved in the last one;
    /// nothing if there was none.
    ///
    /// # Errors
    /// If the run diverged; it then stands at its last finite state.
    pub fn advance(
        &mut self,
        steps: u64,
        mut watch: impl FnMut(Stepped),
    ) -> Result<Vec<LayerStep>, Box<Divergence>> {
        for left in (0..steps).rev() {
            let measured = (left == 0).then(|| self.step_measured());
            let (loss, row, motion) = match measured {
                Some(measured) => measured?,
                None => self.step().map(|(loss, row)| (loss, row, Vec::new()))?,
            };
            watch(Stepped { step: self.engine.step_count(), loss, row });
            if left == 0 {
                return Ok(motion);
            }
        }
        Ok(Vec::new())
    }

    /// Lets a run that has gone as far as it was to go on for as long as its schedule is.
    pub fn prolong(&mut self) {
        let steps = self.engine.experiment().train.steps;
        self.until = self.until.max(self.engine.step_count()).saturating_add(steps);
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

    /// Evaluations up to where the run rests, the present one left out.
    pub(super) fn evaluations_to_come(&self) -> u64 {
        self.until.saturating_sub(self.engine.step_count()).div_ceil(self.eval_every())
    }

    /// Whether the run has gone as far as it was to.
    #[must_use]
    pub const fn finished(&self) -> bool {
        self.engine.step_count() >= self.until
    }

    /// The present evaluation.
    pub fn evaluate(&mut self) -> Row {
        let scores = self.engine.evaluate();
        self.moment().row(scores)
    }

    /// The present place of the run.
    pub(super) fn moment(&self) -> Moment {
        let engine = &self.engine;
        Moment { step: engine.step_count(), epoch: engine.epoch(), lr: engine.rate().0 }
    }

    /// Whether the run cannot go on before the present state has been evaluated, since its schedule waits
    /// for the loss.
    #[must_use]
    pub fn awaits_loss(&self) -> bool {
        self.engine.awaits_loss()
    }

    /// One step, with the evaluation that is due after it, if any: every [`Session::eval_every`]
    /// steps and where the run rests. Returns the batch's loss before the update.
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
        self.make_due_edit();
        self.engine.step()
    }

    /// A step that also measures how each layer moved.
    ///
    /// # Errors
    /// As [`Session::step`].
    pub fn step_measured(&mut self) -> Result<(f64, Option<Row>, Vec<LayerStep>), Box<Divergence>> {
        let (loss, motion) = self.measured()?;
        Ok((loss, self.due()?, motion))
    }

    /// As [`Session::step_measured`], without the evaluation.
    ///
    /// # Errors
    /// As [`Session::step`].
    pub(super) fn measured(&mut self) -> Result<(f64, Vec<LayerStep>), Box<Divergence>> {
        self.make_due_edit();
        self.engine.step_measured()
    }

    fn due(&mut self) -> Result<Option<Row>, Box<Divergence>> {
        self.evaluation_is_due().then(|| self.checked_evaluation()).transpose()
    }

    /// Whether the present state is to be evaluated.
    #[must_use]
    pub fn evaluation_is_due(&self) -> bool {
        self.finished() || self.engine.at_evaluation()
    }

    /// The present evaluation.
    ///
    /// # Errors
    /// If the run goes no farther and the last update broke it.
    pub fn checked_evaluation(&mut self) -> Result<Row, Box<Divergence>> {
        let mut row = self.evaluate();
        self.engine.observe(row.train_loss);
        row.lr = self.engine.rate().0;
        self.confirm(&row)?;
        Ok(row)
    }

    /// Checks an evaluation of the run.
    ///
    /// # Errors
    /// If it is the last one, and the last update broke the run.
    pub fn confirm(&mut self, row: &Row) -> Result<(), Box<Divergence>> {
        let last = self.finished() && row.step == self.engine.step_count();
        if last && !row.train_loss.is_finite() {
            // No further step would notice what the last update did.
            self.engine.confirm_finite()?;
        }
        Ok(())
    }

    /// Goes on under an experiment that differs only in what can change in the middle of a run
    /// ([`Engine::apply`]); where its schedule has another length, to the end of that.
    pub fn apply(&mut self, new: &Experiment) {
        if new.train.steps != self.engine.experiment().train.steps {
            self.until = new.train.steps;
        }
        self.engine.apply(new);
    }
}
