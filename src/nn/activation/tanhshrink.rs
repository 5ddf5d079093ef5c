//! What tanh takes away.

use super::{Flat, Pointwise, Traits};
use crate::nn::Real;
use crate::spec::{Card, Describe, Pick};

/// x − tanh(x).
#[derive(Clone, Copy, Debug)]
pub struct Tanhshrink;

/// The fraction's numbers, the last first: as many as an `f64` needs below 1.
const ODD: [f64; 10] = [21.0, 19.0, 17.0, 15.0, 13.0, 11.0, 9.0, 7.0, 5.0, 3.0];

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
    const FAMILY: &'static str = super::family::SHRINKAGE;
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
        // tanh(x) = x/(1 + d) by its continued fraction, d = x²/(3 + x²/(5 + …)); near 0 the plain
        // difference would cancel.
        let square = x * x;
        let tail = ODD.iter().fold(F::ZERO, |tail, &odd| square / (F::of(odd) + tail));
        F::select(x.abs() < F::ONE, x * tail / (F::ONE + tail), x - x.tanh())
    }
    #[inline(always)]
    fn df<F: Real>(self, x: F, _: F) -> F {
        let tanh = x.tanh();
        tanh * tanh
    }
}
