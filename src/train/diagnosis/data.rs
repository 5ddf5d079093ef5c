//! The signs of a run's data.

use crate::catalog;
use crate::data::Target;
use crate::experiment::Experiment;
use crate::nn::activation::Shape;
use crate::nn::loss::{Link, Pass};
use crate::nn::simd::padded;
use crate::train::problem::Problem;

/// Training rows that are looked at.
const ROWS: usize = 2048;
/// Guesses are right this much more often than the share of the most frequent class, or less; where rows
/// are few, by three standard errors.
const GUESSES: f64 = 0.02;

/// The signs of the data of a run, by its training rows.
#[derive(Clone, Debug, PartialEq)]
pub struct DataSigns {
    /// The root of the mean square of the largest feature, and which it is.
    pub largest: (usize, f64),
    /// The standard deviation of the widest feature over that of the narrowest that varies.
    pub spread: f64,
    /// Whether rows are images, whose pixels may well hardly vary.
    pub image: bool,
    /// The root of the mean square of the targets; none for classes.
    pub targets: Option<f64>,
    /// The share of rows of the most frequent class; none for values.
    pub majority: Option<f64>,
    /// The accuracy up to which answers may be guesses; none for values.
    pub guessed: Option<f64>,
    /// The loss of the best answer that is the same for all rows, or nearly that.
    pub chance_loss: f64,
}

impl DataSigns {
    /// Those of `problem` under the loss of `experiment`.
    #[must_use]
    pub fn of(experiment: &Experiment, problem: &Problem) -> Self {
        let (features, rows) = (problem.inputs(), problem.train.len().min(ROWS));
        let x = &problem.train.x()[..rows * features];
        let columns: Vec<_> = (0..features)
            .map(|feature| moments(x.iter().skip(feature).step_by(features.max(1))))
            .collect();
        let size = |&(mean, std): &(f64, f64)| libm::hypot(mean, std);
        let largest = columns.iter().map(size).enumerate();
        let largest = largest.max_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or((0, 0.0));
        let stds = || columns.iter().map(|it| it.1).filter(|std| *std > 0.0);
        let spread = stds().fold(0.0, f64::max) / stds().fold(f64::INFINITY, f64::min);
        let target = problem.train.target();
        let (targets, majority, guessed) = match &problem.split.train.target {
            Target::Values { .. } => (Some(size(&moments(target.iter()))), None, None),
            Target::Classes { labels, names } => {
                let mut counts = vec![0_usize; names.len()];
                for &label in labels {
                    counts[label] += 1;
                }
                let most = counts.into_iter().max().unwrap_or(0);
                let rows = labels.len().max(1) as f64;
                let majority = most as f64 / rows;
                let error = libm::sqrt(majority * (1.0 - majority) / rows);
                (None, Some(majority), Some(majority + (3.0 * error).max(GUESSES)))
            }
        };
        Self {
            largest,
            spread: if spread.is_finite() { spread } else { 1.0 },
            image: problem.split.train.image.is_some(),
            targets,
            majority,
            guessed,
            chance_loss: chance_loss(experiment, problem, rows),
        }
    }
}

/// Mean and standard deviation.
fn moments<'a>(values: impl Iterator<Item = &'a f32> + Clone) -> (f64, f64) {
    let (count, sum) =
        values.clone().fold((0.0, 0.0), |(count, sum), &x| (count + 1.0, sum + f64::from(x)));
    let mean = sum / f64::max(count, 1.0);
    let squares = values.map(|&x| (f64::from(x) - mean).powi(2)).sum::<f64>();
    (mean, libm::sqrt(squares / f64::max(count, 1.0)))
}

/// The loss of who gives the mean of the targets for every row.
fn chance_loss(experiment: &Experiment, problem: &Problem, rows: usize) -> f64 {
    let pick = &experiment.train.loss;
    let entry = catalog::loss(pick);
    let outputs = experiment.outputs();
    let targets = problem.train.target();
    let columns = padded(rows);
    let mut target = vec![0.0; outputs * columns];
    let mut output = vec![0.0; outputs * columns];
    for unit in 0..outputs {
        let of_unit = targets.iter().skip(unit).step_by(outputs).take(rows);
        let (mean, _) = moments(of_unit.clone());
        for (cell, &value) in target[unit * columns..].iter_mut().zip(of_unit) {
            *cell = value;
        }
        let p = mean.clamp(1e-6, 1.0 - 1e-6);
        let answer = match entry.link {
            Link::Identity => mean,
            Link::Exp => libm::log(mean.max(1e-6)),
            Link::Sigmoid => libm::log(p / (1.0 - p)),
            Link::Softmax => libm::log(p),
            Link::Margin => 0.0,
        };
        output[unit * columns..][..columns].fill(answer as f32);
    }
    let shape = Shape { units: outputs, columns, batch: rows };
    let mut grad = vec![0.0; output.len()];
    let loss = entry.build::<f32>(pick);
    loss.evaluate(Pass { output: &output, target: &target, grad: &mut grad, shape })
}
