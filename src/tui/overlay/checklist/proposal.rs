//! What the list offers to race before anything is changed in it.

use crate::catalog::Kind;
use crate::compare::statistics::fewest_blocks;
use crate::data::Target as Data;
use crate::experiment::{ArmSpec, CompareSpec, Experiment, Metric, Target, parse_picks};
use crate::train::Problem;

/// Optimizers that everyone knows.
pub const KNOWN: &str = "sgd,sgd:momentum=0.9,adam,rmsprop";

/// What to race if nobody says otherwise: what the experiment itself asks for, or its present
/// optimizer against those that everyone knows.
#[must_use]
pub fn proposal(experiment: &Experiment, problem: Option<&Problem>) -> CompareSpec {
    const STEPS: u64 = 5000;
    if let Some(spec) = &experiment.compare {
        return spec.clone();
    }
    let mixed = experiment.layers.iter().any(|layer| layer.optimizer.is_some());
    let own = &experiment.optimizer;
    let known = parse_picks(Kind::Optimizer, KNOWN).unwrap_or_default();
    let others = known.into_iter().filter(|pick| pick.key() != own.key());
    let classes =
        problem.is_none_or(|problem| matches!(problem.split.train.target, Data::Classes { .. }));
    let optimizers: Vec<_> =
        Some(own.clone()).filter(|_| !mixed).into_iter().chain(others).collect();
    let plain = CompareSpec::default();
    CompareSpec {
        // As many as it takes to tell all of them apart.
        seeds: plain.seeds.max(fewest_blocks()),
        optimizers,
        arms: if mixed { vec![as_it_is()] } else { Vec::new() },
        steps: Some(experiment.train.steps.min(STEPS)),
        target: classes.then_some(Target { metric: Metric::TestAccuracy, value: 0.95 }),
        ..plain
    }
}

/// The experiment itself as an arm: optimizers mixed by layer cannot be said by one pick.
#[must_use]
pub fn as_it_is() -> ArmSpec {
    ArmSpec { name: "as it is".into(), set: Vec::new() }
}
