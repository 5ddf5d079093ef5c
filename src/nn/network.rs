//! A dense network: forward, backward, and the buffers between.

use ndarray::Array2;

use super::activation::{Activation, Backward, Forward, Shape};
use super::chance::Chance;
use super::kernel::{self, Dims};
use super::loss::{Loss, Pass};
use super::norm::{self, Memory, Norm, Running};
use super::real::Real;
use super::simd::padded;

/// A parameter with its gradient.
#[derive(Clone, Debug)]
pub struct Tensor<F> {
    /// Its present value.
    pub value: Array2<F>,
    /// ∂L/∂value of the last batch.
    pub grad: Array2<F>,
}

impl<F: Real> Tensor<F> {
    /// A parameter with no gradient yet.
    #[must_use]
    pub fn new(value: Array2<F>) -> Self {
        let grad = Array2::from_elem(value.dim(), F::ZERO);
        Self { value, grad }
    }

    /// The values, row after row.
    #[must_use]
    pub fn values(&self) -> &[F] {
        contiguous(&self.value)
    }

    /// The gradient, row after row.
    #[must_use]
    pub fn grads(&self) -> &[F] {
        contiguous(&self.grad)
    }

    /// Values and gradient, row after row.
    pub fn parts_mut(&mut self) -> (&mut [F], &mut [F]) {
        (contiguous_mut(&mut self.value), contiguous_mut(&mut self.grad))
    }
}

fn contiguous<F>(array: &Array2<F>) -> &[F] {
    match array.as_slice() {
        Some(slice) => slice,
        None => unreachable!("parameters are stored row after row"),
    }
}

fn contiguous_mut<F>(array: &mut Array2<F>) -> &mut [F] {
    match array.as_slice_mut() {
        Some(slice) => slice,
        None => unreachable!("parameters are stored row after row"),
    }
}

/// A dense layer: `a = f(W·x + b)`, or `f(norm(W·x + b))`.
#[derive(Debug)]
pub struct Layer<F> {
    /// `units × inputs`.
    pub weight: Tensor<F>,
    /// `1 × units`.
    pub bias: Tensor<F>,
    /// Learnable parameters of the activation, `1 × n`; most have none.
    pub theta: Tensor<F>,
    /// γ of the normalisation, `1 × units`; empty if there is none.
    pub gamma: Tensor<F>,
    /// β of the normalisation, `1 × units`; empty if there is none.
    pub beta: Tensor<F>,
    /// The running mean and variance that a normalisation evaluates with; mostly empty.
    pub running: [Vec<F>; 2],
    /// The share of its outputs that is set to 0 in training; of no effect at the output layer.
    pub dropout: f64,
    activation: Box<dyn Activation<F>>,
    norm: Option<Box<dyn Norm<F>>>,
}

impl<F: Real> Layer<F> {
    /// A layer with these initial parameters: `weight` is `units × inputs`, `bias` has `units`.
    #[must_use]
    pub fn new(weight: Array2<F>, bias: Vec<F>, activation: Box<dyn Activation<F>>) -> Self {
        let theta = activation.learnable(weight.nrows());
        Self {
            weight: Tensor::new(weight.as_standard_layout().into_owned()),
            bias: Tensor::new(row(bias)),
            theta: Tensor::new(row(theta)),
            gamma: Tensor::new(row(Vec::new())),
            beta: Tensor::new(row(Vec::new())),
            running: [Vec::new(), Vec::new()],
            dropout: 0.0,
            activation,
            norm: None,
        }
    }

    /// Normalises what goes into the activation, or no longer; what that learns starts afresh.
    pub fn set_norm(&mut self, norm: Option<Box<dyn Norm<F>>>) {
        let Memory { gamma, beta, mean, variance } =
            norm.as_ref().map_or_else(Memory::default, |norm| norm.memory(self.units()));
        self.gamma = Tensor::new(row(gamma));
        self.beta = Tensor::new(row(beta));
        self.running = [mean, variance];
        self.norm = norm;
    }

    /// Neurons before the activation.
    #[must_use]
    pub fn units(&self) -> usize {
        self.weight.value.nrows()
    }

    /// Numbers that each neuron sees: the fan-in.
    #[must_use]
    pub fn inputs(&self) -> usize {
        self.weight.value.ncols()
    }

    /// Numbers that the next layer sees.
    #[must_use]
    pub fn outputs(&self) -> usize {
        self.activation.outputs(self.units())
    }

    /// Replaces the activation; learnable parameters of the new one start afresh.
    pub fn set_activation(&mut self, activation: Box<dyn Activation<F>>) {
        self.theta = Tensor::new(row(activation.learnable(self.units())));
        self.activation = activation;
    }

    /// The trained parameters by name, those of no elements left out.
    pub fn tensors(&self) -> impl Iterator<Item = (&'static str, &Tensor<F>)> {
        [
            ("weight", &self.weight),
            ("bias", &self.bias),
            ("theta", &self.theta),
            ("gamma", &self.gamma),
            ("beta", &self.beta),
        ]
        .into_iter()
        .filter(|(_, tensor)| !tensor.value.is_empty())
    }

    /// As [`Layer::tensors`], to be changed.
    pub fn tensors_mut(&mut self) -> impl Iterator<Item = (&'static str, &mut Tensor<F>)> {
        [
            ("weight", &mut self.weight),
            ("bias", &mut self.bias),
            ("theta", &mut self.theta),
            ("gamma", &mut self.gamma),
            ("beta", &mut self.beta),
        ]
        .into_iter()
        .filter(|(_, tensor)| !tensor.value.is_empty())
    }

    /// All numbers but the weight: bias, theta, γ, β, running mean and running variance.
    #[must_use]
    pub fn vectors(&self) -> [&[F]; 6] {
        let [mean, variance] = &self.running;
        let [bias, theta, gamma, beta] =
            [&self.bias, &self.theta, &self.gamma, &self.beta].map(Tensor::values);
        [bias, theta, gamma, beta, mean, variance]
    }

    /// As [`Layer::vectors`], to be changed.
    pub fn vectors_mut(&mut self) -> [&mut [F]; 6] {
        let Self { bias, theta, gamma, beta, running: [mean, variance], .. } = self;
        let [bias, theta, gamma, beta] = [bias, theta, gamma, beta].map(|t| t.parts_mut().0);
        [bias, theta, gamma, beta, mean, variance]
    }

    fn dims(&self, columns: usize) -> Dims {
        Dims { units: self.units(), inputs: self.inputs(), columns }
    }

    fn shape(&self, columns: usize, batch: usize) -> Shape {
        Shape { units: self.units(), columns, batch }
    }
}

fn row<F: Real>(values: Vec<F>) -> Array2<F> {
    let mut array = Array2::from_elem((1, values.len()), F::ZERO);
    contiguous_mut(&mut array).copy_from_slice(&values);
    array
}

/// Samples on their way through a network: `features × columns` and `outputs × columns`.
#[derive(Clone, Debug, Default)]
pub struct Batch<F> {
    /// Inputs, features by samples.
    pub x: Vec<F>,
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
}

/// What flows between two layers for one batch.
#[derive(Clone, Debug, Default)]
struct Flow<F> {
    z: Vec<F>,
    a: Vec<F>,
    da: Vec<F>,
    dz: Vec<F>,
    /// The layer's inputs transposed, samples by features.
    xt: Vec<F>,
    /// What a normalisation makes of `z`, ∂L/∂ of it, and what it needs to go back.
    n: Vec<F>,
    dn: Vec<F>,
    statistics: Vec<F>,
    /// What dropout multiplies `a` with in training, and the product.
    mask: Vec<F>,
    dropped: Vec<F>,
}

impl<F: Real> Flow<F> {
    fn fit(&mut self, before: usize, after: usize) {
        self.z.resize(before, F::ZERO);
        self.dz.resize(before, F::ZERO);
        self.a.resize(after, F::ZERO);
        self.da.resize(after, F::ZERO);
    }

    /// What the next layer saw in a pass in training.
    fn given(&self) -> &Vec<F> {
        if self.mask.is_empty() { &self.a } else { &self.dropped }
    }

    /// Sets a share `p` of the outputs to 0.
    fn drop_out(&mut self, p: f64, chance: Chance) {
        self.mask.resize(self.a.len(), F::ZERO);
        self.dropped.resize(self.a.len(), F::ZERO);
        chance.dropout(p, &mut self.mask);
        for ((dropped, &a), &factor) in self.dropped.iter_mut().zip(&self.a).zip(&self.mask) {
            *dropped = a * factor;
        }
    }
}

/// A stack of dense layers under a loss.
#[derive(Debug)]
pub struct Network<F> {
    layers: Vec<Layer<F>>,
    loss: Box<dyn Loss<F>>,
    flows: Vec<Flow<F>>,
    chance: Chance,
    /// Samples of the last pass in training.
    trained: usize,
}

/// What a forward pass is for.
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
        let columns = batch.columns();
        let mut x: &[F] = &batch.x;
        let last = self.layers.len().saturating_sub(1);
        for (index, (layer, flow)) in self.layers.iter().zip(&mut self.flows).enumerate() {
            flow.fit(layer.units() * columns, layer.outputs() * columns);
            let (weight, bias) = (layer.weight.values(), layer.bias.values());
            kernel::affine(layer.dims(columns), weight, bias, x, &mut flow.z);
            let shape = layer.shape(columns, batch.len);
            if let Some(norm) = &layer.norm {
                flow.n.resize(flow.z.len(), F::ZERO);
                flow.statistics.resize(norm.statistics(shape), F::ZERO);
                let [mean, variance] = &layer.running;
                norm.forward(norm::Forward {
                    z: &flow.z,
                    n: &mut flow.n,
                    gamma: layer.gamma.values(),
                    beta: layer.beta.values(),
                    running: (mode == Mode::Evaluation).then_some(Running { mean, variance }),
                    statistics: &mut flow.statistics,
                    shape,
                });
            }
            let chance = self.chance.at(index);
            layer.activation.forward(Forward {
                z: if layer.norm.is_some() { &flow.n } else { &flow.z },
                a: &mut flow.a,
                theta: layer.theta.values(),
                chance: (mode == Mode::Training).then_some(chance),
                shape,
            });
            let drops = layer.dropout > 0.0 && index < last && mode == Mode::Training;
            if drops {
                flow.drop_out(layer.dropout, chance);
            } else {
                flow.mask.clear();
            }
            x = if drops { &flow.dropped } else { &flow.a };
        }
    }

    /// The mean loss of `batch` in evaluation, without gradients. Leaves the outputs readable.
    pub fn loss(&mut self, batch: &Batch<F>) -> f64 {
        self.run(batch, Mode::Evaluation);
        self.output_loss(batch)
    }

    /// The mean loss of `batch` in training, without gradients: that whose gradients
    /// [`Network::loss_and_gradients`] gives.
    pub fn training_loss(&mut self, batch: &Batch<F>) -> f64 {
        self.run(batch, Mode::Training);
        self.trained = batch.len;
        self.output_loss(batch)
    }

    /// The mean loss of `batch` in training; every parameter's gradient is left beside it.
    pub fn loss_and_gradients(&mut self, batch: &Batch<F>) -> f64 {
        let loss = self.training_loss(batch);
        let columns = batch.columns();
        for (index, layer) in self.layers.iter_mut().enumerate().rev() {
            let (before, rest) = self.flows.split_at_mut(index);
            let Some(flow) = rest.first_mut() else { continue };
            let shape = layer.shape(columns, batch.len);
            let normed = layer.norm.is_some();
            flow.dn.resize(if normed { flow.z.len() } else { 0 }, F::ZERO);
            layer.activation.backward(Backward {
                z: if normed { &flow.n } else { &flow.z },
                a: &flow.a,
                da: &flow.da,
                dz: if normed { &mut flow.dn } else { &mut flow.dz },
                theta: layer.theta.value.as_slice().unwrap_or_default(),
                dtheta: layer.theta.grad.as_slice_mut().unwrap_or_default(),
                chance: Some(self.chance.at(index)),
                shape,
            });
            if let Some(norm) = &layer.norm {
                norm.backward(norm::Backward {
                    z: &flow.z,
                    dn: &flow.dn,
                    dz: &mut flow.dz,
                    gamma: layer.gamma.value.as_slice().unwrap_or_default(),
                    dgamma: contiguous_mut(&mut layer.gamma.grad),
                    dbeta: contiguous_mut(&mut layer.beta.grad),
                    statistics: &flow.statistics,
                    shape,
                });
            }
            let dims = layer.dims(columns);
            let x = before.last().map_or(&batch.x, Flow::given);
            flow.xt.resize(columns * padded(dims.inputs), F::ZERO);
            let row = |input| &x[input * columns..][..columns];
            kernel::transpose(dims.inputs, columns, row, &mut flow.xt);
            let dw = contiguous_mut(&mut layer.weight.grad);
            let db = contiguous_mut(&mut layer.bias.grad);
            kernel::weight_gradient(dims, &flow.dz, &flow.xt, dw, db);
            if let Some(previous) = before.last_mut() {
                kernel::input_gradient(dims, layer.weight.values(), &flow.dz, &mut previous.da);
                for (da, &factor) in previous.da.iter_mut().zip(&previous.mask) {
                    *da *= factor;
                }
            }
        }
        loss
    }

    /// Moves running statistics towards those of the last batch in training. Apart from the pass,
    /// so that a pass may be repeated: they move when the weights move.
    pub fn settle(&mut self) {
        for (layer, flow) in self.layers.iter_mut().zip(&self.flows) {
            if let Some(norm) = &layer.norm {
                let [mean, variance] = &mut layer.running;
                norm.settle(&flow.statistics, self.trained, mean, variance);
            }
        }
    }

    /// The loss at the outputs that the last forward pass left; fills ∂L/∂output.
    fn output_loss(&mut self, batch: &Batch<F>) -> f64 {
        let (Some(layer), Some(flow)) = (self.layers.last(), self.flows.last_mut()) else {
            return 0.0;
        };
        let columns = batch.columns();
        let shape = Shape { units: layer.outputs(), columns, batch: batch.len };
        self.loss.evaluate(Pass {
            output: &flow.a,
            target: &batch.target,
            grad: &mut flow.da,
            shape,
        })
    }

    /// The pre-activations and activations of layer `index` in the last forward pass.
    #[must_use]
    pub fn flow(&self, index: usize) -> (&[F], &[F]) {
        let flow = &self.flows[index];
        (&flow.z, &flow.a)
    }

    /// What went into the activation of layer `index` in the last forward pass: its
    /// pre-activations, normalised if it does that.
    #[must_use]
    pub fn activated(&self, index: usize) -> &[F] {
        let flow = &self.flows[index];
        if self.layers[index].norm.is_some() { &flow.n } else { &flow.z }
    }
}
