//! A dense layer: its tensors as one named list, and the way of a batch through it.

use ndarray::Array2;

use super::activation::{self, Activation, Shape};
use super::chance::Chance;
use super::flow::Flow;
use super::kernel::{self, Dims};
use super::norm::{self, Norm};
use super::real::Real;
use super::simd::padded;
use super::tensor::{Role, Tensor};

/// The places of weight and bias in the list; the activation's and the norm's tensors follow.
const WEIGHT: usize = 0;
const BIAS: usize = 1;
const OWN: usize = 2;

/// A dense layer: `a = f(W·x + b)`, or `f(norm(W·x + b))`.
#[derive(Debug)]
pub struct Layer<F> {
    /// `weight` (`units × inputs`), `bias`, then what the activation learns, then what the
    /// normalisation learns and keeps.
    tensors: Vec<Tensor<F>>,
    /// Where the normalisation's tensors begin.
    norm_from: usize,
    /// The share of its outputs that is set to 0 in training; of no effect at the output layer.
    pub dropout: f64,
    activation: Box<dyn Activation<F>>,
    norm: Option<Box<dyn Norm<F>>>,
}

/// The purpose and the extent of a pass.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pass {
    /// Whether random slopes are in force and batches are normalised by themselves.
    pub training: bool,
    /// Whether outputs are dropped.
    pub drops: bool,
    /// The randomness of this layer in this step.
    pub chance: Chance,
    /// Samples including padding.
    pub columns: usize,
    /// Samples that count.
    pub batch: usize,
}

impl<F: Real> Layer<F> {
    /// A layer with these initial parameters: `weight` is `units × inputs`, `bias` has `units`.
    #[must_use]
    pub fn new(weight: Array2<F>, bias: Vec<F>, activation: Box<dyn Activation<F>>) -> Self {
        let tensors = vec![Tensor::weight("weight", weight), Tensor::vector("bias", bias)];
        let norm_from = tensors.len();
        let mut layer = Self { tensors, norm_from, dropout: 0.0, activation, norm: None };
        layer.restart_activation();
        layer
    }

    /// A layer whose tensors `find` gives by name. One that is not found, or is of another size
    /// than activation or norm have it, starts afresh.
    #[must_use]
    pub fn restored(
        find: impl Fn(&str) -> Option<Array2<F>>,
        activation: Box<dyn Activation<F>>,
        norm: Option<Box<dyn Norm<F>>>,
    ) -> Self {
        let found = |name| find(name).unwrap_or_else(|| Array2::from_elem((0, 0), F::ZERO));
        let bias = found("bias").into_iter().collect();
        let mut layer = Self::new(found("weight"), bias, activation);
        layer.set_norm(norm);
        for tensor in &mut layer.tensors[OWN..] {
            if let Some(value) = find(tensor.name).filter(|it| it.dim() == tensor.value.dim()) {
                tensor.value.assign(&value);
            }
        }
        layer
    }

    /// Normalises what goes into the activation, or no longer; what that learns starts afresh.
    pub fn set_norm(&mut self, norm: Option<Box<dyn Norm<F>>>) {
        self.tensors.truncate(self.norm_from);
        if let Some(norm) = &norm {
            self.tensors.extend(norm.tensors(self.units()));
        }
        self.norm = norm;
    }

    /// Replaces the activation; learnable parameters of the new one start afresh.
    pub fn set_activation(&mut self, activation: Box<dyn Activation<F>>) {
        self.activation = activation;
        self.restart_activation();
    }

    fn restart_activation(&mut self) {
        let theta = self.activation.learnable(self.units());
        let theta = (!theta.is_empty()).then(|| Tensor::vector("theta", theta));
        let norm_from = OWN + usize::from(theta.is_some());
        self.tensors.splice(OWN..self.norm_from, theta);
        self.norm_from = norm_from;
    }

    /// Neurons before the activation.
    #[must_use]
    pub fn units(&self) -> usize {
        self.tensors[WEIGHT].value.nrows()
    }

    /// Numbers that each neuron sees: the fan-in.
    #[must_use]
    pub fn inputs(&self) -> usize {
        self.tensors[WEIGHT].value.ncols()
    }

    /// Numbers that the next layer sees.
    #[must_use]
    pub fn outputs(&self) -> usize {
        self.activation.outputs(self.units())
    }

    /// All its tensors, in an order that is always the same; none is of no elements.
    #[must_use]
    pub fn tensors(&self) -> &[Tensor<F>] {
        &self.tensors
    }

    /// As [`Layer::tensors`], to be changed.
    pub fn tensors_mut(&mut self) -> &mut [Tensor<F>] {
        &mut self.tensors
    }

    /// The tensors that are trained.
    pub fn trained(&self) -> impl Iterator<Item = &Tensor<F>> {
        self.tensors.iter().filter(|tensor| tensor.is_trained())
    }

    /// As [`Layer::trained`], to be changed.
    pub fn trained_mut(&mut self) -> impl Iterator<Item = &mut Tensor<F>> {
        self.tensors.iter_mut().filter(|tensor| tensor.is_trained())
    }

    /// The matrices of weights: what penalties and decay are about.
    pub fn weights(&self) -> impl Iterator<Item = &Tensor<F>> {
        self.tensors.iter().filter(|tensor| tensor.role == Role::Weight)
    }

    /// As [`Layer::weights`], to be changed.
    pub fn weights_mut(&mut self) -> impl Iterator<Item = &mut Tensor<F>> {
        self.tensors.iter_mut().filter(|tensor| tensor.role == Role::Weight)
    }

    /// The tensor of this name, if it has one.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Tensor<F>> {
        self.tensors.iter().find(|tensor| tensor.name == name)
    }

    /// f′ at every one of the pre-activations `z`, `units × columns`: what a gradient of 1 becomes
    /// on its way back through the activation in evaluation.
    #[must_use]
    pub fn slopes(&self, z: &[F], columns: usize) -> Vec<F> {
        let shape = Shape { units: self.units(), columns, batch: columns };
        let theta = self.theta();
        let mut a = vec![F::ZERO; self.outputs() * columns];
        self.activation.forward(activation::Forward { z, a: &mut a, theta, chance: None, shape });
        let mut dz = vec![F::ZERO; z.len()];
        self.activation.backward(activation::Backward {
            z,
            a: &a,
            da: &vec![F::ONE; a.len()],
            dz: &mut dz,
            theta,
            dtheta: &mut vec![F::ZERO; theta.len()],
            chance: None,
            shape,
        });
        dz
    }

    /// The output that unit `unit` bears on, after those before it: a gated activation has one for a
    /// pair of units, of which one stands in each half.
    #[must_use]
    pub fn output_of(&self, unit: usize) -> usize {
        unit % self.outputs().max(1)
    }

    /// What the activation makes of each of `xs` at unit `unit` in evaluation, while the inputs of the
    /// others stay those of one sample: `inputs` has one for each unit.
    #[must_use]
    pub fn response(&self, unit: usize, inputs: &[F], xs: &[F]) -> Vec<F> {
        let columns = padded(xs.len());
        let mut z: Vec<F> = inputs.iter().flat_map(|&input| vec![input; columns]).collect();
        z[unit * columns..][..xs.len()].copy_from_slice(xs);
        let mut a = vec![F::ZERO; self.outputs() * columns];
        let shape = self.shape(columns, xs.len());
        let theta = self.theta();
        self.activation.forward(activation::Forward {
            z: &z,
            a: &mut a,
            theta,
            chance: None,
            shape,
        });
        a[self.output_of(unit) * columns..][..xs.len()].to_vec()
    }

    /// Whether something stands between the affine map and the activation.
    pub(super) fn is_normalised(&self) -> bool {
        self.norm.is_some()
    }

    /// Takes `x`, `inputs × columns`, forward through `flow`.
    pub(super) fn forward(&self, x: &[F], flow: &mut Flow<F>, pass: Pass) {
        let Pass { training, drops, chance, columns, batch } = pass;
        flow.resize(self.units() * columns, self.outputs() * columns);
        let (weight, bias) = (self.tensors[WEIGHT].values(), self.tensors[BIAS].values());
        kernel::affine(self.dims(columns), weight, bias, x, &mut flow.z);
        let shape = self.shape(columns, batch);
        if let Some(norm) = &self.norm {
            flow.n.resize(flow.z.len(), F::ZERO);
            flow.statistics.resize(norm.statistics(shape), F::ZERO);
            norm.forward(norm::Forward {
                z: &flow.z,
                n: &mut flow.n,
                tensors: &self.tensors[self.norm_from..],
                training,
                statistics: &mut flow.statistics,
                shape,
            });
        }
        self.activation.forward(activation::Forward {
            z: if self.norm.is_some() { &flow.n } else { &flow.z },
            a: &mut flow.a,
            theta: self.theta(),
            chance: training.then_some(chance),
            shape,
        });
        if drops {
            flow.drop_out(self.dropout, chance);
        } else {
            flow.mask.clear();
        }
    }

    /// Takes ∂L/∂a in `flow` back to ∂L/∂z, and leaves the gradient beside every tensor; `x` is what
    /// went forward.
    pub(super) fn backward(&mut self, x: &[F], flow: &mut Flow<F>, pass: Pass) {
        let Pass { training, chance, columns, batch, .. } = pass;
        let (shape, dims) = (self.shape(columns, batch), self.dims(columns));
        let normed = self.norm.is_some();
        let (dense, rest) = self.tensors.split_at_mut(OWN);
        let (theta, kept) = rest.split_at_mut(self.norm_from - OWN);
        let (theta, dtheta) =
            theta.first_mut().map_or((&mut [][..], &mut [][..]), Tensor::parts_mut);
        flow.dn.resize(if normed { flow.z.len() } else { 0 }, F::ZERO);
        self.activation.backward(activation::Backward {
            z: if normed { &flow.n } else { &flow.z },
            a: &flow.a,
            da: &flow.da,
            dz: if normed { &mut flow.dn } else { &mut flow.dz },
            theta,
            dtheta,
            chance: training.then_some(chance),
            shape,
        });
        if let Some(norm) = &self.norm {
            norm.backward(norm::Backward {
                z: &flow.z,
                dn: &flow.dn,
                dz: &mut flow.dz,
                tensors: kept,
                training,
                statistics: &flow.statistics,
                shape,
            });
        }
        flow.xt.resize(columns * padded(dims.inputs), F::ZERO);
        let row = |input| &x[input * columns..][..columns];
        kernel::transpose(dims.inputs, columns, row, &mut flow.xt);
        if let [weight, bias] = dense {
            let (dw, db) = (weight.parts_mut().1, bias.parts_mut().1);
            kernel::weight_gradient(dims, &flow.dz, &flow.xt, dw, db);
        }
    }

    /// Gives ∂L/∂x from ∂L/∂z, and takes the dropout of the layer before back, whose flow is
    /// `previous`.
    pub(super) fn input_gradient(&self, dz: &[F], previous: &mut Flow<F>, columns: usize) {
        let weight = self.tensors[WEIGHT].values();
        kernel::input_gradient(self.dims(columns), weight, dz, &mut previous.da);
        for (da, &factor) in previous.da.iter_mut().zip(&previous.mask) {
            *da *= factor;
        }
    }

    /// Moves running statistics towards those of a batch of so many samples, which `flow` has seen
    /// in training.
    pub(super) fn settle(&mut self, flow: &Flow<F>, batch: usize) {
        if let Some(norm) = &self.norm {
            norm.settle(&flow.statistics, batch, &mut self.tensors[self.norm_from..]);
        }
    }

    /// What the activation has learnt; mostly nothing.
    fn theta(&self) -> &[F] {
        self.tensors[OWN..self.norm_from].first().map_or(&[], Tensor::values)
    }

    fn dims(&self, columns: usize) -> Dims {
        Dims { units: self.units(), inputs: self.inputs(), columns }
    }

    fn shape(&self, columns: usize, batch: usize) -> Shape {
        Shape { units: self.units(), columns, batch }
    }
}
