//! What a script reads, as numpy's `.npz`.

use std::io::Cursor;

use ndarray::{Array1, ArrayView1, ArrayView2};
use ndarray_npy::{NpzWriter, WriteNpzError};

use crate::data::batch::{Batcher, Samples};
use crate::experiment::Experiment;
use crate::export::npz::add_parameters;
use crate::train::Problem;
use crate::train::engine::Parameters;

/// `x_train`, `y_train`, `x_test`, `y_test` (a sample a row; classes one-hot, or 0 and 1 where
/// there is one output), the tensors of each layer ([`add_parameters`]), `batch_rows` (the training
/// rows in the order in which they are taken) and `batch_sizes`; `rate_factors` where there is a
/// schedule.
pub fn write(
    experiment: &Experiment,
    problem: &Problem,
    layers: &[Parameters],
    (steps, factors): (u64, Option<&[f64]>),
) -> Vec<u8> {
    match try_write(experiment, problem, layers, (steps, factors)) {
        Ok(bytes) => bytes,
        Err(error) => unreachable!("memory can be written to: {error}"),
    }
}

fn try_write(
    experiment: &Experiment,
    problem: &Problem,
    layers: &[Parameters],
    (steps, factors): (u64, Option<&[f64]>),
) -> Result<Vec<u8>, WriteNpzError> {
    let mut bytes = Cursor::new(Vec::new());
    let mut npz = NpzWriter::new(&mut bytes);
    for (name, samples) in [("train", &problem.train), ("test", &problem.test)] {
        npz.add_array(format!("x_{name}"), &rows(samples, samples.x()))?;
        npz.add_array(format!("y_{name}"), &rows(samples, samples.target()))?;
    }
    add_parameters(&mut npz, layers)?;
    let mut batcher =
        Batcher::new(problem.train.len(), experiment.train.batch_size, experiment.batch_seed());
    let (mut taken, mut sizes) = (Vec::new(), Vec::new());
    for _ in 0..steps {
        let batch = batcher.next();
        sizes.push(batch.len() as i64);
        taken.extend(batch.iter().map(|&row| row as i64));
    }
    npz.add_array("batch_rows", &Array1::from(taken))?;
    npz.add_array("batch_sizes", &Array1::from(sizes))?;
    if let Some(factors) = factors {
        npz.add_array("rate_factors", &ArrayView1::from(factors))?;
    }
    npz.finish()?;
    Ok(bytes.into_inner())
}

fn rows<'a>(samples: &Samples, numbers: &'a [f32]) -> ArrayView2<'a, f32> {
    let columns = numbers.len() / samples.len().max(1);
    match ArrayView2::from_shape((samples.len(), columns), numbers) {
        Ok(view) => view,
        Err(error) => unreachable!("rows are of equal length: {error}"),
    }
}
