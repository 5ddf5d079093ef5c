//! Going to other steps and branches.

use std::sync::Arc;

use super::{Goal, SHOWN, WorkerLoop};
use crate::train::engine::{Checkpoint, LayerStep};
use crate::train::message::{Command, Event};
use crate::train::probe::Recall;
use crate::train::timeline::{BranchId, Mark, Position, Unreached};

/// An earlier step that is shown, while the run rests.
pub(super) struct Visit {
    /// The earlier step; none while it is not reached.
    at: Option<Position>,
    /// The state at the end of the run, to come back to.
    present: Checkpoint,
    /// How each layer moved there.
    motion: Vec<LayerStep>,
    /// What the run was up to.
    goal: Goal,
}

impl Visit {
    /// The state at the end of the run.
    pub const fn present(&self) -> &Checkpoint {
        &self.present
    }
}

impl WorkerLoop<'_> {
    /// Remembers where a change is about to be made.
    pub(super) fn mark(&mut self, mark: Mark) {
        self.note_end();
        self.timeline.mark(mark);
    }

    /// The farthest step of the present branch.
    pub(super) fn head(&self) -> u64 {
        let present = self.visit.as_ref().map(|visit| visit.present.step());
        present.unwrap_or_else(|| self.session.engine().step_count())
    }

    /// The segment of the step that is shown.
    pub(super) fn branch_shown(&self) -> BranchId {
        let visited = self.visit.as_ref().and_then(|visit| visit.at);
        visited.unwrap_or_else(|| self.timeline.present()).branch
    }

    /// Hands the nearest keyframe before each of these steps to the observer.
    pub(super) fn recall(&self, steps: &[u64]) {
        let recall = |&step: &u64| {
            let (branch, from) = self.timeline.keyframe_before(step)?;
            let problem = Arc::clone(self.timeline.problem(branch));
            Some(Recall { run: self.run, branch, step, from, problem })
        };
        let _ = self.outlet.recalls.send(steps.iter().filter_map(recall).collect());
    }

    /// Notes how far the present branch has come, and how far it is to go.
    fn note_end(&mut self) {
        let until = self.visit.as_ref().map_or(self.session.until, |visit| visit.present.until);
        self.timeline.set_head(self.head());
        self.timeline.set_until(until);
    }

    /// Shows an earlier step.
    pub(super) fn visit(&mut self, step: u64) {
        if step >= self.head() {
            self.come_back();
            return;
        }
        let goal = self.goal;
        self.set_goal(Goal::Rest);
        self.timeline.set_head(self.head());
        let position = self.timeline.at(step);
        let visit = self.visit.take().unwrap_or_else(|| Visit {
            at: None,
            present: self.session.snapshot(),
            motion: std::mem::take(&mut self.motion),
            goal,
        });
        let (inbox, queue) = (self.inbox, &mut self.queue);
        let cancelled = || {
            queue.extend(inbox.try_iter());
            queue.iter().find(|command| !bears_on_nothing(command)).is_some_and(goes_elsewhere)
        };
        let reached = self.timeline.reach(&mut self.session, position, cancelled);
        self.visit = Some(Visit { at: reached.is_ok().then_some(position), ..visit });
        match reached {
            Ok(motion) => {
                self.motion = motion;
                let experiment = Box::new(self.session.engine().experiment().clone());
                self.outlet.event(Event::Visiting { step, experiment });
            }
            Err(Unreached::Cancelled) => {}
            Err(Unreached::Diverged) => self.come_back(),
        }
    }

    /// Goes back to the present.
    pub(super) fn come_back(&mut self) {
        let Some(visit) = self.visit.take() else { return };
        // It is a state of this very run.
        let _ = self.session.restore(&visit.present);
        self.session.expect(self.timeline.plan());
        self.motion = visit.motion;
        self.outlet.event(Event::Returned);
        self.set_goal(visit.goal);
    }

    /// Makes the step that is shown, if an earlier one is, the present one.
    pub(super) fn stay(&mut self, mark: Option<Mark>) {
        let Some(position) = self.visit.as_ref().and_then(|visit| visit.at) else {
            self.come_back();
            return;
        };
        if let Some(mark) = mark {
            self.mark(mark);
        }
        self.visit = None;
        self.timeline.enter(position);
        self.session.expect(&[]);
        self.announce_move();
    }

    /// Takes back the change of this mark.
    pub(super) fn undo(&mut self, mark: Mark) {
        self.come_back();
        self.note_end();
        if let Some(position) = self.timeline.undo(mark) {
            self.go(position);
        }
    }

    /// Makes the change of this mark again.
    pub(super) fn redo(&mut self, mark: Mark) {
        self.come_back();
        self.note_end();
        if let Some(position) = self.timeline.redo(mark) {
            self.go(position);
        }
    }

    /// Goes to the end of a branch.
    pub(super) fn go_to_branch(&mut self, branch: BranchId, mark: Mark) {
        self.come_back();
        self.mark(mark);
        if let Some(position) = self.timeline.end_of(branch) {
            self.go(position);
        }
    }

    fn go(&mut self, position: Position) {
        self.post();
        let reached = self.timeline.reach(&mut self.session, position, || false);
        // What is done from here on is of that branch.
        self.timeline.enter(position);
        self.announce_move();
        self.motion = reached.unwrap_or_default();
        if matches!(self.goal, Goal::Step(_) | Goal::Epoch(_)) || self.session.finished() {
            self.set_goal(Goal::Rest);
        }
    }

    fn announce_move(&mut self) {
        self.begin_run();
        let engine = self.session.engine();
        let step = engine.step_count();
        self.timeline.set_head(step);
        let present = self.timeline.present();
        self.outlet.event(Event::Moved {
            run: self.run,
            step,
            experiment: Box::new(engine.experiment().clone()),
            problem: Arc::clone(engine.problem()),
            history: Box::new(self.timeline.history(present, SHOWN)),
            over: self.session.finished(),
            obeyed: self.obeyed,
        });
        self.tell_of_timeline();
        self.keep();
        self.post();
    }
}

/// Whether a command means the same at any step.
const fn bears_on_nothing(command: &Command) -> bool {
    matches!(
        command,
        Command::Observe
            | Command::Recall(_)
            | Command::Pace(_)
            | Command::KeyframeMemory(_)
            | Command::Pause
            | Command::Delete(_)
    )
}

/// Whether a command leaves the earlier step that is being looked for.
const fn goes_elsewhere(command: &Command) -> bool {
    matches!(
        command,
        Command::Visit(_)
            | Command::Return
            | Command::Undo(_)
            | Command::Redo(_)
            | Command::Go(..)
            | Command::Stop
    )
}
