//! Predictions over many inputs, on the held-out rows.

use super::{Eye, Problem, View};
use crate::data::Target;

/// How often each class was taken for each.
#[derive(Clone, Debug)]
pub struct Confusion {
    /// A row a true class, a column a predicted one.
    pub counts: Vec<u64>,
    /// Some held-out rows, wrong and right ones in turn as long as there are both.
    pub samples: Vec<Sample>,
}

/// The prediction for one held-out row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// The row.
    pub row: usize,
    /// Its class.
    pub truth: usize,
    /// What the network says.
    pub predicted: usize,
    /// How sure it is of that.
    pub confidence: f32,
}

/// Predicted against true values.
#[derive(Clone, Debug)]
pub struct Scatter {
    /// (true, predicted) for each held-out row, in the units of the data's source.
    pub pairs: Vec<(f64, f64)>,
}

pub(super) fn confusion(eye: &mut Eye, problem: &Problem, view: View) -> Confusion {
    let test = &problem.split.test;
    let Target::Classes { labels, names } = &test.target else {
        return Confusion { counts: Vec::new(), samples: Vec::new() };
    };
    let mut counts = vec![0; names.len() * names.len()];
    let (mut right, mut wrong) = (Vec::new(), Vec::new());
    eye.look(
        test.x.dim(),
        |i, feature| test.x[(i, feature)],
        |row, verdict| {
            let (truth, predicted) = (labels[row], verdict.class);
            if let Some(count) = counts.get_mut(truth * names.len() + predicted) {
                *count += 1;
            }
            let list = if truth == predicted { &mut right } else { &mut wrong };
            list.push(Sample { row, truth, predicted, confidence: verdict.confidence });
        },
    );
    // In turn, so that a good network does not look bad nor a bad one good.
    let (mut right, mut wrong) = (right.into_iter(), wrong.into_iter());
    let samples = std::iter::from_fn(|| Some([wrong.next(), right.next()]))
        .take(view.samples)
        .flat_map(|pair| pair.into_iter().flatten())
        .take(view.samples)
        .collect();
    Confusion { counts, samples }
}

pub(super) fn scatter(eye: &mut Eye, problem: &Problem) -> Scatter {
    let test = &problem.split.test;
    let Target::Values { values, scaling, .. } = &test.target else {
        return Scatter { pairs: Vec::new() };
    };
    let source = |y: f32| f64::from(scaling.first().map_or(y, |scaling| scaling.undo(y)));
    let mut pairs = Vec::with_capacity(values.nrows());
    eye.look(
        test.x.dim(),
        |i, feature| test.x[(i, feature)],
        |row, verdict| {
            pairs.push((source(values[(row, 0)]), source(verdict.value)));
        },
    );
    Scatter { pairs }
}
