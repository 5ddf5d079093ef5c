//! Initializers: the weights a layer starts from.

use ndarray::Array2;

use crate::rng::{self, Stream};
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

mod kaiming;
mod lecun;
mod linear;
mod plain;
mod xavier;

/// Every initializer that can be picked, in the order in which it is shown.
pub static TABLE: &[Entry] = &[
    entry::<xavier::Uniform>(),
    entry::<xavier::Normal>(),
    entry::<kaiming::Uniform>(),
    entry::<kaiming::Normal>(),
    entry::<lecun::Uniform>(),
    entry::<lecun::Normal>(),
    entry::<linear::Linear>(),
    entry::<plain::Uniform>(),
    entry::<plain::Normal>(),
    entry::<plain::Constant>(),
];

/// A row of [`TABLE`].
pub struct Entry {
    /// Its description.
    pub card: &'static Card,
    /// Builds it.
    pub build: fn(&Pick) -> Box<dyn Initializer>,
}

const fn entry<I: Describe + Initializer + 'static>() -> Entry {
    Entry { card: &I::CARD, build: |pick| Box::new(I::build(pick)) }
}

/// Draws the initial parameters of one layer.
pub trait Initializer {
    /// Fills `weight` (`units × inputs`; fan-in is its width, fan-out its height). `gain` is that
    /// of the layer's activation.
    fn weight(&self, weight: &mut Array2<f32>, gain: f64, stream: &mut Stream);
    /// Fills `bias` (`units`), given as 0.
    fn bias(&self, _bias: &mut [f32], _fan_in: usize, _stream: &mut Stream) {}
}

/// Fills with numbers drawn evenly from `low ≤ x < high`.
fn uniform<'a>(
    cells: impl IntoIterator<Item = &'a mut f32>,
    (low, high): (f64, f64),
    stream: &mut Stream,
) {
    use rand::RngExt;
    for cell in cells {
        *cell = (low + (high - low) * stream.random::<f64>()) as f32;
    }
}

/// Fills with normally distributed numbers.
fn normal<'a>(
    cells: impl IntoIterator<Item = &'a mut f32>,
    (mean, std): (f64, f64),
    stream: &mut Stream,
) {
    for cell in cells {
        *cell = (mean + std * rng::normal(stream)) as f32;
    }
}

/// Fan-in and fan-out of a weight matrix.
fn fans(weight: &Array2<f32>) -> (f64, f64) {
    let (units, inputs) = weight.dim();
    (inputs as f64, units as f64)
}

/// The factor on the width that the schemes of Glorot and He take.
const fn gain(default: f64) -> Param {
    Param {
        key: "gain",
        default: DefaultValue::Number(default),
        range: Range::AtLeast(0.0),
        meaning: "factor on the width; 0 takes the gain of the layer's activation",
    }
}

/// The gain asked for, or the activation's where 0 was given.
fn choose(asked: f64, of_activation: f64) -> f64 {
    if asked == 0.0 { of_activation } else { asked }
}
