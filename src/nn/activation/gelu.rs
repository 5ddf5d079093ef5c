//! Gaussian error linear unit.

use super::{Flat, Pointwise, Traits};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// x·Φ(x), Φ the standard normal distribution function, or its tanh approximation.
#[derive(Clone, Copy, Debug)]
pub struct Gelu {
    tanh: bool,
}

/// √(2/π).
const C: f64 = std::f64::consts::FRAC_2_SQRT_PI * std::f64::consts::FRAC_1_SQRT_2;
/// The cubic coefficient of the approximation.
const K: f64 = 0.044_715;
/// So far from 0, Φ is 0 or 1 to the last digit.
const FAR: f64 = 100.0;

impl Describe for Gelu {
    const CARD: Card = Card {
        key: "gelu",
        title: "GELU",
        formula: "f(x) = x·Φ(x) = ½·x·(1 + erf(x/√2))\n\
                  tanh form: ½·x·(1 + tanh(√(2/π)·(x + 0.044715·x³)))",
        params: &[Param {
            key: "approximate",
            default: DefaultValue::Word("none"),
            range: Range::OneOf(&["none", "tanh"]),
            meaning: "exact, or the tanh approximation of the first Transformers",
            search: None,
        }],
        usage: "Transformers, and smooth hidden layers in general",
        caution: Some("slightly below 0 for negative inputs: not monotonic"),
        source: "Hendrycks & Gimpel 2016",
        differs: Some("exact by default, as PyTorch; JAX's default is the tanh form"),
    };
    const TORCH: Option<&'static str> = Some("F.gelu(x, approximate={approximate})");
    const FAMILY: &'static str = super::family::SMOOTH;
    fn build(pick: &Pick) -> Self {
        Self { tanh: pick.word("approximate") == "tanh" }
    }
}

impl Gelu {
    /// Not the approximation.
    pub(super) const EXACT: Self = Self { tanh: false };

    /// Φ(x), or what stands for it: ½·(1 + tanh u) = σ(2·u); and its slope.
    #[inline(always)]
    fn phi<F: Real>(self, x: F) -> (F, F) {
        if self.tanh {
            let square = F::of(K) * x * x;
            let phi = (F::of(2.0 * C) * square.mul_add(x, x)).sigmoid();
            let slope = F::of(2.0 * C) * F::of(3.0).mul_add(square, F::ONE);
            (phi, phi * (F::ONE - phi) * slope)
        } else {
            let (phi, bell) = x.normal();
            (phi, F::of(0.5 * C) * bell)
        }
    }
}

impl Pointwise for Gelu {
    const TRAITS: Traits = Traits {
        derivative: "f′(x) = Φ(x) + x·φ(x)",
        gain: |_| 1.0,
        flat: Flat::Negative,
        init: "kaiming_uniform",
    };

    #[inline(always)]
    fn f<F: Real>(self, x: F) -> F {
        let bounded = x.not_below(-FAR).not_above(FAR);
        x.not_below(-FAR) * self.phi(bounded).0
    }
    #[inline(always)]
    fn df<F: Real>(self, x: F, _: F) -> F {
        let x = x.not_below(-FAR).not_above(FAR);
        let (phi, density) = self.phi(x);
        x.mul_add(density, phi)
    }
}
