//! Hyperbolic tangent.

use super::{Flat, Pointwise, Traits};
use crate::nn::Real;
use crate::spec::{Card, Describe, Pick};

/// tanh(x).
#[derive(Clone, Copy, Debug)]
pub struct Tanh;

impl Describe for Tanh {
    const CARD: Card = Card {
        key: "tanh",
        title: "Tanh",
        formula: "tanh(x) = (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ)",
        params: &[],
        usage: "hidden layers of small or recurrent networks: smooth, centred on 0",
        caution: Some("flat beyond |x| ≈ 3: large weights saturate it"),
        source: "LeCun et al. 1998, Efficient BackProp",
        differs: None,
    };
    const TORCH: Option<&'static str> = Some("torch.tanh(x)");
    const FAMILY: &'static str = super::family::SIGMOIDS;
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl Pointwise for Tanh {
    const TRAITS: Traits = Traits {
        derivative: "tanh′(x) = 1 − tanh²(x)",
        gain: |_| 5.0 / 3.0,
        flat: Flat::Ends,
        init: "xavier_uniform",
    };

    #[inline(always)]
    fn f<F: Real>(self, x: F) -> F {
        x.tanh()
    }
    #[inline(always)]
    fn df<F: Real>(self, _: F, y: F) -> F {
        (-y).mul_add(y, F::ONE)
    }
}
