//! Transforms: what a layer computes of its inputs, before the norm and the activation.
//!
//! A dense layer multiplies them by a matrix; a recurrent one takes them for a sequence of steps
//! and goes through it. A sequence of `t` steps of `d` numbers is `t × d` features, step after
//! step, so that each step is a matrix `[d][samples]` of its own.

use std::fmt::Debug;
use std::ops::Deref;

use ndarray::Array2;

use super::buffer::Buffer;
use super::build::{Builders, Family, Float, builders};
use super::dual::Dual;
use super::kernel::sparse::Occupied;
use super::real::Real;
use super::tensor::{Role, Tensor};
use crate::spec::{Base, Describe, Pick};

mod dense;
mod gru;
mod lstm;
mod recurrent;
mod rnn;

pub(super) use dense::Dense;

/// Every kind of layer that can be picked, in the order in which it is shown.
pub static TABLE: &[Entry] = &[
    Entry {
        base: Base::of::<Dense>(),
        builders: builders!(|pick| Box::new(Dense::build(pick))),
        diagram: "",
        recurrence: None,
    },
    Entry { builders: builders!(|pick| rnn::build(pick)), ..recurrent::<rnn::Rnn, 1>(1, 0) },
    recurrent::<gru::Gru, 4>(3, 2),
    recurrent::<lstm::Lstm, 6>(4, 2),
];

/// A row of [`TABLE`].
pub struct Entry {
    base: Base,
    builders: Builders<Transforms>,
    /// A picture of one step, in lines of at most 50 columns; empty where there is nothing to see.
    pub diagram: &'static str,
    /// Its gates, if it goes through sequences.
    pub recurrence: Option<Recurrence>,
}

impl Deref for Entry {
    type Target = Base;
    fn deref(&self) -> &Base {
        &self.base
    }
}

/// The gates of a recurrent layer: the blocks of `units` rows that its weights are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recurrence {
    /// Their number.
    pub gates: usize,
    /// The one, from 0, by which inputs enter the new state.
    pub candidate: usize,
    /// Numbers that are kept of each unit and step for the way back, beside the state.
    pub kept: usize,
}

impl Entry {
    /// The transform with the parameters picked, for inputs of so many steps.
    #[must_use]
    pub fn build<F: Float>(&self, pick: &Pick, steps: usize) -> Box<dyn Transform<F>> {
        let mut transform = F::build(&self.builders, pick);
        transform.set_steps(steps);
        transform
    }

    /// Whether `pick`, which is of this row, hands on a whole sequence rather than the last state.
    #[must_use]
    pub fn returns_sequences(&self, pick: &Pick) -> bool {
        self.recurrence.is_some() && pick.flag("return_sequences")
    }
}

/// The family of what [`TABLE`] builds.
struct Transforms;

impl Family for Transforms {
    type Of<F: Real> = Box<dyn Transform<F>>;
}

/// The table row of a recurrent layer of so many gates, one of them its candidate, that keeps `K`
/// numbers of a unit and step.
const fn recurrent<C, const K: usize>(gates: usize, candidate: usize) -> Entry
where
    C: Describe + recurrent::Cell<K>,
    recurrent::Recurrent<C, K>: Transform<f32> + Transform<f64> + Transform<Dual>,
{
    Entry {
        base: Base::of::<C>(),
        builders: builders!(|pick| recurrent::Recurrent::<C, K>::boxed(C::build(pick), pick)),
        diagram: C::DIAGRAM,
        recurrence: Some(Recurrence { gates, candidate, kept: K }),
    }
}

/// The name, the part and the shape of a tensor.
pub type Layout = (&'static str, Role, (usize, usize));

/// Buffers of one transform for one batch, which forward leaves to backward.
#[derive(Clone, Debug, Default)]
pub struct Scratch<F> {
    /// Inputs transposed, samples by features.
    pub(super) xt: Buffer<F>,
    /// Whether the inputs of the last pass forward were 0 nearly everywhere.
    pub(super) sparse: bool,
    /// Where they are not.
    pub(super) occupied: Occupied,
    /// What a recurrent layer keeps of each step; after the way back, the gradients of its products.
    pub(super) kept: Vec<F>,
    /// States before the first step and after each.
    pub(super) states: Vec<F>,
    /// The gradients of the state and of the cell, on their way back.
    pub(super) carried: Vec<F>,
    /// Biases that are added together.
    pub(super) bias: Vec<F>,
}

/// The arguments of [`Transform::forward`].
#[derive(Debug)]
pub struct Forward<'a, F> {
    /// The transform's tensors.
    pub tensors: &'a [Tensor<F>],
    /// Inputs, `inputs × columns`.
    pub x: &'a [F],
    /// Receives the outputs, `rows × columns`.
    pub z: &'a mut [F],
    /// Receives what [`Transform::backward`] needs.
    pub scratch: &'a mut Scratch<F>,
    /// Samples including padding.
    pub columns: usize,
}

/// The arguments of [`Transform::backward`].
#[derive(Debug)]
pub struct Backward<'a, F> {
    /// The transform's tensors; the gradients are overwritten.
    pub tensors: &'a mut [Tensor<F>],
    /// What went forward.
    pub inputs: Inputs<'a, F>,
    /// ∂L/∂z; 0 in padding columns. Subnormal numbers, on which arithmetic is many times as slow, may
    /// become 0.
    pub dz: &'a mut [F],
    /// What [`Transform::forward`] left.
    pub scratch: &'a mut Scratch<F>,
    /// Samples.
    pub samples: Samples,
}

/// The inputs of a layer.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a, F> {
    /// Features by samples.
    pub x: &'a [F],
    /// The same, samples by padded features, where that is at hand. The padding may be anything.
    pub xt: Option<&'a [F]>,
}

/// The samples of a pass.
#[derive(Clone, Copy, Debug)]
pub struct Samples {
    /// Those that count.
    pub batch: usize,
    /// All, with padding.
    pub columns: usize,
}

/// The arguments of [`Transform::input_gradient`].
#[derive(Debug)]
pub struct InputGradient<'a, F> {
    /// The transform's tensors.
    pub tensors: &'a [Tensor<F>],
    /// ∂L/∂z.
    pub dz: &'a [F],
    /// What [`Transform::backward`] left.
    pub scratch: &'a Scratch<F>,
    /// Receives ∂L/∂x.
    pub dx: &'a mut [F],
    /// Samples including padding.
    pub columns: usize,
}

/// A map from inputs to what goes into a norm or an activation.
pub trait Transform<F: Real>: Debug + Send + Sync {
    /// Sets of how many steps the inputs are; without meaning for one that knows no steps.
    fn set_steps(&mut self, _steps: usize) {}
    /// Its tensors for `units` units that see `inputs` numbers, in an order that is always the same.
    fn layout(&self, units: usize, inputs: usize) -> Vec<Layout>;
    /// Inputs of one with these tensors.
    fn inputs(&self, tensors: &[Tensor<F>]) -> usize;
    /// Rows of its outputs: its units, once for each step that it hands on.
    fn rows(&self, tensors: &[Tensor<F>]) -> usize;
    /// x → z.
    fn forward(&self, pass: Forward<'_, F>);
    /// ∂L/∂z → the gradient of every tensor, after a forward pass.
    fn backward(&self, pass: Backward<'_, F>);
    /// The norm of the gradient of each step's pre-activations after a backward pass; nothing for one
    /// that knows no steps.
    fn gradient_by_step(&self, _: &[Tensor<F>], _: &Scratch<F>, _columns: usize) -> Vec<f64> {
        Vec::new()
    }
    /// ∂L/∂z → ∂L/∂x, after a backward pass.
    fn input_gradient(&self, pass: InputGradient<'_, F>);
}

/// The tensors of `layout`, all 0.
pub(super) fn zeros<F: Real>(layout: Vec<Layout>) -> Vec<Tensor<F>> {
    let zero = |(name, role, shape): Layout| {
        let value = Array2::from_elem(shape, F::ZERO);
        match role {
            Role::Weight => Tensor::weight(name, value),
            Role::Vector => Tensor::vector(name, value.into_iter().collect()),
            Role::Buffer => Tensor::buffer(name, value.into_iter().collect()),
        }
    };
    layout.into_iter().map(zero).collect()
}
