//! What tanh takes away.

use super::{Flat, Pointwise, Traits};
use crate::nn::Real;
use crate::spec::{Card, Describe, Pick};

/// x − tanh(x).
#[derive(Clone, Copy, Debug)]
pub struct Tanhshrink;

impl Describe for Tanhshrink {
    const CARD: Card = Card {
        key: "tanhshrink",
        title: "Tanhshrink",
        formula: "f(x) = x − tanh(x)",
        params: &[],
        usage: "to shrink small values towards 0 smoothly",
        caution: Some("flat at 0, where weights start: learns slowly at first"),
        source: "torch.nn.Tanhshrink",
        differs: None,
    };
    const TORCH: Option<&'static str> = Some("F.tanhshrink(x)");
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl Pointwise for Tanhshrink {
    const TRAITS: Traits = Traits {
        derivative: "f′(x) = tanh²(x)",
        gain: |_| 1.0,
        flat: Flat::Never,
        init: "xavier_uniform",
    };

    #[inline(always)]
    fn f<F: Real>(self, x: F) -> F {
        x - x.tanh()
    }
    #[inline(always)]
    fn df<F: Real>(self, x: F, _: F) -> F {
        let tanh = x.tanh();
        tanh * tanh
    }
}
