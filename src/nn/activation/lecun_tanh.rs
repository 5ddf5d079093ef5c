//! Scaled tanh.

use super::{Flat, Pointwise, Traits};
use crate::nn::Real;
use crate::spec::{Card, Describe, Pick};

/// 1.7159·tanh(2x/3).
#[derive(Clone, Copy, Debug)]
pub struct LecunTanh;

/// Where it levels off.
const HEIGHT: f64 = 1.7159;

impl Describe for LecunTanh {
    const CARD: Card = Card {
        key: "lecun_tanh",
        title: "LeCun's tanh",
        formula: "f(x) = 1.7159·tanh(⅔·x)",
        params: &[],
        usage: "tanh with f(±1) = ±1, so that targets of ±1 lie where it bends",
        caution: None,
        source: "LeCun et al. 1998, Efficient BackProp",
        differs: None,
    };
    const FAMILY: &'static str = super::family::SIGMOIDS;
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl Pointwise for LecunTanh {
    const TRAITS: Traits = Traits {
        derivative: "f′(x) = 1.7159·⅔·(1 − tanh²(⅔·x))",
        gain: |_| 1.0,
        flat: Flat::Ends,
        init: "xavier_uniform",
    };

    #[inline(always)]
    fn f<F: Real>(self, x: F) -> F {
        F::of(HEIGHT) * (F::of(2.0 / 3.0) * x).tanh()
    }
    #[inline(always)]
    fn df<F: Real>(self, x: F, _: F) -> F {
        F::of(HEIGHT * 2.0 / 3.0) * (F::of(2.0 / 3.0) * x).sech_squared()
    }
}
