//! Pinball loss.

use super::Pointwise;
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// Too low costs `q` a unit, too high 1 − `q`, averaged over samples and outputs.
#[derive(Clone, Copy, Debug)]
pub struct Quantile {
    q: f64,
}

impl Describe for Quantile {
    const CARD: Card = Card {
        key: "quantile",
        title: "Quantile (pinball)",
        formula: "L = mean max(q·e, (q − 1)·e),  e = y − ŷ",
        params: &[Param {
            key: "q",
            default: DefaultValue::Number(0.5),
            range: Range::Open(0.0, 1.0),
            meaning: "the quantile: 0.5 is the median",
            search: None,
        }],
        usage: "to predict a bound that a share q of the targets stays below",
        caution: None,
        source: "Koenker & Bassett 1978",
        differs: Some("slope 0 where ŷ = y"),
    };
    fn build(pick: &Pick) -> Self {
        Self { q: pick.number("q") }
    }
}

impl Pointwise for Quantile {
    #[inline(always)]
    fn at<F: Real>(self, output: F, target: F) -> (F, F) {
        let (below, above) = (F::of(self.q), F::of(1.0 - self.q));
        let short = target - output;
        let weight = F::select(short > F::ZERO, below, above);
        (weight * short.abs(), -weight * short.sign())
    }
}
