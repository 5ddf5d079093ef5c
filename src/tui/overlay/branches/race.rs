//! Racing branches over seeds: was one better, or was it luck?

use crate::compare::Plan;
use crate::experiment::{ArmSpec, CompareSpec, Experiment, Rates, Script, assignments};
use crate::train::timeline::{BranchView, TimelineView};
use crate::tui::branch;

/// Settings in which branches may differ and arms may not: seeds are what a race goes over, and all of
/// its runs have one length.
const SHARED: [&str; 5] = ["seed", "title", "about", "train.steps", "train.eval_every"];

/// The race of `branches`, each at its own learning rates, as far as the farthest of them came.
///
/// # Errors
/// If there are too few of them, or something differs that all arms must share.
pub fn plan(branches: &[&BranchView], timeline: &TimelineView) -> Result<Plan, String> {
    let [first, _, ..] = branches else {
        return Err("one branch alone is no race: tick another with space".to_owned());
    };
    let base = timeline.present().unwrap_or(first).script.start().clone();
    let mut arms: Vec<ArmSpec> = Vec::new();
    for (branch, name) in branches.iter().zip(branch::names(branches, timeline)) {
        let same = arms.iter().filter(|arm| arm.name.raw().starts_with(&name)).count();
        let name = if same > 0 { format!("{name} ({})", same + 1) } else { name };
        let set = set(&base, &branch.script).ok_or_else(|| {
            format!("`{name}` has another number of layers or other data: arms must share them")
        })?;
        arms.push(ArmSpec { name: name.into(), set });
    }
    let steps = branches.iter().map(|branch| branch.step).max().unwrap_or(0).max(1);
    let spec =
        CompareSpec { arms, rates: Rates::Around(1), steps: Some(steps), ..CompareSpec::default() };
    Plan::new(base, &spec)
}

/// What makes of `base` a script's start and then its edits; none if assignments cannot say it.
fn set(base: &Experiment, script: &Script) -> Option<Vec<String>> {
    let own = |it: &String| {
        let path = it.split('=').next().unwrap_or_default();
        !SHARED.contains(&path)
    };
    let start = assignments(base, script.start())?;
    let edits = script
        .assignments()
        .flat_map(|(step, set)| set.into_iter().filter(own).map(move |it| format!("@{step}:{it}")));
    Some(start.into_iter().filter(own).chain(edits).collect())
}

#[cfg(test)]
mod tests {
    use super::super::tests::{branch, timeline};
    use super::*;

    #[test]
    fn each_branch_is_an_arm_at_its_own_rates() {
        let timeline = timeline();
        let branches: Vec<_> = timeline.branches.iter().collect();
        let plan = plan(&branches, &timeline).unwrap();
        let names: Vec<_> = plan.arms.iter().map(|arm| arm.name.raw().to_owned()).collect();
        assert_eq!(names[0], "from the start, without edits");
        assert_eq!(names[2], "layer 1 tanh → relu @5,000, clip norm none → 1 @8,000");
        for (arm, branch) in plan.arms.iter().zip(&branches) {
            assert_eq!(
                (arm.candidates.points(), arm.script.edits().len()),
                (1, branch.script.edits().len())
            );
        }
        assert_eq!(plan.steps, 12_400);
        let raced = super::plan(&branches[1..], &timeline).unwrap();
        let names: Vec<_> = raced.arms.iter().map(|arm| arm.name.raw().to_owned()).collect();
        assert_eq!(names, ["no further edit", "clip norm none → 1 @8,000"]);
        assert!(super::plan(&branches[..1], &timeline).unwrap_err().contains("no race"));
    }

    #[test]
    fn seeds_are_no_difference_and_other_layers_are_refused() {
        let mut timeline = timeline();
        let with = |set| {
            let mut other = branch(7, false, &[]);
            let start = other.script.start().with_overrides(&[set]).unwrap();
            other.script = Script::from(start).into();
            other
        };
        timeline.branches = vec![branch(1, true, &[(9, "optimizer=sgd")]), with("seed=9")];
        let branches: Vec<_> = timeline.branches.iter().collect();
        let raced = plan(&branches, &timeline).unwrap();
        assert_eq!(raced.arms[1].script.start().seed, raced.arms[0].script.start().seed);
        let wider = with("layers.1.units=9");
        let error = plan(&[branches[0], &wider], &timeline).unwrap_err();
        assert!(error.contains("changes the layers"), "{error}");
    }
}
