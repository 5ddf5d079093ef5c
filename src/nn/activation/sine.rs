//! Sine.

use std::f64::consts::FRAC_PI_2;

use super::{Flat, Pointwise, Traits};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// `sin(omega · x)`.
#[derive(Clone, Copy, Debug)]
pub struct Sine {
    omega: f64,
}

impl Describe for Sine {
    const CARD: Card = Card {
        key: "sine",
        title: "Sine (SIREN)",
        formula: "f(x) = sin(ω·x)                          ω = omega",
        params: &[Param {
            key: "omega",
            default: DefaultValue::Number(30.0),
            range: Range::Above(0.0),
            meaning: "frequency: how fast the signal may vary",
            search: None,
        }],
        usage: "networks that store a signal: coordinates in, colour or pressure out",
        caution: Some("a large ω fits noise between the samples; needs its own initializer"),
        source: "Sitzmann et al. 2020, SIREN",
        differs: None,
    };
    const TORCH: Option<&'static str> = Some("torch.sin({omega} * x)");
    const FAMILY: &'static str = super::family::WAVES;
    fn build(pick: &Pick) -> Self {
        Self { omega: pick.number("omega") }
    }
}

impl Pointwise for Sine {
    const TRAITS: Traits = Traits {
        derivative: "f′(x) = ω·cos(ω·x)",
        gain: |pick| std::f64::consts::SQRT_2 / pick.number("omega"),
        flat: Flat::Never,
        init: "siren",
    };

    #[inline(always)]
    fn f<F: Real>(self, x: F) -> F {
        x.sine(self.omega, 0.0)
    }
    #[inline(always)]
    fn df<F: Real>(self, x: F, _: F) -> F {
        F::of(self.omega) * x.sine(self.omega, FRAC_PI_2)
    }
}
