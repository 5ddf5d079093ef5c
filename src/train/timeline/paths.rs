//! The states that branches went through, as far as they are kept.

use std::sync::Arc;

use super::{BranchId, Position, Timeline, view};
use crate::train::engine::Checkpoint;

/// States of a branch, at most; about.
const STATES: usize = 64;
/// Branches beside the present one, at most.
const BRANCHES: usize = 8;

/// Kept states of one branch, in the order of their steps.
#[derive(Clone, Debug)]
pub struct BranchPath {
    /// The branch.
    pub branch: BranchId,
    /// Whether it is what goes on.
    pub present: bool,
    /// The states: of the present branch from its beginning on, of another from where it left.
    pub states: Vec<Arc<Checkpoint>>,
}

impl Timeline {
    /// The paths of the present branch and of the latest others on the same data.
    #[must_use]
    pub fn paths(&self) -> Vec<BranchPath> {
        let way = self.way(self.present);
        let problem = self.problem(self.present);
        let mut branches = view::listed(self);
        branches
            .retain(|&branch| branch != self.present && Arc::ptr_eq(self.problem(branch), problem));
        let latest = branches.split_off(branches.len().saturating_sub(BRANCHES));
        let others = latest.into_iter().map(|branch| self.path(branch, &way));
        std::iter::once(self.path(self.present, &[])).chain(others).collect()
    }

    /// The path of a branch, but for what lies on the segments `known`; there it begins with the last
    /// state.
    fn path(&self, branch: BranchId, known: &[BranchId]) -> BranchPath {
        let end = Position { branch, step: self.segment(branch).head };
        let stretches = self.way(branch).into_iter().zip(self.stretches(end));
        let mut states: Vec<Arc<Checkpoint>> = Vec::new();
        for (id, (segment, end)) in stretches {
            let mut kept = segment.keyframes.range(..=end).map(|(_, state)| Arc::clone(state));
            if known.contains(&id) {
                states = kept.next_back().map_or(states, |last| vec![last]);
            } else {
                states.extend(kept);
            }
        }
        // Where a segment begins, both may have kept the state.
        states.dedup_by_key(|state| state.step());
        BranchPath { branch, present: branch == self.present, states: thinned(states) }
    }
}

/// Every so many-th of `states` and the last. How many are left out doubles when there are too many, so
/// that mostly the same ones stay.
fn thinned(states: Vec<Arc<Checkpoint>>) -> Vec<Arc<Checkpoint>> {
    let stride = states.len().div_ceil(STATES).next_power_of_two();
    let last = states.len().saturating_sub(1);
    let kept = states.into_iter().enumerate();
    kept.filter(|(index, _)| index.is_multiple_of(stride) || *index == last)
        .map(|(_, state)| state)
        .collect()
}
