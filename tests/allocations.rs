//! A training step takes all the memory that it needs the first time and none after that.
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests may")]

use gradlab::catalog::Kind;
use gradlab::experiment::Experiment;
use gradlab::experiment::parse_recipe;
use gradlab::train::memory::{Estimate, PROGRAM, Watched};
use gradlab::train::workload::{ALL, Workload};
use gradlab::train::{Engine, Problem, Session};
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
    for (name, steps) in
        [("playground", 1100), ("classroom", 1100), ("digits", 530), ("mnist", 3), ("words", 130)]
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

#[test]
fn no_kind_of_layer_allocates_in_a_step() {
    let data = "adding:length=12,samples=200";
    for (layers, steps) in [
        ("rnn:6,return_sequences=true/rnn:6,nonlinearity=relu", 530),
        ("gru:6,return_sequences=true/lstm:6,bptt=5", 530),
    ] {
        let recipe = format!("{data}/{layers}/1/batch_size=12,optimizer=rmsprop");
        let experiment = parse_recipe(&recipe).unwrap().experiment;
        let problem = Problem::load(&experiment).unwrap();
        assert_eq!(allocations(&experiment, problem, steps), 0, "{layers}");
    }
}

/// The most bytes that a run of `recipe` has at a time, and those that are expected.
fn peak_and_estimate(recipe: &str) -> (f64, f64) {
    let experiment = parse_recipe(recipe).unwrap().experiment;
    let run = || {
        let problem = Problem::load(&experiment).unwrap();
        let mut session = Session::new(&experiment, problem);
        session.set_single_threaded(true);
        session.evaluate();
        while !session.finished() {
            session.step().unwrap();
        }
    };
    let peak = allocation_counter::measure(run).bytes_max as f64;
    (peak, Estimate::of(&experiment, Watched::No).total() - PROGRAM)
}

/// Neither far less than what is taken, nor so much more that what is possible would be refused.
#[track_caller]
fn is_as_estimated(recipe: &str) {
    let (peak, estimate) = peak_and_estimate(recipe);
    let ratio = estimate / peak;
    println!("{recipe}: {peak:.0}, estimated {ratio:.2} of it");
    assert!((0.9..1.6).contains(&ratio), "{recipe}: {peak:.0}, estimated {ratio:.2} of it");
}

#[test]
fn the_memory_of_every_optimizer_is_as_estimated() {
    for card in Kind::Optimizer.cards() {
        let key = card.key;
        // The history of L-BFGS takes a while to grow: it has a case of its own below.
        if key != "lbfgs" {
            is_as_estimated(&format!(
                "moons/96-tanh/96-tanh/2-softmax/optimizer={key},lr=1e-4,steps=3,batch_size=10"
            ));
        }
    }
}

#[test]
fn the_memory_of_every_shape_is_as_estimated() {
    // None on a table: it is read on several threads, of which only this one is counted.
    for recipe in [
        "moons/1000-tanh/2-softmax/optimizer=adam,steps=2",
        "moons/300-tanh/300-tanh/2-softmax/optimizer=sgd,steps=2",
        "moons:samples=100000/8-tanh/2-softmax/optimizer=sgd,steps=2",
        "moons:samples=20000/64-tanh/2-softmax/optimizer=sgd,steps=2,batch_size=14000",
        "blobs:classes=10,samples=2000/64-relu/64-relu/64-relu/64-relu/64-relu/10-softmax/optimizer=adam,steps=5,batch_size=200",
        "moons/96-tanh/96-tanh/2-softmax/optimizer=adam,steps=600,batch_size=4",
        "moons/96-tanh/96-tanh/2-softmax/optimizer=adam,steps=3,ema=0.9",
        "moons/64-tanh/2-softmax/optimizer=lbfgs,history_size=20,steps=12,batch_size=350",
        "moons/96-tanh/96-tanh/2-softmax/optimizer=sam:base=adam,steps=3",
        "sine/200-swiglu/1-identity/optimizer=adan,steps=3",
        "wave:samples=400/lstm:64,return_sequences=true/gru:64/1/optimizer=adam,steps=3",
        "adding:samples=200,length=100/rnn:100/1/optimizer=sgd,steps=2",
    ] {
        is_as_estimated(recipe);
    }
}
