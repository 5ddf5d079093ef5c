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
        let (size, slope) = (error.abs(), error.tanh());
        // −½·ln(1 − tanh²e), which loses nothing near 0; farther out |e| + ln(1 + e^(−2|e|)) − ln 2,
        // which does not overflow.
        let near = size < F::ONE;
        let rest = F::select(near, -slope * slope, (F::of(-2.0) * size).exp()).ln_1p();
        (F::select(near, F::of(-0.5) * rest, size + rest - ln_2), slope)
    }
}
