//! SIREN: the start of sine layers.

use ndarray::Array2;

use super::{Initializer, Site, fans, uniform};
use crate::rng::Stream;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// SIREN.
#[derive(Clone, Copy, Debug)]
pub struct Siren {
    omega: f64,
}

impl Describe for Siren {
    const CARD: Card = Card {
        key: "siren",
        title: "SIREN",
        formula: "w ~ U(−a, a),  a = √(6 / fan_in) / ω,  in the first layer 1 / fan_in\n\
                  b ~ U(−c, c),  c = 1 / √fan_in",
        params: &[Param {
            key: "omega",
            default: DefaultValue::Number(0.0),
            range: Range::AtLeast(0.0),
            meaning: "ω, the sine's frequency; 0 takes √2 / gain of the layer's activation",
            search: None,
        }],
        usage: "sine layers: the sine's arguments keep a variance of 1 from layer to layer",
        caution: Some("made for inputs from −1 to 1"),
        source: "Sitzmann et al. 2020, SIREN, and the authors' code",
        differs: Some("that √2 / gain is just the omega of a layer of `sine`"),
    };
    fn build(pick: &Pick) -> Self {
        Self { omega: pick.number("omega") }
    }
}

impl Initializer for Siren {
    fn weight(&self, weight: &mut Array2<f32>, site: Site, stream: &mut Stream) {
        let (fan_in, _) = fans(weight);
        let omega =
            if self.omega == 0.0 { std::f64::consts::SQRT_2 / site.gain } else { self.omega };
        let a = if site.first { 1.0 / fan_in } else { (6.0 / fan_in).sqrt() / omega };
        uniform(weight, (-a, a), stream);
    }
    fn bias(&self, bias: &mut [f32], fan_in: usize, stream: &mut Stream) {
        let c = 1.0 / (fan_in as f64).sqrt();
        uniform(bias, (-c, c), stream);
    }
}
