//! What is shown of a timeline.

use std::sync::Arc;

use super::BranchId;
use crate::experiment::Script;
use crate::train::telemetry::History;

/// All branches at one moment.
#[derive(Clone, Debug, Default)]
pub struct TimelineView {
    /// Those that can be gone to, the oldest first; one of them is the present one.
    pub branches: Vec<BranchView>,
    /// The steps of the present branch that are kept as keyframes, ascending.
    pub keyframes: Vec<u64>,
}

/// One branch, from step 0 to its end.
#[derive(Clone, Debug)]
pub struct BranchView {
    /// Its name for commands.
    pub id: BranchId,
    /// Whether it is what goes on.
    pub present: bool,
    /// The step at which it left the branch before it; 0 for a beginning.
    pub from: u64,
    /// Steps done on it; of the present one, when this was made.
    pub step: u64,
    /// What is run on it.
    pub script: Arc<Script>,
    /// Its last loss over all held-out rows.
    pub test_loss: Option<f64>,
    /// Where that was lowest, and the loss there.
    pub best: Option<(u64, f64)>,
    /// Its numbers from step 0 on; empty for the present one, whose numbers are telemetry.
    pub history: Arc<History>,
}

impl TimelineView {
    /// The branch that goes on.
    #[must_use]
    pub fn present(&self) -> Option<&BranchView> {
        self.branches.iter().find(|branch| branch.present)
    }

    /// The branches that were left.
    pub fn others(&self) -> impl Iterator<Item = &BranchView> {
        self.branches.iter().filter(|branch| !branch.present)
    }
}
