//! A comparison as JSON. What is infinite, a miss or a diverged run, is `null`; all that depends on
//! the clock has `seconds` in its key.

use serde_json::{Map, Value, json};

use super::{Comparison, sentence, wording};
use crate::compare::statistics::Quartiles;
use crate::compare::{Arm, Edge, Search, Standing, ToTarget, Verdict, Versus, letter};
use crate::experiment::{Change, short_script_recipe};
use crate::text;

/// `value` over several lines, for a file.
#[must_use]
pub fn pretty(value: &Value) -> String {
    text::json::printable(&format!("{value:#}\n")).into_owned()
}

/// The ranking with all that it rests on but the single runs.
#[must_use]
pub fn ranking(comparison: &Comparison<'_>) -> Value {
    let Comparison { name, plan, ranking, .. } = comparison;
    let standings = ranking.standings.iter().enumerate();
    let warnings = ranking.warnings(plan);
    let mut value = json!({
        "experiment": name.raw(),
        "recipe": short_script_recipe(&plan.base),
        "steps": plan.steps,
        "budget_seconds": plan.budget.map(|budget| budget.wall.as_secs_f64()),
        "seeds": plan.seeds,
        "tuning_seeds": plan.tuning_seeds,
        "target": plan.target.map(|target| target.to_string()),
        "complete": ranking.complete(),
        "uncertainty": wording::uncertainty(plan),
        "verdict": sentence::of_ranking(plan, ranking),
        "runs": { "done": ranking.done, "total": ranking.total },
        "ranking": standings.map(|(i, it)| standing(comparison, i + 1, it)).collect::<Vec<_>>(),
        "warnings": warnings.iter().map(|it| wording::warning(it, plan)).collect::<Vec<_>>(),
    });
    if !plan.tune.is_empty() {
        value["tune"] = json!(plan.tune);
    }
    value
}

/// The edits of an arm, as those of a run stand in its summary.
fn edits(arm: &Arm) -> Vec<Value> {
    let edit = |(step, changes): (u64, Vec<Change>)| {
        let changes: Vec<_> = changes.into_iter().map(|change| change.text).collect();
        json!({ "step": step, "changes": changes })
    };
    arm.script.changes().map(edit).collect()
}

fn standing(comparison: &Comparison<'_>, rank: usize, standing: &Standing) -> Value {
    let arm = &comparison.plan.arms[standing.arm];
    let best = standing.best.map(|(candidate, _)| short_script_recipe(&arm.at(candidate)));
    let sensitivity = standing.sensitivity.iter().map(|it| {
        json!({
            "lr": it.lr,
            "validation_loss": it.loss.map(quartiles),
            "diverged": it.diverged,
            "of": it.of,
        })
    });
    let mut value = json!({
        "rank": rank,
        "arm": letter(standing.arm),
        "name": arm.name.raw(),
        "edits": edits(arm),
        "provisional": standing.provisional,
        "best_lr": standing.best.map(|(_, lr)| lr),
        "at_edge": standing.edge.map(|edge| match edge {
            Edge::Low => "low",
            Edge::High => "high",
        }),
        "test_loss": standing.test_loss.map(quartiles),
        "test_accuracy": standing.test_accuracy.map(quartiles),
        "train_loss": standing.train_loss.map(quartiles),
        "seconds": standing.seconds.map(quartiles),
        "wall_seconds": standing.wall_seconds.map(quartiles),
        "to_target": standing.to_target.as_ref().map(to_target),
        "diverged": standing.diverged.0,
        "runs": standing.diverged.1,
        "rank_set": standing.rank_set,
        "worse_than": standing.worse_than.iter().map(|arm| letter(*arm)).collect::<Vec<_>>(),
        "vs_best": standing.versus.as_ref().filter(|_| rank > 1).map(versus),
        "sensitivity": sensitivity.collect::<Vec<_>>(),
        "recipe": best,
    });
    if let Some(search) = arm.candidates.search() {
        value["search"] = searched(search, standing);
    }
    value
}

/// The search for the settings of an arm: trials are counted from 1, which is at its defaults.
fn searched(search: &Search, standing: &Standing) -> Value {
    let settings = |candidate| -> Map<String, Value> {
        let settings = search.settings(candidate);
        settings.map(|(place, value)| (place.to_string(), setting(value))).collect()
    };
    let tried = standing.sensitivity.iter();
    json!({
        "trial": standing.best.map(|(candidate, _)| candidate + 1),
        "settings": standing.best.map(|(candidate, _)| settings(candidate)),
        "defaults_test_loss": standing.defaults.map(quartiles),
        "best_so_far": standing.best_so_far(),
        "trials": tried.map(|it| settings(it.candidate)).collect::<Vec<_>>(),
    })
}

fn setting(value: &crate::spec::Value) -> Value {
    match value {
        crate::spec::Value::Number(x) => json!(x),
        crate::spec::Value::List(xs) => json!(xs),
        other => json!(other.to_string()),
    }
}

fn quartiles(it: Quartiles) -> Value {
    json!({ "median": it.median, "q25": it.low, "q75": it.high })
}

fn to_target(it: &ToTarget) -> Value {
    json!({
        "reached": it.reached,
        "of": it.of,
        "steps": quartiles(it.steps),
        "seconds": quartiles(it.seconds),
    })
}

fn versus(it: &Versus) -> Value {
    json!({
        "better": it.counts.better,
        "worse": it.counts.worse,
        "equal": it.counts.equal,
        "p": it.p,
        "verdict": match it.verdict {
            Verdict::Same => "same",
            Verdict::Tie => "tie",
            Verdict::Worse => "worse",
            Verdict::Better => "better",
            Verdict::TooFewSeeds => "too few seeds",
        },
    })
}
