//! The network of a snapshot, rebuilt to predict.

use std::sync::Arc;

use super::Snapshot;
use super::landscape::Surveys;
use super::stability::Looks;
use crate::data::Scaling;
use crate::data::batch::Samples;
use crate::nn::network::{Batch, Network};
use crate::train::engine::{Reading, evaluate, network_with};
use crate::train::evaluate::Score;
use crate::train::problem::{Head, Problem};

/// A network with what is needed to read its outputs.
pub(super) struct Model {
    pub network: Network<f32>,
    pub batch: Batch<f32>,
    pub reading: Reading,
    /// Looks at the stability of the run, which outlast the model.
    pub looks: Looks,
    /// Where the outputs of each layer begin that its neurons are shown by: those of the last step,
    /// where it hands on a sequence.
    shown_from: Vec<usize>,
    /// Maps of the landscape, which outlast it as well.
    pub surveys: Surveys,
    problem: Arc<Problem>,
}

/// The network's answer to one sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Prediction {
    pub class: usize,
    /// The probability it gives that class, as far as its outputs can be read as such.
    pub confidence: f32,
    /// The value that the first output stands for, in the units of the data's source.
    pub value: f64,
}

impl Model {
    /// The model of `snapshot`.
    pub fn of(snapshot: &Snapshot) -> Self {
        let Snapshot { experiment, problem, params, .. } = snapshot;
        let shown_from = (1..=experiment.layers.len()).map(|after| {
            let outputs = experiment.inputs_of(after);
            outputs.numbers() - outputs.features
        });
        Self {
            shown_from: shown_from.collect(),
            network: network_with(experiment, params),
            batch: Batch::default(),
            reading: Reading::new(experiment, problem.head),
            looks: Looks::at_once(),
            surveys: Surveys::at_once(),
            problem: Arc::clone(problem),
        }
    }

    /// The loss and accuracy or error on `samples`.
    pub fn score(&mut self, samples: &Samples) -> Score {
        let units = self.problem.target_scaling();
        evaluate(&mut self.network, samples, self.reading, units, &mut self.batch)
    }

    /// Calls `see` with the prediction for each of so many rows of so many columns, whose numbers
    /// `input` gives.
    pub fn predict(
        &mut self,
        size: (usize, usize),
        input: impl Fn(usize, usize) -> f32,
        mut see: impl FnMut(usize, Prediction),
    ) {
        self.pass(size, input, |model, start, columns| {
            let output = model.network.output();
            for i in 0..model.batch.len {
                see(start + i, model.prediction(|k| output[k * columns + i]));
            }
        });
    }

    /// Takes so many rows of so many columns, whose numbers `input` gives, forward in chunks; the
    /// network is given their features. Calls `see` after each, with its first sample and its columns.
    pub fn pass(
        &mut self,
        (len, numbers): (usize, usize),
        input: impl Fn(usize, usize) -> f32,
        mut see: impl FnMut(&Self, usize, usize),
    ) {
        const CHUNK: usize = 256;
        for start in (0..len).step_by(CHUNK) {
            self.batch.len = CHUNK.min(len - start);
            let columns = self.batch.columns();
            self.batch.x.clear();
            let features = self.problem.features;
            for index in 0..features.count(numbers) {
                let of_row = |row: usize| features.input(index, |number| input(row, number));
                self.batch.x.extend((0..columns).map(|i| of_row((start + i).min(len - 1))));
            }
            self.network.forward(&self.batch);
            see(self, start, columns);
        }
    }

    /// The answer of unit `unit` of layer `layer` to sample `sample` of the last pass, which had so
    /// many columns: its activation; at the output what that stands for, a probability or a value.
    pub fn response(
        &self,
        (layer, unit): (usize, usize),
        (sample, columns): (usize, usize),
    ) -> f64 {
        if layer + 1 < self.network.layers().len() {
            let (_, a) = self.network.flow(layer);
            let unit = self.shown_from[layer] + unit;
            return f64::from(a[unit * columns + sample]);
        }
        let output = self.network.output();
        let output = |k: usize| output[k * columns + sample];
        match self.reading.head {
            Head::Binary => self.reading.probability(1, output),
            Head::Classes(_) => self.reading.probability(unit, output),
            Head::Values(_) => self.reading.link.value(output(unit)),
        }
    }

    fn prediction(&self, output: impl Fn(usize) -> f32) -> Prediction {
        let class = self.reading.class(&output);
        let confidence = self.reading.probability(class, &output) as f32;
        let scaling = self.problem.target_scaling().first().copied();
        let value = scaling.unwrap_or(Scaling::AsIs).undo(self.reading.link.value(output(0)));
        Prediction { class, confidence, value }
    }
}
