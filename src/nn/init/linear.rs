//! What `torch.nn.Linear` does.

use ndarray::Array2;

use super::{Initializer, Site, fans, uniform};
use crate::rng::Stream;
use crate::spec::{Card, Describe, Pick};

/// torch.nn.Linear's default.
#[derive(Clone, Copy, Debug)]
pub struct Linear;

impl Describe for Linear {
    const CARD: Card = Card {
        key: "linear",
        title: "torch.nn.Linear's default",
        formula: "w, b ~ U(−a, a),  a = 1 / √fan_in",
        params: &[],
        usage: "to start as PyTorch does",
        caution: None,
        source: "torch.nn.Linear.reset_parameters",
        differs: Some(
            "draws the bias too, as siren and nguyen_widrow do; all others start it at 0",
        ),
    };
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl Initializer for Linear {
    fn weight(&self, weight: &mut Array2<f32>, _site: Site, stream: &mut Stream) {
        let a = 1.0 / fans(weight).0.sqrt();
        uniform(weight, (-a, a), stream);
    }
    fn bias(&self, bias: &mut [f32], fan_in: usize, stream: &mut Stream) {
        let a = 1.0 / (fan_in as f64).sqrt();
        uniform(bias, (-a, a), stream);
    }
}
