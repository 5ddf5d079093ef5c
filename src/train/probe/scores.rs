//! Loss and accuracy between the evaluations that come by themselves.

use super::{Model, Probe, Snapshot, View};
use crate::data::Target;
use crate::train::evaluate::Score;

/// The scores of a network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scores {
    /// On the training rows.
    pub train: Score,
    /// On the held-out rows.
    pub test: Score,
    /// The share of training rows of the most frequent class: the accuracy of a guess. None where
    /// there are no classes.
    pub chance: Option<f64>,
}

impl Probe for Scores {
    fn of(model: &mut Model, snapshot: &Snapshot, _: View) -> Self {
        let problem = &snapshot.problem;
        Self {
            train: model.score(&problem.train),
            test: model.score(&problem.test),
            chance: chance(&problem.split.train.target),
        }
    }
}

fn chance(target: &Target<f32>) -> Option<f64> {
    let Target::Classes { labels, names } = target else { return None };
    let mut counts = vec![0u32; names.len()];
    for &label in labels {
        counts[label] += 1;
    }
    Some(f64::from(counts.into_iter().max()?) / labels.len().max(1) as f64)
}
