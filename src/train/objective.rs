//! The loss over all training rows as a function of all trained numbers at once: its value, its
//! gradient, and products of its Hessian.
//!
//! It is that of evaluation: dropout off, randomized slopes at their mean, running statistics fixed.
//! Rows are gone through in chunks, so that memory stays bounded and a product can be worked out a
//! little at a time.

use std::sync::Arc;

use super::build;
use super::parameters::Parameters;
use super::problem::Problem;
use crate::experiment::Experiment;
use crate::nn::build::Float;
use crate::nn::network::Batch;
use crate::nn::tensor::Role;
use crate::nn::{Dual, Layer, Network, Tensor};
use rows::Rows;

mod rows;

/// What an [`Objective`] is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Curvature as the optimizers meet it: the loss with the penalties on weights.
    Sharpness,
    /// A landscape: the loss of the data alone.
    Landscape,
}

/// The loss over all training rows, of trained numbers in one row: layer after layer, each tensor in
/// the order of a checkpoint.
#[derive(Debug)]
pub struct Objective {
    plain: Network<f64>,
    dual: Network<Dual>,
    rows: Rows,
    batches: (Batch<f64>, Batch<Dual>),
    /// λ of L1 and L2.
    penalties: (f64, f64),
    /// Of each number, whether it is a weight, which penalties are about.
    penalised: Vec<bool>,
}

/// A sum over chunks of rows that is under way.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    /// The chunk that comes next.
    next: usize,
    /// The sum so far.
    pub sum: Vec<f64>,
}

impl Objective {
    /// The objective of a run of `experiment` on the training rows of `problem`; `params` give the
    /// running statistics. At most `limit` rows are gone by, the first ones.
    #[must_use]
    pub fn new(
        experiment: &Experiment,
        problem: Arc<Problem>,
        params: &[Parameters],
        (purpose, limit): (Purpose, usize),
    ) -> Self {
        let train = &experiment.train;
        let penalties =
            if purpose == Purpose::Sharpness { (train.l1, train.l2) } else { (0.0, 0.0) };
        let plain = build::with_parameters(experiment, params);
        let dual = build::with_parameters(experiment, params);
        Self::of((plain, dual), |chunk| Rows::of_problem(problem, limit, chunk), penalties)
    }

    /// The objective of a network, given in both kinds of floats, on the rows of one batch.
    #[must_use]
    pub fn on_batch(networks: (Network<f64>, Network<Dual>), batch: Batch<f64>) -> Self {
        Self::of(networks, |_| Rows::Given(batch), (0.0, 0.0))
    }

    fn of(
        (plain, dual): (Network<f64>, Network<Dual>),
        rows: impl FnOnce(usize) -> Rows,
        penalties: (f64, f64),
    ) -> Self {
        let tensors = plain.layers().iter().flat_map(Layer::trained);
        let penalised: Vec<bool> = tensors
            .flat_map(|tensor| vec![tensor.role == Role::Weight; tensor.value.len()])
            .collect();
        let rows = rows(rows::chunk(penalised.len()));
        Self { plain, dual, rows, batches: Default::default(), penalties, penalised }
    }

    /// Trained numbers.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.penalised.len()
    }

    /// Whether nothing is trained.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.penalised.is_empty()
    }

    /// Rows that it goes by.
    #[must_use]
    pub const fn rows(&self) -> usize {
        self.rows.len()
    }

    /// The trained numbers that it was made with.
    #[must_use]
    pub fn start(&self) -> Vec<f64> {
        let tensors = self.plain.layers().iter().flat_map(Layer::trained);
        tensors.flat_map(|tensor| tensor.values().iter().copied()).collect()
    }

    /// The loss at `at`.
    pub fn value(&mut self, at: &[f64]) -> f64 {
        give(&mut self.plain, |index| at[index]);
        let mut sum = 0.0;
        for chunk in 0..self.rows.chunks() {
            let batch = &mut self.batches.0;
            self.rows.fill(chunk, batch);
            sum += self.plain.loss(batch) * self.rows.share(batch.len);
        }
        sum + self.penalty(at)
    }

    /// The loss at `at`; its gradient is left in `gradient`.
    pub fn gradient(&mut self, at: &[f64], gradient: &mut Vec<f64>) -> f64 {
        give(&mut self.plain, |index| at[index]);
        let mut sum = 0.0;
        gradient.clear();
        gradient.resize(self.len(), 0.0);
        for chunk in 0..self.rows.chunks() {
            let batch = &mut self.batches.0;
            self.rows.fill(chunk, batch);
            let share = self.rows.share(batch.len);
            sum += self.plain.evaluation_gradients(batch) * share;
            add(&self.plain, |grad| grad * share, gradient);
        }
        let (l1, l2) = self.penalties;
        let weights = gradient.iter_mut().zip(at).zip(&self.penalised);
        for ((gradient, &w), _) in weights.filter(|(_, penalised)| **penalised) {
            let sign = if w == 0.0 { 0.0 } else { w.signum() };
            *gradient += l2.mul_add(w, l1 * sign);
        }
        sum + self.penalty(at)
    }

    /// The Hessian at `at` times `direction`.
    pub fn hessian_product(&mut self, at: &[f64], direction: &[f64]) -> Vec<f64> {
        let mut progress = Progress::default();
        while !self.advance(at, direction, &mut progress) {}
        progress.sum
    }

    /// Goes on with a product of the Hessian by one chunk of rows. Returns whether it is whole.
    pub fn advance(&mut self, at: &[f64], direction: &[f64], progress: &mut Progress) -> bool {
        give(&mut self.dual, |index| Dual::new(at[index], direction[index]));
        progress.sum.resize(self.len(), 0.0);
        let batch = &mut self.batches.1;
        self.rows.fill(progress.next, batch);
        self.dual.evaluation_gradients(batch);
        let share = self.rows.share(batch.len);
        add(&self.dual, |grad| grad.slope * share, &mut progress.sum);
        progress.next += 1;
        if progress.next < self.rows.chunks() {
            return false;
        }
        // ½·l2·w² curves; l1·|w| does not, but for the kink at 0.
        let weights = progress.sum.iter_mut().zip(direction).zip(&self.penalised);
        for ((sum, &along), _) in weights.filter(|(_, penalised)| **penalised) {
            *sum = self.penalties.1.mul_add(along, *sum);
        }
        true
    }

    fn penalty(&self, at: &[f64]) -> f64 {
        let (l1, l2) = self.penalties;
        let weights = at.iter().zip(&self.penalised).filter(|(_, penalised)| **penalised);
        weights.map(|(w, _)| l1 * w.abs() + 0.5 * l2 * w * w).sum()
    }
}

/// Sets all trained numbers of `network`.
fn give<F: Float>(network: &mut Network<F>, number: impl Fn(usize) -> F) {
    let tensors = network.layers_mut().iter_mut().flat_map(Layer::trained_mut);
    let numbers = tensors.flat_map(|tensor| tensor.parts_mut().0);
    for (index, place) in numbers.enumerate() {
        *place = number(index);
    }
}

/// Adds what `part` takes of each trained number's gradient.
fn add<F: Float>(network: &Network<F>, part: impl Fn(F) -> f64, sum: &mut [f64]) {
    let tensors = network.layers().iter().flat_map(Layer::trained);
    for (sum, &grad) in sum.iter_mut().zip(tensors.flat_map(Tensor::grads)) {
        *sum += part(grad);
    }
}
