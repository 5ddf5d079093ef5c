//! Logarithm of the hyperbolic cosine.

use super::Pointwise;
use crate::nn::Real;
use crate::spec::{Card, Describe, Pick};

/// ln cosh(output − target), averaged over samples and outputs.
#[derive(Clone, Copy, Debug)]
pub struct LogCosh;

impl Describe for LogCosh {
    const CARD: Card = Card {
        key: "log_cosh",
        title: "Log-cosh",
        formula: "L = mean ln cosh(ŷ − y)",
        params: &[],
        usage: "regression with outliers: as huber, but smooth throughout",
        caution: None,
        source: "keras.losses.LogCosh",
        differs: None,
    };
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl Pointwise for LogCosh {
    #[inline(always)]
    fn at<F: Real>(self, output: F, target: F) -> (F, F) {
        let ln_2 = F::of(std::f64::consts::LN_2);
        let error = output - target;
        // |e| + ln(1 + e^(−2|e|)) − ln 2, which does not overflow.
        let size = error.abs();
        (size + (F::of(-2.0) * size).exp().ln_1p() - ln_2, error.tanh())
    }
}
