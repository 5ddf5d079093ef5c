//! Distributions, such as that of weights.

use super::{Model, Probe, Snapshot, View};
use crate::train::distribution::Moments;
use crate::train::engine::Parameters;

/// A distribution, such as that of the weights of a layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    /// Counts in bins of equal width from `min` to `max`.
    pub bins: Vec<f64>,
    /// The smallest number.
    pub min: f64,
    /// The largest one.
    pub max: f64,
    /// Their mean.
    pub mean: f64,
    /// Their standard deviation.
    pub std: f64,
}

impl Histogram {
    /// The histogram of `values` in so many bins; what is not finite is left out.
    pub(super) fn new<'a>(values: impl Iterator<Item = &'a f32> + Clone, bins: usize) -> Self {
        let moments = Moments::of(values.clone());
        let mut counts = vec![0.0; bins.max(1)];
        let (Some((min, max)), Some(mean), Some(std)) =
            (moments.range(), moments.mean(), moments.std())
        else {
            return Self { bins: counts, min: 0.0, max: 0.0, mean: 0.0, std: 0.0 };
        };
        let last = counts.len() - 1;
        let scale = if max > min { counts.len() as f64 / (max - min) } else { 0.0 };
        for x in values.copied().filter(|x| x.is_finite()).map(f64::from) {
            counts[(((x - min) * scale) as usize).min(last)] += 1.0;
        }
        Self { bins: counts, min, max, mean, std }
    }
}

impl Probe for Vec<Histogram> {
    fn of(_: &mut Model, snapshot: &Snapshot, view: View) -> Self {
        let layers = snapshot.params.iter();
        let weights = |layer| Histogram::new(Parameters::weights(layer), view.bins);
        layers.map(weights).collect()
    }
}
