//! Building what a table row describes for one precision or the other.

use super::real::Real;
use crate::spec::Pick;

/// A kind of thing that computes in floats of either precision.
pub trait Family {
    /// The thing in `F`.
    type Of<F: Real>;
}

/// The functions that build a thing of one family.
pub struct Builders<K: Family> {
    /// For training.
    pub f32: fn(&Pick) -> K::Of<f32>,
    /// For gradient checks and test surfaces.
    pub f64: fn(&Pick) -> K::Of<f64>,
}

/// The floats that tables build things for.
pub trait Float: Real {
    /// The thing that `pick` describes.
    fn build<K: Family>(builders: &Builders<K>, pick: &Pick) -> K::Of<Self>;
}

impl Float for f32 {
    fn build<K: Family>(builders: &Builders<K>, pick: &Pick) -> K::Of<Self> {
        (builders.f32)(pick)
    }
}

impl Float for f64 {
    fn build<K: Family>(builders: &Builders<K>, pick: &Pick) -> K::Of<Self> {
        (builders.f64)(pick)
    }
}
