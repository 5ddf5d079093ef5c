//! What goes into the journal, and how a run goes on from one.

use std::time::{Duration, Instant};

use super::{Goal, WorkerLoop};
use crate::train::engine::Checkpoint;
use crate::train::journal::Journal;
use crate::train::message::Event;

/// The time between two states.
const EVERY: Duration = Duration::from_secs(10);
/// Taking states takes no more than 1 in so many parts of the time.
const COST: u32 = 20;

/// The journal of a run, if it has one.
pub(super) struct Pages {
    journal: Option<Journal>,
    /// When the last state was taken, and how long that took.
    last: (Instant, Duration),
    /// The step that a run is brought back to before anything is taken down again.
    catching_up: Option<u64>,
}

impl Pages {
    /// The journal of a run that is to be brought back to the step `catching_up`, if to any.
    pub fn new(journal: Option<Journal>, catching_up: Option<u64>) -> Self {
        Self { journal, last: (Instant::now(), Duration::ZERO), catching_up }
    }

    /// The journal, unless what it says is still ahead.
    fn open(&self) -> Option<&Journal> {
        self.journal.as_ref().filter(|_| self.catching_up.is_none())
    }
}

impl WorkerLoop<'_> {
    /// Takes down where the present branch is.
    pub(super) fn take_down_place(&self) {
        let Some(journal) = self.pages.open() else { return };
        let present = self.timeline.present();
        journal.script(&self.timeline.script(present), present.step);
    }

    /// Takes down the state at the end of the present branch.
    pub(super) fn take_down_state(&mut self) {
        let Some(journal) = self.pages.open().cloned() else { return };
        let begun = Instant::now();
        let checkpoint: Checkpoint = match &self.visit {
            Some(visit) => visit.present().clone(),
            None => self.session.snapshot(),
        };
        self.timeline.set_head(checkpoint.step());
        journal.state(&self.timeline.script(self.timeline.present()), checkpoint);
        self.pages.last = (begun, begun.elapsed());
    }

    /// As [`WorkerLoop::take_down_state`], if the last one is long ago.
    pub(super) fn take_down_state_in_time(&mut self, now: Instant) {
        if now.duration_since(self.pages.last.0) >= EVERY.max(self.pages.last.1 * COST) {
            self.take_down_state();
        }
    }

    /// Takes down where the run rests: its state, unless that took long a short while ago.
    pub(super) fn take_down_rest(&mut self) {
        if self.pages.last.0.elapsed() >= self.pages.last.1 * COST {
            self.take_down_state();
        } else {
            self.timeline.set_head(self.head());
            self.take_down_place();
        }
    }

    /// Brings a run that goes on from a journal back to `step`, as fast as it can, and lets it rest
    /// there.
    pub(super) fn catch_up(&mut self, step: u64) {
        self.session.until = self.session.until.max(step);
        if step > self.session.engine().step_count() {
            self.goal = Goal::Step(step);
            self.outlet.event(Event::Running(true));
        } else {
            self.end_catching_up();
            self.take_down_place();
            self.outlet.event(Event::Running(false));
        }
    }

    /// Whether the run is being brought back to where it was.
    pub(super) const fn is_catching_up(&self) -> bool {
        self.pages.catching_up.is_some()
    }

    /// Notes that the run has another goal: it is where it was, or the user does not want to wait.
    pub(super) fn end_catching_up(&mut self) {
        let Some(step) = self.pages.catching_up.take() else { return };
        if self.session.engine().step_count() == step {
            self.make_due_edit();
        }
    }
}
