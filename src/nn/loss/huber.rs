//! Squared near 0, absolute beyond.

use super::Pointwise;
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// ½·error² within ±`delta`, straight beyond, averaged over samples and outputs.
#[derive(Clone, Copy, Debug)]
pub struct Huber {
    delta: f64,
}

impl Describe for Huber {
    const CARD: Card = Card {
        key: "huber",
        title: "Huber",
        formula: "L = mean ℓ(ŷ − y)\n\
                  ℓ(e) = e²/2 if |e| ≤ δ, else δ·(|e| − δ/2)",
        params: &[Param {
            key: "delta",
            default: DefaultValue::Number(1.0),
            range: Range::Above(0.0),
            meaning: "the error from which on the loss is straight",
            search: None,
        }],
        usage: "regression with outliers",
        caution: None,
        source: "Huber 1964",
        differs: None,
    };
    const TORCH: Option<&'static str> = Some("F.huber_loss(output, y, delta={delta})");
    fn build(pick: &Pick) -> Self {
        Self { delta: pick.number("delta") }
    }
}

impl Pointwise for Huber {
    #[inline(always)]
    fn at<F: Real>(self, output: F, target: F) -> (F, F) {
        let delta = F::of(self.delta);
        let error = output - target;
        let near = error.abs() <= delta;
        let far = delta * (error.abs() - F::of(0.5) * delta);
        let loss = F::select(near, F::of(0.5) * error * error, far);
        (loss, F::select(near, error, delta * error.sign()))
    }
}
