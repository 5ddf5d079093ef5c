//! What an overlay was opened to choose for a screen that has settings of its own.

use crate::experiment::walk::Walk;
use crate::spec::Pick;

/// A setting of the walk on the Surface screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// The surface.
    Surface,
    /// A parameter of the surface.
    Param(usize),
    /// σ of the noise.
    Noise,
    /// The seed of the noise.
    Seed,
    /// The optimizer of a walker.
    Walker(usize),
    /// The optimizer of a walker to be added.
    NewWalker,
    /// The schedule of a walker.
    Schedule(usize),
}

/// A choice that was made.
#[derive(Clone, Debug)]
pub enum Choice {
    /// An entry of the catalog.
    Pick(Slot, Pick),
    /// A value as it was typed.
    Text(Slot, String),
    /// Another walk.
    Walk(Box<Walk>),
    /// Another walk, at rest at its start.
    WalkAtRest(Box<Walk>),
}
