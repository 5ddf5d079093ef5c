//! Gated linear unit with GELU on its gate.

use super::gelu::Gelu;
use super::glu::Gate;
use crate::spec::{Card, Describe, Pick};

/// a·GELU(b).
#[derive(Clone, Copy, Debug)]
pub struct GeGlu;

impl Describe for GeGlu {
    const CARD: Card = Card {
        key: "geglu",
        title: "GEGLU",
        formula: "f(a, b) = a·b·Φ(b)        a, b: first and second half of the units",
        params: &[],
        usage: "feed-forward layers of Transformers",
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

impl Gate for GeGlu {
    type Function = Gelu;
    const FUNCTION: Gelu = Gelu::EXACT;
    const DERIVATIVE: &'static str = "∂f/∂a = b·Φ(b);  ∂f/∂b = a·GELU′(b)";
}
