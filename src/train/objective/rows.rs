//! The rows that an objective goes by, a chunk at a time.

use std::sync::Arc;

use crate::nn::Real;
use crate::nn::network::Batch;
use crate::nn::simd::LANES;
use crate::train::problem::Problem;

/// Multiply-adds that a forward pass of a chunk may take: a product of the Hessian over it takes
/// some tens of milliseconds.
const WORK: usize = 1 << 20;

/// Rows to go by at a time under so many trained numbers.
pub(super) const fn chunk(numbers: usize) -> usize {
    let rows = WORK / if numbers == 0 { 1 } else { numbers };
    if rows < LANES {
        LANES
    } else if rows > 512 {
        512
    } else {
        rows / LANES * LANES
    }
}

/// Rows, and how they are gone through.
#[derive(Debug)]
pub(super) enum Rows {
    /// The first training rows of a problem, `chunk` at a time.
    Problem { problem: Arc<Problem>, len: usize, chunk: usize, narrow: Batch<f32> },
    /// Those of one batch.
    Given(Batch<f64>),
}

impl Rows {
    /// The first training rows of `problem`, at most `limit`.
    pub fn of_problem(problem: Arc<Problem>, limit: usize, chunk: usize) -> Self {
        let len = problem.train.len().min(limit);
        Self::Problem { problem, len, chunk, narrow: Batch::default() }
    }

    pub const fn len(&self) -> usize {
        match self {
            Self::Problem { len, .. } => *len,
            Self::Given(batch) => batch.len,
        }
    }

    pub const fn chunks(&self) -> usize {
        match self {
            Self::Problem { len, chunk, .. } => len.div_ceil(*chunk),
            Self::Given(_) => 1,
        }
    }

    /// The weight in the mean of a chunk of so many rows.
    pub fn share(&self, rows: usize) -> f64 {
        rows as f64 / self.len() as f64
    }

    /// Puts chunk `index` into `batch`.
    pub fn fill<F: Real>(&mut self, index: usize, batch: &mut Batch<F>) {
        fn widen<F: Real>(to: &mut Vec<F>, from: &[f32]) {
            to.clear();
            to.extend(from.iter().map(|&x| F::of(f64::from(x))));
        }
        fn copy<F: Real>(to: &mut Vec<F>, from: &[f64]) {
            to.clear();
            to.extend(from.iter().map(|&x| F::of(x)));
        }
        match self {
            Self::Problem { problem, len, chunk, narrow } => {
                let start = index * *chunk;
                problem.train.chunk(start, (*chunk).min(*len - start), narrow);
                widen(&mut batch.x, &narrow.x);
                widen(&mut batch.target, &narrow.target);
                batch.len = narrow.len;
            }
            Self::Given(given) => {
                copy(&mut batch.x, &given.x);
                copy(&mut batch.target, &given.target);
                batch.len = given.len;
            }
        }
    }
}
