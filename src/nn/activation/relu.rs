//! Rectified linear unit.

use super::{Flat, Pointwise, Traits};
use crate::nn::Real;
use crate::spec::{Card, Describe, Pick};

/// max(0, x).
#[derive(Clone, Copy, Debug)]
pub struct Relu;

impl Describe for Relu {
    const CARD: Card = Card {
        key: "relu",
        title: "ReLU",
        formula: "f(x) = max(0, x)",
        params: &[],
        usage: "the default for hidden layers: cheap, and its slope does not fade for x > 0",
        caution: Some("a unit whose input stays negative has slope 0 and never recovers (dead)"),
        source: "Nair & Hinton 2010",
        differs: Some("slope 0 at x = 0, as PyTorch"),
    };
    const TORCH: Option<&'static str> = Some("torch.relu(x)");
    const FAMILY: &'static str = super::family::RECTIFIERS;
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl Pointwise for Relu {
    const TRAITS: Traits = Traits {
        derivative: "f′(x) = 1 if x > 0, else 0",
        gain: |_| std::f64::consts::SQRT_2,
        flat: Flat::Negative,
        init: "kaiming_uniform",
    };

    #[inline(always)]
    fn f<F: Real>(self, x: F) -> F {
        // Written so that NaN passes through: a diverged network must not look alive.
        F::select(x < F::ZERO, F::ZERO, x)
    }
    #[inline(always)]
    fn df<F: Real>(self, x: F, _: F) -> F {
        F::select(x > F::ZERO, F::ONE, F::ZERO)
    }
}
