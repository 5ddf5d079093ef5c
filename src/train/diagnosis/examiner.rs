//! A run that is looked at from time to time, without a screen.

use std::sync::Arc;

use super::course::Course;
use super::diagnose;
use super::finding::{Case, Stage};
use super::signs::Signs;
use super::watch::Watch;
use crate::train::engine::Engine;
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
    /// A copy of the run, on which signs are measured.
    replica: Option<Engine>,
    /// What was found.
    pub watch: Watch,
}

impl Default for Examiner {
    fn default() -> Self {
        let (history, watch) = (History::new(KEPT), Watch::default());
        Self { history, from: 0, looked: None, replica: None, watch }
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

    /// Whether it is time to look at the run: after an evaluation, about a sixteenth of the run after
    /// the last look. If so, that look is taken for done.
    pub fn is_due(&mut self, session: &Session) -> bool {
        let step = session.engine().step_count();
        let steps = session.engine().experiment().train.steps;
        let part = |step: u64| step / steps.div_ceil(LOOKS).max(1);
        let due = self.looked.is_none_or(|looked| part(step) > part(looked));
        if due {
            self.looked = Some(step);
        }
        due
    }

    /// Measures the present signs of the run; none if its network is too large.
    pub fn measure(&mut self, session: &mut Session) -> Option<Signs> {
        let problem = Arc::clone(session.engine().problem());
        self.looked = Some(session.engine().step_count());
        Signs::of(&session.keyframe(), &problem, &mut self.replica)
    }

    /// Looks at a run that has come to its end, unless that has just been done. One that diverged is looked
    /// at again: of all rules that of the divergence alone goes by the stage.
    pub fn look_at_end(&mut self, session: &mut Session, stage: Stage) {
        let looked = self.looked == Some(session.engine().step_count());
        if looked && stage != Stage::Diverged {
            return;
        }
        if let Some(signs) = self.measure(session) {
            self.see(&signs, stage);
        }
    }

    /// Takes in what was seen at the last evaluation that was taken in.
    pub fn see(&mut self, signs: &Signs, stage: Stage) {
        let (step, steps) = (signs.step, signs.experiment.train.steps);
        let course = Course::of(&self.history, (self.from, step));
        let findings = diagnose(&Case { signs, course: &course, stage, stable: None });
        self.watch.look(step, steps, findings);
    }
}
