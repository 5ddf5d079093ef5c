//! Mean absolute error.

use super::Pointwise;
use crate::nn::Real;
use crate::spec::{Card, Describe, Pick};

/// |output − target|, averaged over samples and outputs.
#[derive(Clone, Copy, Debug)]
pub struct L1;

impl Describe for L1 {
    const CARD: Card = Card {
        key: "l1",
        title: "Mean absolute error",
        formula: "L = mean |ŷ − y|",
        params: &[],
        usage: "regression where a few targets are far off: it aims at the median",
        caution: Some("its slope does not shrink near the target: lower the rate to settle"),
        source: "torch.nn.L1Loss",
        differs: Some("slope 0 where ŷ = y, as PyTorch"),
    };
    const TORCH: Option<&'static str> = Some("F.l1_loss(output, y)");
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl Pointwise for L1 {
    #[inline(always)]
    fn at<F: Real>(self, output: F, target: F) -> (F, F) {
        let error = output - target;
        (error.abs(), error.sign())
    }
}
