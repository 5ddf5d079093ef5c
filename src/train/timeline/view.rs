//! What is shown of a timeline.

use std::sync::Arc;

use super::{BranchId, Timeline};
use crate::experiment::Script;
use crate::train::telemetry::{History, Series};

/// Buckets a series of a branch that is shown beside others.
const SHOWN: usize = 512;

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

/// The branches that are worth listing, the oldest first: each but those that another one goes on
/// from, those on which nothing was done, and those that have been forgotten.
pub(super) fn listed(timeline: &Timeline) -> Vec<BranchId> {
    let ids = (0..timeline.segments.len()).map(|index| BranchId(index as u32));
    let goes_on = |branch: BranchId, head: u64| {
        let next = |it: &super::Segment| it.parent == Some(branch) && it.from == head;
        timeline.segments.iter().any(|it| next(it) && !it.forgotten)
    };
    ids.filter(|&branch| {
        let segment = timeline.segment(branch);
        let done = segment.head > segment.from && !segment.forgotten;
        branch == timeline.present || done && !goes_on(branch, segment.head)
    })
    .collect()
}

impl Timeline {
    /// What is shown of it.
    #[must_use]
    pub fn view(&self) -> TimelineView {
        let mut branches: Vec<BranchView> = Vec::new();
        for branch in listed(self).into_iter().map(|branch| self.branch_view(branch)) {
            // The same beginning as another branch gives the same numbers.
            let within = |a: &BranchView, b: &BranchView| {
                !a.present && a.step <= b.step && b.script.until(a.step) == a.script.until(a.step)
            };
            if branches.iter().any(|other| within(&branch, other)) {
                continue;
            }
            branches.retain(|other| !within(other, &branch));
            branches.push(branch);
        }
        TimelineView { branches, keyframes: self.kept_steps() }
    }

    fn branch_view(&self, branch: BranchId) -> BranchView {
        let segment = self.segment(branch);
        let present = branch == self.present;
        let end = super::Position { branch, step: segment.head };
        let history = if present {
            Arc::new(History::new(SHOWN))
        } else {
            Arc::clone(segment.ghost.get_or_init(|| Arc::new(self.history(end, SHOWN))))
        };
        let stretches = self.stretches(end);
        let losses = stretches.iter().flat_map(|(part, end)| {
            let buckets = part.history().series(Series::TestLoss).buckets();
            buckets.iter().filter(|bucket| bucket.last <= *end)
        });
        let lowest = losses.clone().min_by(|a, b| a.min.total_cmp(&b.min));
        BranchView {
            id: branch,
            present,
            from: segment.from,
            step: segment.head,
            script: Arc::new(self.script(end)),
            test_loss: losses.last().map(|bucket| bucket.latest),
            best: lowest.map(|bucket| (bucket.lowest, bucket.min)),
            history,
        }
    }
}
