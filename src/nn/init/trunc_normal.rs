//! A normal distribution without its tails.

use ndarray::Array2;
use rand::RngExt;

use super::{Initializer, Site};
use crate::rng::{self, Stream};
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// Truncated normal.
#[derive(Clone, Copy, Debug)]
pub struct TruncNormal {
    mean: f64,
    std: f64,
    a: f64,
    b: f64,
}

const fn param(key: &'static str, default: f64, range: Range, meaning: &'static str) -> Param {
    Param { key, default: DefaultValue::Number(default), range, meaning, search: None }
}

impl Describe for TruncNormal {
    const CARD: Card = Card {
        key: "trunc_normal",
        title: "Truncated normal",
        formula: "w ~ N(mean, std²) given that a ≤ w ≤ b",
        params: &[
            param("mean", 0.0, Range::Any, "centre"),
            param("std", 1.0, Range::Above(0.0), "standard deviation before truncation"),
            param("a", -2.0, Range::Any, "the smallest weight"),
            param("b", 2.0, Range::Any, "the largest weight"),
        ],
        usage: "transformers, with std 0.02: normal, but without a unit that starts far out",
        caution: Some("a and b are weights, not multiples of std: with std 0.02 they cut nothing"),
        source: "torch.nn.init.trunc_normal_",
        differs: Some("JAX and Keras cut at 2σ and then widen σ to make up for it"),
    };
    fn build(pick: &Pick) -> Self {
        let [mean, std, a, b] = ["mean", "std", "a", "b"].map(|key| pick.number(key));
        Self { mean, std, a, b }
    }
    /// The interval is one, and near enough to the mean that weights are found in it.
    fn check(pick: &Pick) -> Result<(), String> {
        let Self { mean, std, a, b } = Self::build(pick);
        if a >= b {
            return Err(format!("a is {a}; it must be less than b, which is {b}"));
        }
        if mean < a - FAR * std || mean > b + FAR * std {
            return Err(format!(
                "the mean {mean} is more than {FAR} std outside of a = {a} to b = {b}"
            ));
        }
        Ok(())
    }
}

impl Initializer for TruncNormal {
    fn weight(&self, weight: &mut Array2<f32>, _site: Site, stream: &mut Stream) {
        let Self { mean, std, a, b } = *self;
        let ends = ((a - mean) / std, (b - mean) / std);
        for cell in weight {
            // Rounding to f32 must not step over an end.
            *cell = (mean + std * draw(ends, stream)).clamp(a, b) as f32;
        }
    }
}

/// How far outside of the interval the mean may lie, in standard deviations.
const FAR: f64 = 2.0;
/// Intervals narrower than this are hit more often by even draws than by normal ones.
const NARROW: f64 = 2.5;

/// A standard normal number from `low` to `high`, of which one is within [`FAR`] of 0: at least one
/// draw in fifty is kept.
pub(super) fn draw((low, high): (f64, f64), stream: &mut Stream) -> f64 {
    if high - low > NARROW {
        loop {
            let x = rng::normal(stream);
            if low <= x && x <= high {
                return x;
            }
        }
    }
    let top = 0.0_f64.clamp(low, high);
    loop {
        let x = low + (high - low) * stream.random::<f64>();
        if stream.random::<f64>() < libm::exp((top * top - x * x) / 2.0) {
            return x;
        }
    }
}
