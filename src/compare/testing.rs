//! Comparisons for tests.

use super::plan::Plan;
use crate::catalog::Kind;
use crate::experiment::{CompareSpec, Rates, load, parse_picks};

/// A comparison of three optimizers on moons, each run of so many steps.
pub fn plan(steps: u64) -> Plan {
    let mut experiment = load("moons").unwrap().experiment;
    experiment.train.steps = steps;
    let spec = CompareSpec {
        optimizers: parse_picks(Kind::Optimizer, "sgd,adam,rmsprop").unwrap(),
        rates: Rates::Around(3),
        seeds: 2,
        tuning_seeds: 2,
        ..CompareSpec::default()
    };
    Plan::new(&experiment, &spec).unwrap()
}
