//! Building what a table row describes for one kind of float or another.

use super::dual::Dual;
use super::real::Real;
use crate::spec::Pick;

/// A kind of thing that computes in floats of any kind.
pub trait Family {
    /// The thing in `F`.
    type Of<F: Real>;
}

/// The functions that build a thing of one family; `builders!` makes them of one expression.
pub struct Builders<K: Family> {
    /// For training.
    pub f32: fn(&Pick) -> K::Of<f32>,
    /// For gradient checks.
    pub f64: fn(&Pick) -> K::Of<f64>,
    /// For curvature.
    pub dual: fn(&Pick) -> K::Of<Dual>,
}

/// The [`Builders`] that each build what the expression says of a pick.
macro_rules! builders {
    (|$pick:ident| $built:expr) => {
        $crate::nn::build::Builders {
            f32: |$pick| $built,
            f64: |$pick| $built,
            dual: |$pick| $built,
        }
    };
}
pub(crate) use builders;

/// The floats that tables build things for.
pub trait Float: Real {
    /// The thing that `pick` describes.
    fn build<K: Family>(builders: &Builders<K>, pick: &Pick) -> K::Of<Self>;
}

macro_rules! floats {
    ($($Float:ty: $builder:ident,)*) => {$(
        impl Float for $Float {
            fn build<K: Family>(builders: &Builders<K>, pick: &Pick) -> K::Of<Self> {
                (builders.$builder)(pick)
            }
        }
    )*};
}

floats! {
    f32: f32,
    f64: f64,
    Dual: dual,
}
