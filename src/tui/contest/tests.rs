use crate::catalog::Kind;
use crate::compare::Plan;
use crate::experiment::{CompareSpec, Rates, load, parse_picks};

/// A comparison that is over in a moment, but for what `spec` says otherwise.
#[must_use]
pub fn quick(spec: &CompareSpec) -> Plan {
    let mut experiment = load("moons").unwrap().experiment;
    experiment.train.steps = 60;
    let spec = CompareSpec {
        optimizers: parse_picks(Kind::Optimizer, "sgd,adam,rmsprop").unwrap(),
        rates: Rates::Around(3),
        seeds: 2,
        tuning_seeds: 2,
        ..spec.clone()
    };
    Plan::new(&experiment, &spec).unwrap()
}
