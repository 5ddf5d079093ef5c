//! Loss and accuracy between the evaluations that come by themselves.

use super::{Model, Probe, Snapshot, View};
use crate::train::evaluate::Score;

/// The scores of a network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scores {
    /// On the training rows.
    pub train: Score,
    /// On the held-out rows.
    pub test: Score,
}

impl Probe for Scores {
    fn of(model: &mut Model, snapshot: &Snapshot, _: View) -> Self {
        let problem = &snapshot.problem;
        Self { train: model.score(&problem.train), test: model.score(&problem.test) }
    }
}
