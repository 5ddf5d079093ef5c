//! Normalisations: what may stand between a layer's affine map and its activation.
//!
//! `n = γ·x̂ + β`, where x̂ is z less a mean, over a spread, and γ and β (one of each a unit) are
//! trained by the layer's optimizer.

use std::fmt::Debug;

use super::activation::Shape;
use super::real::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

mod batch;
mod layer;
mod rms;
mod sample;

/// Every normalisation that can be picked, in the order in which it is shown.
pub static TABLE: &[Entry] =
    &[entry::<batch::BatchNorm>(), entry::<layer::LayerNorm>(), entry::<rms::RmsNorm>()];

/// A row of [`TABLE`].
pub struct Entry {
    /// Its description.
    pub card: &'static Card,
    /// How PyTorch spells it ([`Describe::TORCH`]).
    pub torch: Option<&'static str>,
    /// Builds it for training.
    pub f32: fn(&Pick) -> Box<dyn Norm<f32>>,
    /// Builds it for gradient checks.
    pub f64: fn(&Pick) -> Box<dyn Norm<f64>>,
}

const fn entry<N>() -> Entry
where
    N: Describe + Norm<f32> + Norm<f64> + 'static,
{
    Entry {
        card: &N::CARD,
        torch: N::TORCH,
        f32: |pick| Box::new(N::build(pick)),
        f64: |pick| Box::new(N::build(pick)),
    }
}

/// What a normalisation learns and keeps for one layer. What it does not use is empty.
#[derive(Clone, Debug, Default)]
pub struct Memory<F> {
    /// γ, one a unit, from 1.
    pub gamma: Vec<F>,
    /// β, one a unit, from 0.
    pub beta: Vec<F>,
    /// The running mean of each unit, from 0.
    pub mean: Vec<F>,
    /// The running variance of each unit, from 1.
    pub variance: Vec<F>,
}

/// The running statistics of a layer, one of each a unit; empty where none are kept.
#[derive(Clone, Copy, Debug)]
pub struct Running<'a, F> {
    /// Mean.
    pub mean: &'a [F],
    /// Variance.
    pub variance: &'a [F],
}

/// The arguments of [`Norm::forward`].
#[derive(Debug)]
pub struct Forward<'a, F> {
    /// What is normalised, `units × columns`.
    pub z: &'a [F],
    /// Receives `γ·x̂ + β`, of the same size.
    pub n: &'a mut [F],
    /// γ, empty if not learnt.
    pub gamma: &'a [F],
    /// β, empty if not learnt.
    pub beta: &'a [F],
    /// What to use instead of the batch's own statistics, in evaluation.
    pub running: Option<Running<'a, F>>,
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
    /// γ, empty if not learnt.
    pub gamma: &'a [F],
    /// Receives ∂L/∂γ, overwritten.
    pub dgamma: &'a mut [F],
    /// Receives ∂L/∂β, overwritten.
    pub dbeta: &'a mut [F],
    /// What the forward pass left.
    pub statistics: &'a [F],
    /// The size of the batch.
    pub shape: Shape,
}

/// A normalisation over a batch.
pub trait Norm<F: Real>: Debug + Send + Sync {
    /// What it starts from for a layer of `units`.
    fn memory(&self, units: usize) -> Memory<F>;
    /// How many numbers it hands from forward to backward.
    fn statistics(&self, shape: Shape) -> usize;
    /// z → n.
    fn forward(&self, pass: Forward<'_, F>);
    /// ∂L/∂n → ∂L/∂z, ∂L/∂γ and ∂L/∂β, after a forward pass in training.
    fn backward(&self, pass: Backward<'_, F>);
    /// Moves running mean and variance towards those of the last batch in training.
    fn settle(&self, _statistics: &[F], _batch: usize, _mean: &mut [F], _variance: &mut [F]) {}
}

const fn eps(default: f64) -> Param {
    Param {
        key: "eps",
        default: DefaultValue::Number(default),
        range: Range::Above(0.0),
        meaning: "added to the variance under the root: nothing is divided by 0",
    }
}

const fn affine(meaning: &'static str) -> Param {
    Param { key: "affine", default: DefaultValue::Flag(true), range: Range::Any, meaning }
}

fn ones<F: Real>(count: usize) -> Vec<F> {
    vec![F::ONE; count]
}

fn zeros<F: Real>(count: usize) -> Vec<F> {
    vec![F::ZERO; count]
}

/// The number at `unit`, or `default` if there are none.
#[inline(always)]
fn at<F: Real>(values: &[F], unit: usize, default: F) -> F {
    if values.is_empty() { default } else { values[unit] }
}
