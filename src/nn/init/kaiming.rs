//! Kaiming (He): variance kept through rectifiers.

use ndarray::Array2;

use super::{Initializer, choose, fans, gain, normal, uniform};
use crate::rng::Stream;
use crate::spec::{Card, Describe, Pick};

/// Kaiming uniform.
#[derive(Clone, Copy, Debug)]
pub struct Uniform {
    gain: f64,
}

impl Describe for Uniform {
    const CARD: Card = Card {
        key: "kaiming_uniform",
        title: "Kaiming uniform",
        formula: "w ~ U(−a, a),  a = gain·√(3 / fan_in)",
        params: &[gain(std::f64::consts::SQRT_2)],
        usage: "ReLU layers and their relatives",
        caution: None,
        source: "He et al. 2015",
        differs: Some("fan-in mode, as torch.nn.init by default"),
    };
    fn build(pick: &Pick) -> Self {
        Self { gain: pick.number("gain") }
    }
}

impl Initializer for Uniform {
    fn weight(&self, weight: &mut Array2<f32>, gain: f64, stream: &mut Stream) {
        let a = choose(self.gain, gain) * (3.0 / fans(weight).0).sqrt();
        uniform(weight, (-a, a), stream);
    }
}

/// Kaiming normal.
#[derive(Clone, Copy, Debug)]
pub struct Normal {
    gain: f64,
}

impl Describe for Normal {
    const CARD: Card = Card {
        key: "kaiming_normal",
        title: "Kaiming normal",
        formula: "w ~ N(0, σ²),  σ = gain / √fan_in",
        params: &[gain(std::f64::consts::SQRT_2)],
        usage: "ReLU layers and their relatives",
        caution: None,
        source: "He et al. 2015",
        differs: Some("fan-in mode, not truncated, as torch.nn.init; Keras truncates"),
    };
    fn build(pick: &Pick) -> Self {
        Self { gain: pick.number("gain") }
    }
}

impl Initializer for Normal {
    fn weight(&self, weight: &mut Array2<f32>, gain: f64, stream: &mut Stream) {
        let std = choose(self.gain, gain) / fans(weight).0.sqrt();
        normal(weight, (0.0, std), stream);
    }
}
