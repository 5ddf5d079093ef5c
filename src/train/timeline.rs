//! The branches of a run, and the states that any step of them is reached from.
//!
//! ```text
//! root ─────┬───────────●  a      segments: one plain experiment from a step on
//!           └──┬──●        b      an edit begins a new one
//!              └────────●  c      a branch is the way from a root to the end of a segment
//! ```
//! What restarts a run begins a new root. The numbers of a segment follow, bit for bit, from the
//! experiments on the way to it and the steps at which they took over: so any step is reached again
//! by going to the nearest keyframe before it and training from there.

use std::collections::HashMap;
use std::sync::Arc;

use super::problem::Problem;
use super::session::Session;
use super::telemetry::History;
use crate::experiment::{Edit, Experiment, Script, changes};
use keyframes::Keyframes;
pub use keyframes::{BOUND, FEWEST, bound};
pub use paths::BranchPath;
pub use reach::Unreached;
use segment::Segment;
pub use view::{BranchView, Stretch, TimelineView};

mod keyframes;
mod paths;
mod reach;
mod segment;
mod view;

/// The most branches beside the present one; the oldest are forgotten first.
const MOST_BRANCHES: usize = 64;

/// The name of a branch: the index of the segment that it ends in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BranchId(pub u32);

impl BranchId {
    const fn index(self) -> usize {
        self.0 as usize
    }
}

/// The name of a change, by which it is undone. Changes of one mark are undone together.
pub type Mark = u64;

/// A step of a branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The segment.
    pub branch: BranchId,
    /// Steps done, since the root of the segment.
    pub step: u64,
}

/// Where a change was made, and where it was undone.
#[derive(Clone, Copy, Debug)]
struct Change {
    before: Position,
    after: Option<Position>,
}

/// All branches of a run, and the one that goes on.
#[derive(Debug)]
pub struct Timeline {
    /// Never empty, and never made shorter.
    segments: Vec<Segment>,
    present: BranchId,
    changes: HashMap<Mark, Change>,
    keyframes: Keyframes,
}

impl Timeline {
    /// The timeline of a run of `script` that stands where `session` does, with the edits to come that
    /// that has. Nothing is known of the way there but the script.
    #[must_use]
    pub fn of_script(script: &Script, session: &Session) -> Self {
        let edits = script.edits();
        let made = edits.len() - session.edits_to_come().len().min(edits.len());
        let plan = |from: usize| edits[from..].to_vec();
        let start = Arc::new(script.start().clone());
        let root = Segment::root(start, Arc::clone(session.engine().problem()), plan(0));
        let mut timeline = Self {
            segments: vec![root],
            present: BranchId(0),
            changes: HashMap::new(),
            keyframes: Keyframes::default(),
        };
        for (index, edit) in edits[..made].iter().enumerate() {
            timeline.set_head(edit.step);
            let Position { branch, step } = timeline.present();
            let experiment = Arc::clone(&edit.experiment);
            let child = timeline.segment(branch).child(branch, step, experiment, plan(index + 1));
            timeline.begin(child);
        }
        timeline.set_head(session.engine().step_count());
        timeline
    }

    /// Sets the bytes that keyframes may take.
    pub fn set_memory(&mut self, bytes: usize) {
        self.keyframes.bound = bytes;
        self.thin();
    }

    fn segment(&self, branch: BranchId) -> &Segment {
        &self.segments[branch.index()]
    }

    fn here(&mut self) -> &mut Segment {
        &mut self.segments[self.present.index()]
    }

    /// The end of the present branch.
    #[must_use]
    pub fn present(&self) -> Position {
        Position { branch: self.present, step: self.segment(self.present).head }
    }

    /// Notes that the present branch is at `step`.
    pub fn set_head(&mut self, step: u64) {
        self.here().head = step;
    }

    /// Notes how far the present branch is to go.
    pub fn set_until(&mut self, until: u64) {
        self.here().until = until;
    }

    /// The edits that are to come at the end of the present branch.
    #[must_use]
    pub fn plan(&self) -> &[Edit] {
        &self.segment(self.present).plan
    }

    /// Adds to the numbers of the present branch.
    pub fn extend(&mut self, news: &History) {
        self.here().extend(news);
    }

    fn begin(&mut self, segment: Segment) {
        self.here().rest();
        self.keyframes.begin();
        self.present = BranchId(u32::try_from(self.segments.len()).unwrap_or(u32::MAX));
        self.segments.push(segment);
        self.forget_oldest();
    }

    /// Begins anew with `session`, which stands at its start.
    pub fn restart(&mut self, session: &Session) {
        let engine = session.engine();
        let experiment = Arc::new(engine.experiment().clone());
        let problem = Arc::clone(engine.problem());
        self.begin(Segment::root(experiment, problem, session.edits_to_come()));
    }

    /// Takes up that `session` goes on under another experiment from the present step on. Edits at one step are one: the segment
    /// that another edit began here is left, and so is this one if nothing is left of all of them.
    pub fn edit(&mut self, session: &Session) {
        self.set_head(session.engine().step_count());
        let experiment = session.engine().experiment();
        let Position { mut branch, step } = self.present();
        let here = self.segment(branch);
        if let Some(parent) = here.parent.filter(|_| here.from == step) {
            branch = parent;
        }
        let base = self.segment(branch);
        if base.head == step && changes(&base.experiment, experiment).is_empty() {
            self.enter(Position { branch, step });
        } else {
            let plan = session.edits_to_come();
            let segment = base.child(branch, step, Arc::new(experiment.clone()), plan);
            self.begin(segment);
        }
    }

    /// Makes `position` the present one: the branch itself if that is its end, else a new one under
    /// the same experiment.
    pub fn enter(&mut self, position: Position) {
        let Position { branch, step } = position;
        let segment = self.segment(branch);
        if segment.head == step {
            self.here().rest();
            self.present = branch;
            self.here().wake();
        } else {
            let child = segment.child(branch, step, Arc::clone(&segment.experiment), Vec::new());
            self.begin(child);
        }
    }

    /// Remembers that a change of this mark is about to be made, unless one was already.
    pub fn mark(&mut self, mark: Mark) {
        let before = self.present();
        self.changes.entry(mark).or_insert(Change { before, after: None });
    }

    /// Where the change of this mark was made; remembers that it is undone now.
    pub fn undo(&mut self, mark: Mark) -> Option<Position> {
        let present = self.present();
        let change = self.changes.get_mut(&mark)?;
        change.after = Some(present);
        Some(change.before)
    }

    /// Where the change of this mark was undone; it can be undone again.
    pub fn redo(&mut self, mark: Mark) -> Option<Position> {
        let present = self.present();
        let change = self.changes.get_mut(&mark)?;
        change.before = present;
        change.after.take()
    }

    /// The end of a branch.
    #[must_use]
    pub fn end_of(&self, branch: BranchId) -> Option<Position> {
        let segment = self.segments.get(branch.index())?;
        Some(Position { branch, step: segment.head })
    }

    /// The position of an earlier step on the way to the present one, after an edit there.
    #[must_use]
    pub fn at(&self, step: u64) -> Position {
        let mut branch = self.present;
        while let Some(parent) =
            self.segment(branch).parent.filter(|_| self.segment(branch).from > step)
        {
            branch = parent;
        }
        Position { branch, step: step.min(self.segment(branch).head) }
    }

    /// The segments on the way to a branch, from its root on.
    fn way(&self, branch: BranchId) -> Vec<BranchId> {
        let up = |&branch: &BranchId| self.segment(branch).parent;
        let mut way: Vec<_> = std::iter::successors(Some(branch), up).collect();
        way.reverse();
        way
    }

    /// Each segment on the way to `position` with the step at which it ends there.
    fn stretches(&self, position: Position) -> Vec<(&Segment, u64)> {
        let way = self.way(position.branch);
        let ends = way.iter().skip(1).map(|&next| self.segment(next).from).chain([position.step]);
        way.iter().zip(ends).map(|(&branch, end)| (self.segment(branch), end)).collect()
    }

    /// What is run up to `position`; at the end of a branch, with the edits that are to come.
    #[must_use]
    pub fn script(&self, position: Position) -> Script {
        let way = self.stretches(position);
        let mut script = Script::from(Experiment::clone(&way[0].0.experiment));
        for (segment, _) in &way[1..] {
            // A segment differs from the one before it only in what is live.
            let _ = script.edit(segment.from, Arc::clone(&segment.experiment));
        }
        let last = self.segment(position.branch);
        if position.step == last.head {
            for edit in &last.plan {
                let _ = script.edit(edit.step, Arc::clone(&edit.experiment));
            }
        }
        script
    }

    /// The numbers up to `position`.
    #[must_use]
    pub fn history(&self, position: Position, capacity: usize) -> History {
        let mut history = History::new(capacity);
        for (segment, end) in self.stretches(position) {
            history.extend_until(segment.history(), end);
        }
        history
    }

    /// The data of a branch.
    #[must_use]
    pub fn problem(&self, branch: BranchId) -> &Arc<Problem> {
        &self.segment(branch).problem
    }

    /// Forgets a branch other than the present one. What it has in common with others stays.
    pub fn forget(&mut self, branch: BranchId) {
        let needed = self.way(self.present);
        if let Some(segment) = self.segments.get_mut(branch.index())
            && !needed.contains(&branch)
        {
            segment.forget();
        }
    }

    /// Forgets the oldest branches if there are too many.
    fn forget_oldest(&mut self) {
        let mut listed = view::listed(self);
        listed.retain(|&branch| branch != self.present);
        let most = listed.len().saturating_sub(MOST_BRANCHES);
        listed[..most].iter().for_each(|&branch| self.forget(branch));
    }
}

#[cfg(test)]
mod tests;
