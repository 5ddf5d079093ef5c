//! The network of a snapshot, rebuilt to predict.

use super::Snapshot;
use crate::catalog;
use crate::data::batch::Samples;
use crate::experiment::Experiment;
use crate::nn::network::{Batch, Network};
use crate::train::engine::{boundary, evaluate, network_with};
use crate::train::evaluate::Score;
use crate::train::problem::Head;

/// How outputs become probabilities.
#[derive(Clone, Copy, Debug)]
enum Link {
    /// They are read as they stand.
    None,
    Sigmoid,
    Softmax,
}

impl Link {
    fn of(experiment: &Experiment) -> Self {
        match catalog::loss(&experiment.train.loss).fuses {
            Some("sigmoid") => Self::Sigmoid,
            Some("softmax") => Self::Softmax,
            _ => Self::None,
        }
    }
}

/// A network with what is needed to read its outputs.
pub(super) struct Model {
    pub network: Network<f32>,
    pub batch: Batch<f32>,
    pub head: Head,
    boundary: f32,
    link: Link,
}

/// The network's answer to one sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Prediction {
    pub class: usize,
    /// The probability it gives that class, as far as its outputs can be read as such.
    pub confidence: f32,
    /// The first output.
    pub value: f32,
}

impl Model {
    /// The model of `snapshot`.
    pub fn of(snapshot: &Snapshot) -> Self {
        let Snapshot { experiment, problem, params, .. } = snapshot;
        Self {
            network: network_with(experiment, params),
            batch: Batch::default(),
            head: problem.head,
            boundary: boundary(experiment),
            link: Link::of(experiment),
        }
    }

    /// The loss and accuracy on `samples`.
    pub fn score(&mut self, samples: &Samples) -> Score {
        evaluate(&mut self.network, samples, (self.head, self.boundary), &mut self.batch)
    }

    /// Calls `see` with the prediction for each of `len` samples, whose features `input` gives.
    pub fn predict(
        &mut self,
        (len, features): (usize, usize),
        input: impl Fn(usize, usize) -> f32,
        mut see: impl FnMut(usize, Prediction),
    ) {
        const CHUNK: usize = 256;
        for start in (0..len).step_by(CHUNK) {
            self.batch.len = CHUNK.min(len - start);
            let columns = self.batch.columns();
            self.batch.x.clear();
            for feature in 0..features {
                let row = (0..columns).map(|i| input((start + i).min(len - 1), feature));
                self.batch.x.extend(row);
            }
            let count = self.batch.len;
            self.network.forward(&self.batch);
            let output = self.network.output();
            for i in 0..count {
                see(start + i, self.prediction(|k| output[k * columns + i]));
            }
        }
    }

    fn prediction(&self, output: impl Fn(usize) -> f32) -> Prediction {
        let class = self.head.class(self.boundary, &output);
        let confidence = match (self.head, self.link) {
            (Head::Classes(n), Link::Softmax) => {
                let top = output(class);
                1.0 / (0..n).map(|k| libm::expf(output(k) - top)).sum::<f32>()
            }
            (Head::Classes(_) | Head::Values(_), _) => output(class).clamp(0.0, 1.0),
            (Head::Binary, Link::None) => {
                let p = output(0).clamp(0.0, 1.0);
                if class == 1 { p } else { 1.0 - p }
            }
            (Head::Binary, _) => 1.0 / (1.0 + libm::expf(-output(0).abs())),
        };
        Prediction { class, confidence, value: output(0) }
    }
}
