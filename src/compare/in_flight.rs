//! What runs leave for a watcher while they go: latest wins, and nothing grows.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::record::Point;
use super::trial::Trial;
use crate::train::Session;
use crate::train::probe::Snapshot;

/// The runs that are under way.
#[derive(Debug, Default)]
pub struct InFlight(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    runs: BTreeMap<Trial, Vec<Point>>,
    watched: Vec<usize>,
    snapshots: BTreeMap<usize, Box<Snapshot>>,
}

impl InFlight {
    /// The runs that are under way, each with its evaluations so far: as many at a time as there
    /// are threads, and each as short as a [`super::Record`].
    #[must_use]
    pub fn runs(&self) -> Vec<(Trial, Vec<Point>)> {
        self.lock().runs.iter().map(|(trial, points)| (*trial, points.clone())).collect()
    }

    /// From now on keeps a copy of the weights of these arms at each evaluation of one of their
    /// runs, and of no others.
    pub fn watch(&self, arms: &[usize]) {
        let mut state = self.lock();
        state.watched = arms.to_vec();
        state.snapshots.retain(|arm, _| arms.contains(arm));
    }

    /// The latest weights of a watched arm, if there are newer ones than were last taken.
    #[must_use]
    pub fn take_snapshot(&self, arm: usize) -> Option<Box<Snapshot>> {
        self.lock().snapshots.remove(&arm)
    }

    pub(super) fn post(&self, trial: Trial, point: Point, session: &Session) {
        let mut state = self.lock();
        state.runs.entry(trial).or_default().push(point);
        let watched = state.watched.contains(&trial.arm);
        drop(state);
        if watched {
            let snapshot = Snapshot::of(session.engine(), trial.seed, Vec::new());
            self.lock().snapshots.insert(trial.arm, Box::new(snapshot));
        }
    }

    pub(super) fn forget(&self, trial: Trial) {
        self.lock().runs.remove(&trial);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
