//! Steps of the past that are looked at again: from a keyframe before each, by training.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{Observation, Requests, Snapshot, View, observe};
use crate::train::engine::Checkpoint;
use crate::train::problem::Problem;
use crate::train::session::Session;
use crate::train::timeline::BranchId;

/// How long to go on before the present is looked at, if that is waiting.
const SLICE: Duration = Duration::from_millis(4);
/// What is worked out.
const LAYERS: Requests = Requests { layers: true, ..Requests::NONE };

/// A step that is to be looked at again.
#[derive(Clone, Debug)]
pub struct Recall {
    /// The number of the run among those of its worker.
    pub run: u64,
    /// The segment that the step is of.
    pub branch: BranchId,
    /// The step.
    pub step: u64,
    /// The state at an earlier step of that segment.
    pub from: Arc<Checkpoint>,
    /// The data.
    pub problem: Arc<Problem>,
}

/// Steps that are still to be looked at.
#[derive(Debug, Default)]
pub(super) struct Recalling {
    waiting: VecDeque<Recall>,
    /// One that is being gone to.
    underway: Option<(Recall, Session)>,
    /// The last one that was reached, while a later one from the same state may follow.
    reached: Option<(Arc<Checkpoint>, Session)>,
}

impl Recalling {
    /// Leaves all that were asked for and takes up others.
    pub fn replace(&mut self, mut steps: Vec<Recall>) {
        // One way from a keyframe serves all steps that follow it.
        steps.sort_by_key(|recall| recall.step);
        *self = Self { waiting: steps.into(), ..Self::default() };
    }

    /// Whether there are none.
    pub fn is_idle(&self) -> bool {
        self.waiting.is_empty() && self.underway.is_none()
    }

    /// Goes on for a little while. Returns what was seen, if a step was reached.
    pub fn go_on(&mut self) -> Option<Observation> {
        let begun = Instant::now();
        let (recall, mut session) = self.underway.take().or_else(|| {
            let recall = self.waiting.pop_front()?;
            let reached = self.reached.take().filter(|(from, session)| {
                Arc::ptr_eq(from, &recall.from) && session.engine().step_count() < recall.step
            });
            let session = match reached {
                Some((_, session)) => session,
                None => Session::resume(&recall.from, Arc::clone(&recall.problem)).ok()?,
            };
            Some((recall, session))
        })?;
        session.set_single_threaded(true);
        while session.engine().step_count() + 1 < recall.step {
            session.train().ok()?;
            if begun.elapsed() > SLICE {
                self.underway = Some((recall, session));
                return None;
            }
        }
        let (_, motion) = session.measured().ok()?;
        let snapshot = Snapshot::of(session.engine(), recall.run, motion);
        self.reached = (!self.waiting.is_empty()).then_some((recall.from, session));
        Some(observe(&Snapshot { branch: recall.branch, ..snapshot }, View::of(LAYERS)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment;

    #[test]
    fn a_step_looks_the_same_when_it_is_looked_at_again() {
        let loaded = experiment::load("moons/6-relu+dropout=0.2/2-softmax/seed=3,optimizer=adam");
        let experiment = loaded.unwrap().experiment;
        let problem = Problem::load(&experiment).unwrap();
        let mut session = Session::new(&experiment, Arc::clone(&problem));
        session.advance(7, |_| {}).unwrap();
        let from = Arc::new(session.keyframe());
        let mut recalling = Recalling::default();
        assert!(recalling.is_idle() && recalling.go_on().is_none());
        let recall = |step| Recall {
            run: 1,
            branch: BranchId(5),
            step,
            from: Arc::clone(&from),
            problem: Arc::clone(&problem),
        };
        recalling.replace(vec![recall(99)]);
        recalling.replace(vec![recall(8), recall(30)]);
        for step in [8, 30] {
            let motion = session.advance(step - session.engine().step_count(), |_| {}).unwrap();
            let expected = observe(&Snapshot::of(session.engine(), 1, motion), View::of(LAYERS));
            let again = std::iter::repeat_with(|| recalling.go_on()).take(1000);
            let again = again.flatten().next().unwrap();
            assert_eq!((again.step, again.branch), (step, BranchId(5)));
            assert_eq!(again.layers, expected.layers);
        }
        assert!(recalling.is_idle());
    }
}
