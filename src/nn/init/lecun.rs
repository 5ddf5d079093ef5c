//! LeCun: unit variance through linear units.

use ndarray::Array2;

use super::{Initializer, Site, fans, normal, uniform};
use crate::rng::Stream;
use crate::spec::{Card, Describe, Pick};

/// LeCun uniform.
#[derive(Clone, Copy, Debug)]
pub struct Uniform;

impl Describe for Uniform {
    const CARD: Card = Card {
        key: "lecun_uniform",
        title: "LeCun uniform",
        formula: "w ~ U(−a, a),  a = √(3 / fan_in)",
        params: &[],
        usage: "SELU layers, and before normalisation",
        caution: None,
        source: "LeCun et al. 1998, Efficient BackProp",
        differs: None,
    };
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl Initializer for Uniform {
    fn weight(&self, weight: &mut Array2<f32>, _site: Site, stream: &mut Stream) {
        let a = (3.0 / fans(weight).0).sqrt();
        uniform(weight, (-a, a), stream);
    }
}

/// LeCun normal.
#[derive(Clone, Copy, Debug)]
pub struct Normal;

impl Describe for Normal {
    const CARD: Card = Card {
        key: "lecun_normal",
        title: "LeCun normal",
        formula: "w ~ N(0, σ²),  σ = 1 / √fan_in",
        params: &[],
        usage: "SELU layers, and before normalisation",
        caution: None,
        source: "LeCun et al. 1998, Efficient BackProp",
        differs: Some("not truncated; JAX and Keras truncate at 2σ"),
    };
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl Initializer for Normal {
    fn weight(&self, weight: &mut Array2<f32>, _site: Site, stream: &mut Stream) {
        let std = 1.0 / fans(weight).0.sqrt();
        normal(weight, (0.0, std), stream);
    }
}
