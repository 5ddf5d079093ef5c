//! Xavier (Glorot): variance kept both ways.

use ndarray::Array2;

use super::{Initializer, Site, choose, fans, gain, normal, uniform};
use crate::rng::Stream;
use crate::spec::{Card, Describe, Pick};

/// Xavier uniform.
#[derive(Clone, Copy, Debug)]
pub struct Uniform {
    gain: f64,
}

impl Describe for Uniform {
    const CARD: Card = Card {
        key: "xavier_uniform",
        title: "Xavier uniform",
        formula: "w ~ U(−a, a),  a = gain·√(6 / (fan_in + fan_out))",
        params: &[gain(1.0)],
        usage: "tanh, sigmoid and softmax layers",
        caution: None,
        source: "Glorot & Bengio 2010",
        differs: Some("gain 1 by default, as torch.nn.init"),
    };
    fn build(pick: &Pick) -> Self {
        Self { gain: pick.number("gain") }
    }
}

impl Initializer for Uniform {
    fn weight(&self, weight: &mut Array2<f32>, site: Site, stream: &mut Stream) {
        let (fan_in, fan_out) = fans(weight);
        let a = choose(self.gain, site.gain) * (6.0 / (fan_in + fan_out)).sqrt();
        uniform(weight, (-a, a), stream);
    }
}

/// Xavier normal.
#[derive(Clone, Copy, Debug)]
pub struct Normal {
    gain: f64,
}

impl Describe for Normal {
    const CARD: Card = Card {
        key: "xavier_normal",
        title: "Xavier normal",
        formula: "w ~ N(0, σ²),  σ = gain·√(2 / (fan_in + fan_out))",
        params: &[gain(1.0)],
        usage: "tanh, sigmoid and softmax layers",
        caution: None,
        source: "Glorot & Bengio 2010",
        differs: Some("gain 1 by default, as torch.nn.init"),
    };
    fn build(pick: &Pick) -> Self {
        Self { gain: pick.number("gain") }
    }
}

impl Initializer for Normal {
    fn weight(&self, weight: &mut Array2<f32>, site: Site, stream: &mut Stream) {
        let (fan_in, fan_out) = fans(weight);
        let std = choose(self.gain, site.gain) * (2.0 / (fan_in + fan_out)).sqrt();
        normal(weight, (0.0, std), stream);
    }
}
