//! Gated linear units: one half of the units is multiplied by a function of the other.

use std::fmt::Debug;

use super::sigmoid::Sigmoid;
use super::{Activation, Backward, Flat, Forward, Pointwise, Traits};
use crate::nn::Real;
use crate::nn::simd::{self, Kernel};
use crate::spec::{Card, Describe, Pick};

/// A gated unit, by the function on its gate.
pub trait Gate: Describe + Copy + Debug + Send + Sync + 'static {
    /// Applied to the second half of the units.
    type Function: Pointwise;
    /// That function.
    const FUNCTION: Self::Function;
    /// Its derivative, in Unicode.
    const DERIVATIVE: &'static str;
}

/// What others need to know of a gated unit.
pub(super) const fn traits<G: Gate>() -> Traits {
    Traits { derivative: G::DERIVATIVE, gain: |_| 1.0, flat: Flat::Never, init: "xavier_uniform" }
}

/// A gated unit as an activation.
#[derive(Debug)]
pub(super) struct Gated<G>(pub G);

impl<F: Real, G: Gate> Activation<F> for Gated<G> {
    fn outputs(&self, units: usize) -> usize {
        units / 2
    }
    fn forward(&self, pass: Forward<'_, F>) {
        simd::run(GatedForward { function: G::FUNCTION, pass });
    }
    fn backward(&self, pass: Backward<'_, F>) {
        simd::run(GatedBackward { function: G::FUNCTION, pass });
    }
}

struct GatedForward<'a, P, F> {
    function: P,
    pass: Forward<'a, F>,
}

impl<F: Real, P: Pointwise> Kernel for GatedForward<'_, P, F> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let Self { function, pass: Forward { z, a, .. } } = self;
        let (value, gate) = z.split_at(a.len());
        for ((a, &value), &gate) in a.iter_mut().zip(value).zip(gate) {
            *a = value * function.f(gate);
        }
    }
}

struct GatedBackward<'a, P, F> {
    function: P,
    pass: Backward<'a, F>,
}

impl<F: Real, P: Pointwise> Kernel for GatedBackward<'_, P, F> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let Self { function, pass: Backward { z, da, dz, .. } } = self;
        let (value, gate) = z.split_at(da.len());
        let (dvalue, dgate) = dz.split_at_mut(da.len());
        let gradients = da.iter().zip(dvalue).zip(dgate);
        for (((&da, dvalue), dgate), (&value, &gate)) in gradients.zip(value.iter().zip(gate)) {
            let open = function.f(gate);
            *dvalue = da * open;
            *dgate = da * value * function.df(gate, open);
        }
    }
}

/// a·σ(b).
#[derive(Clone, Copy, Debug)]
pub struct Glu;

impl Describe for Glu {
    const CARD: Card = Card {
        key: "glu",
        title: "GLU",
        formula: "f(a, b) = a·σ(b)        a, b: first and second half of the units",
        params: &[],
        usage: "layers that choose what to let through",
        caution: Some("gives half as many outputs as it has units; their number must be even"),
        source: "Dauphin et al. 2017",
        differs: None,
    };
    const TORCH: Option<&'static str> = Some("F.glu(x, 1)");
    const FAMILY: &'static str = super::family::GATED;
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl Gate for Glu {
    type Function = Sigmoid;
    const FUNCTION: Sigmoid = Sigmoid;
    const DERIVATIVE: &'static str = "∂f/∂a = σ(b);  ∂f/∂b = a·σ(b)·(1 − σ(b))";
}
