//! A training step takes all the memory that it needs the first time and none after that.
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests may")]

use gradlab::catalog::Kind;
use gradlab::experiment::Experiment;
use gradlab::train::workload::{ALL, Workload};
use gradlab::train::{Engine, Problem};
use std::sync::Arc;

/// Allocations in `steps` steps of `experiment`, after as many to get going.
fn allocations(experiment: &Experiment, problem: Arc<Problem>, steps: usize) -> u64 {
    let mut engine = Engine::new(experiment, problem);
    engine.set_single_threaded(true);
    let mut go = || (0..steps).for_each(|_| assert!(engine.step().unwrap().is_finite()));
    go();
    allocation_counter::measure(go).count_total
}

fn workload(name: &str) -> &'static Workload {
    ALL.iter().find(|workload| workload.name == name).unwrap()
}

#[test]
fn a_step_of_any_size_allocates_nothing() {
    // Two rounds of checkpoints and many of reshuffling where steps are quick.
    for (name, steps) in [("playground", 1100), ("classroom", 1100), ("digits", 530), ("mnist", 3)]
    {
        let workload = workload(name);
        let experiment = workload.experiment(1).unwrap();
        assert_eq!(allocations(&experiment, workload.problem(), steps), 0, "{name}");
    }
}

/// Products and decompositions of whole matrices have results of their own, beside which the memory
/// costs nothing.
const ON_MATRICES: [&str; 3] = ["muon", "shampoo", "soap"];

#[test]
fn no_other_optimizer_allocates_in_a_step() {
    let playground = workload("playground");
    let cards = Kind::Optimizer.cards().into_iter();
    for card in cards.filter(|card| !ON_MATRICES.contains(&card.key)) {
        let mut experiment = playground.experiment(1).unwrap();
        if card.key == "lbfgs" {
            // Its history grows until it is full, here well within the first steps.
            experiment.train.batch_size = playground.rows;
        }
        experiment.optimizer = Kind::Optimizer.parse(&format!("{}:lr=1e-4", card.key)).unwrap();
        let count = allocations(&experiment, playground.problem(), 1100);
        assert_eq!(count, 0, "{}", card.key);
    }
}

#[test]
fn no_activation_allocates_in_a_step() {
    let playground = workload("playground");
    for card in Kind::Activation.cards() {
        let mut experiment = playground.experiment(1).unwrap();
        for layer in &mut experiment.layers[..2] {
            layer.activation = Kind::Activation.pick(card.key).unwrap();
        }
        assert_eq!(allocations(&experiment, playground.problem(), 600), 0, "{}", card.key);
    }
}

#[test]
fn nothing_around_the_optimizers_allocates_in_a_step() {
    let playground = workload("playground");
    let mut experiment = playground.experiment(1).unwrap();
    let train = &mut experiment.train;
    (train.clip_norm, train.clip_value, train.l1, train.l2) = (1.0, 1.0, 1e-4, 1e-4);
    (train.decoupled_decay, train.gradient_noise, train.ema) = (1e-3, 1e-3, 0.9);
    experiment.schedule = Kind::Schedule.pick("warmup_cosine").unwrap();
    assert_eq!(allocations(&experiment, playground.problem(), 1100), 0);
}
