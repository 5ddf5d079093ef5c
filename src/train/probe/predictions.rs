//! The picture of a network's predictions that fits its data.

use super::{Confusion, Curve, Field, Model, Probe, Scatter, Snapshot, View};
use crate::train::problem::Head;

/// The picture that fits the data.
#[derive(Clone, Debug)]
pub enum Predictions {
    /// Two inputs: the plane.
    Field(Field),
    /// One input: the fitted curve.
    Curve(Curve),
    /// Classes over many inputs.
    Confusion(Confusion),
    /// Real values over many inputs.
    Scatter(Scatter),
}

impl Probe for Predictions {
    fn of(model: &mut Model, snapshot: &Snapshot, view: View) -> Self {
        match (snapshot.problem.head, snapshot.problem.columns()) {
            (_, 1) => Self::Curve(Probe::of(model, snapshot, view)),
            (_, 2) => Self::Field(Probe::of(model, snapshot, view)),
            (Head::Values(_), _) => Self::Scatter(Probe::of(model, snapshot, view)),
            _ => Self::Confusion(Probe::of(model, snapshot, view)),
        }
    }
}
