//! ReLU with a small slope for negative inputs.

use super::{Flat, Pointwise, Traits};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// x for x ≥ 0, else `negative_slope · x`.
#[derive(Clone, Copy, Debug)]
pub struct LeakyRelu {
    negative_slope: f64,
}

impl Describe for LeakyRelu {
    const CARD: Card = Card {
        key: "leaky_relu",
        title: "Leaky ReLU",
        formula: "f(x) = x if x > 0, else s·x        s = negative_slope",
        params: &[Param {
            key: "negative_slope",
            default: DefaultValue::Number(0.01),
            range: Range::Any,
            meaning: "slope for negative inputs",
            search: None,
        }],
        usage: "hidden layers in which plain ReLU units die",
        caution: None,
        source: "Maas, Hannun & Ng 2013",
        differs: Some("default slope 0.01 as PyTorch; TensorFlow's is 0.2"),
    };
    const TORCH: Option<&'static str> = Some("F.leaky_relu(x, negative_slope={negative_slope})");
    const FAMILY: &'static str = super::family::RECTIFIERS;
    fn build(pick: &Pick) -> Self {
        Self { negative_slope: pick.number("negative_slope") }
    }
}

impl Pointwise for LeakyRelu {
    const TRAITS: Traits = Traits {
        derivative: "f′(x) = 1 if x > 0, else s",
        gain: |pick| (2.0 / (1.0 + pick.number("negative_slope").powi(2))).sqrt(),
        flat: Flat::Never,
        init: "kaiming_uniform",
    };

    #[inline(always)]
    fn f<F: Real>(self, x: F) -> F {
        F::select(x > F::ZERO, x, x * F::of(self.negative_slope))
    }
    #[inline(always)]
    fn df<F: Real>(self, x: F, _: F) -> F {
        F::select(x > F::ZERO, F::ONE, F::of(self.negative_slope))
    }
}
