//! Mean absolute error, rounded off at 0.

use super::Pointwise;
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// A parabola within ±`beta`, straight beyond, averaged over samples and outputs.
#[derive(Clone, Copy, Debug)]
pub struct SmoothL1 {
    beta: f64,
}

impl Describe for SmoothL1 {
    const CARD: Card = Card {
        key: "smooth_l1",
        title: "Smooth L1",
        formula: "L = mean ℓ(ŷ − y)\n\
                  ℓ(e) = e²/2β if |e| < β, else |e| − β/2",
        params: &[Param {
            key: "beta",
            default: DefaultValue::Number(1.0),
            range: Range::Above(0.0),
            meaning: "the error from which on the loss is straight",
            search: None,
        }],
        usage: "regression with outliers; box corners in object detection",
        caution: None,
        source: "Girshick 2015, Fast R-CNN",
        differs: Some("huber divided by its delta; PyTorch also takes beta 0, which is l1"),
    };
    const TORCH: Option<&'static str> = Some("F.smooth_l1_loss(output, y, beta={beta})");
    fn build(pick: &Pick) -> Self {
        Self { beta: pick.number("beta") }
    }
}

impl Pointwise for SmoothL1 {
    #[inline(always)]
    fn at<F: Real>(self, output: F, target: F) -> (F, F) {
        let (beta, half) = (F::of(self.beta), F::of(0.5));
        let error = output - target;
        let near = error.abs() < beta;
        let loss = F::select(near, half * error * error / beta, error.abs() - half * beta);
        (loss, F::select(near, error / beta, error.sign()))
    }
}
