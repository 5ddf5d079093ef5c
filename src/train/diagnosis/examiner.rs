//! A run that is looked at from time to time, without a screen.

use super::course::Course;
use super::diagnose;
use super::finding::{Case, Stage};
use super::signs::Signs;
use super::watch::Watch;
use crate::train::session::{Row, Session};
use crate::train::telemetry::History;

/// Looks at a run.
const LOOKS: u64 = 16;
/// Evaluations that are kept apart.
const KEPT: usize = 1024;

/// Looks at a run from time to time.
#[derive(Debug)]
pub struct Examiner {
    history: History,
    /// The step of the last edit.
    from: u64,
    looked: Option<u64>,
    /// What was found.
    pub watch: Watch,
}

impl Default for Examiner {
    fn default() -> Self {
        Self { history: History::new(KEPT), from: 0, looked: None, watch: Watch::default() }
    }
}

impl Examiner {
    /// Takes in an evaluation.
    pub fn push(&mut self, row: &Row) {
        self.history.push_row(row);
    }

    /// Takes in that the run goes on under other settings from `step` on.
    pub fn edited(&mut self, step: u64) {
        self.from = step;
        self.looked = None;
        self.watch.clear();
    }

    /// Looks at the run, if it is time to: after an evaluation, about a sixteenth of the run after the
    /// last look.
    pub fn look_in_time(&mut self, session: &mut Session) {
        let step = session.engine().step_count();
        let steps = session.engine().experiment().train.steps;
        let part = |step: u64| step / steps.div_ceil(LOOKS).max(1);
        if self.looked.is_none_or(|looked| part(step) > part(looked)) {
            self.look(session, Stage::GoesOn);
        }
    }

    /// Looks at the run.
    pub fn look(&mut self, session: &mut Session, stage: Stage) {
        let (step, problem) = (session.engine().step_count(), session.engine().problem().clone());
        let steps = session.engine().experiment().train.steps;
        self.looked = Some(step);
        let Some(signs) = Signs::of(&session.keyframe(), &problem) else { return };
        let course = Course::of(&self.history, (self.from, step));
        let findings = diagnose(&Case { signs: &signs, course: &course, stage, stable: None });
        self.watch.look(step, steps, findings);
    }
}
