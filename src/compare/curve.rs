//! How arms go over time.

use super::plan::Plan;
use super::results::Results;
use super::standing::decisive;
use super::statistics::Quartiles;
use crate::experiment::Metric;

/// One evaluation of several runs of an arm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BandPoint {
    /// Steps done; with a time budget the median of the runs'.
    pub step: f64,
    /// Passes over the training rows, likewise.
    pub epoch: f64,
    /// The median of the seconds spent on steps.
    pub seconds: f64,
    /// The metric: infinite where a quarter, half or three quarters of the runs have diverged.
    pub value: Quartiles,
}

/// The course of `metric` over the runs by which `arm` stands at present. Empty before the first
/// result, and for accuracies where there are no classes.
#[must_use]
pub fn curve(plan: &Plan, results: &Results, arm: usize, metric: Metric) -> Vec<BandPoint> {
    let runs: Vec<_> = decisive(plan, results, arm).into_iter().map(|(_, record)| record).collect();
    let longest = runs.iter().map(|record| record.points.len()).max().unwrap_or(0);
    let median = |values: Vec<f64>| Quartiles::of(values).map(|quartiles| quartiles.median);
    let at = |index: usize| {
        let points = || runs.iter().filter_map(move |record| record.points.get(index));
        // A run that ended early counts as what it came to.
        let values = runs.iter().map(|record| match record.points.get(index) {
            Some(point) => point.get(metric),
            None => record.last(metric),
        });
        let values: Vec<f64> = values.collect();
        if values.iter().any(|value| value.is_nan()) {
            return None;
        }
        Some(BandPoint {
            step: median(points().map(|point| point.step as f64).collect())?,
            epoch: median(points().map(|point| point.epoch).collect())?,
            seconds: median(points().map(|point| point.seconds).collect())?,
            value: Quartiles::of(values)?,
        })
    };
    (0..longest).filter_map(at).collect()
}
