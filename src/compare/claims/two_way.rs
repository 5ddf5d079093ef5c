//! Activations and optimizers at once: which of the two accounts for what is reached, and which for how soon.

use std::sync::Arc;

use crossbeam_channel::never;

use super::{Measure, logarithm, raced, value};
use crate::catalog::Kind;
use crate::compare::statistics::Shares;
use crate::compare::{Plan, decisive};
use crate::experiment::{CompareSpec, Script, load};
use crate::spec::Pick;

/// What every pair is tried on.
const EXPERIMENT: &str = "circles/8-relu/8-relu/2-softmax/steps=1000";
const ACTIVATIONS: [&str; 5] = ["identity", "sigmoid", "tanh", "relu", "gelu"];
const OPTIMIZERS: [&str; 4] = ["sgd", "sgd:momentum=0.9", "rmsprop", "adam"];
/// The loss that counts as reached.
const REACHED: f64 = 0.2;

/// The shares of variance in one number, with their intervals.
#[derive(Clone, Copy, Debug)]
pub struct Factors {
    /// The number, in words.
    pub of: &'static str,
    /// Rows are activations, columns optimizers.
    pub shares: Shares,
    /// The ends of the intervals of activations, optimizers, both, and seeds.
    pub intervals: [(f64, f64); 4],
}

/// What the runs of all pairs come to.
#[derive(Clone, Debug)]
pub struct TwoWay {
    /// The training accuracy, the same without the arms that have no activation, and steps.
    pub factors: Vec<Factors>,
    /// By activation, the share of runs that reached the loss, over all optimizers and seeds.
    pub solved: Vec<(&'static str, f64)>,
}

impl TwoWay {
    /// What is run for it: every pair, at the best of a few rates.
    ///
    /// # Errors
    /// If it is not valid, which a test sees to.
    pub fn plan() -> Result<Plan, String> {
        let experiment = load(EXPERIMENT).map_err(|error| error.to_string())?.experiment;
        let picks = |kind: Kind, names: &[&str]| -> Result<Vec<Pick>, String> {
            names.iter().map(|it| kind.parse(it).map_err(|error| error.to_string())).collect()
        };
        let spec = CompareSpec {
            activations: picks(Kind::Activation, &ACTIVATIONS)?,
            optimizers: picks(Kind::Optimizer, &OPTIMIZERS)?,
            rates: "3e-3:3:7".parse()?,
            seeds: 8,
            tuning_seeds: 2,
            ..CompareSpec::default()
        };
        Plan::new(Script::from(experiment), &spec)
    }

    /// Runs it by `jobs` runs at a time.
    ///
    /// # Errors
    /// If it cannot be run.
    pub fn run(jobs: usize) -> Result<Self, String> {
        let plan = Arc::new(Self::plan()?);
        let results = raced(&plan, jobs, &never(), &mut |_| {})?.unwrap_or_default();
        let cell = |activation: &str, optimizer: &str, by: Measure| -> Vec<f64> {
            let wanted = |script: &Script| {
                let experiment = script.start();
                experiment.layers[0].activation.to_string() == activation
                    && experiment.optimizer.key() == optimizer.split(':').next().unwrap_or("")
                    && (experiment.optimizer.number_if_any("momentum") == Some(0.9))
                        == optimizer.contains("momentum")
            };
            let arm = plan.arms.iter().position(|arm| wanted(&arm.script));
            let runs = arm.map(|arm| decisive(&plan, &results, arm)).unwrap_or_default();
            runs.into_iter().map(|(_, record)| value(by, &record.points)).collect()
        };
        let table = |activations: &[&str], by: Measure| -> Vec<Vec<Vec<f64>>> {
            let row = |activation: &&str| OPTIMIZERS.map(|it| cell(activation, it, by)).to_vec();
            activations.iter().map(row).collect()
        };
        let accuracy = |activations: &[&str]| {
            let wrong = table(activations, Measure::TrainAccuracy);
            mapped(wrong, |wrong| 1.0 - wrong)
        };
        let steps = table(&ACTIVATIONS[1..], Measure::StepsTo(REACHED));
        let most = plan.steps as f64;
        let log_steps =
            mapped(steps, |steps| logarithm(if steps.is_finite() { steps } else { 2.0 * most }));
        let factors = [
            ("training accuracy, identity among the activations", accuracy(&ACTIVATIONS)),
            ("training accuracy, without identity", accuracy(&ACTIVATIONS[1..])),
            ("logarithm of the steps to a training loss of 0.2, without identity", log_steps),
        ];
        let factors = factors.into_iter().filter_map(|(of, values)| {
            let shares = Shares::of(&values)?;
            Some(Factors { of, shares, intervals: Shares::intervals(&values, 0)? })
        });
        let solved = ACTIVATIONS.map(|activation| {
            let all: Vec<f64> = OPTIMIZERS
                .iter()
                .flat_map(|it| cell(activation, it, Measure::StepsTo(REACHED)))
                .collect();
            let count = all.iter().filter(|steps| steps.is_finite()).count();
            (activation, count as f64 / all.len().max(1) as f64)
        });
        Ok(Self { factors: factors.collect(), solved: solved.to_vec() })
    }
}

fn mapped(values: Vec<Vec<Vec<f64>>>, map: impl Fn(f64) -> f64) -> Vec<Vec<Vec<f64>>> {
    let cell = |cell: Vec<f64>| cell.into_iter().map(&map).collect();
    values.into_iter().map(|row| row.into_iter().map(cell).collect()).collect()
}
