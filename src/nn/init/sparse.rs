//! Sparse: each input reaches only some of the units.

use ndarray::Array2;
use rand::seq::SliceRandom;

use super::{Initializer, Site, normal};
use crate::rng::Stream;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// Sparse.
#[derive(Clone, Copy, Debug)]
pub struct Sparse {
    sparsity: f64,
    std: f64,
}

impl Describe for Sparse {
    const CARD: Card = Card {
        key: "sparse",
        title: "Sparse",
        formula: "w ~ N(0, std²), but ⌈sparsity·units⌉ of each input's are 0",
        params: &[
            Param {
                key: "sparsity",
                default: DefaultValue::Number(0.1),
                range: Range::Closed(0.0, 1.0),
                meaning: "the share of each input's weights that start at 0",
                search: None,
            },
            Param {
                key: "std",
                default: DefaultValue::Number(0.01),
                range: Range::AtLeast(0.0),
                meaning: "standard deviation of the others",
                search: None,
            },
        ],
        usage: "wide layers whose units should start different from each other",
        caution: Some("std 0.01 is small for a deep network: the signal fades from layer to layer"),
        source: "Martens 2010, as torch.nn.init.sparse_",
        differs: Some("sparsity 0.1 by default, as in PyTorch's example; there it must be given"),
    };
    fn build(pick: &Pick) -> Self {
        Self { sparsity: pick.number("sparsity"), std: pick.number("std") }
    }
}

impl Initializer for Sparse {
    fn weight(&self, weight: &mut Array2<f32>, _site: Site, stream: &mut Stream) {
        normal(&mut *weight, (0.0, self.std), stream);
        let units = weight.nrows();
        let zeros = (self.sparsity * units as f64).ceil() as usize;
        let mut order: Vec<usize> = (0..units).collect();
        for mut input in weight.columns_mut() {
            order.shuffle(stream);
            for &unit in &order[..zeros] {
                input[unit] = 0.0;
            }
        }
    }
}
