//! Predicted values of the held-out rows.

use super::{Model, Probe, Snapshot, View};
use crate::data::Target;

/// Predicted against true values.
#[derive(Clone, Debug)]
pub struct Scatter {
    /// (true, predicted) for each held-out row, in the units of the data's source.
    pub pairs: Vec<(f64, f64)>,
}

impl Probe for Scatter {
    fn of(model: &mut Model, snapshot: &Snapshot, _: View) -> Self {
        let problem = &snapshot.problem;
        let test = &problem.split.test;
        let Target::Values { values, scaling, .. } = &test.target else {
            return Scatter { pairs: Vec::new() };
        };
        let Some(scaling) = scaling.first() else { return Scatter { pairs: Vec::new() } };
        let mut pairs = Vec::with_capacity(values.nrows());
        model.predict(
            test.x.dim(),
            |i, feature| test.x[(i, feature)],
            |row, prediction| {
                pairs.push((scaling.undo(f64::from(values[(row, 0)])), prediction.value));
            },
        );
        Scatter { pairs }
    }
}
