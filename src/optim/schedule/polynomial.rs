//! A power of the time that is left.

use super::{Moment, Schedule, given, length};
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// The rate falls to 0 with a power of the time that is left.
#[derive(Clone, Copy, Debug)]
pub struct Polynomial {
    total_iters: Option<f64>,
    power: f64,
}

impl Describe for Polynomial {
    const CARD: Card = Card {
        key: "polynomial",
        title: "Polynomial decay",
        formula: "α = α₀·(1 − min(t / total_iters, 1))^power",
        params: &[
            length("total_iters", "steps until the rate is 0; 0: the whole run"),
            Param {
                key: "power",
                default: DefaultValue::Number(1.0),
                range: Range::AtLeast(0.0),
                meaning: "1 is a straight line; more falls faster at first",
                search: None,
            },
        ],
        usage: "segmentation networks (power 0.9), or a linear decay",
        caution: None,
        source: "torch.optim.lr_scheduler.PolynomialLR",
        differs: Some(
            "PyTorch's total_iters is 5 by default, meant as epochs; here it is in steps",
        ),
    };
    fn build(pick: &Pick) -> Self {
        Self { total_iters: given(pick, "total_iters"), power: pick.number("power") }
    }
}

impl Schedule for Polynomial {
    fn rate(&self, at: Moment) -> f64 {
        at.base * libm::pow(1.0 - at.progress(self.total_iters), self.power)
    }
}
