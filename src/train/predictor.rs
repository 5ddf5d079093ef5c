//! Predictions of a trained network for rows of its user.

use ndarray::ArrayView2;

use super::engine::Reading;
use super::problem::Head;
use crate::data::{Features, Scaling};
use crate::nn::loss::Link;
use crate::nn::network::{Batch, Network};

/// Rows that go through the network at a time.
const CHUNK: usize = 256;

/// A trained network with all that lies between rows of its data and answers.
#[derive(Debug)]
pub struct Predictor {
    network: Network<f32>,
    reading: Reading,
    columns: Vec<Scaling>,
    features: Features,
    targets: Vec<Scaling>,
}

/// The answer to one row.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// The class, and a number for each: its probability, or its score if the loss knows margins
    /// only.
    Class(usize, Vec<f64>),
    /// The values, in the units of the data's source.
    Values(Vec<f64>),
}

impl Predictor {
    /// The predictor with `network`, which is given these features of columns scaled in this way, and
    /// whose outputs are scaled by `targets`, if they are values.
    pub(super) fn new(
        network: Network<f32>,
        reading: Reading,
        (columns, features): (Vec<Scaling>, Features),
        targets: Vec<Scaling>,
    ) -> Self {
        Self { network, reading, columns, features, targets }
    }

    /// True if the numbers of a class are scores and no probabilities.
    #[must_use]
    pub fn scores_only(&self) -> bool {
        self.reading.link == Link::Margin
    }

    /// The answers to `rows`, whose columns are in the units of their source; NaN stands
    /// for the mean of the training rows. The network is in evaluation: running statistics, and
    /// nothing is dropped.
    pub fn predict(&mut self, rows: ArrayView2<'_, f64>) -> Vec<Answer> {
        let mut answers = Vec::with_capacity(rows.nrows());
        let mut batch = Batch::default();
        for start in (0..rows.nrows()).step_by(CHUNK) {
            batch.len = CHUNK.min(rows.nrows() - start);
            let columns = batch.columns();
            batch.x.clear();
            for index in 0..self.features.count(self.columns.len()) {
                let of_row = |row: usize| {
                    let cell = |column: usize| self.columns[column].apply(rows[(row, column)]);
                    self.features.input(index, cell)
                };
                batch.x.extend((0..columns).map(|i| of_row(start + i.min(batch.len - 1))));
            }
            let output = self.network.forward(&batch);
            let (reading, targets) = (self.reading, &self.targets);
            answers.extend(
                (0..batch.len).map(|i| answer(reading, targets, |k| output[k * columns + i])),
            );
        }
        answers
    }
}

fn answer(reading: Reading, targets: &[Scaling], output: impl Fn(usize) -> f32) -> Answer {
    let number = |class: usize| match (reading.link, reading.head) {
        (Link::Margin, Head::Binary) if class == 0 => -f64::from(output(0)),
        (Link::Margin, Head::Binary) => f64::from(output(0)),
        (Link::Margin, _) => f64::from(output(class)),
        _ => reading.probability(class, &output),
    };
    let classes = match reading.head {
        Head::Binary => 2,
        Head::Classes(count) => count,
        Head::Values(_) => {
            let value =
                |(k, scaling): (usize, &Scaling)| scaling.undo(reading.link.value(output(k)));
            return Answer::Values(targets.iter().enumerate().map(value).collect());
        }
    };
    Answer::Class(reading.class(&output), (0..classes).map(number).collect())
}
