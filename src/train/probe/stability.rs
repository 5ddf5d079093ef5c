//! How near the optimizers are to what they can take.
//!
//! A look takes many passes over the training rows: it goes on through many observations, in small
//! parts of the observer's time, and is of the step at which it began.

use std::time::{Duration, Instant};

use super::slices::Slices;
use super::{Model, Observation, Probe, Snapshot, View};
use crate::train::curvature::{Look, Present, Sighting};
use crate::train::timeline::BranchId;

/// Trained numbers of the largest network that is looked at.
const LARGEST: usize = 1 << 17;
/// The share of the time between observations that a look may take: one in so many.
const SHARE: u32 = 8;
/// The time between the beginnings of two looks at a run that is under way, at the least.
const EVERY: Duration = Duration::from_secs(1);
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

impl Stability {
    /// The most bytes that it takes to watch a network of so many trained numbers.
    #[must_use]
    pub const fn bytes(parameters: usize) -> usize {
        if parameters > LARGEST { 0 } else { Look::bytes(parameters) }
    }
}

/// The looks of an observer.
#[derive(Debug)]
pub(super) struct Looks {
    /// The run, branch and step that were shown last.
    at: (u64, BranchId, u64),
    /// A look that is under way, and its step.
    under_way: Option<(u64, Look)>,
    /// When a look was begun last.
    begun: Option<Instant>,
    latest: Stability,
    /// The direction of the largest eigenvalue that was found last.
    near: Vec<f64>,
    slices: Slices,
}

impl Looks {
    /// Those of a thread that has more to do.
    pub fn in_slices() -> Self {
        Self { slices: Slices::one_in(SHARE), ..Self::at_once() }
    }

    /// A look that ends at once, or not at all: what it finds does not depend on time.
    pub const fn at_once() -> Self {
        let latest = Stability::Pending;
        let at = (0, BranchId(0), 0);
        let slices = Slices::AtOnce { parts: CHUNKS };
        Self { at, under_way: None, begun: None, latest, near: Vec::new(), slices }
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
            (self.under_way, self.begun, self.latest) = (None, None, Stability::Pending);
        }
        let early = self.begun.is_some_and(|begun| begun.elapsed() < EVERY);
        let waits = early && snapshot.under_way;
        if self.under_way.is_none() && !self.has_seen(snapshot.step) && !waits {
            self.begin(snapshot);
        }
        self.go_on();
    }

    fn has_seen(&self, at: u64) -> bool {
        matches!(self.latest, Stability::Seen { step, .. } if step == at)
    }

    fn begin(&mut self, snapshot: &Snapshot) {
        let parameters = snapshot.experiment.parameters();
        if parameters > LARGEST {
            self.latest = Stability::TooLarge { parameters };
            return;
        }
        let Some(state) = &snapshot.state else { return };
        if let Ok(present) = Present::of(state, &snapshot.problem, usize::MAX) {
            let look = Look::new(present, &self.near, snapshot.experiment.seed);
            (self.under_way, self.begun) = (Some((snapshot.step, look)), Some(Instant::now()));
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
        let mut slice = self.slices.begin();
        let mut ended = false;
        while let Some((step, look)) = &mut self.under_way {
            if let Some((sighting, near)) = look.advance() {
                self.latest = Stability::Seen { step: *step, sighting };
                (self.near, self.under_way, ended) = (near, None, true);
                break;
            }
            if slice.part_done() {
                break;
            }
        }
        self.slices.end();
        ended
    }
}

impl Probe for Stability {
    const STATE_UP_TO: usize = LARGEST;

    fn of(model: &mut Model, snapshot: &Snapshot, _: View) -> Self {
        model.looks.see(snapshot);
        model.looks.latest.clone()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::{Requests, observe};
    use super::*;
    use crate::experiment;
    use crate::train::curvature::Measured;
    use crate::train::{Problem, Session};

    const STABILITY: Requests = Requests { stability: true, ..Requests::NONE };

    fn snapshot(recipe: &str, steps: u64) -> Snapshot {
        let experiment = experiment::load(recipe).unwrap().experiment;
        let problem = Problem::load(&experiment).unwrap();
        let mut session = Session::new(&experiment, Arc::clone(&problem));
        let motion = session.advance(steps, |_| ()).unwrap();
        let state = Some(Arc::new(session.keyframe()));
        Snapshot { state, ..Snapshot::of(session.engine(), 1, motion) }
    }

    /// What is seen at once.
    fn seen(snapshot: &Snapshot) -> Stability {
        let view = View { requests: STABILITY, ..View::default() };
        observe(snapshot, view).stability.unwrap()
    }

    fn share(stability: &Stability) -> (u64, f64) {
        let Stability::Seen { step, sighting } = stability else { panic!("{stability:?}") };
        let Measured::Share { share, known: true } = sighting.measured else {
            panic!("{sighting:?}")
        };
        (*step, share)
    }

    #[test]
    fn a_look_in_slices_finds_what_one_at_once_finds() {
        let recipe = "moons:samples=900/8-tanh/1-identity/loss=mse,batch_size=32,seed=1,\
                      optimizer=sgd,momentum=0.9,weight_decay=0.01,lr=0.1";
        let [early, late] = [5, 40].map(|steps| snapshot(recipe, steps));
        assert!(STABILITY.need_state(LARGEST));
        assert!(!STABILITY.need_state(LARGEST + 1));
        let expected = [&early, &late].map(seen);
        let mut looks = Looks::in_slices();
        looks.see(&early);
        for (snapshot, expected) in [&early, &late].into_iter().zip(&expected) {
            // Others may come while it is under way: it stays with the step where it began.
            for _ in 0..10_000 {
                looks.see(snapshot);
                if looks.has_seen(snapshot.step) {
                    break;
                }
            }
            let ((step, expected), found) = (share(expected), share(&looks.latest));
            assert_eq!(found.0, step);
            assert!((found.1 / expected - 1.0).abs() < 1e-2, "{found:?}, not {expected}");
        }
        let mut other = early.clone();
        other.run = 2;
        other.state = None;
        looks.see(&other);
        assert_eq!((&looks.latest, looks.is_under_way()), (&Stability::Pending, false));
    }

    #[test]
    fn the_largest_stable_rate_is_where_the_share_is_one() {
        let of = |lr: f64| {
            let recipe =
                format!("plane/1-identity/loss=mse,batch_size=350,seed=1,optimizer=sgd,lr={lr}");
            let Stability::Seen { sighting, .. } = seen(&snapshot(&recipe, 1)) else { panic!() };
            sighting
        };
        let (largest, now) = of(0.5).largest_stable_rate().unwrap();
        assert_eq!(now, 0.5);
        let (sharpness, threshold) = of(largest).against_threshold().unwrap();
        assert!((sharpness / threshold - 1.0).abs() < 1e-3, "{sharpness} of {threshold}");
        let scope = of(0.5).scope;
        assert!(scope.settles && scope.smooth, "{scope:?}");
    }

    #[test]
    fn what_cannot_be_said_is_not_said() {
        let lion = snapshot("moons/6-relu/2-softmax/seed=1,optimizer=lion,lr=0.001", 3);
        let Stability::Seen { sighting, .. } = seen(&lion) else { panic!() };
        let Measured::Bare { sharpness, critical: Some(_), .. } = sighting.measured else {
            panic!("{sighting:?}")
        };
        assert!(sharpness > 0.0 && sighting.largest_stable_rate().is_none());
        assert!(!sighting.scope.smooth && !sighting.scope.settles);
        // Before its first step Adam has nothing to divide by.
        let adam = snapshot("moons/6-tanh/2-softmax/seed=1,optimizer=adam", 0);
        let Stability::Seen { sighting, .. } = seen(&adam) else { panic!() };
        assert!(matches!(sighting.measured, Measured::Bare { .. }), "{sighting:?}");
        let large = snapshot("moons/400-tanh/400-tanh/2-softmax/seed=1", 0);
        assert_eq!(seen(&large), Stability::TooLarge { parameters: 162_402 });
    }
}
