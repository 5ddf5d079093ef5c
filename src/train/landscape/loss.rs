//! The training loss of a network under any trained numbers.

use std::sync::Arc;

use crate::data::batch::CHUNK;
use crate::experiment::Experiment;
use crate::nn::network::Batch;
use crate::nn::{Layer, Network};
use crate::train::engine::{Parameters, network_with};
use crate::train::problem::Problem;

/// The mean loss over training rows as a function of the trained numbers, computed as a run evaluates
/// itself: by the network that trains, in chunks of as many rows.
#[derive(Debug)]
pub struct TrainingLoss {
    network: Network<f32>,
    /// Those whose running statistics it goes by.
    params: Vec<Parameters>,
    problem: Arc<Problem>,
    rows: usize,
    /// For rows that have to be gathered.
    memory: Batch<f32>,
}

impl TrainingLoss {
    /// That of the network of `experiment` with the running statistics in `params`, on the first
    /// training rows of `problem`, at most `limit`.
    #[must_use]
    pub fn new(
        experiment: &Experiment,
        problem: Arc<Problem>,
        params: &[Parameters],
        limit: usize,
    ) -> Self {
        let rows = problem.train.len().min(limit);
        let network = network_with(experiment, params);
        Self { network, params: params.to_vec(), problem, rows, memory: Batch::default() }
    }

    /// Rows that it goes by.
    #[must_use]
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// The loss at these trained numbers, in the order of [`crate::train::engine::trained_numbers`].
    pub fn at(&mut self, mut numbers: impl Iterator<Item = f32>) -> f64 {
        for tensor in self.network.layers_mut().iter_mut().flat_map(Layer::trained_mut) {
            for (place, number) in tensor.parts_mut().0.iter_mut().zip(numbers.by_ref()) {
                *place = number;
            }
        }
        self.mean()
    }

    /// The loss with all of these parameters, running statistics included.
    pub fn of(&mut self, params: &[Parameters]) -> f64 {
        self.give(params);
        let loss = self.mean();
        let own = std::mem::take(&mut self.params);
        self.give(&own);
        self.params = own;
        loss
    }

    fn give(&mut self, params: &[Parameters]) {
        for (layer, params) in self.network.layers_mut().iter_mut().zip(params) {
            params.give(layer);
        }
    }

    fn mean(&mut self) -> f64 {
        let mut sum = 0.0;
        for start in (0..self.rows).step_by(CHUNK) {
            let len = CHUNK.min(self.rows - start);
            let chunk = self.problem.train.rows(start, len, &mut self.memory);
            sum += self.network.loss(chunk) * chunk.len as f64;
        }
        sum / self.rows as f64
    }
}
