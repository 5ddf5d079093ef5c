//! The family that LeCun's, Glorot's and He's schemes belong to.

use ndarray::Array2;

use super::{Initializer, Site, fans, normal, trunc_normal, uniform};
use crate::rng::Stream;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// Variance scaling.
#[derive(Clone, Debug)]
pub struct VarianceScaling {
    scale: f64,
    mode: String,
    distribution: String,
}

impl Describe for VarianceScaling {
    const CARD: Card = Card {
        key: "variance_scaling",
        title: "Variance scaling",
        formula: "Var w = scale / fan",
        params: &[
            Param {
                key: "scale",
                default: DefaultValue::Number(1.0),
                range: Range::Above(0.0),
                meaning: "1 keeps the variance through linear units, 2 through ReLU",
                search: None,
            },
            Param {
                key: "mode",
                default: DefaultValue::Word("fan_in"),
                range: Range::OneOf(&["fan_in", "fan_out", "fan_avg"]),
                meaning: "inputs, units, or the mean of both",
                search: None,
            },
            Param {
                key: "distribution",
                default: DefaultValue::Word("truncated_normal"),
                range: Range::OneOf(&["truncated_normal", "normal", "uniform"]),
                meaning: "truncated_normal has no weight beyond 2σ of the normal it is cut from",
                search: None,
            },
        ],
        usage: "to start as Keras or JAX do: glorot_uniform is scale 1, fan_avg, uniform",
        caution: None,
        source: "Keras and jax.nn.initializers, VarianceScaling",
        differs: Some("`normal` is Keras's untruncated_normal"),
    };
    fn build(pick: &Pick) -> Self {
        Self {
            scale: pick.number("scale"),
            mode: pick.word("mode").to_owned(),
            distribution: pick.word("distribution").to_owned(),
        }
    }
}

/// The standard deviation of a standard normal number that is cut at ±2: √(1 − 4φ(2) / (2Φ(2) − 1)).
const CUT_STD: f64 = 0.879_625_661_034_239_8;

impl Initializer for VarianceScaling {
    fn weight(&self, weight: &mut Array2<f32>, _site: Site, stream: &mut Stream) {
        let (fan_in, fan_out) = fans(weight);
        let fan = match self.mode.as_str() {
            "fan_in" => fan_in,
            "fan_out" => fan_out,
            _ => f64::midpoint(fan_in, fan_out),
        };
        let std = (self.scale / fan).sqrt();
        match self.distribution.as_str() {
            "uniform" => {
                let a = 3.0_f64.sqrt() * std;
                uniform(weight, (-a, a), stream);
            }
            "normal" => normal(weight, (0.0, std), stream),
            _ => {
                for cell in weight {
                    let x = trunc_normal::draw((-2.0, 2.0), stream);
                    *cell = (std / CUT_STD * x) as f32;
                }
            }
        }
    }
}
