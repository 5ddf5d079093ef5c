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

/// The range of column `feature` over both splits, or what is shown at least, with a little air.
pub(super) fn range(problem: &Problem, feature: usize) -> (f64, f64) {
    let column = |data: &Part| data.x.column(feature).to_vec();
    let train = &problem.split.train;
    let scaling = train.scaling[feature];
    let ends = train.shown.into_iter().flat_map(|(low, high)| [low, high]);
    let ends = ends.map(|end| scaling.apply(end));
    let values = column(train).into_iter().chain(column(&problem.split.test)).chain(ends);
    let (low, high) = values
        .map(f64::from)
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
    let air = ((high - low) * 0.06).max(1e-6);
    (low - air, high + air)
}

/// The points of a grid over the plane of two inputs, row after row from the top.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plane {
    /// Points across and down.
    pub grid: (usize, usize),
    x: (f64, f64),
    y: (f64, f64),
}

impl Plane {
    /// The plane of the data of `problem`, with at least one point.
    pub fn of(problem: &Problem, (across, down): (usize, usize)) -> Self {
        let grid = (across.max(1), down.max(1));
        Self { grid, x: range(problem, 0), y: range(problem, 1) }
    }

    /// Points in all.
    pub const fn points(&self) -> usize {
        self.grid.0 * self.grid.1
    }

    /// A feature of a point, as the network takes it.
    pub fn input(&self, point: usize, feature: usize) -> f32 {
        let at = |(low, high): (f64, f64), i: usize, n: usize| {
            (low + (high - low) * (i as f64 + 0.5) / n as f64) as f32
        };
        match feature {
            0 => at(self.x, point % self.grid.0, self.grid.0),
            _ => at((self.y.1, self.y.0), point / self.grid.0, self.grid.1),
        }
    }

    /// The field of `values` at its points.
    pub fn field(&self, problem: &Problem, values: FieldValues) -> Field {
        let source = |feature: usize, (low, high): (f64, f64)| {
            let scaling = problem.split.train.scaling[feature];
            (scaling.undo(low), scaling.undo(high))
        };
        Field { grid: self.grid, x: source(0, self.x), y: source(1, self.y), values }
    }
}

impl Probe for Field {
    fn of(model: &mut Model, snapshot: &Snapshot, view: View) -> Self {
        let problem = &snapshot.problem;
        let plane = Plane::of(problem, view.grid);
        let (mut classes, mut values) = (Vec::new(), Vec::new());
        let regression = matches!(model.reading.head, Head::Values(_));
        let input = |point, feature| plane.input(point, feature);
        model.predict((plane.points(), 2), input, |_, prediction| {
            if regression {
                values.push(prediction.value);
            } else {
                classes.push((prediction.class, f64::from(prediction.confidence)));
            }
        });
        let values =
            if regression { FieldValues::Values(values) } else { FieldValues::Classes(classes) };
        plane.field(problem, values)
    }
}
