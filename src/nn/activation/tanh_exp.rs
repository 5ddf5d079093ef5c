//! TanhExp.

use super::{Flat, Pointwise, Traits};
use crate::nn::Real;
use crate::spec::{Card, Describe, Pick};

/// x·tanh(eˣ).
#[derive(Clone, Copy, Debug)]
pub struct TanhExp;

/// From here on tanh(eˣ) is 1 to the last digit.
const END: f64 = 5.0;

impl Describe for TanhExp {
    const CARD: Card = Card {
        key: "tanh_exp",
        title: "TanhExp",
        formula: "f(x) = x·tanh(eˣ)",
        params: &[],
        usage: "hidden layers, as Mish, a little steeper",
        caution: Some("dips below 0: not monotonic"),
        source: "Liu & Di 2020",
        differs: None,
    };
    const FAMILY: &'static str = super::family::SMOOTH;
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl Pointwise for TanhExp {
    const TRAITS: Traits = Traits {
        derivative: "f′(x) = t + x·eˣ·(1 − t²),  t = tanh(eˣ)",
        gain: |_| 1.0,
        flat: Flat::Negative,
        init: "kaiming_uniform",
    };

    #[inline(always)]
    fn f<F: Real>(self, x: F) -> F {
        x.not_below(-1e3) * x.not_above(END).exp().tanh()
    }
    #[inline(always)]
    fn df<F: Real>(self, x: F, _: F) -> F {
        let x = x.not_below(-1e3).not_above(END);
        let e = x.exp();
        x * e * e.sech_squared() + e.tanh()
    }
}
