//! What is known so far.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::record::Record;
use super::statistics::Quartiles;
use super::trial::{Phase, Trial};
use crate::experiment::Metric;

/// The records of finished trials.
#[derive(Clone, Debug, Default)]
pub struct Results(BTreeMap<Trial, Arc<Record>>);

impl Results {
    /// Adds one.
    pub fn insert(&mut self, trial: Trial, record: Arc<Record>) {
        self.0.insert(trial, record);
    }

    /// The record of a trial, once it is there.
    #[must_use]
    pub fn get(&self, trial: Trial) -> Option<&Arc<Record>> {
        self.0.get(&trial)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of one arm: tuning before final ones, by candidate and seed.
    #[must_use]
    pub fn of_arm(&self, arm: usize) -> impl DoubleEndedIterator<Item = (Trial, &Arc<Record>)> {
        let first = |arm| Trial { arm, phase: Phase::Tuning(0), candidate: i32::MIN, seed: 0 };
        self.0.range(first(arm)..first(arm + 1)).map(|(trial, record)| (*trial, record))
    }

    /// Those of one arm, phase and candidate, by seed.
    pub fn of_candidate(
        &self,
        arm: usize,
        phase: Phase,
        candidate: i32,
    ) -> impl Iterator<Item = (Trial, &Arc<Record>)> {
        let of = |seed| Trial { arm, phase, candidate, seed };
        self.0.range(of(0)..=of(u64::MAX)).map(|(trial, record)| (*trial, record))
    }

    /// The median validation loss of a candidate in a round of tuning; none before its first result.
    #[must_use]
    pub fn validation(&self, arm: usize, phase: Phase, candidate: i32) -> Option<Quartiles> {
        let runs = self.of_candidate(arm, phase, candidate);
        Quartiles::of(runs.map(|(_, record)| record.last(Metric::TestLoss)))
    }

    /// `candidates` from the best to the worst by their results in a round of tuning; those without any
    /// come last, and of equals the smaller first.
    #[must_use]
    pub fn best_candidates(&self, arm: usize, phase: Phase, candidates: &[i32]) -> Vec<i32> {
        let mut rated: Vec<_> = candidates
            .iter()
            .map(|&place| {
                let found = self.validation(arm, phase, place);
                (found.is_none(), found.map_or(f64::INFINITY, |quartiles| quartiles.median), place)
            })
            .collect();
        rated.sort_by(|a, b| (a.0.cmp(&b.0)).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)));
        rated.into_iter().map(|(_, _, place)| place).collect()
    }
}
