//! TanhExp.

use super::{Flat, Pointwise, Traits};
use crate::nn::Real;
use crate::spec::{Card, Describe, Pick};

/// x·tanh(eˣ).
#[derive(Clone, Copy, Debug)]
pub struct TanhExp;

/// eˣ, or e⁵ where its tanh is 1 to the last digit: 0·∞ must not arise.
#[inline(always)]
fn capped_exp<F: Real>(x: F) -> F {
    F::select(x > F::of(5.0), F::of(5.0), x).exp()
}

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
        x * capped_exp(x).tanh()
    }
    #[inline(always)]
    fn df<F: Real>(self, x: F, _: F) -> F {
        let e = capped_exp(x);
        let t = e.tanh();
        x * e * (-t).mul_add(t, F::ONE) + t
    }
}
