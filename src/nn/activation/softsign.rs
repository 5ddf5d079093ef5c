//! Softsign.

use super::{Flat, Pointwise, Traits};
use crate::nn::Real;
use crate::spec::{Card, Describe, Pick};

/// x / (1 + |x|).
#[derive(Clone, Copy, Debug)]
pub struct Softsign;

impl Describe for Softsign {
    const CARD: Card = Card {
        key: "softsign",
        title: "Softsign",
        formula: "f(x) = x / (1 + |x|)",
        params: &[],
        usage: "as tanh, but its slope fades more slowly",
        caution: None,
        source: "Turian, Bergstra & Bengio 2009",
        differs: None,
    };
    const TORCH: Option<&'static str> = Some("F.softsign(x)");
    const FAMILY: &'static str = super::family::SIGMOIDS;
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl Pointwise for Softsign {
    const TRAITS: Traits = Traits {
        derivative: "f′(x) = 1 / (1 + |x|)²",
        gain: |_| 1.0,
        flat: Flat::Ends,
        init: "xavier_uniform",
    };

    #[inline(always)]
    fn f<F: Real>(self, x: F) -> F {
        // Where x is infinite, so would both parts be.
        let x = x.not_below(-1e30).not_above(1e30);
        x / (F::ONE + x.abs())
    }
    #[inline(always)]
    fn df<F: Real>(self, x: F, _: F) -> F {
        let d = F::ONE + x.abs();
        F::ONE / (d * d)
    }
}
