//! Initializers: the weights a layer starts from.

use std::ops::Deref;

use ndarray::Array2;

use crate::rng::{self, Stream};
use crate::spec::{Base, DefaultValue, Describe, Param, Pick, Range};

mod constant;
mod eye;
mod kaiming;
mod lecun;
mod linear;
mod lsuv;
mod nguyen_widrow;
mod orthogonal;
mod plain;
mod siren;
mod sparse;
mod trunc_normal;
mod variance_scaling;
mod xavier;

/// Every initializer that can be picked, in the order in which it is shown.
pub static TABLE: &[Entry] = &[
    entry::<xavier::Uniform>(),
    entry::<xavier::Normal>(),
    entry::<kaiming::Uniform>(),
    entry::<kaiming::Normal>(),
    entry::<lecun::Uniform>(),
    entry::<lecun::Normal>(),
    entry::<variance_scaling::VarianceScaling>(),
    entry::<linear::Linear>(),
    entry::<orthogonal::Orthogonal>(),
    entry::<lsuv::Lsuv>(),
    entry::<siren::Siren>(),
    entry::<nguyen_widrow::NguyenWidrow>(),
    entry::<sparse::Sparse>(),
    entry::<eye::Eye>(),
    entry::<plain::Uniform>(),
    entry::<plain::Normal>(),
    entry::<trunc_normal::TruncNormal>(),
    entry::<constant::Constant>(),
    entry::<constant::Zeros>(),
    entry::<constant::Ones>(),
];

/// A row of [`TABLE`].
pub struct Entry {
    base: Base,
    builder: fn(&Pick) -> Box<dyn Initializer>,
}

impl Deref for Entry {
    type Target = Base;
    fn deref(&self) -> &Base {
        &self.base
    }
}

impl Entry {
    /// The initializer with the parameters picked.
    #[must_use]
    pub fn build(&self, pick: &Pick) -> Box<dyn Initializer> {
        (self.builder)(pick)
    }
}

const fn entry<I: Describe + Initializer + 'static>() -> Entry {
    Entry { base: Base::of::<I>(), builder: |pick| Box::new(I::build(pick)) }
}

/// Where a layer stands, as far as its start depends on it.
#[derive(Clone, Copy, Debug)]
pub struct Site {
    /// The gain of its activation.
    pub gain: f64,
    /// Whether its inputs are the data.
    pub first: bool,
}

/// Draws the initial parameters of one layer.
pub trait Initializer {
    /// Fills `weight` (`units × inputs`; fan-in is its width, fan-out its height), given as 0.
    fn weight(&self, weight: &mut Array2<f32>, site: Site, stream: &mut Stream);
    /// Fills `bias` (`units`), given as 0.
    fn bias(&self, _bias: &mut [f32], _fan_in: usize, _stream: &mut Stream) {}
    /// On how many of the first training rows the variance of the pre-activations is to be brought
    /// to 1 before training, if at all.
    fn rows(&self) -> Option<usize> {
        None
    }
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
        search: None,
    }
}

/// The gain asked for, or the activation's where 0 was given.
fn choose(asked: f64, of_activation: f64) -> f64 {
    if asked == 0.0 { of_activation } else { asked }
}
