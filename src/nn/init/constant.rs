//! The same for every weight.

use ndarray::Array2;

use super::{Initializer, Site};
use crate::rng::Stream;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// Constant.
#[derive(Clone, Copy, Debug)]
pub struct Constant {
    value: f64,
}

impl Describe for Constant {
    const CARD: Card = Card {
        key: "constant",
        title: "Constant",
        formula: "w = value",
        params: &[Param {
            key: "value",
            default: DefaultValue::Number(0.0),
            range: Range::Any,
            meaning: "the value of every weight",
            search: None,
        }],
        usage: "to see why symmetry must be broken: all units of a layer stay equal",
        caution: None,
        source: "torch.nn.init.constant_",
        differs: None,
    };
    fn build(pick: &Pick) -> Self {
        Self { value: pick.number("value") }
    }
}

impl Initializer for Constant {
    fn weight(&self, weight: &mut Array2<f32>, _site: Site, _stream: &mut Stream) {
        weight.fill(self.value as f32);
    }
}

/// Zeros.
#[derive(Clone, Copy, Debug)]
pub struct Zeros;

impl Describe for Zeros {
    const CARD: Card = Card {
        key: "zeros",
        title: "Zeros",
        formula: "w = 0",
        params: &[],
        usage: "an output layer that starts without an opinion: all classes as likely",
        caution: Some(
            "in a hidden layer no gradient gets through: nothing below it learns at first",
        ),
        source: "torch.nn.init.zeros_",
        differs: None,
    };
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl Initializer for Zeros {
    fn weight(&self, weight: &mut Array2<f32>, _site: Site, _stream: &mut Stream) {
        weight.fill(0.0);
    }
}

/// Ones.
#[derive(Clone, Copy, Debug)]
pub struct Ones;

impl Describe for Ones {
    const CARD: Card = Card {
        key: "ones",
        title: "Ones",
        formula: "w = 1",
        params: &[],
        usage: "to see why symmetry must be broken: all units of a layer stay equal",
        caution: Some("every unit sums up its inputs: wide layers saturate or overflow"),
        source: "torch.nn.init.ones_",
        differs: None,
    };
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl Initializer for Ones {
    fn weight(&self, weight: &mut Array2<f32>, _site: Site, _stream: &mut Stream) {
        weight.fill(1.0);
    }
}
