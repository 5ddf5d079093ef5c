//! Predictions over the plane of two inputs.

use super::{Model, Probe, Snapshot, View};
use crate::data::Part;
use crate::train::problem::{Head, Problem};

/// The network's answers all over the plane of its two inputs.
#[derive(Clone, Debug)]
pub struct Field {
    /// Points across and down.
    pub grid: (usize, usize),
    /// The first input's range, left to right, in the units of the data's source.
    pub x: (f64, f64),
    /// The second input's range, bottom to top, in the same way.
    pub y: (f64, f64),
    /// The answer at each point, row after row from the top.
    pub values: FieldValues,
}

/// The answers of a [`Field`].
#[derive(Clone, Debug)]
pub enum FieldValues {
    /// Class and confidence.
    Classes(Vec<(usize, f64)>),
    /// The value predicted, in the units of the data's source.
    Values(Vec<f64>),
}

/// The range of column `feature` over both splits, with a little air.
pub(super) fn range(problem: &Problem, feature: usize) -> (f64, f64) {
    let column = |data: &Part| data.x.column(feature).to_vec();
    let values = column(&problem.split.train).into_iter().chain(column(&problem.split.test));
    let (low, high) = values
        .map(f64::from)
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
    let air = ((high - low) * 0.06).max(1e-6);
    (low - air, high + air)
}

impl Probe for Field {
    fn of(model: &mut Model, snapshot: &Snapshot, view: View) -> Self {
        let problem = &snapshot.problem;
        let (across, down) = (view.grid.0.max(1), view.grid.1.max(1));
        let (x, y) = (range(problem, 0), range(problem, 1));
        let at = |(low, high): (f64, f64), i: usize, n: usize| {
            (low + (high - low) * (i as f64 + 0.5) / n as f64) as f32
        };
        let input = |point: usize, feature: usize| match feature {
            0 => at(x, point % across, across),
            _ => at((y.1, y.0), point / across, down),
        };
        let (mut classes, mut values) = (Vec::new(), Vec::new());
        let regression = matches!(model.reading.head, Head::Values(_));
        model.predict((across * down, 2), input, |_, prediction| {
            if regression {
                values.push(prediction.value);
            } else {
                classes.push((prediction.class, f64::from(prediction.confidence)));
            }
        });
        let values =
            if regression { FieldValues::Values(values) } else { FieldValues::Classes(classes) };
        let source = |feature: usize, (low, high): (f64, f64)| {
            let scaling = problem.split.train.scaling[feature];
            (scaling.undo(low), scaling.undo(high))
        };
        Field { grid: (across, down), x: source(0, x), y: source(1, y), values }
    }
}
