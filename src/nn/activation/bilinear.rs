//! Gated linear unit with no function on its gate.

use super::glu::Gate;
use super::identity::Identity;
use crate::spec::{Card, Describe, Pick};

/// a·b.
#[derive(Clone, Copy, Debug)]
pub struct Bilinear;

impl Describe for Bilinear {
    const CARD: Card = Card {
        key: "bilinear",
        title: "Bilinear",
        formula: "f(a, b) = a·b        a, b: first and second half of the units",
        params: &[],
        usage: "layers that multiply features: no other function is needed to bend the map",
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

impl Gate for Bilinear {
    type Function = Identity;
    const FUNCTION: Identity = Identity;
    const DERIVATIVE: &'static str = "∂f/∂a = b;  ∂f/∂b = a";
}
