//! Mish.

use super::{Flat, Pointwise, Traits};
use crate::nn::Real;
use crate::spec::{Card, Describe, Pick};

/// x·tanh(softplus(x)).
#[derive(Clone, Copy, Debug)]
pub struct Mish;

/// eˣ, or e²⁰ where the function is x to the last digit: its square must not overflow.
#[inline(always)]
fn capped_exp<F: Real>(x: F) -> F {
    F::select(x > F::of(20.0), F::of(20.0), x).exp()
}

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
        let e = capped_exp(x);
        let n = e * (e + F::of(2.0));
        x * n / (n + F::of(2.0))
    }
    #[inline(always)]
    fn df<F: Real>(self, x: F, _: F) -> F {
        let e = capped_exp(x);
        let n = e * (e + F::of(2.0));
        let d = n + F::of(2.0);
        // With n = e·(e + 2), t is n/(n + 2) and σ(x)·(1 − t²) is 4e·(1 + e)/(n + 2)².
        n / d + x * (F::of(4.0) * e * (F::ONE + e)) / (d * d)
    }
}
