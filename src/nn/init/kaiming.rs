//! Kaiming (He): variance kept through rectifiers.

use ndarray::Array2;

use super::{Initializer, Site, choose, fans, gain, normal, uniform};
use crate::rng::Stream;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// Which way the variance is to be kept.
const MODE: Param = Param {
    key: "mode",
    default: DefaultValue::Word("fan_in"),
    range: Range::OneOf(&["fan_in", "fan_out"]),
    meaning: "fan_in keeps the variance of signals, fan_out that of gradients",
    search: None,
};

/// The picked [`MODE`].
#[derive(Clone, Copy, Debug)]
enum Fan {
    In,
    Out,
}

impl Fan {
    fn of(pick: &Pick) -> Self {
        if pick.word("mode") == "fan_out" { Self::Out } else { Self::In }
    }

    fn count(self, weight: &Array2<f32>) -> f64 {
        let (fan_in, fan_out) = fans(weight);
        match self {
            Self::In => fan_in,
            Self::Out => fan_out,
        }
    }
}

/// Kaiming uniform.
#[derive(Clone, Copy, Debug)]
pub struct Uniform {
    gain: f64,
    fan: Fan,
}

impl Describe for Uniform {
    const CARD: Card = Card {
        key: "kaiming_uniform",
        title: "Kaiming uniform",
        formula: "w ~ U(−a, a),  a = gain·√(3 / fan),  fan as mode says",
        params: &[gain(std::f64::consts::SQRT_2), MODE],
        usage: "ReLU layers and their relatives",
        caution: None,
        source: "He et al. 2015",
        differs: Some(
            "gain is √2, that of ReLU; torch.nn.init takes it from its argument a instead",
        ),
    };
    fn build(pick: &Pick) -> Self {
        Self { gain: pick.number("gain"), fan: Fan::of(pick) }
    }
}

impl Initializer for Uniform {
    fn weight(&self, weight: &mut Array2<f32>, site: Site, stream: &mut Stream) {
        let a = choose(self.gain, site.gain) * (3.0 / self.fan.count(weight)).sqrt();
        uniform(weight, (-a, a), stream);
    }
}

/// Kaiming normal.
#[derive(Clone, Copy, Debug)]
pub struct Normal {
    gain: f64,
    fan: Fan,
}

impl Describe for Normal {
    const CARD: Card = Card {
        key: "kaiming_normal",
        title: "Kaiming normal",
        formula: "w ~ N(0, σ²),  σ = gain / √fan,  fan as mode says",
        params: &[gain(std::f64::consts::SQRT_2), MODE],
        usage: "ReLU layers and their relatives",
        caution: None,
        source: "He et al. 2015",
        differs: Some("not truncated, as torch.nn.init; Keras truncates"),
    };
    fn build(pick: &Pick) -> Self {
        Self { gain: pick.number("gain"), fan: Fan::of(pick) }
    }
}

impl Initializer for Normal {
    fn weight(&self, weight: &mut Array2<f32>, site: Site, stream: &mut Stream) {
        let std = choose(self.gain, site.gain) / self.fan.count(weight).sqrt();
        normal(weight, (0.0, std), stream);
    }
}
