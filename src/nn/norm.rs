//! Normalisations: what may stand between a layer's affine map and its activation.
//!
//! `n = γ·x̂ + β`, where x̂ is z less a mean, over a spread, and γ and β (one of each a unit) are
//! trained by the layer's optimizer.

use std::fmt::Debug;
use std::ops::Deref;

use super::activation::Shape;
use super::build::{Builders, Family, Float, builders};
use super::dual::Dual;
use super::real::Real;
use super::tensor::Tensor;
use crate::spec::{Base, DefaultValue, Describe, Param, Pick, Range};

mod batch;
mod layer;
mod rms;
mod sample;

/// Every normalisation that can be picked, in the order in which it is shown.
pub static TABLE: &[Entry] =
    &[entry::<batch::BatchNorm>(), entry::<layer::LayerNorm>(), entry::<rms::RmsNorm>()];

/// A row of [`TABLE`].
pub struct Entry {
    base: Base,
    builders: Builders<Norms>,
}

impl Deref for Entry {
    type Target = Base;
    fn deref(&self) -> &Base {
        &self.base
    }
}

impl Entry {
    /// The normalisation with the parameters picked.
    #[must_use]
    pub fn build<F: Float>(&self, pick: &Pick) -> Box<dyn Norm<F>> {
        F::build(&self.builders, pick)
    }
}

/// The family of what [`TABLE`] builds.
struct Norms;

impl Family for Norms {
    type Of<F: Real> = Box<dyn Norm<F>>;
}

const fn entry<N>() -> Entry
where
    N: Describe + Norm<f32> + Norm<f64> + Norm<Dual> + 'static,
{
    Entry { base: Base::of::<N>(), builders: builders!(|pick| Box::new(N::build(pick))) }
}

/// The arguments of [`Norm::forward`].
#[derive(Debug)]
pub struct Forward<'a, F> {
    /// What is normalised, `units × columns`.
    pub z: &'a [F],
    /// Receives `γ·x̂ + β`, of the same size.
    pub n: &'a mut [F],
    /// The tensors that [`Norm::tensors`] asked for.
    pub tensors: &'a [Tensor<F>],
    /// Whether to go by the batch's own statistics; in evaluation running ones are used, where
    /// they are kept.
    pub training: bool,
    /// Receives what [`Norm::backward`] needs, [`Norm::statistics`] numbers.
    pub statistics: &'a mut [F],
    /// The size of the batch.
    pub shape: Shape,
}

/// The arguments of [`Norm::backward`].
#[derive(Debug)]
pub struct Backward<'a, F> {
    /// What was normalised.
    pub z: &'a [F],
    /// ∂L/∂n; 0 in padding columns.
    pub dn: &'a [F],
    /// Receives ∂L/∂z; 0 in padding columns.
    pub dz: &'a mut [F],
    /// The tensors that [`Norm::tensors`] asked for; the gradients are overwritten.
    pub tensors: &'a mut [Tensor<F>],
    /// As in the forward pass.
    pub training: bool,
    /// The numbers that the forward pass left.
    pub statistics: &'a [F],
    /// The size of the batch.
    pub shape: Shape,
}

/// A normalisation over a batch.
pub trait Norm<F: Real>: Debug + Send + Sync {
    /// The tensors that it learns and keeps for a layer of `units`, as they start; none is of no
    /// elements.
    fn tensors(&self, units: usize) -> Vec<Tensor<F>>;
    /// How many numbers it hands from forward to backward.
    fn statistics(&self, shape: Shape) -> usize;
    /// z → n.
    fn forward(&self, pass: Forward<'_, F>);
    /// ∂L/∂n → ∂L/∂z, ∂L/∂γ and ∂L/∂β, after a forward pass; running statistics stand still.
    fn backward(&self, pass: Backward<'_, F>);
    /// Moves running statistics towards those of the last batch in training, of so many samples.
    fn settle(&self, _statistics: &[F], _batch: usize, _tensors: &mut [Tensor<F>]) {}
}

const fn eps(default: f64) -> Param {
    Param {
        key: "eps",
        default: DefaultValue::Number(default),
        range: Range::Above(0.0),
        meaning: "added to the variance under the root: nothing is divided by 0",
        search: None,
    }
}

const fn affine(meaning: &'static str) -> Param {
    Param {
        key: "affine",
        default: DefaultValue::Flag(true),
        range: Range::Any,
        meaning,
        search: None,
    }
}

/// γ, one a unit, from 1.
fn gamma<F: Real>(units: usize) -> Tensor<F> {
    Tensor::vector("gamma", vec![F::ONE; units])
}

/// β, one a unit, from 0.
fn beta<F: Real>(units: usize) -> Tensor<F> {
    Tensor::vector("beta", vec![F::ZERO; units])
}

/// The values of γ and β, the first of `tensors`; empty where they are not learnt.
fn learnt<F: Real>(tensors: &[Tensor<F>]) -> (&[F], &[F]) {
    let values = |index| tensors.get(index).map_or(&[][..], Tensor::values);
    (values(0), values(1))
}

/// γ, ∂L/∂γ and ∂L/∂β of the same.
fn learnt_mut<F: Real>(tensors: &mut [Tensor<F>]) -> (&[F], &mut [F], &mut [F]) {
    let (gamma, beta) = tensors.split_at_mut(tensors.len().min(1));
    let parts = |tensor| Option::map_or(tensor, Default::default(), Tensor::parts_mut);
    let (gamma, dgamma) = parts(gamma.first_mut());
    (gamma, dgamma, parts(beta.first_mut()).1)
}

/// The number at `unit`, or `default` if there are none.
#[inline(always)]
fn at<F: Real>(values: &[F], unit: usize, default: F) -> F {
    if values.is_empty() { default } else { values[unit] }
}
