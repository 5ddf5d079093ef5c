//! Mean squared error.

use super::Pointwise;
use crate::nn::Real;
use crate::spec::{Card, Describe, Pick};

/// (output − target)², averaged over samples and outputs.
#[derive(Clone, Copy, Debug)]
pub struct Mse;

impl Describe for Mse {
    const CARD: Card = Card {
        key: "mse",
        title: "Mean squared error",
        formula: "L = mean (ŷ − y)²",
        params: &[],
        usage: "regression",
        caution: Some("one far outlier can dominate the gradient"),
        source: "torch.nn.MSELoss",
        differs: Some("the mean over outputs too, without the factor ½ of some texts"),
    };
    const TORCH: Option<&'static str> = Some("F.mse_loss(output, y)");
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl Pointwise for Mse {
    #[inline(always)]
    fn at<F: Real>(self, output: F, target: F) -> (F, F) {
        let error = output - target;
        (error * error, error + error)
    }
}
