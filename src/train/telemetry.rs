//! Numbers on their way from a run to whoever watches: bounded however long the run and however
//! slow the watcher, and without losing a spike.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Values of adjacent steps, summed up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bucket {
    /// The first step in it.
    pub first: u64,
    /// The last step in it.
    pub last: u64,
    /// How many values.
    pub count: u64,
    /// The smallest.
    pub min: f64,
    /// The first step of the smallest.
    pub lowest: u64,
    /// Their mean.
    pub mean: f64,
    /// The largest.
    pub max: f64,
    /// The latest.
    pub latest: f64,
}

impl Bucket {
    fn new(step: u64, value: f64) -> Self {
        Self {
            first: step,
            last: step,
            count: 1,
            min: value,
            lowest: step,
            mean: value,
            max: value,
            latest: value,
        }
    }

    fn absorb(&mut self, later: &Self) {
        let (a, b) = (self.count as f64, later.count as f64);
        self.mean += (later.mean - self.mean) * (b / (a + b));
        self.last = later.last;
        self.count += later.count;
        if later.min < self.min {
            (self.min, self.lowest) = (later.min, later.lowest);
        }
        self.max = self.max.max(later.max);
        self.latest = later.latest;
    }
}

/// A series in bounded memory. When it is full, neighbours merge and every bucket from then on
/// spans twice as many steps.
#[derive(Clone, Debug)]
pub struct Envelope {
    buckets: Vec<Bucket>,
    capacity: usize,
    width: u64,
}

impl Envelope {
    /// An empty series of at most `capacity` buckets.
    #[must_use]
    pub const fn new(capacity: usize) -> Self {
        Self { buckets: Vec::new(), capacity, width: 1 }
    }

    /// The buckets, by step.
    #[must_use]
    pub fn buckets(&self) -> &[Bucket] {
        &self.buckets
    }

    /// The latest value.
    #[must_use]
    pub fn latest(&self) -> Option<f64> {
        self.buckets.last().map(|bucket| bucket.latest)
    }

    /// Adds the value of one step. What is not finite is left out.
    pub fn push(&mut self, step: u64, value: f64) {
        if value.is_finite() {
            self.add(&Bucket::new(step, value));
        }
    }

    /// Adds what another series holds, all of it later than what is here.
    pub fn extend(&mut self, later: &Self) {
        for bucket in &later.buckets {
            self.add(bucket);
        }
    }

    /// Adds what another series holds up to `step`, all of it later than what is here; a bucket that
    /// goes beyond it is left out.
    fn extend_until(&mut self, later: &Self, step: u64) {
        let whole = later.buckets.partition_point(|bucket| bucket.last <= step);
        later.buckets[..whole].iter().for_each(|bucket| self.add(bucket));
    }

    /// What it holds up to `step`; a bucket that goes beyond it is left out.
    #[must_use]
    pub fn until(&self, step: u64) -> Self {
        let mut series = Self { buckets: Vec::new(), ..*self };
        series.extend_until(self, step);
        series
    }

    /// Keeps at most `capacity` buckets from now on.
    fn set_capacity(&mut self, capacity: usize) {
        self.capacity = capacity;
        while self.buckets.len() > self.capacity {
            self.halve();
        }
    }

    fn add(&mut self, bucket: &Bucket) {
        match self.buckets.last_mut() {
            Some(last) if bucket.last / self.width == last.first / self.width => {
                last.absorb(bucket);
            }
            _ => self.buckets.push(*bucket),
        }
        while self.buckets.len() > self.capacity {
            self.halve();
        }
    }

    fn halve(&mut self) {
        self.width *= 2;
        let width = self.width;
        self.buckets.dedup_by(|later, kept| {
            let same = later.last / width == kept.first / width;
            if same {
                kept.absorb(later);
            }
            same
        });
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.buckets.clear();
        self.width = 1;
    }
}

/// What is drawn over the steps of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Series {
    /// Loss of each mini-batch, before its update.
    BatchLoss,
    /// Loss over all training rows.
    TrainLoss,
    /// Loss over all held-out rows.
    TestLoss,
    /// Share of training rows in the right class.
    TrainAccuracy,
    /// Share of held-out rows in the right class.
    TestAccuracy,
    /// Root-mean-square error over all training rows, in the units of the target's source.
    TrainRmse,
    /// Root-mean-square error over all held-out rows.
    TestRmse,
}

/// One [`Envelope`] for each [`Series`].
#[derive(Clone, Debug)]
pub struct History([Envelope; 7]);

impl History {
    /// Empty, with at most `capacity` buckets a series.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self(std::array::from_fn(|_| Envelope::new(capacity)))
    }

    /// One series.
    #[must_use]
    pub const fn series(&self, series: Series) -> &Envelope {
        &self.0[series as usize]
    }

    /// Adds the loss of a batch.
    pub fn push_loss(&mut self, step: u64, loss: f64) {
        self.0[Series::BatchLoss as usize].push(step, loss);
    }

    /// Adds an evaluation.
    pub fn push_row(&mut self, row: &super::Row) {
        let mut push = |series: Series, value: Option<f64>| {
            if let Some(value) = value {
                self.0[series as usize].push(row.step, value);
            }
        };
        push(Series::TrainLoss, Some(row.train_loss));
        push(Series::TestLoss, Some(row.test_loss));
        push(Series::TrainAccuracy, row.train_accuracy);
        push(Series::TestAccuracy, row.test_accuracy);
        push(Series::TrainRmse, row.train_rmse);
        push(Series::TestRmse, row.test_rmse);
    }

    /// Adds what came later.
    pub fn extend(&mut self, later: &Self) {
        for (here, there) in self.0.iter_mut().zip(&later.0) {
            here.extend(there);
        }
    }

    /// Adds what came later, up to `step`; what was summed up beyond it is left out.
    pub fn extend_until(&mut self, later: &Self, step: u64) {
        for (here, there) in self.0.iter_mut().zip(&later.0) {
            here.extend_until(there, step);
        }
    }

    /// Keeps at most `capacity` buckets a series from now on.
    pub fn set_capacity(&mut self, capacity: usize) {
        self.0.iter_mut().for_each(|series| series.set_capacity(capacity));
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.0.iter_mut().for_each(Envelope::clear);
    }
}

/// The latest of a run.
#[derive(Clone, Debug)]
pub struct Latest {
    /// Which run of this worker: counted up at each reset.
    pub run: u64,
    /// Steps done.
    pub step: u64,
    /// Passes over the training rows.
    pub epoch: f64,
    /// The default optimizer's rate at the next step, under the schedule.
    pub rate: Option<f64>,
    /// Speed over the last half second; none while paused.
    pub steps_per_second: Option<f64>,
    /// What happened since it was last taken.
    pub news: History,
    /// The steps that are kept as keyframes, if others are since it was last taken.
    pub keyframes: Option<Vec<u64>>,
}

/// Buckets a series that wait to be taken.
const WAITING: usize = 1024;

impl Default for Latest {
    fn default() -> Self {
        let news = History::new(WAITING);
        Self {
            run: 0,
            step: 0,
            epoch: 0.0,
            rate: None,
            steps_per_second: None,
            news,
            keyframes: None,
        }
    }
}

/// Where a worker leaves its latest and a watcher takes it. Never blocks for longer than a copy
/// and never grows: what is not taken in time merges.
#[derive(Debug, Default)]
pub struct Mailbox(Mutex<Latest>);

impl Mailbox {
    /// Changes what waits.
    pub(super) fn post(&self, change: impl FnOnce(&mut Latest)) {
        change(&mut self.lock());
    }

    /// Takes what waits of `run`. What waits of a later run is left until that run is known here.
    #[must_use]
    pub fn take(&self, run: u64) -> Option<Latest> {
        let mut latest = self.lock();
        if latest.run != run {
            return None;
        }
        let taken = latest.clone();
        latest.news.clear();
        latest.keyframes = None;
        Some(taken)
    }

    fn lock(&self) -> MutexGuard<'_, Latest> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_bounded_and_no_spike_is_lost() {
        let mut envelope = Envelope::new(64);
        for step in 1..=100_000_u64 {
            envelope.push(step, if step == 77_777 { 9.0 } else { 1.0 });
        }
        let buckets = envelope.buckets();
        assert!(buckets.len() <= 64);
        assert_eq!(buckets.iter().map(|b| b.count).sum::<u64>(), 100_000);
        let spike: Vec<_> = buckets.iter().filter(|b| b.max == 9.0).collect();
        assert_eq!(spike.len(), 1);
        assert!(spike[0].first <= 77_777 && 77_777 <= spike[0].last);
        assert!(buckets.windows(2).all(|pair| pair[0].last < pair[1].first));
    }

    #[test]
    fn merging_in_between_loses_nothing() {
        let (mut direct, mut relayed) = (Envelope::new(1 << 20), Envelope::new(1 << 20));
        let mut waiting = Envelope::new(8);
        for step in 0..1000_u64 {
            let value = (step as f64).sin();
            direct.push(step, value);
            waiting.push(step, value);
            if step % 97 == 0 {
                relayed.extend(&waiting);
                waiting.clear();
            }
        }
        relayed.extend(&waiting);
        let sum = |e: &Envelope| e.buckets().iter().map(|b| b.mean * b.count as f64).sum::<f64>();
        let max = |e: &Envelope| e.buckets().iter().map(|b| b.max).fold(f64::MIN, f64::max);
        assert!((sum(&direct) - sum(&relayed)).abs() < 1e-9);
        assert_eq!(max(&direct), max(&relayed));
        assert_eq!(direct.latest(), relayed.latest());
    }

    #[test]
    fn infinite_values_are_left_out() {
        let mut envelope = Envelope::new(4);
        envelope.push(1, f64::NAN);
        envelope.push(2, f64::INFINITY);
        assert!(envelope.buckets().is_empty());
    }
}
