//! Distributions that ignore the layer's size.

use ndarray::Array2;

use super::{Initializer, Site, normal, uniform};
use crate::rng::Stream;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// Uniform.
#[derive(Clone, Copy, Debug)]
pub struct Uniform {
    a: f64,
    b: f64,
}

impl Describe for Uniform {
    const CARD: Card = Card {
        key: "uniform",
        title: "Uniform",
        formula: "w ~ U(a, b)",
        params: &[
            Param {
                key: "a",
                default: DefaultValue::Number(0.0),
                range: Range::Any,
                meaning: "lower end",
                search: None,
            },
            Param {
                key: "b",
                default: DefaultValue::Number(1.0),
                range: Range::Any,
                meaning: "upper end",
                search: None,
            },
        ],
        usage: "experiments with bad starts",
        caution: None,
        source: "torch.nn.init.uniform_",
        differs: Some("0 to 1 by default, as torch.nn.init: not centred on 0"),
    };
    fn build(pick: &Pick) -> Self {
        Self { a: pick.number("a"), b: pick.number("b") }
    }
    /// The ends are in order.
    fn check(pick: &Pick) -> Result<(), String> {
        let (a, b) = (pick.number("a"), pick.number("b"));
        if a <= b { Ok(()) } else { Err(format!("a is {a}; it must be at most b, which is {b}")) }
    }
}

impl Initializer for Uniform {
    fn weight(&self, weight: &mut Array2<f32>, _site: Site, stream: &mut Stream) {
        uniform(weight, (self.a, self.b), stream);
    }
}

/// Normal.
#[derive(Clone, Copy, Debug)]
pub struct Normal {
    mean: f64,
    std: f64,
}

impl Describe for Normal {
    const CARD: Card = Card {
        key: "normal",
        title: "Normal",
        formula: "w ~ N(mean, std²)",
        params: &[
            Param {
                key: "mean",
                default: DefaultValue::Number(0.0),
                range: Range::Any,
                meaning: "centre",
                search: None,
            },
            Param {
                key: "std",
                default: DefaultValue::Number(1.0),
                range: Range::AtLeast(0.0),
                meaning: "standard deviation",
                search: None,
            },
        ],
        usage: "experiments with too large or too small starts",
        caution: None,
        source: "torch.nn.init.normal_",
        differs: None,
    };
    fn build(pick: &Pick) -> Self {
        Self { mean: pick.number("mean"), std: pick.number("std") }
    }
}

impl Initializer for Normal {
    fn weight(&self, weight: &mut Array2<f32>, _site: Site, stream: &mut Stream) {
        normal(weight, (self.mean, self.std), stream);
    }
}
