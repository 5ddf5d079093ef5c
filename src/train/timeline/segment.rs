//! A part of a branch that one experiment was run on.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::{BranchId, BranchView};
use crate::experiment::{Edit, Experiment};
use crate::train::engine::Checkpoint;
use crate::train::problem::Problem;
use crate::train::telemetry::History;

/// Buckets a series of a segment that goes on, and of one that was left.
const KEPT: (usize, usize) = (2048, 256);

/// One plain experiment from a step on.
#[derive(Debug)]
pub(super) struct Segment {
    /// The segment that it left; none if it begins at step 0.
    pub parent: Option<BranchId>,
    /// The step at which it left that.
    pub from: u64,
    /// What is run.
    pub experiment: Arc<Experiment>,
    /// Its data.
    pub problem: Arc<Problem>,
    /// The edits that were to come when it began.
    pub plan: Vec<Edit>,
    /// The farthest step.
    pub head: u64,
    /// The step at which it is to rest.
    pub until: u64,
    /// The state at some steps.
    pub keyframes: BTreeMap<u64, Arc<Checkpoint>>,
    /// Whether it is not to be listed.
    pub forgotten: bool,
    /// What is shown of the branch that ends here, since it was left.
    pub left: OnceCell<BranchView>,
    history: History,
}

impl Segment {
    /// A beginning.
    pub fn root(experiment: Arc<Experiment>, problem: Arc<Problem>, plan: Vec<Edit>) -> Self {
        Self {
            parent: None,
            from: 0,
            experiment,
            problem,
            plan,
            head: 0,
            until: 0,
            keyframes: BTreeMap::new(),
            forgotten: false,
            left: OnceCell::new(),
            history: History::new(KEPT.0),
        }
    }

    /// A segment that leaves this one, called `name`, at `step`.
    pub fn child(
        &self,
        name: BranchId,
        step: u64,
        experiment: Arc<Experiment>,
        plan: Vec<Edit>,
    ) -> Self {
        let root = Self::root(experiment, Arc::clone(&self.problem), plan);
        Self { parent: Some(name), from: step, head: step, ..root }
    }

    /// Its own numbers.
    pub const fn history(&self) -> &History {
        &self.history
    }

    /// Adds to its numbers.
    pub fn extend(&mut self, news: &History) {
        self.history.extend(news);
    }

    /// Takes less memory from now on.
    pub fn rest(&mut self) {
        self.history.set_capacity(KEPT.1);
    }

    /// Goes on.
    pub fn wake(&mut self) {
        self.left = OnceCell::new();
        self.forgotten = false;
        self.history.set_capacity(KEPT.0);
    }

    /// Keeps only what other segments may need to be reached.
    pub fn forget(&mut self) {
        self.forgotten = true;
        self.keyframes.clear();
        self.left = OnceCell::new();
    }
}
