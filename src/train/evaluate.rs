//! The score of a network on a set of samples.

use super::problem::Head;
use crate::catalog;
use crate::data::batch::Samples;
use crate::experiment::Experiment;
use crate::nn::network::{Batch, Network};

/// Samples evaluated at a time.
pub(super) const CHUNK: usize = 256;

/// How a network does on a set of samples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// Mean loss.
    pub loss: f64,
    /// Share of samples in the right class; none for real values, or if an output is not finite.
    pub accuracy: Option<f64>,
}

/// Where a single output changes from one class to the other: a logit at 0, all else half-way
/// between the targets 0 and 1.
#[must_use]
pub fn boundary(experiment: &Experiment) -> f32 {
    if catalog::loss(&experiment.train.loss).fuses.is_some() { 0.0 } else { 0.5 }
}

/// The score of `network` on `samples`.
pub fn evaluate(
    network: &mut Network<f32>,
    samples: &Samples,
    (head, boundary): (Head, f32),
    chunk: &mut Batch<f32>,
) -> Score {
    let (mut loss, mut right, mut finite) = (0.0, 0_usize, true);
    for start in (0..samples.len()).step_by(CHUNK) {
        samples.chunk(start, CHUNK.min(samples.len() - start), chunk);
        loss += network.loss(chunk) * chunk.len as f64;
        let (columns, target) = (chunk.columns(), &chunk.target);
        let output = network.output();
        finite &= output.iter().all(|x| x.is_finite());
        right += (0..chunk.len)
            .filter(|&i| {
                head.class(boundary, |k| output[k * columns + i])
                    == head.class(0.5, |k| target[k * columns + i])
            })
            .count();
    }
    let count = samples.len() as f64;
    let classes = !matches!(head, Head::Values(_));
    // NaN belongs to no class.
    Score { loss: loss / count, accuracy: (classes && finite).then(|| right as f64 / count) }
}
