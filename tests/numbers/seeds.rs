//! What each seed decides: the data, the initial weights, the batches, and nothing else.

#![expect(clippy::unwrap_used, reason = "a test that panics fails, as it should")]

use gradlab::experiment::{Experiment, parse_recipe};
use gradlab::train::{Problem, Session};

/// The parts of a run that a seed may change.
#[derive(Clone, Debug, PartialEq)]
struct Run {
    /// The rows that are trained on.
    rows: Vec<f64>,
    initial: Vec<f32>,
    /// The weights after some batches.
    trained: Vec<f32>,
}

fn base() -> Experiment {
    let recipe = "moons:samples=60,noise=0.2/4-tanh/2-softmax/seed=5,batch_size=8,steps=20,\
                  optimizer=sgd,lr=0.1";
    parse_recipe(recipe).unwrap().experiment
}

fn run(overrides: &[&str]) -> Run {
    let experiment = base().with_overrides(overrides).unwrap();
    let problem = Problem::load(&experiment).unwrap();
    let rows = problem.split.train.x.iter().map(|&x| f64::from(x)).collect();
    let mut session = Session::new(&experiment, problem);
    let weights = |session: &Session| -> Vec<f32> {
        let parameters = session.engine().parameters();
        let tensors =
            parameters.iter().flat_map(|layer| ["weight", "bias"].map(|it| layer.get(it)));
        tensors.flatten().flat_map(|tensor| tensor.iter().copied()).collect()
    };
    let initial = weights(&session);
    session.advance(20, |_| ()).unwrap();
    let trained = weights(&session);
    Run { rows, initial, trained }
}

/// Whether data, initial weights and trained ones are the same.
fn same(a: &Run, b: &Run) -> [bool; 3] {
    assert!(!a.initial.is_empty() && !a.rows.is_empty());
    [a.rows == b.rows, a.initial == b.initial, a.trained == b.trained]
}

#[test]
fn each_seed_decides_its_own_part() {
    let plain = run(&[]);
    assert_ne!(plain.initial, plain.trained);
    for (overrides, expected) in [
        (&["data.seed=9"][..], [false, true, false]),
        (&["train.init_seed=9"], [true, false, false]),
        (&["train.batch_seed=9"], [true, true, false]),
        (&["seed=9"], [false, false, false]),
        // Set apart to the common seed, they are as they were.
        (&["data.seed=5", "train.init_seed=5", "train.batch_seed=5"], [true, true, true]),
        // And with all of them apart nothing is left for the common one to decide.
        (&["data.seed=5", "train.init_seed=5", "train.batch_seed=5", "seed=9"], [true; 3]),
        (&["data.seed=5", "seed=9"], [true, false, false]),
        (&["train.init_seed=5", "seed=9"], [false, true, false]),
    ] {
        assert_eq!(same(&plain, &run(overrides)), expected, "{overrides:?}");
    }
}
