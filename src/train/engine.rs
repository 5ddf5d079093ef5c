//! One training step, and the state it moves. No threads, no clocks.

use std::fmt;
use std::sync::Arc;

use super::build;
pub use super::build::{initial_network, network_f64, network_with};
pub use super::evaluate::{Reading, evaluate};
use super::evaluate::{Score, scores};
pub use super::parameters::{Parameter, Parameters, trained_numbers};
use super::problem::Problem;
use crate::catalog;
use crate::data::batch::Batcher;
use crate::experiment::{Experiment, changes};
use crate::nn::network::{Batch, Network};
use crate::nn::{Layer, Tensor};
use crate::optim::clip;
use crate::optim::schedule::Scheduler;
use crate::parallel;
use crate::spec::Pick;
use average::Average;
pub use checkpoint::{Checkpoint, FormatError, Mismatch, ROLLBACK_EVERY};
use checkpoint::{Rollback, TrainingState};
pub use diagnose::{Divergence, Quantity};
pub use first_update::FirstMove;
use param_group::{Objective, ParamGroup};
pub use stability::LayerStability;
use trace::Stage;

mod average;
mod checkpoint;
mod diagnose;
mod first_update;
mod param_group;
mod regularize;
mod stability;
pub mod trace;

/// Multiply-adds of a forward pass from which on a step is shared among all cores.
const SHARED: usize = 1 << 23;

/// A run in progress: network, optimizers, and its place in the stream of batches.
pub struct Engine {
    experiment: Arc<Experiment>,
    problem: Arc<Problem>,
    network: Network<f32>,
    groups: Vec<ParamGroup>,
    scheduler: Scheduler,
    average: Option<Average>,
    batcher: Batcher,
    batch: Batch<f32>,
    /// The batch's loss where its gradients were last taken.
    loss: f64,
    /// For rows that are evaluated and have to be gathered.
    evaluated: Batch<f32>,
    /// Steps done.
    step: u64,
    rollback: Rollback,
    /// The state before the edits at the step of the latest one.
    before_edit: Option<Box<TrainingState>>,
    /// Keep to one thread.
    single_threaded: bool,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").field("step", &self.step).finish_non_exhaustive()
    }
}

/// What one layer's parameters went through in one step, value by value.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerStep {
    /// The norms of what follows.
    pub stats: UpdateStats,
    /// ∇L by every parameter that is trained, as the optimizer was given it.
    pub gradient: Arc<[f32]>,
    /// What was added to every weight.
    pub update: Arc<[f32]>,
}

/// What one layer's parameters went through in one step.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct UpdateStats {
    /// ‖∇L‖ over the layer's parameters.
    pub gradient_norm: f64,
    /// ‖change of the weights‖ / ‖weights‖: around 1e-3 is healthy. None where all weights were 0, or
    /// where a norm is not finite.
    pub update_ratio: Option<f64>,
}

impl UpdateStats {
    /// Those of the step that `layer` has just made, whose weights were `before`.
    fn of(layer: &Layer<f32>, before: &[f32]) -> Self {
        let grads = layer.trained().map(|tensor| squares(tensor.grads()));
        let pairs = before.iter().zip(layer.weights().flat_map(Tensor::values));
        let moved = pairs.map(|(&old, &new)| (f64::from(new) - f64::from(old)).powi(2));
        let size = before.iter().map(|&w| f64::from(w).powi(2)).sum::<f64>().sqrt();
        Self {
            gradient_norm: grads.sum::<f64>().sqrt(),
            update_ratio: Some(moved.sum::<f64>().sqrt() / size).filter(|r| r.is_finite()),
        }
    }
}

impl LayerStep {
    /// The step that `layer` has just made, whose weights were `before`.
    fn of(layer: &Layer<f32>, before: &[f32]) -> Self {
        let gradient = layer.trained().flat_map(|tensor| tensor.grads().iter().copied());
        let pairs = before.iter().zip(layer.weights().flat_map(Tensor::values));
        let update = pairs.map(|(old, new)| new - old);
        let stats = UpdateStats::of(layer, before);
        Self { stats, gradient: gradient.collect(), update: update.collect() }
    }
}

impl Engine {
    /// The start of a run of `experiment` on `problem`.
    #[must_use]
    pub fn new(experiment: &Experiment, problem: Arc<Problem>) -> Self {
        let network = initial_network(experiment, &problem);
        Self::with_network(Arc::new(experiment.clone()), problem, network)
    }

    /// The first step of a run of `experiment` with the parameters of `network`.
    fn with_network(
        experiment: Arc<Experiment>,
        problem: Arc<Problem>,
        network: Network<f32>,
    ) -> Self {
        let train = &experiment.train;
        Self {
            groups: ParamGroup::all(&experiment, &network),
            network,
            scheduler: experiment.scheduler(),
            average: Average::new(train.ema),
            batcher: Batcher::new(problem.train.len(), train.batch_size, experiment.batch_seed()),
            experiment,
            problem,
            batch: Batch::default(),
            loss: 0.0,
            evaluated: Batch::default(),
            step: 0,
            rollback: Rollback::default(),
            before_edit: None,
            single_threaded: false,
        }
    }

    /// Whether to keep to one thread, as when other runs have the other cores. Large networks
    /// otherwise train on all of them; the numbers are the same.
    pub const fn set_single_threaded(&mut self, single_threaded: bool) {
        self.single_threaded = single_threaded;
    }

    /// Threads that a step takes.
    #[must_use]
    pub fn threads(&self) -> usize {
        let weights = self.network.layers().iter().flat_map(Layer::weights);
        let weights: usize = weights.map(|tensor| tensor.value.len()).sum();
        let large = weights * self.experiment.train.batch_size >= SHARED;
        if self.single_threaded || !large { 1 } else { parallel::threads() }
    }

    /// Steps done.
    #[must_use]
    pub const fn step_count(&self) -> u64 {
        self.step
    }

    /// Passes over the training rows, with the fraction of the present one.
    #[must_use]
    pub fn epoch(&self) -> f64 {
        self.batcher.epoch()
    }

    /// What is being run.
    #[must_use]
    pub fn experiment(&self) -> &Experiment {
        &self.experiment
    }

    /// As [`Engine::experiment`]; it is the same one as long as nothing is edited.
    #[must_use]
    pub const fn shared_experiment(&self) -> &Arc<Experiment> {
        &self.experiment
    }

    /// The data.
    #[must_use]
    pub const fn problem(&self) -> &Arc<Problem> {
        &self.problem
    }

    /// One step: a batch forward and backward, then every layer's optimizer. Returns the mean loss
    /// of the batch before the update.
    ///
    /// # Errors
    /// If the loss is not finite; the engine is then back in its last finite state.
    pub fn step(&mut self) -> Result<f64, Box<Divergence>> {
        self.feed_schedule();
        let due = self.rollback_is_due();
        if due {
            self.save();
        }
        let loss = self.gradients();
        if !loss.is_finite() {
            return Err(Box::new(diagnose::explain(self)));
        }
        if due {
            self.keep_saved();
        }
        self.update();
        Ok(loss)
    }

    /// A step that also measures how each layer moved.
    ///
    /// # Errors
    /// As [`Engine::step`].
    pub fn step_measured(&mut self) -> Result<(f64, Vec<LayerStep>), Box<Divergence>> {
        let before = self.weights();
        let loss = self.step()?;
        let layers = self.network.layers().iter().zip(&before);
        Ok((loss, layers.map(|(layer, before)| LayerStep::of(layer, before)).collect()))
    }

    /// A step that nothing leads back from, as long as the loss is finite. Returns how each layer moved.
    pub(super) fn try_step(&mut self) -> Option<Vec<UpdateStats>> {
        self.feed_schedule();
        if !self.gradients().is_finite() {
            return None;
        }
        let before = self.weights();
        self.update();
        let layers = self.network.layers().iter().zip(&before);
        Some(layers.map(|(layer, before)| UpdateStats::of(layer, before)).collect())
    }

    /// A copy of the weights of each layer, without its biases.
    fn weights(&self) -> Vec<Vec<f32>> {
        let of = |layer: &Layer<f32>| layer.weights().flat_map(Tensor::values).copied().collect();
        self.network.layers().iter().map(of).collect()
    }

    /// What the rates that were set are multiplied by at `step`, as far as it can be told.
    pub(super) fn rate_factor(&self, step: u64) -> f64 {
        self.scheduler.factor(step)
    }

    /// Checks that the next batch's loss is finite, without taking that batch.
    ///
    /// # Errors
    /// As [`Engine::step`].
    pub(super) fn confirm_finite(&mut self) -> Result<(), Box<Divergence>> {
        if self.next_loss_is_finite() { Ok(()) } else { Err(Box::new(diagnose::explain(self))) }
    }

    /// Whether the next batch's loss is finite. The batch remains the next one.
    pub(super) fn next_loss_is_finite(&mut self) -> bool {
        let batcher = self.batcher.clone();
        let finite = self.gradients().is_finite();
        self.batcher = batcher;
        finite
    }

    /// Takes the next batch and leaves every gradient beside its parameter.
    pub(super) fn gradients(&mut self) -> f64 {
        if self.threads() > 1 {
            parallel::enter(|| self.gradients_here())
        } else {
            self.gradients_here()
        }
    }

    fn gradients_here(&mut self) -> f64 {
        self.problem.train.fill(self.batcher.next(), &mut self.batch);
        self.network.set_chance(self.experiment.batch_seed(), self.step);
        let (network, _, mut objective) = self.parts();
        objective.take(network);
        self.loss = objective.loss;
        self.loss
    }

    /// Moves every layer along its gradients.
    pub(super) fn update(&mut self) {
        if self.threads() > 1 { parallel::enter(|| self.update_here()) } else { self.update_here() }
    }

    fn update_here(&mut self) {
        self.prepare(&mut |_, _| {});
        self.move_parameters();
    }

    /// Makes the gradients into those that the optimizers go by, and shows them to `see` after each
    /// change that is asked for.
    fn prepare(&mut self, see: &mut impl FnMut(Stage, &Network<f32>)) {
        // By the statistics of this pass: others may follow, elsewhere.
        self.network.settle();
        if self.perturb() {
            see(Stage::Elsewhere, &self.network);
        }
        if self.clip_values() {
            see(Stage::ValueClipped, &self.network);
        }
        if self.clip() {
            see(Stage::NormClipped, &self.network);
        }
        if self.add_gradient_noise() {
            see(Stage::Noisy, &self.network);
        }
    }

    fn move_parameters(&mut self) {
        let factor = self.scheduler.factor(self.step);
        let decay = self.experiment.train.decoupled_decay;
        let (network, groups, objective) = self.parts();
        for group in groups {
            group.update(network, objective, (factor, decay));
        }
        self.flush_dwindled();
        if let Some(average) = &mut self.average {
            average.update(&self.network);
        }
        self.step += 1;
    }

    /// Takes the gradients anew if optimizers want them elsewhere: all of those move aside, and the
    /// gradients of one more pass are everyone's. Returns whether it did.
    fn perturb(&mut self) -> bool {
        let (network, groups, mut objective) = self.parts();
        let mut moved = false;
        for group in &mut *groups {
            moved |= group.perturb(network, objective);
        }
        if moved {
            objective.take(network);
            for group in groups {
                group.restore(network, objective);
            }
        }
        moved
    }

    /// The network, its optimizers, and the objective that they move it down.
    fn parts(&mut self) -> (&mut Network<f32>, &mut [ParamGroup], Objective<'_>) {
        let Self { network, groups, batch, loss, experiment, .. } = self;
        let train = &experiment.train;
        (network, groups, Objective { batch, loss: *loss, penalties: (train.l1, train.l2) })
    }

    /// Scales all gradients down where their norm is too large; returns whether that is asked for.
    fn clip(&mut self) -> bool {
        let max = self.experiment.train.clip_norm;
        if max == 0.0 {
            return false;
        }
        let tensors = self.network.layers().iter().flat_map(Layer::trained);
        let norm = tensors.map(|tensor| squares(tensor.grads())).sum::<f64>().sqrt();
        let factor = clip::norm_factor(norm, max);
        if factor < 1.0 {
            let factor = factor as f32;
            for tensor in self.network.layers_mut().iter_mut().flat_map(Layer::trained_mut) {
                tensor.grad.mapv_inplace(|grad| grad * factor);
            }
        }
        true
    }

    /// The network, to be looked at.
    pub(super) const fn network(&self) -> &Network<f32> {
        &self.network
    }

    /// The network, to take other batches through it, or to give it other weights. The next step goes by
    /// its weights and running statistics, and by nothing else of it.
    pub(super) const fn network_mut(&mut self) -> &mut Network<f32> {
        &mut self.network
    }

    /// The trained parameters, layer after layer.
    #[must_use]
    pub fn parameters(&self) -> Vec<Parameters> {
        self.network.layers().iter().map(Parameters::of).collect()
    }

    /// The parameters to predict with: those of [`Engine::parameters`], but averaged where an
    /// optimizer is schedule-free or `ema` is set.
    #[must_use]
    pub fn predicting_parameters(&self) -> Vec<Parameters> {
        let mut params = self.parameters();
        self.give_averages(&mut params);
        params
    }

    /// Makes `params`, those of another state of this experiment or none at all, into those of
    /// [`Engine::predicting_parameters`].
    pub(super) fn copy_predicting_parameters(&self, params: &mut Vec<Parameters>) {
        if params.is_empty() {
            *params = self.parameters();
        } else {
            for (params, layer) in params.iter_mut().zip(self.network.layers()) {
                params.take(layer);
            }
        }
        self.give_averages(params);
    }

    /// Replaces parameters by their averages, where there are any.
    fn give_averages(&self, params: &mut [Parameters]) {
        let averages = self.average.as_ref().and_then(Average::tensors);
        let tensors = params.iter_mut().flat_map(Parameters::trained_mut);
        for (tensor, average) in tensors.zip(averages.unwrap_or_default()) {
            tensor.copy_from_slice(average);
        }
        self.groups.iter().for_each(|group| group.give_evaluated(params));
    }

    /// Whether predictions are made with other parameters than those that are trained.
    fn averages(&self) -> bool {
        self.average.is_some() || self.groups.iter().any(ParamGroup::averages)
    }

    /// Goes on under `new`, which differs from the present experiment only in what can change in
    /// the middle of a run ([`crate::experiment::changes`]). An optimizer of another kind starts
    /// with an empty memory; the same one under other settings keeps it.
    ///
    /// Edits at one step are one edit: the last of them is applied to the state before the first.
    pub fn apply(&mut self, new: &Experiment) {
        self.feed_schedule();
        match self.before_edit.take() {
            Some(before) if before.step() == self.step => {
                self.set_state(&before);
                if changes(&self.experiment, new).is_empty() {
                    // All that was changed here has been changed back.
                    self.experiment = Arc::new(new.clone());
                    self.rollback.clear();
                    return;
                }
                self.before_edit = Some(before);
            }
            _ => self.before_edit = Some(Box::new(self.state())),
        }
        let old = std::mem::replace(&mut self.experiment, Arc::new(new.clone()));
        self.edit_layers(&old);
        let new = Arc::clone(&self.experiment);
        let old_groups = std::mem::replace(&mut self.groups, ParamGroup::all(&new, &self.network));
        for mut old in old_groups {
            self.groups.iter_mut().for_each(|group| group.inherit(&mut old));
        }
        let scheduler = std::mem::replace(&mut self.scheduler, new.scheduler());
        if old.schedule.key() == new.schedule.key() {
            self.scheduler.inherit(scheduler);
        }
        // The present evaluation was the old experiment's.
        self.scheduler.pass(self.step);
        self.average = match self.average.take() {
            Some(average) => average.with_decay(new.train.ema, &self.network),
            None => Average::new(new.train.ema),
        };
        self.batcher.set_batch_size(new.train.batch_size);
        // A replay must not cross the edit.
        self.rollback.clear();
    }

    /// Changes the loss, activations, dropout and normalisations of the network from those of `old`
    /// to those of the present experiment.
    fn edit_layers(&mut self, old: &Experiment) {
        let new = &self.experiment;
        let loss_changed = old.train.loss != new.train.loss;
        if loss_changed {
            build::set_loss(&mut self.network, new);
        }
        for (index, layer) in self.network.layers_mut().iter_mut().enumerate() {
            let output = index + 1 == new.layers.len();
            let changed = old.layers[index].activation != new.layers[index].activation;
            if changed || (output && loss_changed) {
                build::set_activation(layer, new, index);
            }
            layer.dropout = new.layers[index].dropout;
            let (was, norm) = (&old.layers[index].norm, &new.layers[index].norm);
            if was != norm {
                let before = Parameters::of(layer);
                build::set_norm(layer, new, index);
                if was.as_ref().map(Pick::key) == norm.as_ref().map(Pick::key) {
                    before.give(layer);
                }
            }
        }
    }

    /// The rate of the default optimizer at the next step; of layers with a rate of their own, what
    /// their rate is multiplied by.
    #[must_use]
    pub fn rate(&self) -> (f64, f64) {
        (self.scheduler.rate(self.step), self.scheduler.factor(self.step))
    }

    /// Whether the present step is a multiple of the evaluation interval.
    pub(super) fn at_evaluation(&self) -> bool {
        self.step.is_multiple_of(self.experiment.train.evaluation_interval())
    }

    /// Whether the schedule goes by the loss at the present step and has not seen it.
    pub(super) fn awaits_loss(&self) -> bool {
        self.at_evaluation()
            && self.scheduler.awaits(self.step)
            && catalog::schedule(&self.experiment.schedule).watches_loss
    }

    /// Shows the schedule the loss on the training rows, if it waits for that: what else is
    /// evaluated must not bear on the training.
    pub(super) fn observe(&mut self, train_loss: f64) {
        if self.awaits_loss() {
            self.scheduler.observe(self.step, train_loss);
        }
    }

    /// Evaluates for the schedule, if it waits for that and nobody else has.
    fn feed_schedule(&mut self) {
        if self.awaits_loss() {
            let (train, _) = self.evaluate();
            self.observe(train.loss);
        }
    }

    /// The present network on the training rows and on the held-out ones.
    pub fn evaluate(&mut self) -> (Score, Score) {
        if !self.averages() {
            return self.scores();
        }
        let trained = self.parameters();
        let scores = self.scores_of(&self.predicting_parameters());
        set_parameters(&mut self.network, &trained);
        scores
    }

    /// The scores with `params` on the training rows and on the held-out ones. The network keeps `params`.
    pub(super) fn scores_of(&mut self, params: &[Parameters]) -> (Score, Score) {
        set_parameters(&mut self.network, params);
        self.scores()
    }

    /// The network as it stands, not its averages.
    fn scores(&mut self) -> (Score, Score) {
        scores(&mut self.network, &self.experiment, &self.problem, &mut self.evaluated)
    }
}

fn squares(values: &[f32]) -> f64 {
    values.iter().map(|&x| f64::from(x) * f64::from(x)).sum()
}

fn set_parameters(network: &mut Network<f32>, params: &[Parameters]) {
    for (layer, params) in network.layers_mut().iter_mut().zip(params) {
        params.give(layer);
    }
}
