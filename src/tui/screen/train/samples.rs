//! From a run's numbers to the points of a chart.

use crate::train::telemetry::{Bucket, Envelope, History, Series as Kind};
use crate::tui::widgets::chart::Sample;

/// The points of a series of a run.
pub fn samples(history: &History, kind: Kind) -> Vec<Sample> {
    points(history.series(kind))
}

/// The points of a series.
pub fn points(series: &Envelope) -> Vec<Sample> {
    let sample = |b: &Bucket| {
        let x = (b.first + b.last) as f64 / 2.0;
        Sample { x, min: b.min, mean: b.mean, max: b.max }
    };
    series.buckets().iter().map(sample).collect()
}
