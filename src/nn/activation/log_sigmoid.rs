//! Logarithm of the sigmoid.

use super::{Flat, Pointwise, Traits};
use crate::nn::Real;
use crate::spec::{Card, Describe, Pick};

/// ln σ(x).
#[derive(Clone, Copy, Debug)]
pub struct LogSigmoid;

impl Describe for LogSigmoid {
    const CARD: Card = Card {
        key: "log_sigmoid",
        title: "LogSigmoid",
        formula: "f(x) = ln σ(x) = −ln(1 + e⁻ˣ)",
        params: &[],
        usage: "log-probabilities of yes/no outputs",
        caution: Some("always negative, and flat above 0"),
        source: "torch.nn.LogSigmoid",
        differs: None,
    };
    const TORCH: Option<&'static str> = Some("F.logsigmoid(x)");
    const FAMILY: &'static str = super::family::SIGMOIDS;
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl Pointwise for LogSigmoid {
    const TRAITS: Traits = Traits {
        derivative: "f′(x) = 1 − σ(x) = σ(−x)",
        gain: |_| 1.0,
        flat: Flat::Ends,
        init: "xavier_uniform",
    };

    #[inline(always)]
    fn f<F: Real>(self, x: F) -> F {
        -(-x).softplus()
    }
    #[inline(always)]
    fn df<F: Real>(self, x: F, _: F) -> F {
        (-x).sigmoid()
    }
}
