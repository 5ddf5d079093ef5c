//! Gated linear unit with SiLU on its gate.

use super::glu::Gate;
use super::silu::Silu;
use crate::spec::{Card, Describe, Pick};

/// a·SiLU(b).
#[derive(Clone, Copy, Debug)]
pub struct SwiGlu;

impl Describe for SwiGlu {
    const CARD: Card = Card {
        key: "swiglu",
        title: "SwiGLU",
        formula: "f(a, b) = a·b·σ(b)        a, b: first and second half of the units",
        params: &[],
        usage: "feed-forward layers of language models",
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

impl Gate for SwiGlu {
    type Function = Silu;
    const FUNCTION: Silu = Silu;
    const DERIVATIVE: &'static str = "∂f/∂a = b·σ(b);  ∂f/∂b = a·SiLU′(b)";
}
