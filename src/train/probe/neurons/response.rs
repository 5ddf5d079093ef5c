//! What a neuron makes of the inputs, in the form that fits the data.

use super::choice::{self, Choice};
use super::{Plane, range};
use crate::data::Target;
use crate::train::probe::{Histogram, Model, Snapshot};
use crate::train::problem::Problem;

/// The response of a neuron to the inputs: its activation; at the output the probability or the value
/// that it stands for.
#[derive(Clone, Debug, PartialEq)]
pub enum Response {
    /// Two inputs: over their plane, row after row from the top.
    Plane {
        /// Points in a row.
        columns: usize,
        /// The response at each point.
        values: Vec<f64>,
    },
    /// One input: along it, from left to right.
    Curve(Vec<f64>),
    /// Images: its weights for the pixels, row after row. Only the first layer sees pixels.
    Pixels {
        /// Pixels in a row.
        columns: usize,
        /// The weight of each.
        weights: Vec<f64>,
    },
    /// Classes of many inputs: its mean over the training rows of each class.
    Classes(Vec<f64>),
    /// Real values of many inputs: the distribution over training rows.
    Histogram(Histogram),
}

/// Training rows that are looked at where the inputs are many.
const ROWS: usize = 256;
/// Classes that get a mean each; more cannot be told apart.
const CLASSES: usize = 32;

/// The response of each neuron that is shown, layer by layer, in pictures of so many points.
pub fn all(
    model: &mut Model,
    snapshot: &Snapshot,
    choice: &Choice,
    (across, down): (usize, usize),
) -> Vec<Vec<Response>> {
    let problem = &*snapshot.problem;
    let neurons: Vec<Vec<usize>> = choice.layers.iter().map(|it| it.shown.clone()).collect();
    match problem.columns() {
        1 => {
            let x = line(problem, across);
            let responses = gather(model, (x.len(), 1), |i, _| x[i] as f32, &neurons);
            map(responses, Response::Curve)
        }
        2 => {
            let plane = Plane::of(problem, (across, down));
            let input = |point, feature| plane.input(point, feature);
            let columns = plane.grid.0;
            let responses = gather(model, (plane.points(), 2), input, &neurons);
            map(responses, |values| Response::Plane { columns, values })
        }
        _ => {
            let over_rows = over_rows(model, problem, &neurons);
            let mut responses = map(over_rows, |values| summary(problem, &values, across));
            for (response, &unit) in responses.iter_mut().flatten().zip(&neurons[0]) {
                if let Some(pixels) = pixels(snapshot, unit) {
                    *response = pixels;
                }
            }
            responses
        }
    }
}

/// The weights of a neuron of the first layer as a picture, if its inputs are the pixels of one.
pub fn pixels(snapshot: &Snapshot, unit: usize) -> Option<Response> {
    let (_, columns) = snapshot.problem.split.train.image?;
    let weights = choice::weight(snapshot, 0);
    let weights = weights.row(unit);
    Some(Response::Pixels { columns, weights: weights.iter().map(|&w| f64::from(w)).collect() })
}

/// Inputs along the line of the only feature, both ends included.
pub fn line(problem: &Problem, points: usize) -> Vec<f64> {
    let (low, high) = range(problem, 0);
    let points = points.max(2);
    (0..points).map(|i| low + (high - low) * i as f64 / (points - 1) as f64).collect()
}

/// The responses of `neurons`, by layer, to so many samples.
pub fn gather(
    model: &mut Model,
    size: (usize, usize),
    input: impl Fn(usize, usize) -> f32,
    neurons: &[Vec<usize>],
) -> Vec<Vec<Vec<f64>>> {
    let mut responses: Vec<Vec<Vec<f64>>> =
        neurons.iter().map(|units| vec![Vec::with_capacity(size.0); units.len()]).collect();
    model.pass(size, input, |model, _, columns| {
        for (layer, units) in neurons.iter().enumerate() {
            for (unit, values) in units.iter().zip(&mut responses[layer]) {
                let samples = 0..model.batch.len;
                values.extend(samples.map(|i| model.response((layer, *unit), (i, columns))));
            }
        }
    });
    responses
}

/// The responses of `neurons`, by layer, to the first training rows.
pub fn over_rows(
    model: &mut Model,
    problem: &Problem,
    neurons: &[Vec<usize>],
) -> Vec<Vec<Vec<f64>>> {
    let x = &problem.split.train.x;
    let rows = x.nrows().min(ROWS);
    gather(model, (rows, x.ncols()), |row, feature| x[(row, feature)], neurons)
}

/// Responses to the first training rows in short.
pub fn summary(problem: &Problem, values: &[f64], bins: usize) -> Response {
    match &problem.split.train.target {
        Target::Classes { labels, names } if names.len() <= CLASSES => {
            Response::Classes(class_means(values, labels, names.len()))
        }
        _ => {
            let values: Vec<f32> = values.iter().map(|&value| value as f32).collect();
            Response::Histogram(Histogram::new(values.iter(), bins))
        }
    }
}

/// The mean of the values of each class; NaN for one that has none.
fn class_means(values: &[f64], labels: &[usize], classes: usize) -> Vec<f64> {
    let mut sums = vec![(0.0, 0.0); classes];
    for (value, &label) in values.iter().zip(labels) {
        sums[label].0 += value;
        sums[label].1 += 1.0;
    }
    sums.into_iter().map(|(sum, count)| sum / count).collect()
}

fn map<T>(responses: Vec<Vec<Vec<f64>>>, to: impl Fn(Vec<f64>) -> T) -> Vec<Vec<T>> {
    responses.into_iter().map(|layer| layer.into_iter().map(&to).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_are_of_each_class() {
        let means = class_means(&[1.0, 3.0, 5.0], &[0, 0, 2], 3);
        assert_eq!((means[0], means[2]), (2.0, 5.0));
        assert!(means[1].is_nan());
    }
}
