//! The course of the losses of a run.

use crate::train::telemetry::{History, Series};

/// The course of the losses over all rows since the last edit, an evaluation a number.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Course {
    /// Steps done at each.
    pub steps: Vec<u64>,
    /// On the training rows.
    pub train: Vec<f64>,
    /// On the held-out rows.
    pub test: Vec<f64>,
    /// The share of right answers on the training rows at the last few; none for values.
    pub accuracy: Option<f64>,
}

/// Evaluations over which the present is taken.
const FEW: usize = 5;

impl Course {
    /// That of `history` after step `from`, up to `to`.
    #[must_use]
    pub fn of(history: &History, (from, to): (u64, u64)) -> Self {
        let within = |series: Series| {
            let buckets = history.series(series).buckets();
            let first = buckets.partition_point(|it| it.first < from);
            let last = buckets.partition_point(|it| it.last <= to);
            &buckets[first.min(last)..last]
        };
        let (train, test) = (within(Series::TrainLoss), within(Series::TestLoss));
        let accuracy = within(Series::TrainAccuracy);
        let few = &accuracy[accuracy.len().saturating_sub(FEW)..];
        Self {
            steps: train.iter().map(|it| it.last).collect(),
            train: train.iter().map(|it| it.mean).collect(),
            test: test.iter().map(|it| it.mean).collect(),
            accuracy: mean(few.iter().map(|it| it.mean)),
        }
    }

    /// Evaluations.
    #[must_use]
    pub fn len(&self) -> usize {
        self.train.len()
    }

    /// Whether nothing was evaluated yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.train.is_empty()
    }

    /// The mean training loss of the last few evaluations.
    #[must_use]
    pub fn last(&self) -> Option<f64> {
        mean(tail(&self.train, FEW).iter().copied())
    }
}

/// The last `count` of `values`.
pub(super) fn tail(values: &[f64], count: usize) -> &[f64] {
    &values[values.len().saturating_sub(count)..]
}

/// The mean; none of nothing.
pub(super) fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0_usize), |(sum, count), x| (sum + x, count + 1));
    (count > 0).then(|| sum / count as f64)
}
