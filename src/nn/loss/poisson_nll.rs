//! Negative log-likelihood of counts.

use super::Pointwise;
use crate::nn::Real;
use crate::spec::{Card, Describe, Pick};

/// exp(z) − y·z, averaged over samples and outputs.
#[derive(Clone, Copy, Debug)]
pub struct PoissonNll;

impl Describe for PoissonNll {
    const CARD: Card = Card {
        key: "poisson_nll",
        title: "Poisson likelihood",
        formula: "L = mean [ exp(z) − y·z ]",
        params: &[],
        usage: "regression on counts: the output is the logarithm of the expected count",
        caution: Some("targets below 0 are refused; exp(z) overflows for wild outputs"),
        source: "torch.nn.PoissonNLLLoss",
        differs: Some("log_input = True and no Stirling term, as PyTorch by default"),
    };
    const TORCH: Option<&'static str> = Some("F.poisson_nll_loss(output, y)");
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl Pointwise for PoissonNll {
    #[inline(always)]
    fn at<F: Real>(self, z: F, target: F) -> (F, F) {
        let expected = z.exp();
        ((-target).mul_add(z, expected), expected - target)
    }
}
