//! Piecewise linear sigmoid.

use super::{Flat, Pointwise, Traits};
use crate::nn::Real;
use crate::spec::{Card, Describe, Pick};

/// (x + 3)/6, held between 0 and 1.
#[derive(Clone, Copy, Debug)]
pub struct Hardsigmoid;

impl Describe for Hardsigmoid {
    const CARD: Card = Card {
        key: "hardsigmoid",
        title: "Hardsigmoid",
        formula: "f(x) = min(max(0, (x + 3)/6), 1)",
        params: &[],
        usage: "a cheap sigmoid for gates in small networks",
        caution: Some("slope exactly 0 beyond ±3: no way back"),
        source: "Howard et al. 2019, MobileNetV3",
        differs: Some("slope 1/6 as PyTorch; older Keras has 0.2·x + 0.5"),
    };
    const TORCH: Option<&'static str> = Some("F.hardsigmoid(x)");
    const FAMILY: &'static str = super::family::SIGMOIDS;
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl Pointwise for Hardsigmoid {
    const TRAITS: Traits = Traits {
        derivative: "f′(x) = 1/6 if |x| < 3, else 0",
        gain: |_| 1.0,
        flat: Flat::Ends,
        init: "xavier_uniform",
    };

    #[inline(always)]
    fn f<F: Real>(self, x: F) -> F {
        let y = (x + F::of(3.0)) / F::of(6.0);
        let y = F::select(y < F::ZERO, F::ZERO, y);
        F::select(y > F::ONE, F::ONE, y)
    }
    #[inline(always)]
    fn df<F: Real>(self, x: F, _: F) -> F {
        F::select(x.abs() < F::of(3.0), F::of(1.0 / 6.0), F::ZERO)
    }
}
