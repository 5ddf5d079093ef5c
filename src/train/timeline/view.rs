//! What is shown of a timeline.

use std::collections::HashSet;
use std::sync::Arc;

use super::{BranchId, Position, Timeline};
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
    /// The segments on the way to the present, from step 0 on.
    pub way: Vec<Stretch>,
}

/// A segment on the way to a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The segment.
    pub branch: BranchId,
    /// The step up to which the way goes along it; the last one has none.
    pub end: u64,
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
    let kept = timeline.segments.iter().filter(|segment| !segment.forgotten);
    let left: HashSet<_> = kept.filter_map(|it| Some((it.parent?, it.from))).collect();
    let ids = (0..timeline.segments.len()).map(|index| BranchId(index as u32));
    ids.filter(|&branch| {
        let segment = timeline.segment(branch);
        let done = segment.head > segment.from && !segment.forgotten;
        branch == timeline.present || done && !left.contains(&(branch, segment.head))
    })
    .collect()
}

impl Timeline {
    /// What is shown of it.
    #[must_use]
    pub fn view(&self) -> TimelineView {
        let mut shown: Vec<BranchId> = Vec::new();
        for branch in listed(self) {
            // The same beginning as that of another branch gives the same numbers.
            if !shown.iter().any(|&other| self.is_within(branch, other)) {
                shown.retain(|&other| !self.is_within(other, branch));
                shown.push(branch);
            }
        }
        let way = self.way(self.present);
        let ends = way.iter().skip(1).map(|&next| self.segment(next).from).chain([u64::MAX]);
        let way = way.iter().zip(ends).map(|(&branch, end)| Stretch { branch, end }).collect();
        let branches = shown.into_iter().map(|branch| {
            if branch == self.present {
                self.branch_view(branch)
            } else {
                self.segment(branch).left.get_or_init(|| self.branch_view(branch)).clone()
            }
        });
        TimelineView { branches: branches.collect(), keyframes: self.kept_steps(), way }
    }

    /// Whether all of the branch `a`, which is not the present one, was done on `b` as well.
    fn is_within(&self, a: BranchId, b: BranchId) -> bool {
        let end = self.segment(a).head;
        if a == self.present || end > self.segment(b).head {
            return false;
        }
        let (a, b) = (self.way(a), self.way(b));
        let common = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
        // A segment under the experiment of the one before it changes nothing.
        let rest = |way: Vec<BranchId>| {
            let mut last = common.checked_sub(1).map(|at| &self.segment(way[at]).experiment);
            let mut rest = Vec::new();
            for segment in way[common..].iter().map(|&id| self.segment(id)) {
                if segment.from <= end && last != Some(&segment.experiment) {
                    rest.push((segment.from, &segment.experiment));
                }
                last = Some(&segment.experiment);
            }
            rest
        };
        rest(a) == rest(b)
    }

    fn branch_view(&self, branch: BranchId) -> BranchView {
        let segment = self.segment(branch);
        let present = branch == self.present;
        let end = Position { branch, step: segment.head };
        let stretches = self.stretches(end);
        let losses = stretches.iter().flat_map(|(part, end)| {
            let buckets = part.history().series(Series::TestLoss).buckets();
            buckets.iter().filter(|bucket| bucket.last <= *end)
        });
        let lowest = losses.clone().min_by(|a, b| a.min.total_cmp(&b.min));
        let history = if present { History::new(SHOWN) } else { self.history(end, SHOWN) };
        BranchView {
            id: branch,
            present,
            from: segment.from,
            step: segment.head,
            script: Arc::new(self.script(end)),
            test_loss: losses.last().map(|bucket| bucket.latest),
            best: lowest.map(|bucket| (bucket.lowest, bucket.min)),
            history: Arc::new(history),
        }
    }
}
