//! Snake.

use std::f64::consts::FRAC_PI_4;

use super::{Flat, Pointwise, Traits};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// `x + sin²(alpha · x) / alpha`.
#[derive(Clone, Copy, Debug)]
pub struct Snake {
    alpha: f64,
}

impl Describe for Snake {
    const CARD: Card = Card {
        key: "snake",
        title: "Snake",
        formula: "f(x) = x + sin²(α·x) / α",
        params: &[Param {
            key: "alpha",
            default: DefaultValue::Number(1.0),
            range: Range::Above(0.0),
            meaning: "frequency of the ripple",
            search: None,
        }],
        usage: "periodic data that must go on beyond the samples: audio, seasons",
        caution: None,
        source: "Ziyin, Hartwig & Ueda 2020",
        differs: None,
    };
    const FAMILY: &'static str = super::family::WAVES;
    fn build(pick: &Pick) -> Self {
        Self { alpha: pick.number("alpha") }
    }
}

impl Pointwise for Snake {
    const TRAITS: Traits = Traits {
        derivative: "f′(x) = 1 + sin(2·α·x)",
        gain: |_| 1.0,
        flat: Flat::Never,
        init: "kaiming_uniform",
    };

    #[inline(always)]
    fn f<F: Real>(self, x: F) -> F {
        let sine = x.sine(self.alpha, 0.0);
        x + sine * sine / F::of(self.alpha)
    }
    #[inline(always)]
    fn df<F: Real>(self, x: F, _: F) -> F {
        // 1 + sin(2·t) = 2·sin²(t + π/4), which does not cancel where it is small.
        let sine = x.sine(self.alpha, FRAC_PI_4);
        F::of(2.0) * sine * sine
    }
}
