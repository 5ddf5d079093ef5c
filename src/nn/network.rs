//! A dense network: forward, backward, and the buffers between.

use ndarray::Array2;

use super::activation::{Activation, Backward, Forward, Shape};
use super::kernel::{self, Dims};
use super::loss::{Loss, Pass};
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

/// A dense layer: `a = f(W·x + b)`.
#[derive(Debug)]
pub struct Layer<F> {
    /// `units × inputs`.
    pub weight: Tensor<F>,
    /// `1 × units`.
    pub bias: Tensor<F>,
    /// Learnable parameters of the activation, `1 × n`; most have none.
    pub theta: Tensor<F>,
    activation: Box<dyn Activation<F>>,
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
            activation,
        }
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
        [("weight", &self.weight), ("bias", &self.bias), ("theta", &self.theta)]
            .into_iter()
            .filter(|(_, tensor)| !tensor.value.is_empty())
    }

    /// As [`Layer::tensors`], to be changed.
    pub fn tensors_mut(&mut self) -> impl Iterator<Item = (&'static str, &mut Tensor<F>)> {
        [("weight", &mut self.weight), ("bias", &mut self.bias), ("theta", &mut self.theta)]
            .into_iter()
            .filter(|(_, tensor)| !tensor.value.is_empty())
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
}

impl<F: Real> Flow<F> {
    fn fit(&mut self, before: usize, after: usize) {
        self.z.resize(before, F::ZERO);
        self.dz.resize(before, F::ZERO);
        self.a.resize(after, F::ZERO);
        self.da.resize(after, F::ZERO);
    }
}

/// A stack of dense layers under a loss.
#[derive(Debug)]
pub struct Network<F> {
    layers: Vec<Layer<F>>,
    loss: Box<dyn Loss<F>>,
    flows: Vec<Flow<F>>,
}

impl<F: Real> Network<F> {
    /// A network of `layers`, each fitting the one before.
    #[must_use]
    pub fn new(layers: Vec<Layer<F>>, loss: Box<dyn Loss<F>>) -> Self {
        let flows = layers.iter().map(|_| Flow::default()).collect();
        Self { layers, loss, flows }
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

    /// Runs `batch` forward; returns the outputs, `outputs × columns`.
    pub fn forward(&mut self, batch: &Batch<F>) -> &[F] {
        let columns = batch.columns();
        let mut x: &[F] = &batch.x;
        for (layer, flow) in self.layers.iter().zip(&mut self.flows) {
            flow.fit(layer.units() * columns, layer.outputs() * columns);
            let (weight, bias) = (layer.weight.values(), layer.bias.values());
            kernel::affine(layer.dims(columns), weight, bias, x, &mut flow.z);
            layer.activation.forward(Forward {
                z: &flow.z,
                a: &mut flow.a,
                theta: layer.theta.values(),
                shape: layer.shape(columns, batch.len),
            });
            x = &flow.a;
        }
        self.output()
    }

    /// The mean loss of `batch`, without gradients. Leaves the outputs readable.
    pub fn loss(&mut self, batch: &Batch<F>) -> f64 {
        self.forward(batch);
        self.output_loss(batch)
    }

    /// The mean loss of `batch`; every parameter's gradient is left beside it.
    pub fn loss_and_gradients(&mut self, batch: &Batch<F>) -> f64 {
        let loss = self.loss(batch);
        let columns = batch.columns();
        for (index, layer) in self.layers.iter_mut().enumerate().rev() {
            let (before, rest) = self.flows.split_at_mut(index);
            let Some(flow) = rest.first_mut() else { continue };
            let shape = layer.shape(columns, batch.len);
            layer.activation.backward(Backward {
                z: &flow.z,
                a: &flow.a,
                da: &flow.da,
                dz: &mut flow.dz,
                theta: layer.theta.value.as_slice().unwrap_or_default(),
                dtheta: layer.theta.grad.as_slice_mut().unwrap_or_default(),
                shape,
            });
            let dims = layer.dims(columns);
            let x = before.last().map_or(&batch.x, |flow| &flow.a);
            flow.xt.resize(columns * padded(dims.inputs), F::ZERO);
            let row = |input| &x[input * columns..][..columns];
            kernel::transpose(dims.inputs, columns, row, &mut flow.xt);
            let dw = contiguous_mut(&mut layer.weight.grad);
            let db = contiguous_mut(&mut layer.bias.grad);
            kernel::weight_gradient(dims, &flow.dz, &flow.xt, dw, db);
            if let Some(previous) = before.last_mut() {
                kernel::input_gradient(dims, layer.weight.values(), &flow.dz, &mut previous.da);
            }
        }
        loss
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
}
