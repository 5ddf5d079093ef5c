//! Gated linear unit with ReLU on its gate.

use super::glu::Gate;
use super::relu::Relu;
use crate::spec::{Card, Describe, Pick};

/// a·ReLU(b).
#[derive(Clone, Copy, Debug)]
pub struct ReGlu;

impl Describe for ReGlu {
    const CARD: Card = Card {
        key: "reglu",
        title: "ReGLU",
        formula: "f(a, b) = a·max(0, b)    a, b: first and second half of the units",
        params: &[],
        usage: "feed-forward layers of Transformers, the cheapest gate",
        caution: Some("gives half as many outputs as it has units; their number must be even"),
        source: "Shazeer 2020",
        differs: Some(
            "the gate is the second half, as in torch.nn.GLU; some models gate by the first",
        ),
    };
    const FAMILY: &'static str = super::family::GATED;
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl Gate for ReGlu {
    type Function = Relu;
    const FUNCTION: Relu = Relu;
    const DERIVATIVE: &'static str = "∂f/∂a = max(0, b);  ∂f/∂b = a if b > 0, else 0";
}
