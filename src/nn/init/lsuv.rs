//! LSUV: layers that give unit variance on the data itself.

use ndarray::Array2;

use super::{Initializer, Site, orthogonal};
use crate::rng::Stream;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// Layer-sequential unit variance.
#[derive(Clone, Copy, Debug)]
pub struct Lsuv {
    rows: usize,
}

impl Describe for Lsuv {
    const CARD: Card = Card {
        key: "lsuv",
        title: "Layer-sequential unit variance",
        formula: "W = Q / √Var(Q·x),  Q orthogonal,  x from the training data",
        params: &[Param {
            key: "rows",
            default: DefaultValue::Integer(256),
            range: Range::Closed(2.0, 65_536.0),
            meaning: "training rows on which the variance is taken: the first ones",
            search: None,
        }],
        usage: "deep networks of any activation: no gain to be known, the data tells",
        caution: Some("another data set or split gives other initial weights"),
        source: "Mishkin & Matas 2016, All you need is a good init",
        differs: Some(
            "variance over units and rows of W·x + b, before any norm, as in the authors' code; one division is exact for dense layers, where they repeat it",
        ),
    };
    fn build(pick: &Pick) -> Self {
        Self { rows: pick.number("rows") as usize }
    }
}

impl Initializer for Lsuv {
    fn weight(&self, weight: &mut Array2<f32>, _site: Site, stream: &mut Stream) {
        orthogonal::fill(weight, 1.0, stream);
    }
    fn rows(&self) -> Option<usize> {
        Some(self.rows)
    }
}
