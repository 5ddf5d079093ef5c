//! The picture of a network's predictions that fits its data.

use super::{Confusion, Curve, Field, Model, Probe, Scatter, Sequence, Snapshot, View};
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
    /// Sequences: one of them.
    Sequence(Sequence),
}

impl Probe for Predictions {
    fn of(model: &mut Model, snapshot: &Snapshot, view: View) -> Self {
        if snapshot.experiment.data.extent().is_sequence()
            && let Some(sequence) = Probe::of(model, snapshot, view)
        {
            return Self::Sequence(sequence);
        }
        match (snapshot.problem.head, snapshot.problem.columns()) {
            (_, 1) => Self::Curve(Probe::of(model, snapshot, view)),
            (_, 2) => Self::Field(Probe::of(model, snapshot, view)),
            (Head::Values(_), _) => Self::Scatter(Probe::of(model, snapshot, view)),
            _ => Self::Confusion(Probe::of(model, snapshot, view)),
        }
    }
}
