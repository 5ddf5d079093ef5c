//! Signs of life: where the weights lie, how they move, and how many units have gone flat.

use super::{Experiment, Eye, Flat, Problem, UpdateStats};
use crate::catalog;

/// Where the weights of a layer lie.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    /// Counts in bins of equal width from `min` to `max`.
    pub bins: Vec<f64>,
    /// The smallest weight.
    pub min: f64,
    /// The largest weight.
    pub max: f64,
    /// Their mean.
    pub mean: f64,
    /// Their standard deviation.
    pub std: f64,
}

impl Histogram {
    /// The histogram of `values` in so many bins; what is not finite is left out.
    pub(super) fn of<'a>(values: impl Iterator<Item = &'a f32> + Clone, bins: usize) -> Self {
        let finite = || values.clone().copied().filter(|x| x.is_finite()).map(f64::from);
        let (mut count, mut sum, mut square) = (0.0, 0.0, 0.0);
        let (mut min, mut max) = (f64::INFINITY, f64::NEG_INFINITY);
        for x in finite() {
            count += 1.0;
            sum += x;
            square += x * x;
            (min, max) = (min.min(x), max.max(x));
        }
        let mut counts = vec![0.0; bins.max(1)];
        if count == 0.0 {
            return Self { bins: counts, min: 0.0, max: 0.0, mean: 0.0, std: 0.0 };
        }
        let last = counts.len() - 1;
        let scale = if max > min { counts.len() as f64 / (max - min) } else { 0.0 };
        for x in finite() {
            counts[(((x - min) * scale) as usize).min(last)] += 1.0;
        }
        let mean = sum / count;
        let std = (square / count - mean * mean).max(0.0).sqrt();
        Self { bins: counts, min, max, mean, std }
    }
}

/// How a layer is doing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Health {
    /// How it moved in the last measured step, if one was.
    pub motion: Option<UpdateStats>,
    /// How much of it has gone flat.
    pub wear: DeadOrSaturated,
}

/// How much of a layer has gone flat.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DeadOrSaturated {
    /// Its activation never goes flat, or it is the output layer.
    None,
    /// The share of units that no sample can move any more.
    Dead(f64),
    /// The share of outputs, over units and samples, where the slope has nearly vanished.
    Saturated(f64),
}

/// A slope below this share of 1 counts as flat.
const FLAT_SLOPE: f32 = 0.05;
/// Training rows that are looked at.
const ROWS: usize = 256;

pub(super) fn health(
    eye: &mut Eye,
    experiment: &Experiment,
    problem: &Problem,
    motion: &[UpdateStats],
) -> Vec<Health> {
    let rows = problem.train.len().min(ROWS);
    problem.train.chunk(0, rows, &mut eye.batch);
    eye.network.forward(&eye.batch);
    let columns = eye.batch.columns();
    let last = experiment.layers.len() - 1;
    (0..=last)
        .map(|index| {
            let motion = motion.get(index).copied();
            let flat = catalog::activation(&experiment.layers[index].activation).traits.flat;
            // The output layer's activation is part of how the answer is read, not of learning.
            if index == last || flat == Flat::Never {
                return Health { motion, wear: DeadOrSaturated::None };
            }
            let slopes = eye.network.layers()[index].slopes(eye.network.activated(index), columns);
            let is_flat = |slope: &f32| slope.abs() < FLAT_SLOPE;
            let units: Vec<&[f32]> =
                slopes.chunks_exact(columns).map(|unit| &unit[..rows]).collect();
            let wear = if flat == Flat::Negative {
                let dead = units.iter().filter(|unit| unit.iter().all(is_flat)).count();
                DeadOrSaturated::Dead(dead as f64 / units.len() as f64)
            } else {
                let flat = units.iter().flat_map(|unit| unit.iter()).filter(|s| is_flat(s)).count();
                DeadOrSaturated::Saturated(flat as f64 / (units.len() * rows) as f64)
            };
            Health { motion, wear }
        })
        .collect()
}
