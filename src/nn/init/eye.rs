//! The identity.

use ndarray::Array2;

use super::{Initializer, Site, choose, gain};
use crate::rng::Stream;
use crate::spec::{Card, Describe, Pick};

/// Identity.
#[derive(Clone, Copy, Debug)]
pub struct Eye {
    gain: f64,
}

impl Describe for Eye {
    const CARD: Card = Card {
        key: "eye",
        title: "Identity",
        formula: "wᵢⱼ = gain if i = j, else 0",
        params: &[gain(1.0)],
        usage: "layers as wide as the one before, which start by passing on what they get",
        caution: Some(
            "units beyond the inputs start alike at 0, and inputs beyond the units are lost",
        ),
        source: "torch.nn.init.eye_; Le, Jaitly & Hinton 2015",
        differs: Some("gain is that paper's scale of the identity; torch.nn.init has none"),
    };
    fn build(pick: &Pick) -> Self {
        Self { gain: pick.number("gain") }
    }
}

impl Initializer for Eye {
    fn weight(&self, weight: &mut Array2<f32>, site: Site, _stream: &mut Stream) {
        weight.fill(0.0);
        weight.diag_mut().fill(choose(self.gain, site.gain) as f32);
    }
}
