//! A stack of layers under a loss: forward, backward, evaluation.

use super::Layer;
use super::activation::Shape;
use super::chance::Chance;
use super::flow::Flow;
use super::layer::Pass;
use super::loss::{self, Loss};
use super::real::Real;
use super::simd::padded;
use super::transform::Inputs;

/// Samples on their way through a network: `features × columns` and `outputs × columns`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Batch<F> {
    /// Inputs, features by samples.
    pub x: Vec<F>,
    /// Inputs, samples by padded features, for the gradient of the first layer's weights; empty where
    /// they are to be had from `x`.
    pub xt: Vec<F>,
    /// Targets, outputs by samples.
    pub target: Vec<F>,
    /// Samples that count.
    pub len: usize,
}

impl<F: Real> Batch<F> {
    /// Samples including padding.
    #[must_use]
    pub fn columns(&self) -> usize {
        padded(self.len)
    }

    fn inputs(&self) -> Inputs<'_, F> {
        Inputs { x: &self.x, xt: (!self.xt.is_empty()).then_some(&self.xt) }
    }
}

/// A stack of layers under a loss.
#[derive(Debug)]
pub struct Network<F> {
    layers: Vec<Layer<F>>,
    loss: Box<dyn Loss<F>>,
    flows: Vec<Flow<F>>,
    chance: Chance,
    /// Samples of the last pass in training.
    trained: usize,
}

/// The purpose of a forward pass.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Dropout and random slopes are in force, and batches are normalised by themselves.
    Training,
    Evaluation,
}

impl<F: Real> Network<F> {
    /// A network of `layers`, each fitting the one before.
    #[must_use]
    pub fn new(layers: Vec<Layer<F>>, loss: Box<dyn Loss<F>>) -> Self {
        let flows = layers.iter().map(|_| Flow::default()).collect();
        Self { layers, loss, flows, chance: Chance::default(), trained: 0 }
    }

    /// Sets what randomness in training is drawn from: the same `seed` and `step` give the same.
    pub const fn set_chance(&mut self, seed: u64, step: u64) {
        self.chance.seed = seed;
        self.chance.moment.step = step;
    }

    /// The layers, first to last.
    #[must_use]
    pub fn layers(&self) -> &[Layer<F>] {
        &self.layers
    }

    /// The layers, to be changed.
    pub fn layers_mut(&mut self) -> &mut [Layer<F>] {
        &mut self.layers
    }

    /// Replaces the loss.
    pub fn set_loss(&mut self, loss: Box<dyn Loss<F>>) {
        self.loss = loss;
    }

    /// The outputs of the last forward pass, `outputs × columns`.
    #[must_use]
    pub fn output(&self) -> &[F] {
        self.flows.last().map_or(&[], |flow| &flow.a)
    }

    /// Runs `batch` forward as in evaluation; returns the outputs, `outputs × columns`.
    pub fn forward(&mut self, batch: &Batch<F>) -> &[F] {
        self.run(batch, Mode::Evaluation);
        self.output()
    }

    fn run(&mut self, batch: &Batch<F>, mode: Mode) {
        let Self { layers, flows, chance, .. } = self;
        let last = layers.len().saturating_sub(1);
        let mut x: &[F] = &batch.x;
        for (index, (layer, flow)) in layers.iter().zip(flows).enumerate() {
            let training = mode == Mode::Training;
            let drops = training && layer.dropout > 0.0 && index < last;
            let chance = &chance.at(index);
            let (columns, batch) = (batch.columns(), batch.len);
            layer.forward(x, flow, &Pass { training, drops, chance, columns, batch });
            x = flow.output();
        }
    }

    /// The mean loss of `batch` in evaluation, without gradients. Leaves the outputs readable.
    pub fn loss(&mut self, batch: &Batch<F>) -> f64 {
        self.run(batch, Mode::Evaluation);
        self.output_loss::<false>(batch)
    }

    /// The mean loss of `batch` in training, without gradients: that whose gradients
    /// [`Network::loss_and_gradients`] gives.
    pub fn training_loss(&mut self, batch: &Batch<F>) -> f64 {
        self.run(batch, Mode::Training);
        self.output_loss::<false>(batch)
    }

    /// The mean loss of `batch` in training; every parameter's gradient is left beside it.
    pub fn loss_and_gradients(&mut self, batch: &Batch<F>) -> f64 {
        self.run(batch, Mode::Training);
        self.trained = batch.len;
        let loss = self.output_loss::<true>(batch);
        self.go_back(batch, Mode::Training);
        loss
    }

    /// The mean loss of `batch` in evaluation; every parameter's gradient is left beside it, running
    /// statistics taken as constants.
    pub fn evaluation_gradients(&mut self, batch: &Batch<F>) -> f64 {
        self.run(batch, Mode::Evaluation);
        let loss = self.output_loss::<true>(batch);
        self.go_back(batch, Mode::Evaluation);
        loss
    }

    /// Takes ∂L/∂output back to every parameter, after a forward pass in the same mode.
    fn go_back(&mut self, batch: &Batch<F>, mode: Mode) {
        for (index, layer) in self.layers.iter_mut().enumerate().rev() {
            let (before, rest) = self.flows.split_at_mut(index);
            let Some(flow) = rest.first_mut() else { continue };
            let inputs = match before.last() {
                Some(previous) => Inputs { x: previous.output(), xt: None },
                None => batch.inputs(),
            };
            let (training, chance) = (mode == Mode::Training, &self.chance.at(index));
            let (columns, batch) = (batch.columns(), batch.len);
            layer.backward(inputs, flow, &Pass { training, drops: false, chance, columns, batch });
            if let Some(previous) = before.last_mut() {
                layer.input_gradient(flow, previous, columns);
            }
        }
    }

    /// Moves running statistics towards those of the last batch in training. Apart from the pass,
    /// so that a pass may be repeated: they move when the weights move.
    pub fn settle(&mut self) {
        for (layer, flow) in self.layers.iter_mut().zip(&self.flows) {
            layer.settle(flow, self.trained);
        }
    }

    /// The loss at the outputs that the last forward pass left; fills ∂L/∂output if that is wanted.
    fn output_loss<const GRADIENT: bool>(&mut self, batch: &Batch<F>) -> f64 {
        let (Some(layer), Some(flow)) = (self.layers.last(), self.flows.last_mut()) else {
            return 0.0;
        };
        let columns = batch.columns();
        let shape = Shape { units: layer.outputs(), columns, batch: batch.len };
        let (output, target, grad) = (&flow.a[..], &batch.target[..], &mut flow.da[..]);
        let pass = loss::Pass { output, target, grad, shape };
        if GRADIENT { self.loss.evaluate(pass) } else { self.loss.value(pass) }
    }

    /// The pre-activations and activations of layer `index` in the last forward pass.
    #[must_use]
    pub fn flow(&self, index: usize) -> (&[F], &[F]) {
        let flow = &self.flows[index];
        (&flow.z, &flow.a)
    }

    /// ∂L/∂z of layer `index`, `units × columns`, as the last backward pass left it.
    #[must_use]
    pub fn pre_activation_gradient(&self, index: usize) -> &[F] {
        &self.flows[index].dz
    }

    /// The norm of the gradient of each step's pre-activations in layer `index`, as the last backward
    /// pass left it; nothing if it knows no steps.
    #[must_use]
    pub fn gradient_by_step(&self, index: usize) -> Vec<f64> {
        self.layers[index].gradient_by_step(&self.flows[index])
    }

    /// What layer `index` passed on in the last forward pass: its activations, with what dropout left
    /// of them in training.
    #[must_use]
    pub fn passed_on(&self, index: usize) -> &[F] {
        self.flows[index].output()
    }

    /// The inputs of the activation of layer `index` in the last forward pass: its
    /// pre-activations, normalised if it does that.
    #[must_use]
    pub fn activated(&self, index: usize) -> &[F] {
        let flow = &self.flows[index];
        if self.layers[index].is_normalised() { &flow.n } else { &flow.z }
    }
}
