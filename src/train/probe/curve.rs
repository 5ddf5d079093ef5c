//! Predictions along a single input.

use super::field::range;
use super::{Model, Probe, Snapshot, View};
use crate::train::problem::Head;

/// The network's answers along its only input.
#[derive(Clone, Debug)]
pub struct Curve {
    /// Inputs, left to right, in the units of the data's source.
    pub x: Vec<f64>,
    /// The value predicted, in the units of the data's source, or the probability of the second class.
    pub y: Vec<f64>,
}

impl Probe for Curve {
    fn of(model: &mut Model, snapshot: &Snapshot, view: View) -> Self {
        let problem = &snapshot.problem;
        let (low, high) = range(problem, 0);
        let points = (view.grid.0 * 2).max(2);
        let x: Vec<f64> =
            (0..points).map(|i| low + (high - low) * i as f64 / (points - 1) as f64).collect();
        let mut y = Vec::with_capacity(points);
        let regression = matches!(model.reading.head, Head::Values(_));
        model.predict(
            (points, 1),
            |i, _| x[i] as f32,
            |_, prediction| {
                y.push(match (regression, prediction.class) {
                    (true, _) => prediction.value,
                    (false, 0) => 1.0 - f64::from(prediction.confidence),
                    (false, _) => f64::from(prediction.confidence),
                });
            },
        );
        let source = problem.split.train.scaling[0];
        Curve { x: x.into_iter().map(|x| source.undo(x)).collect(), y }
    }
}
