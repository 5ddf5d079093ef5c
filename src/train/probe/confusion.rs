//! Predicted classes of the held-out rows.

use super::{Model, Probe, Snapshot, View};
use crate::data::Target;

/// How often each class was taken for each.
#[derive(Clone, Debug)]
pub struct Confusion {
    /// A row a true class, a column a predicted one; rows without a finite answer are left out.
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
    /// The class that the network gives it.
    pub predicted: usize,
    /// How sure it is of that.
    pub confidence: f32,
}

impl Probe for Confusion {
    fn of(model: &mut Model, snapshot: &Snapshot, view: View) -> Self {
        let problem = &snapshot.problem;
        let test = &problem.split.test;
        let Target::Classes { labels, names } = &test.target else {
            return Confusion { counts: Vec::new(), samples: Vec::new() };
        };
        let mut counts = vec![0; names.len() * names.len()];
        let (mut right, mut wrong) = (Vec::new(), Vec::new());
        model.predict(
            test.x.dim(),
            |i, feature| test.x[(i, feature)],
            |row, prediction| {
                // NaN belongs to no class.
                if !prediction.confidence.is_finite() {
                    return;
                }
                let (truth, predicted) = (labels[row], prediction.class);
                if let Some(count) = counts.get_mut(truth * names.len() + predicted) {
                    *count += 1;
                }
                let list = if truth == predicted { &mut right } else { &mut wrong };
                list.push(Sample { row, truth, predicted, confidence: prediction.confidence });
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
}
