//! Activation functions: what a neuron outputs.
//!
//! To add one: write its file beside these (most are a [`Pointwise`]) and give it a line in
//! [`TABLE`]. Pickers, help, gradient checks and documentation follow.

use std::fmt::Debug;
use std::ops::Deref;

use super::build::{Builders, Family, Float, builders};
use super::chance::Chance;
use super::dual::Dual;
use super::real::Real;
use super::simd::{self, Kernel, LANES};
use crate::parallel;
use crate::spec::{Base, Describe, Pick};

mod bilinear;
mod celu;
mod elish;
mod elu;
mod family;
mod gaussian;
mod gcu;
mod geglu;
mod gelu;
mod glu;
mod hardshrink;
mod hardsigmoid;
mod hardswish;
mod hardtanh;
mod identity;
mod isrlu;
mod isru;
mod leaky_relu;
mod lecun_tanh;
mod log_sigmoid;
mod log_softmax;
mod mish;
mod penalized_tanh;
mod prelu;
mod quick_gelu;
mod reglu;
mod relu;
mod relu6;
mod relu_squared;
mod rrelu;
mod selu;
mod serf;
mod sigmoid;
mod silu;
mod sine;
mod smelu;
mod snake;
mod softmax;
mod softmin;
mod softplus;
mod softshrink;
mod softsign;
mod sparsemax;
mod squareplus;
mod star_relu;
mod swiglu;
mod tanh;
mod tanh_exp;
mod tanhshrink;
mod threshold;

pub(super) use relu::Relu;
pub(super) use softmax::top;
pub(super) use tanh::Tanh;

/// Every activation that can be picked, in the order in which it is shown.
pub static TABLE: &[Entry] = &[
    pointwise::<identity::Identity>(),
    bent(pointwise::<relu::Relu>()),
    bent(pointwise::<leaky_relu::LeakyRelu>()),
    bent(Entry { rowwise: false, ..layerwise::<prelu::PRelu>(prelu::TRAITS) }),
    bent(Entry { rowwise: false, ..layerwise::<rrelu::RRelu>(rrelu::TRAITS) }),
    bent(pointwise::<relu6::Relu6>()),
    bent(pointwise::<elu::Elu>()),
    bent(pointwise::<celu::Celu>()),
    bent(pointwise::<selu::Selu>()),
    pointwise::<gelu::Gelu>(),
    pointwise::<quick_gelu::QuickGelu>(),
    pointwise::<silu::Silu>(),
    pointwise::<mish::Mish>(),
    pointwise::<softplus::Softplus>(),
    pointwise::<squareplus::Squareplus>(),
    bent(pointwise::<hardswish::Hardswish>()),
    pointwise::<serf::Serf>(),
    pointwise::<tanh_exp::TanhExp>(),
    bent(pointwise::<elish::Elish>()),
    bent(pointwise::<smelu::Smelu>()),
    bent(pointwise::<isrlu::Isrlu>()),
    bent(pointwise::<relu_squared::ReluSquared>()),
    bent(pointwise::<star_relu::StarRelu>()),
    bent(pointwise::<threshold::Threshold>()),
    pointwise::<sigmoid::Sigmoid>(),
    pointwise::<log_sigmoid::LogSigmoid>(),
    bent(pointwise::<hardsigmoid::Hardsigmoid>()),
    pointwise::<tanh::Tanh>(),
    pointwise::<lecun_tanh::LecunTanh>(),
    bent(pointwise::<penalized_tanh::PenalizedTanh>()),
    bent(pointwise::<hardtanh::Hardtanh>()),
    bent(pointwise::<softsign::Softsign>()),
    pointwise::<isru::Isru>(),
    pointwise::<tanhshrink::Tanhshrink>(),
    bent(pointwise::<softshrink::Softshrink>()),
    bent(pointwise::<hardshrink::Hardshrink>()),
    pointwise::<gaussian::Gaussian>(),
    pointwise::<sine::Sine>(),
    pointwise::<snake::Snake>(),
    pointwise::<gcu::Gcu>(),
    layerwise::<softmax::Softmax>(softmax::TRAITS),
    layerwise::<softmin::Softmin>(softmin::TRAITS),
    layerwise::<log_softmax::LogSoftmax>(log_softmax::TRAITS),
    bent(layerwise::<sparsemax::Sparsemax>(sparsemax::TRAITS)),
    gated::<glu::Glu>(),
    gated::<swiglu::SwiGlu>(),
    gated::<geglu::GeGlu>(),
    bent(gated::<reglu::ReGlu>()),
    gated::<bilinear::Bilinear>(),
];

/// A row of [`TABLE`].
pub struct Entry {
    base: Base,
    builders: Builders<Activations>,
    /// What its initializer and the health panel need to know.
    pub traits: Traits,
    /// Whether it takes units in pairs and gives one output for each: their number must be even.
    pub pairs: bool,
    /// Whether an output depends on all numbers of its sample, as softmax's do.
    pub rowwise: bool,
    /// Whether it has a second derivative everywhere, with its default parameters.
    pub smooth: bool,
}

impl Deref for Entry {
    type Target = Base;
    fn deref(&self) -> &Base {
        &self.base
    }
}

impl Entry {
    /// The activation with the parameters picked.
    #[must_use]
    pub fn build<F: Float>(&self, pick: &Pick) -> Box<dyn Activation<F>> {
        F::build(&self.builders, pick)
    }
}

/// The family of what [`TABLE`] builds.
struct Activations;

impl Family for Activations {
    type Of<F: Real> = Box<dyn Activation<F>>;
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
    /// The initializer that suits it, as it is typed.
    pub init: &'static str,
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
    /// Where randomness comes from in training; none in evaluation.
    pub chance: Option<&'a Chance>,
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
    /// As in the forward pass.
    pub chance: Option<&'a Chance>,
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
        base: Base::of::<P>(),
        builders: builders!(|pick| Box::new(Map(P::build(pick)))),
        traits: P::TRAITS,
        pairs: false,
        rowwise: false,
        smooth: true,
    }
}

/// The row of an activation made of pieces: where they meet there is no second derivative.
const fn bent(mut entry: Entry) -> Entry {
    entry.smooth = false;
    entry
}

/// The table row of an activation that sees the whole layer.
const fn layerwise<A>(traits: Traits) -> Entry
where
    A: Describe + Activation<f32> + Activation<f64> + Activation<Dual> + 'static,
{
    Entry {
        base: Base::of::<A>(),
        builders: builders!(|pick| Box::new(A::build(pick))),
        traits,
        pairs: false,
        rowwise: true,
        smooth: true,
    }
}

/// The table row of a gated activation.
const fn gated<G: glu::Gate>() -> Entry {
    Entry {
        base: Base::of::<G>(),
        builders: builders!(|pick| Box::new(glu::Gated(G::build(pick)))),
        traits: glu::traits::<G>(),
        pairs: true,
        rowwise: true,
        smooth: true,
    }
}

/// A [`Pointwise`] function applied to every element.
#[derive(Debug)]
struct Map<P>(P);

impl<F: Real, P: Pointwise> Activation<F> for Map<P> {
    fn forward(&self, mut pass: Forward<'_, F>) {
        if pass.z.len() < 2 * GRAIN {
            simd::run(MapAll(self.0, &mut pass));
        } else {
            shared(MapForward(self.0, pass.z, pass.a));
        }
    }
    fn backward(&self, mut pass: Backward<'_, F>) {
        if pass.z.len() < 2 * GRAIN {
            simd::run(MapAllBack(self.0, &mut pass));
        } else {
            shared(MapBackward(self.0, [pass.z, pass.a, pass.da], pass.dz));
        }
    }
}

/// Elements that are worth another thread.
const GRAIN: usize = 1 << 15;

/// Work on elements that do not see each other.
trait Halves: Kernel<Output = ()> + Send {
    fn len(&self) -> usize;
    /// The first `at` elements and the others.
    fn halves(self, at: usize) -> (Self, Self)
    where
        Self: Sized;
}

/// Runs `work`, much of it on all threads of the team.
fn shared<W: Halves>(work: W) {
    if work.len() < 2 * GRAIN {
        return simd::run(work);
    }
    let at = (work.len() / 2).next_multiple_of(LANES);
    let (first, rest) = work.halves(at);
    parallel::both(|| shared(first), || shared(rest));
}

/// All elements of a pass.
struct MapAll<'a, 'b, P, F>(P, &'b mut Forward<'a, F>);

impl<F: Real, P: Pointwise> Kernel for MapAll<'_, '_, P, F> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let Self(function, pass) = self;
        MapForward(function, pass.z, pass.a).run();
    }
}

/// All elements of a pass back.
struct MapAllBack<'a, 'b, P, F>(P, &'b mut Backward<'a, F>);

impl<F: Real, P: Pointwise> Kernel for MapAllBack<'_, '_, P, F> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let Self(function, pass) = self;
        MapBackward(function, [pass.z, pass.a, pass.da], pass.dz).run();
    }
}

struct MapForward<'a, P, F>(P, &'a [F], &'a mut [F]);

impl<F: Real, P: Pointwise> Halves for MapForward<'_, P, F> {
    fn len(&self) -> usize {
        self.1.len()
    }
    fn halves(self, at: usize) -> (Self, Self) {
        let Self(function, z, a) = self;
        let (z, z_rest) = z.split_at(at);
        let (a, a_rest) = a.split_at_mut(at);
        (Self(function, z, a), Self(function, z_rest, a_rest))
    }
}

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

/// From z, a and da to dz.
struct MapBackward<'a, P, F>(P, [&'a [F]; 3], &'a mut [F]);

impl<F: Real, P: Pointwise> Halves for MapBackward<'_, P, F> {
    fn len(&self) -> usize {
        self.2.len()
    }
    fn halves(self, at: usize) -> (Self, Self) {
        let Self(function, given, dz) = self;
        let (dz, dz_rest) = dz.split_at_mut(at);
        let first = Self(function, given.map(|values| &values[..at]), dz);
        (first, Self(function, given.map(|values| &values[at..]), dz_rest))
    }
}

impl<F: Real, P: Pointwise> Kernel for MapBackward<'_, P, F> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let Self(function, [z, a, da], dz) = self;
        for (((dz, &da), &z), &a) in dz.iter_mut().zip(da).zip(z).zip(a) {
            *dz = da * function.df(z, a);
        }
    }
}

/// f and f′ at each of `xs`, each taken as one unit beside `others` that stay at 0: a softmax of one
/// number alone is 1. A gated unit gets the number twice, f(x, x).
#[must_use]
pub fn curve<F: Real>(activation: &dyn Activation<F>, xs: &[F], others: usize) -> (Vec<F>, Vec<F>) {
    let columns = simd::padded(xs.len());
    let mut row = xs.to_vec();
    row.resize(columns, F::ZERO);
    let gated = activation.outputs(1) == 0;
    let (moving, others) = if gated { (2, 0) } else { (1, others) };
    let units = moving + others;
    let shape = Shape { units, columns, batch: xs.len() };
    let mut z = row.repeat(moving);
    z.resize(units * columns, F::ZERO);
    let theta = activation.learnable(units);
    let mut y = vec![F::ZERO; activation.outputs(units) * columns];
    let mut da = vec![F::ZERO; y.len()];
    da[..columns].fill(F::ONE);
    activation.forward(Forward { z: &z, a: &mut y, theta: &theta, chance: None, shape });
    let mut dz = vec![F::ZERO; z.len()];
    activation.backward(Backward {
        z: &z,
        a: &y,
        da: &da,
        dz: &mut dz,
        theta: &theta,
        dtheta: &mut theta.clone(),
        chance: None,
        shape,
    });
    let slope = |i: usize| dz.iter().skip(i).step_by(columns).take(moving).copied().sum();
    let slopes = (0..xs.len()).map(slope).collect();
    y.truncate(xs.len());
    (y, slopes)
}
