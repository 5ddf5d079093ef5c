//! Kaiming (He): variance kept through rectifiers.

use ndarray::Array2;

use super::{Initializer, choose, fans, normal, uniform};
use crate::rng::Stream;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

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
        params: &[Param {
            key: "gain",
            default: DefaultValue::Number(std::f64::consts::SQRT_2),
            range: Range::AtLeast(0.0),
            meaning: "factor on the width (√2 suits ReLU); 0 takes the gain of the layer's activation",
        }],
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
        params: &[Param {
            key: "gain",
            default: DefaultValue::Number(std::f64::consts::SQRT_2),
            range: Range::AtLeast(0.0),
            meaning: "factor on the width (√2 suits ReLU); 0 takes the gain of the layer's activation",
        }],
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
