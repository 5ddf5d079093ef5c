//! One neuron in the room of the predictions.

use super::choice;
use super::response::{self, gather, line, over_rows, summary};
use super::{Alone, Curve, FieldValues, Model, Picture, Plane, Snapshot, View};

/// Weights that can be read in a list.
const WEIGHTS: usize = 64;
/// Bins of a large histogram.
const BINS: usize = 64;

/// A neuron, by its layer and its place among the outputs of that.
pub fn of(
    model: &mut Model,
    snapshot: &Snapshot,
    view: View,
    (layer, unit): (usize, usize),
) -> Alone {
    Alone {
        layer,
        unit,
        picture: picture(model, snapshot, view, (layer, unit)),
        weights: weights(snapshot, (layer, unit)),
        bias: choice::bias(snapshot, (layer, unit)).map_or(f64::NAN, f64::from),
    }
}

fn picture(
    model: &mut Model,
    snapshot: &Snapshot,
    view: View,
    (layer, unit): (usize, usize),
) -> Picture {
    let problem = &*snapshot.problem;
    let mut neurons = vec![Vec::new(); layer];
    neurons.push(vec![unit]);
    let only = |responses: Vec<Vec<Vec<f64>>>| responses.into_iter().flatten().flatten().collect();
    match problem.columns() {
        1 => {
            let x = line(problem, view.grid.0 * 2);
            let y = only(gather(model, (x.len(), 1), |i, _| x[i] as f32, &neurons));
            let source = problem.split.train.scaling[0];
            Picture::Curve(Curve { x: x.into_iter().map(|x| source.undo(x)).collect(), y })
        }
        2 => {
            let plane = Plane::of(problem, view.grid);
            let input = |point, feature| plane.input(point, feature);
            let values = only(gather(model, (plane.points(), 2), input, &neurons));
            Picture::Field(plane.field(problem, FieldValues::Values(values)))
        }
        _ => {
            let pixels = if layer == 0 { response::pixels(snapshot, unit) } else { None };
            Picture::Other(pixels.unwrap_or_else(|| {
                let values: Vec<f64> = only(over_rows(model, problem, &neurons));
                summary(problem, &values, BINS)
            }))
        }
    }
}

/// The weights of a neuron with their inputs, the largest first.
fn weights(snapshot: &Snapshot, (layer, unit): (usize, usize)) -> Vec<(usize, f64)> {
    let weight = choice::weight(snapshot, layer);
    let row = weight.row(unit);
    let mut weights: Vec<(usize, f64)> = row.iter().map(|&w| f64::from(w)).enumerate().collect();
    weights.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then(a.0.cmp(&b.0)));
    weights.truncate(WEIGHTS);
    weights
}
