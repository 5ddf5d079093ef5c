//! Arms over several experiments.

use super::plan::Plan;
use super::standing::Ranking;
use super::statistics::{self, Profile};
use crate::text::Untrusted;

/// How the same arms did on several experiments.
#[derive(Clone, Debug, PartialEq)]
pub struct Profiles {
    /// The arms' names.
    pub arms: Vec<Untrusted>,
    /// One each, over the experiments in their order.
    pub profiles: Vec<Profile>,
}

/// Performance profiles by the median number of steps to the target: none unless there are two or
/// more experiments with the same arms, each with a target.
#[must_use]
pub fn profiles(comparisons: &[(&Plan, &Ranking)]) -> Option<Profiles> {
    let names = |plan: &Plan| plan.arms.iter().map(|arm| arm.name.clone()).collect::<Vec<_>>();
    let (first, rest) = comparisons.split_first()?;
    let arms = names(first.0);
    if rest.is_empty() || rest.iter().any(|(plan, _)| names(plan) != arms) {
        return None;
    }
    let cost = |arm: usize, ranking: &Ranking| {
        let standing = ranking.standings.iter().find(|standing| standing.arm == arm)?;
        Some(standing.to_target?.steps.median)
    };
    let row = |arm| comparisons.iter().map(|(_, ranking)| cost(arm, ranking)).collect();
    let costs = (0..arms.len()).map(row).collect::<Option<Vec<Vec<f64>>>>()?;
    Some(Profiles { arms, profiles: statistics::profiles(&costs) })
}
