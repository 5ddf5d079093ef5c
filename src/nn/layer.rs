//! A layer: its tensors as one named list, and the way of a batch through it.

use ndarray::Array2;

use super::activation::{self, Activation, Shape};
use super::chance::Chance;
use super::flow::Flow;
use super::norm::{self, Norm};
use super::real::Real;
use super::simd::padded;
use super::tensor::{Role, Tensor};
use super::transform::{self, Dense, Inputs, Samples, Transform};

/// A layer: a transform, as `W·x + b`, then a norm if it has one, then an activation.
#[derive(Debug)]
pub struct Layer<F> {
    /// Those of the transform, then what the activation learns, then what the normalisation learns
    /// and keeps.
    tensors: Vec<Tensor<F>>,
    /// Where the transform's tensors end.
    own: usize,
    /// Where the normalisation's tensors begin.
    norm_from: usize,
    /// The share of its outputs that is set to 0 in training; of no effect at the output layer.
    pub dropout: f64,
    transform: Box<dyn Transform<F>>,
    activation: Box<dyn Activation<F>>,
    norm: Option<Box<dyn Norm<F>>>,
}

/// The purpose and the extent of a pass.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pass<'a> {
    /// Whether random slopes are in force and batches are normalised by themselves.
    pub training: bool,
    /// Whether outputs are dropped.
    pub drops: bool,
    /// The randomness of this layer in this step.
    pub chance: &'a Chance,
    /// Samples including padding.
    pub columns: usize,
    /// Samples that count.
    pub batch: usize,
}

impl<F: Real> Layer<F> {
    /// A dense layer with these initial parameters: `weight` is `units × inputs`, `bias` has `units`.
    #[must_use]
    pub fn new(weight: Array2<F>, bias: Vec<F>, activation: Box<dyn Activation<F>>) -> Self {
        let tensors = vec![Tensor::weight("weight", weight), Tensor::vector("bias", bias)];
        Self::with_tensors(Box::new(Dense), tensors, activation)
    }

    /// A layer of `units` on so many inputs, what its transform learns 0.
    #[must_use]
    pub fn zeros(
        transform: Box<dyn Transform<F>>,
        (units, inputs): (usize, usize),
        activation: Box<dyn Activation<F>>,
    ) -> Self {
        let tensors = transform::zeros(transform.layout(units, inputs));
        Self::with_tensors(transform, tensors, activation)
    }

    fn with_tensors(
        transform: Box<dyn Transform<F>>,
        tensors: Vec<Tensor<F>>,
        activation: Box<dyn Activation<F>>,
    ) -> Self {
        let own = tensors.len();
        let mut layer =
            Self { tensors, own, norm_from: own, dropout: 0.0, transform, activation, norm: None };
        layer.restart_activation();
        layer
    }

    /// A layer whose tensors `find` gives by name. One that is not found, or is of another size
    /// than activation or norm have it, starts afresh.
    #[must_use]
    pub fn restored(
        find: impl Fn(&str) -> Option<Array2<F>>,
        transform: Box<dyn Transform<F>>,
        activation: Box<dyn Activation<F>>,
        norm: Option<Box<dyn Norm<F>>>,
    ) -> Self {
        let own = transform.layout(0, 0).into_iter().map(|(name, role, _)| {
            let value = find(name).unwrap_or_else(|| Array2::from_elem((0, 0), F::ZERO));
            match role {
                Role::Weight => Tensor::weight(name, value),
                Role::Vector | Role::Buffer => Tensor::vector(name, value.into_iter().collect()),
            }
        });
        let own = own.collect();
        let mut layer = Self::with_tensors(transform, own, activation);
        layer.set_norm(norm);
        for tensor in &mut layer.tensors[layer.own..] {
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
        let norm_from = self.own + usize::from(theta.is_some());
        self.tensors.splice(self.own..self.norm_from, theta);
        self.norm_from = norm_from;
    }

    /// Numbers before the activation: a unit each, or one for each unit and step of a sequence that
    /// is handed on.
    #[must_use]
    pub fn units(&self) -> usize {
        self.transform.rows(self.own())
    }

    /// Numbers that it takes in.
    #[must_use]
    pub fn inputs(&self) -> usize {
        self.transform.inputs(self.own())
    }

    /// The transform's tensors.
    #[must_use]
    pub fn own(&self) -> &[Tensor<F>] {
        &self.tensors[..self.own]
    }

    /// As [`Layer::own`], to be changed.
    pub fn own_mut(&mut self) -> &mut [Tensor<F>] {
        &mut self.tensors[..self.own]
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
    pub(super) fn forward(&self, x: &[F], flow: &mut Flow<F>, pass: &Pass<'_>) {
        let Pass { training, drops, chance, columns, batch } = *pass;
        flow.resize(self.units() * columns, self.outputs() * columns);
        let (tensors, z, scratch) = (self.own(), &mut flow.z[..], &mut flow.scratch);
        self.transform.forward(transform::Forward { tensors, x, z, scratch, columns });
        let shape = self.shape(columns, batch);
        if let Some(norm) = &self.norm {
            flow.n.resize(flow.z.len());
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

    /// Takes ∂L/∂a in `flow` back to ∂L/∂z, and leaves the gradient beside every tensor; `inputs` are
    /// what went forward.
    pub(super) fn backward(&mut self, inputs: Inputs<'_, F>, flow: &mut Flow<F>, pass: &Pass<'_>) {
        let Pass { training, chance, columns, batch, .. } = *pass;
        let shape = self.shape(columns, batch);
        let normed = self.norm.is_some();
        let (tensors, rest) = self.tensors.split_at_mut(self.own);
        let (theta, kept) = rest.split_at_mut(self.norm_from - self.own);
        let (theta, dtheta) =
            theta.first_mut().map_or((&mut [][..], &mut [][..]), Tensor::parts_mut);
        flow.dn.resize(if normed { flow.z.len() } else { 0 });
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
        let (dz, scratch) = (&mut flow.dz[..], &mut flow.scratch);
        let samples = Samples { batch, columns };
        self.transform.backward(transform::Backward { tensors, inputs, dz, scratch, samples });
    }

    /// The norm of the gradient of each step's pre-activations, from what [`Layer::backward`] left.
    pub(super) fn gradient_by_step(&self, flow: &Flow<F>) -> Vec<f64> {
        let columns = flow.z.len() / self.units().max(1);
        self.transform.gradient_by_step(self.own(), &flow.scratch, columns)
    }

    /// Gives ∂L/∂x from what [`Layer::backward`] left in `flow`, and takes the dropout of the layer
    /// before back, whose flow is `previous`.
    pub(super) fn input_gradient(&self, flow: &Flow<F>, previous: &mut Flow<F>, columns: usize) {
        self.transform.input_gradient(transform::InputGradient {
            tensors: self.own(),
            dz: &flow.dz,
            scratch: &flow.scratch,
            dx: &mut previous.da,
            columns,
        });
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
        self.tensors[self.own..self.norm_from].first().map_or(&[], Tensor::values)
    }

    fn shape(&self, columns: usize, batch: usize) -> Shape {
        Shape { units: self.units(), columns, batch }
    }
}
