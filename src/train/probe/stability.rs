//! How near the optimizers are to what they can take.
//!
//! A look takes many passes over the training rows: it goes on through many observations, in small
//! parts of the observer's time, and is of the step at which it began.

use std::time::{Duration, Instant};

use super::{Model, Observation, Probe, Snapshot, View};
use crate::train::curvature::{Look, Present, Sighting};
use crate::train::timeline::BranchId;

/// Trained numbers of the largest network that is looked at.
const LARGEST: usize = 1 << 17;
/// The share of the time between observations that a look may take: one in so many.
const SHARE: u32 = 8;
/// The shortest and the longest time that it takes at once, as far as a chunk of rows allows.
const AT_ONCE: (Duration, Duration) = (Duration::from_millis(2), Duration::from_millis(25));
/// Chunks of rows that a look may take where it is to end at once.
const CHUNKS: usize = 4096;

/// The stability of a run, as far as it is known.
#[derive(Clone, Debug, PartialEq)]
pub enum Stability {
    /// Nothing has been found yet.
    Pending,
    /// The network is too large to be watched.
    TooLarge {
        /// The trained numbers that it has.
        parameters: usize,
    },
    /// What was found at a step.
    Seen {
        /// Steps done there.
        step: u64,
        /// What was found.
        sighting: Sighting,
    },
}

/// The looks of an observer.
#[derive(Debug)]
pub(super) struct Looks {
    /// The run, branch and step that were shown last.
    at: (u64, BranchId, u64),
    /// A look that is under way, and its step.
    under_way: Option<(u64, Look)>,
    latest: Stability,
    /// The direction of the largest eigenvalue that was found last.
    near: Vec<f64>,
    /// The end of the last part; none if a look is to end at once.
    rested: Option<Instant>,
}

impl Looks {
    /// Those of a thread that has more to do.
    pub fn in_slices() -> Self {
        Self { rested: Some(Instant::now()), ..Self::at_once() }
    }

    /// A look that ends at once, or not at all: what it finds does not depend on time.
    pub const fn at_once() -> Self {
        let latest = Stability::Pending;
        let at = (0, BranchId(0), 0);
        Self { at, under_way: None, latest, near: Vec::new(), rested: None }
    }

    /// Whether a look is under way.
    pub const fn is_under_way(&self) -> bool {
        self.under_way.is_some()
    }

    /// Begins a look at `snapshot` unless one is under way, and goes on with it.
    fn see(&mut self, snapshot: &Snapshot) {
        let before =
            std::mem::replace(&mut self.at, (snapshot.run, snapshot.branch, snapshot.step));
        if (before.0, before.1) != (snapshot.run, snapshot.branch) {
            (self.under_way, self.latest) = (None, Stability::Pending);
        }
        if self.under_way.is_none() && !self.has_seen(snapshot.step) {
            self.begin(snapshot);
        }
        self.go_on();
    }

    fn has_seen(&self, at: u64) -> bool {
        matches!(self.latest, Stability::Seen { step, .. } if step == at)
    }

    fn begin(&mut self, snapshot: &Snapshot) {
        let Some(state) = &snapshot.state else { return };
        let parameters = snapshot.experiment.parameters();
        if parameters > LARGEST {
            self.latest = Stability::TooLarge { parameters };
            return;
        }
        if let Ok(present) = Present::of(state, &snapshot.problem, usize::MAX) {
            let look = Look::new(present, &self.near, snapshot.experiment.seed);
            self.under_way = Some((snapshot.step, look));
        }
    }

    /// What is known of the run that was shown last.
    pub fn observation(&self) -> Observation {
        let (run, branch, step) = self.at;
        let stability = Some(self.latest.clone());
        Observation { stability, ..Observation::nothing(run, branch, step) }
    }

    /// Gives up the look that is under way.
    pub fn forget(&mut self) {
        self.under_way = None;
    }

    /// Goes on with the look that is under way, for as long as may be. Returns whether it ended.
    pub fn go_on(&mut self) -> bool {
        let begun = Instant::now();
        let spare = self.rested.map(|rested| (begun - rested) / SHARE);
        let budget = spare.map(|spare| spare.clamp(AT_ONCE.0, AT_ONCE.1));
        let mut chunks = 0;
        let mut ended = false;
        while let Some((step, look)) = &mut self.under_way {
            if let Some((sighting, near)) = look.advance() {
                self.latest = Stability::Seen { step: *step, sighting };
                (self.near, self.under_way, ended) = (near, None, true);
                break;
            }
            chunks += 1;
            let over = budget.map_or(chunks >= CHUNKS, |budget| begun.elapsed() >= budget);
            if over {
                break;
            }
        }
        if self.rested.is_some() {
            self.rested = Some(Instant::now());
        }
        ended
    }
}

impl Probe for Stability {
    const NEEDS_STATE: bool = true;

    fn of(model: &mut Model, snapshot: &Snapshot, _: View) -> Self {
        model.looks.see(snapshot);
        model.looks.latest.clone()
    }
}
