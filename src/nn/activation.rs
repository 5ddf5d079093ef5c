//! Activation functions: what a neuron outputs.
//!
//! To add one: write its file beside these (most are a [`Pointwise`]) and give it a line in
//! [`TABLE`]. Pickers, help, gradient checks and documentation follow.

use std::fmt::Debug;

use super::real::Real;
use super::simd::{self, Kernel};
use crate::spec::{Card, Describe, Pick};

mod gelu;
mod identity;
mod leaky_relu;
mod relu;
mod sigmoid;
mod softmax;
mod tanh;

/// Every activation that can be picked, in the order in which it is shown.
pub static TABLE: &[Entry] = &[
    pointwise::<identity::Identity>(),
    pointwise::<relu::Relu>(),
    pointwise::<leaky_relu::LeakyRelu>(),
    pointwise::<sigmoid::Sigmoid>(),
    pointwise::<tanh::Tanh>(),
    pointwise::<gelu::Gelu>(),
    layerwise::<softmax::Softmax>(softmax::TRAITS),
];

/// A row of [`TABLE`].
pub struct Entry {
    /// Its description.
    pub card: &'static Card,
    /// What its initializer and the health panel need to know.
    pub traits: Traits,
    /// Whether an output depends on all numbers of its sample, as softmax's do.
    pub rowwise: bool,
    /// Builds it for training.
    pub f32: fn(&Pick) -> Box<dyn Activation<f32>>,
    /// Builds it for gradient checks.
    pub f64: fn(&Pick) -> Box<dyn Activation<f64>>,
}

/// Facts about an activation that others use.
#[derive(Clone, Copy, Debug)]
pub struct Traits {
    /// Its derivative, in Unicode.
    pub derivative: &'static str,
    /// The factor by which an initializer scales weights so that variance is kept, as
    /// `torch.nn.init.calculate_gain` has it (1 where it has none); takes the parameters.
    pub gain: fn(&Pick) -> f64,
    /// Where it goes flat.
    pub flat: Flat,
}

/// In which way an activation's slope can vanish, which decides what the health panel reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flat {
    /// Nowhere.
    Never,
    /// For negative inputs: a unit that is flat on all samples is dead.
    Negative,
    /// At both ends: a unit far out is saturated.
    Ends,
}

/// The size of one batch at one layer. Matrices are `[units][columns]`, row after row.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Neurons before the activation.
    pub units: usize,
    /// Samples including padding: a multiple of [`simd::LANES`].
    pub columns: usize,
    /// Samples that count; columns from here on are copies of the last one.
    pub batch: usize,
}

/// The arguments of [`Activation::forward`].
#[derive(Debug)]
pub struct Forward<'a, F> {
    /// Pre-activations, `units × columns`.
    pub z: &'a [F],
    /// Receives the activations, `outputs(units) × columns`.
    pub a: &'a mut [F],
    /// The learnable parameters that [`Activation::learnable`] asked for.
    pub theta: &'a [F],
    /// The size of both.
    pub shape: Shape,
}

/// The arguments of [`Activation::backward`].
#[derive(Debug)]
pub struct Backward<'a, F> {
    /// Pre-activations, as in the forward pass.
    pub z: &'a [F],
    /// Activations, as the forward pass left them.
    pub a: &'a [F],
    /// ∂L/∂a.
    pub da: &'a [F],
    /// Receives ∂L/∂z.
    pub dz: &'a mut [F],
    /// The learnable parameters.
    pub theta: &'a [F],
    /// Receives ∂L/∂theta, overwritten.
    pub dtheta: &'a mut [F],
    /// The size of all.
    pub shape: Shape,
}

/// An activation function over a batch.
pub trait Activation<F: Real>: Debug + Send + Sync {
    /// How many outputs `units` neurons give: gated ones halve.
    fn outputs(&self, units: usize) -> usize {
        units
    }
    /// Initial values of parameters trained with the layer; most have none.
    fn learnable(&self, _units: usize) -> Vec<F> {
        Vec::new()
    }
    /// z → a.
    fn forward(&self, pass: Forward<'_, F>);
    /// ∂L/∂a → ∂L/∂z. At a kink the slope is the one PyTorch takes.
    fn backward(&self, pass: Backward<'_, F>);
}

/// An activation that treats each number by itself. Methods are marked `#[inline(always)]` so
/// that loops over them vectorise.
pub trait Pointwise: Describe + Copy + Debug + Send + Sync + 'static {
    /// Facts that others use.
    const TRAITS: Traits;
    /// f(x).
    fn f<F: Real>(self, x: F) -> F;
    /// f′(x), given x and y = f(x).
    fn df<F: Real>(self, x: F, y: F) -> F;
}

/// The table row of a [`Pointwise`] activation.
const fn pointwise<P: Pointwise>() -> Entry {
    Entry {
        card: &P::CARD,
        traits: P::TRAITS,
        rowwise: false,
        f32: |pick| Box::new(Map(P::build(pick))),
        f64: |pick| Box::new(Map(P::build(pick))),
    }
}

/// The table row of an activation that sees the whole layer.
const fn layerwise<A>(traits: Traits) -> Entry
where
    A: Describe + Activation<f32> + Activation<f64> + 'static,
{
    Entry {
        card: &A::CARD,
        traits,
        rowwise: true,
        f32: |pick| Box::new(A::build(pick)),
        f64: |pick| Box::new(A::build(pick)),
    }
}

/// A [`Pointwise`] function applied to every element.
#[derive(Debug)]
struct Map<P>(P);

impl<F: Real, P: Pointwise> Activation<F> for Map<P> {
    fn forward(&self, pass: Forward<'_, F>) {
        simd::run(MapForward(self.0, pass.z, pass.a));
    }
    fn backward(&self, pass: Backward<'_, F>) {
        simd::run(MapBackward(self.0, pass));
    }
}

struct MapForward<'a, P, F>(P, &'a [F], &'a mut [F]);

impl<F: Real, P: Pointwise> Kernel for MapForward<'_, P, F> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let Self(function, z, a) = self;
        for (a, &z) in a.iter_mut().zip(z) {
            *a = function.f(z);
        }
    }
}

struct MapBackward<'a, P, F>(P, Backward<'a, F>);

impl<F: Real, P: Pointwise> Kernel for MapBackward<'_, P, F> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let Self(function, Backward { z, a, da, dz, .. }) = self;
        for (((dz, &da), &z), &a) in dz.iter_mut().zip(da).zip(z).zip(a) {
            *dz = da * function.df(z, a);
        }
    }
}

/// f and f′ at each of `xs`, each taken by itself (a softmax of one number is 1).
#[must_use]
pub fn curve<F: Real>(activation: &dyn Activation<F>, xs: &[F]) -> (Vec<F>, Vec<F>) {
    let shape = Shape { units: 1, columns: xs.len(), batch: xs.len() };
    let theta = activation.learnable(1);
    let mut y = vec![F::ZERO; xs.len()];
    activation.forward(Forward { z: xs, a: &mut y, theta: &theta, shape });
    let mut dy = vec![F::ZERO; xs.len()];
    let mut dtheta = theta.clone();
    let ones = vec![F::ONE; xs.len()];
    activation.backward(Backward {
        z: xs,
        a: &y,
        da: &ones,
        dz: &mut dy,
        theta: &theta,
        dtheta: &mut dtheta,
        shape,
    });
    (y, dy)
}
