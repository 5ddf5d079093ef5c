//! Copies of a run's state: to go back to within the run, and to go on from later.

use std::sync::Arc;

use super::average::Average;
use super::param_group::ParamGroup;
use super::{Engine, Parameters, build, set_parameters};
use crate::data::batch::Batcher;
use crate::data::{Extent, TargetScale};
use crate::experiment::{Experiment, LayerSpec};
use crate::optim::State;
use crate::optim::schedule::SchedulerState;
use crate::train::problem::Problem;

mod error;
mod file;
mod tensors;

pub use error::FormatError;

/// Steps between the states that a diverged run is replayed from. A replay repeats at most so many
/// steps, at the very end of a run; a copy of the state is made so often.
pub const ROLLBACK_EVERY: u64 = 512;

/// Everything that the next steps follow from.
#[derive(Clone, Debug)]
pub(super) struct TrainingState {
    experiment: Arc<Experiment>,
    /// Steps done.
    step: u64,
    /// Those that are trained, and running statistics.
    parameters: Vec<Parameters>,
    /// The states of each group of parameters.
    optimizers: Vec<Vec<State<f32>>>,
    scheduler: SchedulerState,
    average: Option<Average>,
    batcher: Batcher,
}

impl TrainingState {
    /// Steps done.
    pub(super) const fn step(&self) -> u64 {
        self.step
    }

    /// Bytes that it takes, about.
    fn bytes(&self) -> usize {
        let tensors = self.parameters.iter().flat_map(Parameters::iter).map(|it| it.value.len());
        let states = self.optimizers.iter().flatten();
        let remembered = states.map(|state| {
            let tensors: usize = state.tensors.iter().map(|(_, tensor)| tensor.len()).sum();
            size_of::<State<f32>>() + tensors * size_of::<f32>()
        });
        let average = self.average.iter().filter_map(Average::tensors).flatten().map(Vec::len);
        let floats: usize = tensors.chain(average).sum();
        floats * size_of::<f32>() + remembered.sum::<usize>() + self.batcher.bytes()
    }

    /// Becomes the state of `engine`, in place; both are of one experiment, or of one that was
    /// edited.
    fn assign(&mut self, engine: &Engine) {
        self.experiment.clone_from(&engine.experiment);
        self.step = engine.step;
        for (params, layer) in self.parameters.iter_mut().zip(engine.network.layers()) {
            params.take(layer);
        }
        for (states, group) in self.optimizers.iter_mut().zip(&engine.groups) {
            states.clone_from(&group.states);
        }
        self.scheduler.clone_from(engine.scheduler.state());
        self.average.clone_from(&engine.average);
        self.batcher.clone_from(&engine.batcher);
    }
}

/// The state that a diverged run is replayed from. Its loss was finite.
#[derive(Debug, Default)]
pub(super) struct Rollback {
    kept: Option<TrainingState>,
    /// A state whose loss is not known yet, or the memory for the next one.
    spare: Option<TrainingState>,
}

impl Rollback {
    /// Forgets the state.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }
}

/// The whole state of a run at one step, as [`crate::train::Session::snapshot`] takes it: the run
/// goes on from it as if it had never stopped, bit for bit.
#[derive(Clone, Debug)]
pub struct Checkpoint {
    /// The step at which the run rests.
    pub(in crate::train) until: u64,
    state: TrainingState,
    /// Where a replay starts, if the next loss is not finite; otherwise `state` will do.
    rollback: Option<TrainingState>,
    /// The state before the edits at this step.
    before_edit: Option<Box<TrainingState>>,
}

/// Why a run cannot go on from a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Mismatch {
    /// Data of another size.
    #[error(
        "the checkpoint is of a run on {} training rows of {} inputs and {} outputs, but the data \
         has {} of {} and {}",
        .checkpoint[0], .checkpoint[1], .checkpoint[2], .problem[0], .problem[1], .problem[2]
    )]
    Size {
        /// Rows, inputs and outputs of the checkpoint.
        checkpoint: [usize; 3],
        /// Those of the data.
        problem: [usize; 3],
    },
    /// Targets in another scale.
    #[error(
        "the checkpoint is of a run on {checkpoint} targets, as its loss wants them, but those of the \
         data are {problem}"
    )]
    Scale {
        /// The scale of the checkpoint's.
        checkpoint: TargetScale,
        /// That of the data's.
        problem: TargetScale,
    },
}

impl Checkpoint {
    /// Steps done.
    #[must_use]
    pub const fn step(&self) -> u64 {
        self.state.step
    }

    /// Bytes of memory that it takes, about; what it shares with others left out.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let others = self.rollback.iter().chain(self.before_edit.as_deref());
        self.state.bytes() + others.map(TrainingState::bytes).sum::<usize>()
    }

    /// What is run.
    #[must_use]
    pub fn experiment(&self) -> &Experiment {
        &self.state.experiment
    }

    /// As [`Checkpoint::experiment`]; states of one run share it until something is edited.
    #[must_use]
    pub const fn shared_experiment(&self) -> &Arc<Experiment> {
        &self.state.experiment
    }

    /// The parameters of each layer, and its running statistics.
    #[must_use]
    pub fn parameters(&self) -> &[Parameters] {
        &self.state.parameters
    }

    /// Checks that it is of a run on data of the size of `problem`, with targets in the same scale.
    fn check(&self, problem: &Problem) -> Result<(), Mismatch> {
        let scales = (self.state.experiment.target_scale(), problem.target_scale());
        let TrainingState { batcher, parameters, experiment, .. } = &self.state;
        let inputs = inputs(experiment, parameters).numbers();
        let rows = problem.train.len();
        let checkpoint = [batcher.rows(), inputs, experiment.outputs()];
        let outputs = problem.train.target().len() / rows.max(1);
        let problem = [rows, problem.inputs(), outputs];
        if checkpoint != problem {
            return Err(Mismatch::Size { checkpoint, problem });
        }
        match scales {
            (checkpoint, Some(problem)) if checkpoint != problem => {
                Err(Mismatch::Scale { checkpoint, problem })
            }
            _ => Ok(()),
        }
    }
}

/// Inputs of the network of `experiment` with these parameters.
fn inputs(experiment: &Experiment, layers: &[Parameters]) -> Extent {
    let weight = layers.first().and_then(|first| first.iter().next());
    inputs_of(experiment, weight.map_or(0, |weight| weight.value.ncols()))
}

/// Inputs of the network of `experiment` whose first weights have so many columns.
fn inputs_of(experiment: &Experiment, columns: usize) -> Extent {
    let steps = experiment.data.extent().steps;
    let recurrent = experiment.layers.first().is_some_and(LayerSpec::is_recurrent);
    Extent { steps, features: if recurrent { columns } else { columns / steps } }
}

impl Engine {
    /// The run that `checkpoint` is of, from there on.
    ///
    /// # Errors
    /// If it was a run on other data.
    pub fn resume(checkpoint: &Checkpoint, problem: Arc<Problem>) -> Result<Self, Mismatch> {
        checkpoint.check(&problem)?;
        let TrainingState { experiment, parameters, .. } = &checkpoint.state;
        let network = build::network_with(experiment, parameters);
        let mut engine = Self::with_network(Arc::clone(experiment), problem, network);
        engine.go_to(checkpoint);
        Ok(engine)
    }

    /// A copy of a run of `experiment` for one thread: `held`, if that is one already, else a new one in its
    /// place. Its state is whatever was left there, for the caller to set; `params` are those of any step, by
    /// which a new network gets its shapes.
    pub(in crate::train) fn replica<'a>(
        (experiment, problem): (&Arc<Experiment>, &Arc<Problem>),
        params: &[Parameters],
        held: &'a mut Option<Self>,
    ) -> &'a mut Self {
        let serves = |held: &Self| {
            Arc::ptr_eq(&held.experiment, experiment) && Arc::ptr_eq(&held.problem, problem)
        };
        let replica = held.take().filter(serves).unwrap_or_else(|| {
            let network = build::network_with(experiment, params);
            let new = Self::with_network(Arc::clone(experiment), Arc::clone(problem), network);
            Self { single_threaded: true, ..new }
        });
        held.insert(replica)
    }

    /// Goes on from `checkpoint`, which may be of any step and experiment on the same data.
    ///
    /// # Errors
    /// If it is of a run on other data.
    pub fn restore(&mut self, checkpoint: &Checkpoint) -> Result<(), Mismatch> {
        checkpoint.check(&self.problem)?;
        self.go_to(checkpoint);
        Ok(())
    }

    fn go_to(&mut self, checkpoint: &Checkpoint) {
        self.set_state(&checkpoint.state);
        self.rollback = Rollback { kept: checkpoint.rollback.clone(), spare: None };
        self.before_edit.clone_from(&checkpoint.before_edit);
    }

    /// The state of a run that rests at step `until`.
    pub(in crate::train) fn snapshot(&mut self, until: u64) -> Checkpoint {
        let keyframe = self.keyframe(until);
        if self.next_loss_is_finite() {
            return keyframe;
        }
        let (rollback, before_edit) = (self.rollback.kept.clone(), self.before_edit.clone());
        Checkpoint { rollback, before_edit, ..keyframe }
    }

    /// As [`Engine::snapshot`], without the pass over the next batch: if its loss is not finite, what
    /// leads back to an earlier step is missing.
    pub(in crate::train) fn keyframe(&mut self, until: u64) -> Checkpoint {
        self.feed_schedule();
        let edited_here = |before: &TrainingState| before.step == self.step;
        let before_edit = self.before_edit.clone().filter(|before| edited_here(before));
        Checkpoint { until, state: self.state(), rollback: None, before_edit }
    }

    /// A copy of the present state.
    pub(super) fn state(&self) -> TrainingState {
        TrainingState {
            experiment: Arc::clone(&self.experiment),
            step: self.step,
            parameters: self.parameters(),
            optimizers: self.groups.iter().map(|group| group.states.clone()).collect(),
            scheduler: self.scheduler.state().clone(),
            average: self.average.clone(),
            batcher: self.batcher.clone(),
        }
    }

    /// Goes to `state`, in place as long as it is of the present experiment.
    pub(super) fn set_state(&mut self, state: &TrainingState) {
        let same = Arc::ptr_eq(&self.experiment, &state.experiment);
        if !same && self.experiment != state.experiment {
            self.experiment.clone_from(&state.experiment);
            self.network = build::network_with(&self.experiment, &state.parameters);
            self.groups = ParamGroup::all(&self.experiment, &self.network);
            self.scheduler = self.experiment.scheduler();
        }
        self.step = state.step;
        set_parameters(&mut self.network, &state.parameters);
        for (group, states) in self.groups.iter_mut().zip(&state.optimizers) {
            group.states.clone_from(states);
        }
        self.scheduler.set_state(&state.scheduler);
        self.average.clone_from(&state.average);
        self.batcher.clone_from(&state.batcher);
    }

    /// Whether the present state is to be kept for a rollback.
    pub(super) fn rollback_is_due(&self) -> bool {
        self.rollback.kept.is_none() || self.step.is_multiple_of(ROLLBACK_EVERY)
    }

    /// Copies the present state, in place if that has been done before.
    pub(super) fn save(&mut self) {
        let mut spare = self.rollback.spare.take().unwrap_or_else(|| self.state());
        spare.assign(self);
        self.rollback.spare = Some(spare);
    }

    /// Keeps the state that was saved last: its loss has turned out to be finite.
    pub(super) fn keep_saved(&mut self) {
        std::mem::swap(&mut self.rollback.kept, &mut self.rollback.spare);
        if self.before_edit.as_ref().is_some_and(|before| before.step < self.step) {
            // Nothing leads back to the step of the edit any more.
            self.before_edit = None;
        }
    }

    /// Goes back to just before the step that came before the present one, by a replay from the
    /// state that was kept. Returns whether there is such a step; if not, the batch whose loss was
    /// not finite is the next one again.
    pub(super) fn rewind(&mut self) -> bool {
        let failed = self.step;
        let Some(kept) = self.rollback.kept.take() else {
            if let Some(saved) = self.rollback.spare.as_ref().filter(|saved| saved.step == failed) {
                self.batcher.clone_from(&saved.batcher);
            }
            return false;
        };
        let seen = self.scheduler.state().clone();
        self.set_state(&kept);
        // A replay needs the reductions since then, and sees no evaluations.
        self.scheduler.set_state(&seen);
        self.rollback.kept = Some(kept);
        while self.step + 1 < failed {
            self.gradients();
            self.update();
        }
        self.scheduler.take_back(self.step);
        true
    }

    /// Runs `inspect` from the present state on and then comes back to it.
    pub(super) fn excursion<T>(&mut self, inspect: impl FnOnce(&mut Self) -> T) -> T {
        let here = self.state();
        let found = inspect(self);
        self.set_state(&here);
        found
    }
}
