//! Predictions over one or two inputs.

use super::{Eye, Problem, View};
use crate::data::Dataset;
use crate::train::problem::Head;

/// What the network says all over the plane of its two inputs.
#[derive(Clone, Debug)]
pub struct Field {
    /// Points across and down.
    pub grid: (usize, usize),
    /// The first input's range, left to right.
    pub x: (f64, f64),
    /// The second input's range, bottom to top.
    pub y: (f64, f64),
    /// The answer at each point, row after row from the top.
    pub values: FieldValues,
}

/// The answers of a [`Field`].
#[derive(Clone, Debug)]
pub enum FieldValues {
    /// Class and confidence.
    Classes(Vec<(usize, f64)>),
    /// The first output.
    Values(Vec<f64>),
}

/// What the network says along its only input.
#[derive(Clone, Debug)]
pub struct Curve {
    /// Inputs, left to right.
    pub x: Vec<f64>,
    /// The first output, or the probability of the second class.
    pub y: Vec<f64>,
}

/// The range of column `feature` over both splits, with a little air.
fn range(problem: &Problem, feature: usize) -> (f64, f64) {
    let column = |data: &Dataset| data.x.column(feature).to_vec();
    let values = column(&problem.split.train).into_iter().chain(column(&problem.split.test));
    let (low, high) = values
        .map(f64::from)
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
    let air = ((high - low) * 0.06).max(1e-6);
    (low - air, high + air)
}

pub(super) fn field(eye: &mut Eye, problem: &Problem, view: View) -> Field {
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
    let regression = matches!(eye.head, Head::Values(_));
    eye.look((across * down, 2), input, |_, verdict| {
        if regression {
            values.push(f64::from(verdict.value));
        } else {
            classes.push((verdict.class, f64::from(verdict.confidence)));
        }
    });
    let values =
        if regression { FieldValues::Values(values) } else { FieldValues::Classes(classes) };
    Field { grid: (across, down), x, y, values }
}

pub(super) fn curve(eye: &mut Eye, problem: &Problem, view: View) -> Curve {
    let (low, high) = range(problem, 0);
    let points = (view.grid.0 * 2).max(2);
    let x: Vec<f64> =
        (0..points).map(|i| low + (high - low) * i as f64 / (points - 1) as f64).collect();
    let mut y = Vec::with_capacity(points);
    let regression = matches!(eye.head, Head::Values(_));
    eye.look(
        (points, 1),
        |i, _| x[i] as f32,
        |_, verdict| {
            y.push(f64::from(match (regression, verdict.class) {
                (true, _) => verdict.value,
                (false, 0) => 1.0 - verdict.confidence,
                (false, _) => verdict.confidence,
            }));
        },
    );
    Curve { x, y }
}
