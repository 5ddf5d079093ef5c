//! One training step, and the state it moves. No threads, no clocks.

use std::fmt;
use std::sync::Arc;

use ndarray::Array2;

pub use super::parameters::Parameters;
use super::problem::{Head, Problem};
use super::start;
use super::trace::{self, Divergence};
use crate::catalog;
use crate::data::batch::{Batcher, Samples};
use crate::experiment::{Experiment, LayerSpec};
use crate::nn::init::Site;
use crate::nn::network::{Batch, Layer, Network};
use crate::nn::norm::{self, Norm};
use crate::nn::{Activation, Real};
use crate::optim::schedule::Scheduler;
use crate::optim::{State, clip};
use crate::parallel;
use crate::rng::{Purpose, stream};
use crate::spec::Pick;
use average::Average;
use param_group::{Objective, ParamGroup};

mod average;
mod param_group;
mod regularize;

/// Steps between checkpoints. A diverged run is replayed from the last one, so this trades a
/// copy of the parameters now and then against at most so many repeated steps at the very end.
const CHECKPOINT_EVERY: u64 = 512;

/// Multiply-adds of a forward pass from which on a step is shared among all cores.
const SHARED: usize = 1 << 23;

/// Samples evaluated at a time.
const CHUNK: usize = 256;

/// A run in progress: network, optimizers, and its place in the stream of batches.
pub struct Engine {
    experiment: Experiment,
    problem: Arc<Problem>,
    network: Network<f32>,
    groups: Vec<ParamGroup>,
    scheduler: Scheduler,
    average: Option<Average>,
    batcher: Batcher,
    batch: Batch<f32>,
    /// The batch's loss where its gradients were last taken.
    loss: f64,
    /// For evaluation, so that its size does not disturb the training batch.
    chunk: Batch<f32>,
    step: u64,
    checkpoint: Option<Checkpoint>,
    /// The next checkpoint, or the memory for it.
    spare: Option<Checkpoint>,
    /// Keep to one thread.
    single_threaded: bool,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").field("step", &self.step).finish_non_exhaustive()
    }
}

/// Everything needed to go on from a step as if nothing had come after it.
#[derive(Clone)]
struct Checkpoint {
    step: u64,
    params: Vec<Parameters>,
    states: Vec<Vec<State<f32>>>,
    average: Option<Average>,
    batcher: Batcher,
}

/// How a network does on a set of samples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// Mean loss.
    pub loss: f64,
    /// Share of samples in the right class; none for real values.
    pub accuracy: Option<f64>,
}

/// What one layer's parameters went through in one step.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct UpdateStats {
    /// ‖∇L‖ over the layer's parameters.
    pub gradient_norm: f64,
    /// ‖change of the weights‖ / ‖weights‖: around 1e-3 is healthy.
    pub update_ratio: f64,
}

impl Engine {
    /// The start of a run of `experiment` on `problem`.
    #[must_use]
    pub fn new(experiment: &Experiment, problem: Arc<Problem>) -> Self {
        let network = initial_network(experiment, &problem);
        let groups = ParamGroup::all(experiment, &network);
        let batcher =
            Batcher::new(problem.train.len(), experiment.train.batch_size, experiment.seed);
        Self {
            experiment: experiment.clone(),
            problem,
            network,
            groups,
            scheduler: experiment.scheduler(),
            average: Average::new(experiment.train.ema),
            batcher,
            batch: Batch::default(),
            loss: 0.0,
            chunk: Batch::default(),
            step: 0,
            checkpoint: None,
            spare: None,
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
        let weights = |layer: &Layer<f32>| layer.weight.value.len();
        let weights: usize = self.network.layers().iter().map(weights).sum();
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
    pub const fn experiment(&self) -> &Experiment {
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
        let due = self.checkpoint.is_none() || self.step.is_multiple_of(CHECKPOINT_EVERY);
        if due {
            self.save();
        }
        let loss = self.gradients();
        if !loss.is_finite() {
            return Err(Box::new(trace::explain(self)));
        }
        if due {
            // Only now, with a finite loss, is it a state to go back to.
            std::mem::swap(&mut self.checkpoint, &mut self.spare);
        }
        self.update();
        Ok(loss)
    }

    /// A step that also measures how each layer moved.
    ///
    /// # Errors
    /// As [`Engine::step`].
    pub fn step_measured(&mut self) -> Result<(f64, Vec<UpdateStats>), Box<Divergence>> {
        let before: Vec<Array2<f32>> =
            self.network.layers().iter().map(|layer| layer.weight.value.clone()).collect();
        let loss = self.step()?;
        let motion = |(layer, before): (&Layer<f32>, Array2<f32>)| {
            let grads = layer.tensors().map(|(_, tensor)| squares(tensor.grads()));
            let moved = before
                .iter()
                .zip(layer.weight.values())
                .map(|(&old, &new)| (f64::from(new) - f64::from(old)).powi(2));
            let size = before.iter().map(|&w| f64::from(w).powi(2)).sum::<f64>().sqrt();
            UpdateStats {
                gradient_norm: grads.sum::<f64>().sqrt(),
                update_ratio: moved.sum::<f64>().sqrt() / size,
            }
        };
        Ok((loss, self.network.layers().iter().zip(before).map(motion).collect()))
    }

    /// Whether the next batch's loss is finite. Takes that batch: only for the end of a run.
    ///
    /// # Errors
    /// As [`Engine::step`].
    pub(super) fn confirm_finite(&mut self) -> Result<(), Box<Divergence>> {
        if self.gradients().is_finite() { Ok(()) } else { Err(Box::new(trace::explain(self))) }
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
        self.network.set_chance(self.experiment.seed, self.step);
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
        // By the statistics of this pass: others may follow, elsewhere.
        self.network.settle();
        self.perturb();
        self.clip_values();
        self.clip();
        self.add_gradient_noise();
        let factor = self.scheduler.factor(self.step);
        let decay = self.experiment.train.decoupled_decay;
        let (network, groups, objective) = self.parts();
        for group in groups {
            group.update(network, objective, (factor, decay));
        }
        if let Some(average) = &mut self.average {
            average.update(&self.network);
        }
        self.step += 1;
    }

    /// Takes the gradients anew if optimizers want them elsewhere: all of those move aside, and the
    /// gradients of one more pass are everyone's.
    fn perturb(&mut self) {
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
    }

    /// The network, its optimizers, and the objective that they move it down.
    fn parts(&mut self) -> (&mut Network<f32>, &mut [ParamGroup], Objective<'_>) {
        let Self { network, groups, batch, loss, experiment, .. } = self;
        let train = &experiment.train;
        (network, groups, Objective { batch, loss: *loss, penalties: (train.l1, train.l2) })
    }

    fn clip(&mut self) {
        let max = self.experiment.train.clip_norm;
        if max == 0.0 {
            return;
        }
        let tensors = || self.network.layers().iter().flat_map(Layer::tensors);
        let norm = tensors().map(|(_, tensor)| squares(tensor.grads())).sum::<f64>().sqrt();
        let factor = clip::norm_factor(norm, max);
        if factor < 1.0 {
            let factor = factor as f32;
            for (_, tensor) in self.network.layers_mut().iter_mut().flat_map(Layer::tensors_mut) {
                tensor.grad.mapv_inplace(|grad| grad * factor);
            }
        }
    }

    /// Copies the present state into the spare checkpoint, in place if it has been used before.
    fn save(&mut self) {
        let Some(spare) = &mut self.spare else {
            self.spare = Some(self.copy());
            return;
        };
        spare.step = self.step;
        spare.batcher.clone_from(&self.batcher);
        spare.average.clone_from(&self.average);
        for (params, layer) in spare.params.iter_mut().zip(self.network.layers()) {
            params.take(layer);
        }
        for (states, group) in spare.states.iter_mut().zip(&self.groups) {
            states.clone_from(&group.states);
        }
    }

    fn copy(&self) -> Checkpoint {
        Checkpoint {
            step: self.step,
            params: self.parameters(),
            states: self.groups.iter().map(|group| group.states.clone()).collect(),
            average: self.average.clone(),
            batcher: self.batcher.clone(),
        }
    }

    fn restore(&mut self, checkpoint: &Checkpoint) {
        self.step = checkpoint.step;
        self.batcher.clone_from(&checkpoint.batcher);
        self.average.clone_from(&checkpoint.average);
        for (group, states) in self.groups.iter_mut().zip(&checkpoint.states) {
            group.states.clone_from(states);
        }
        set_parameters(&mut self.network, &checkpoint.params);
    }

    /// Goes back to just before the step that came before the present one, by replaying from the
    /// last checkpoint. Returns whether there is such a step.
    pub(super) fn rewind(&mut self) -> bool {
        let failed = self.step;
        let Some(checkpoint) = self.checkpoint.clone() else { return false };
        self.restore(&checkpoint);
        while self.step + 1 < failed {
            self.gradients();
            self.update();
        }
        true
    }

    /// Runs `inspect` from the present state on and then comes back to it.
    pub(super) fn excursion<T>(&mut self, inspect: impl FnOnce(&mut Self) -> T) -> T {
        let here = self.copy();
        let found = inspect(self);
        self.restore(&here);
        found
    }

    /// The network, to be looked at.
    pub(super) const fn network(&self) -> &Network<f32> {
        &self.network
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
        let averages = self.average.as_ref().and_then(Average::tensors);
        let tensors = params.iter_mut().flat_map(Parameters::trained_mut);
        for (tensor, average) in tensors.zip(averages.unwrap_or_default()) {
            tensor.copy_from_slice(average);
        }
        self.groups.iter().for_each(|group| group.give_evaluated(&mut params));
        params
    }

    /// Whether predictions are made with other parameters than those that are trained.
    fn averages(&self) -> bool {
        self.average.is_some() || self.groups.iter().any(ParamGroup::averages)
    }

    /// Goes on under `new`, which differs from the present experiment only in what can change in
    /// the middle of a run ([`crate::experiment::changes`]). An optimizer of another kind starts
    /// with an empty memory; the same one under other settings keeps it.
    pub fn apply(&mut self, new: &Experiment) {
        let old = std::mem::replace(&mut self.experiment, new.clone());
        let loss_changed = old.train.loss != new.train.loss;
        if loss_changed {
            self.network.set_loss((catalog::loss(&new.train.loss).f32)(&new.train.loss));
        }
        for (index, layer) in self.network.layers_mut().iter_mut().enumerate() {
            let output = index + 1 == new.layers.len();
            let changed = old.layers[index].activation != new.layers[index].activation;
            if changed || (output && loss_changed) {
                layer.set_activation(activation(new, index, |entry| entry.f32));
            }
            layer.dropout = new.layers[index].dropout;
            let (was, norm) = (&old.layers[index].norm, &new.layers[index].norm);
            let normed = was != norm;
            if normed {
                let before = Parameters::of(layer);
                layer.set_norm(build_norm(&new.layers[index], |entry| entry.f32));
                if was.as_ref().map(Pick::key) == norm.as_ref().map(Pick::key) {
                    before.give(layer);
                }
            }
        }
        let old_groups = std::mem::replace(&mut self.groups, ParamGroup::all(new, &self.network));
        for mut old in old_groups {
            self.groups.iter_mut().for_each(|group| group.inherit(&mut old));
        }
        let scheduler = std::mem::replace(&mut self.scheduler, new.scheduler());
        if old.schedule.key() == new.schedule.key() {
            self.scheduler.inherit(scheduler);
        }
        self.average = match self.average.take() {
            Some(average) => average.with_decay(new.train.ema, &self.network),
            None => Average::new(new.train.ema),
        };
        self.batcher.set_batch_size(new.train.batch_size);
        // A replay must not cross the edit: the next step starts a new checkpoint.
        (self.checkpoint, self.spare) = (None, None);
    }

    /// The rate of the default optimizer at the next step; of layers with a rate of their own, what
    /// their rate is multiplied by.
    #[must_use]
    pub fn rate(&self) -> (f64, f64) {
        (self.scheduler.rate(self.step), self.scheduler.factor(self.step))
    }

    /// Shows the schedule how the training is getting on.
    pub(super) fn observe(&mut self, train_loss: f64) {
        self.scheduler.observe(self.step, train_loss);
    }

    /// The present network on the training rows and on the held-out ones.
    pub fn evaluate(&mut self) -> (Score, Score) {
        if !self.averages() {
            return self.scores();
        }
        let (trained, predicting) = (self.parameters(), self.predicting_parameters());
        set_parameters(&mut self.network, &predicting);
        let scores = self.scores();
        set_parameters(&mut self.network, &trained);
        scores
    }

    fn scores(&mut self) -> (Score, Score) {
        let boundary = boundary(&self.experiment);
        let problem = Arc::clone(&self.problem);
        let mut score = |samples| {
            evaluate(&mut self.network, samples, (problem.head, boundary), &mut self.chunk)
        };
        (score(&problem.train), score(&problem.test))
    }
}

fn squares(values: &[f32]) -> f64 {
    values.iter().map(|&x| f64::from(x) * f64::from(x)).sum()
}

/// Where a single output changes from one class to the other: a logit at 0, all else half-way
/// between the targets 0 and 1.
#[must_use]
pub fn boundary(experiment: &Experiment) -> f32 {
    if catalog::loss(&experiment.train.loss).fuses.is_some() { 0.0 } else { 0.5 }
}

/// The score of `network` on `samples`.
pub fn evaluate(
    network: &mut Network<f32>,
    samples: &Samples,
    (head, boundary): (Head, f32),
    chunk: &mut Batch<f32>,
) -> Score {
    let (mut loss, mut right, mut finite) = (0.0, 0_usize, true);
    for start in (0..samples.len()).step_by(CHUNK) {
        samples.chunk(start, CHUNK.min(samples.len() - start), chunk);
        loss += network.loss(chunk) * chunk.len as f64;
        let (columns, target) = (chunk.columns(), &chunk.target);
        let output = network.output();
        finite &= output.iter().all(|x| x.is_finite());
        right += (0..chunk.len)
            .filter(|&i| {
                head.class(boundary, |k| output[k * columns + i])
                    == head.class(0.5, |k| target[k * columns + i])
            })
            .count();
    }
    let count = samples.len() as f64;
    let classes = !matches!(head, Head::Values(_));
    // NaN belongs to no class.
    Score { loss: loss / count, accuracy: (classes && finite).then(|| right as f64 / count) }
}

/// The activation at layer `index`, less what the loss has fused into it.
fn activation<F: Real>(
    experiment: &Experiment,
    index: usize,
    build: impl Fn(&'static crate::nn::activation::Entry) -> fn(&Pick) -> Box<dyn Activation<F>>,
) -> Box<dyn Activation<F>> {
    let pick = &experiment.layers[index].activation;
    let output = index + 1 == experiment.layers.len();
    let fused = catalog::loss(&experiment.train.loss).fuses == Some(pick.key());
    if output && fused {
        let identity = Pick::new(crate::nn::activation::TABLE[0].card);
        return build(catalog::activation(&identity))(&identity);
    }
    build(catalog::activation(pick))(pick)
}

/// The normalisation of a layer, if it has one.
fn build_norm<F: Real>(
    spec: &LayerSpec,
    build: impl Fn(&'static norm::Entry) -> fn(&Pick) -> Box<dyn Norm<F>>,
) -> Option<Box<dyn Norm<F>>> {
    spec.norm.as_ref().map(|pick| build(catalog::norm(pick))(pick))
}

/// The network that `experiment` starts from on the data of `problem`.
#[must_use]
pub fn initial_network(experiment: &Experiment, problem: &Problem) -> Network<f32> {
    let mut inputs = problem.features();
    let layers = experiment
        .layers
        .iter()
        .enumerate()
        .map(|(index, spec)| {
            let mut stream = stream(experiment.seed, Purpose::Init(index));
            let pick = spec.initializer();
            let init = (catalog::initializer(&pick).build)(&pick);
            let gain = (catalog::activation(&spec.activation).traits.gain)(&spec.activation);
            let mut weight = Array2::zeros((spec.units, inputs));
            let mut bias = vec![0.0; spec.units];
            init.weight(&mut weight, Site { gain, first: index == 0 }, &mut stream);
            init.bias(&mut bias, inputs, &mut stream);
            let mut layer = Layer::new(weight, bias, activation(experiment, index, |e| e.f32));
            layer.set_norm(build_norm(spec, |entry| entry.f32));
            layer.dropout = spec.dropout;
            inputs = layer.outputs();
            layer
        })
        .collect();
    let loss = (catalog::loss(&experiment.train.loss).f32)(&experiment.train.loss);
    let mut network = Network::new(layers, loss);
    start::unit_variance(&mut network, experiment, &problem.train);
    network
}

/// The network of `experiment` in `f64` with the given parameters, for gradient checks.
#[must_use]
pub fn network_f64(experiment: &Experiment, params: &[Parameters]) -> Network<f64> {
    let layers = params.iter().enumerate().map(|(index, params)| {
        let spec = &experiment.layers[index];
        let activation = activation(experiment, index, |e| e.f64);
        restored(params, spec, activation, build_norm(spec, |entry| entry.f64))
    });
    let loss = (catalog::loss(&experiment.train.loss).f64)(&experiment.train.loss);
    Network::new(layers.collect(), loss)
}

/// The network of `experiment` with the given parameters.
#[must_use]
pub fn network_with(experiment: &Experiment, params: &[Parameters]) -> Network<f32> {
    let layers = params.iter().enumerate().map(|(index, params)| {
        let spec = &experiment.layers[index];
        let activation = activation(experiment, index, |e| e.f32);
        restored(params, spec, activation, build_norm(spec, |entry| entry.f32))
    });
    let loss = (catalog::loss(&experiment.train.loss).f32)(&experiment.train.loss);
    Network::new(layers.collect(), loss)
}

/// A layer with the given parameters.
fn restored<F: Real>(
    params: &Parameters,
    spec: &LayerSpec,
    activation: Box<dyn Activation<F>>,
    norm: Option<Box<dyn Norm<F>>>,
) -> Layer<F> {
    let weight = Array2::from_elem(params.weight.dim(), F::ZERO);
    let mut layer = Layer::new(weight, vec![F::ZERO; params.bias.len()], activation);
    layer.set_norm(norm);
    layer.dropout = spec.dropout;
    params.give(&mut layer);
    layer
}

fn set_parameters(network: &mut Network<f32>, params: &[Parameters]) {
    for (layer, params) in network.layers_mut().iter_mut().zip(params) {
        params.give(layer);
    }
}
