//! Mish.

use super::{Flat, Pointwise, Traits};
use crate::nn::Real;
use crate::spec::{Card, Describe, Pick};

/// x·tanh(softplus(x)).
#[derive(Clone, Copy, Debug)]
pub struct Mish;

/// From here on the function is x to the last digit, and the square of eˣ not yet too large.
const END: f64 = 20.0;

impl Describe for Mish {
    const CARD: Card = Card {
        key: "mish",
        title: "Mish",
        formula: "f(x) = x·tanh(ln(1 + eˣ))",
        params: &[],
        usage: "hidden layers, as a smooth ReLU; object detectors use it",
        caution: Some("dips to −0.31 near x = −1.19: not monotonic"),
        source: "Misra 2019",
        differs: None,
    };
    const TORCH: Option<&'static str> = Some("F.mish(x)");
    const FAMILY: &'static str = super::family::SMOOTH;
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl Pointwise for Mish {
    const TRAITS: Traits = Traits {
        derivative: "f′(x) = t + x·σ(x)·(1 − t²),  t = tanh(ln(1 + eˣ))",
        gain: |_| 1.0,
        flat: Flat::Negative,
        init: "kaiming_uniform",
    };

    #[inline(always)]
    fn f<F: Real>(self, x: F) -> F {
        let e = x.not_above(END).exp();
        let n = e * (e + F::of(2.0));
        x.not_below(-1e3) * (n / (n + F::of(2.0)))
    }
    #[inline(always)]
    fn df<F: Real>(self, x: F, _: F) -> F {
        let x = x.not_below(-1e3).not_above(END);
        let e = x.exp();
        let n = e * (e + F::of(2.0));
        let d = n + F::of(2.0);
        // With n = e·(e + 2), t is n/(n + 2) and σ(x)·(1 − t²) is 4e·(1 + e)/(n + 2)².
        n / d + x * (F::of(4.0) * e * (F::ONE + e)) / (d * d)
    }
}
