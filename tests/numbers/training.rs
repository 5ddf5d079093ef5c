//! Runs as a whole: the same numbers every time, with and without a watcher; presets that learn
//! what they promise; divergence that is explained.

#![expect(clippy::unwrap_used, reason = "a test that panics fails, as it should")]

use std::time::{Duration, Instant};

use gradlab::experiment::{self, Experiment, preset};
use gradlab::train::engine::{Engine, Parameters};
use gradlab::train::worker::Worker;
use gradlab::train::{Command, Event, Problem, Row, Session};

fn load(name: &str, settings: &[&str]) -> Experiment {
    experiment::load_with(name, settings).unwrap_or_else(|error| panic!("{error}")).experiment
}

/// Runs to the end of the budget.
fn run(experiment: &Experiment) -> (Vec<Row>, Vec<Parameters>) {
    let problem = Problem::load(experiment).unwrap();
    let mut session = Session::new(experiment, problem);
    let mut rows = vec![session.evaluate()];
    while !session.finished() {
        let (_, row) = session.step().unwrap_or_else(|divergence| panic!("{divergence}"));
        rows.extend(row);
    }
    (rows, session.engine().parameters())
}

/// Waits for an event that `wanted` accepts.
fn wait(worker: &Worker, wanted: impl Fn(&Event) -> bool) -> Event {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        match worker.events.recv_deadline(deadline) {
            Ok(event) if wanted(&event) => return event,
            Ok(Event::Failed(text)) => panic!("{text}"),
            Ok(_) => {}
            Err(error) => panic!("the event did not come: {error}"),
        }
    }
}

fn spawn(experiment: &Experiment) -> Worker {
    let (wake, _woken) = crossbeam_channel::bounded(1);
    Worker::spawn(experiment.clone(), &wake)
}

#[test]
fn the_same_experiment_gives_the_same_numbers() {
    for name in ["spirals", "optimizer-per-layer", "digits"] {
        let experiment = load(name, &["train.steps=300"]);
        assert_eq!(run(&experiment), run(&experiment), "{name}");
        let other = load(name, &["train.steps=300", "seed=99"]);
        assert_ne!(run(&experiment).1, run(&other).1, "{name}: the seed changes nothing");
    }
}

#[test]
fn watching_changes_nothing() {
    let experiment = load("spirals", &["train.steps=4000"]);
    let (_, alone) = run(&experiment);
    let worker = spawn(&experiment);
    // Paused, stepped, paced, looked at and run on: the weights must not notice.
    worker.send(Command::Steps(7));
    wait(&worker, |event| matches!(event, Event::Running(false)));
    worker.send(Command::Epoch);
    wait(&worker, |event| matches!(event, Event::Running(false)));
    worker.send(Command::Pace(Some(20_000.0)));
    worker.send(Command::Run);
    let mut looks = 0;
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        worker.send(Command::Observe);
        std::thread::sleep(Duration::from_millis(2));
        looks += usize::from(worker.observer.take().is_some());
        let _ = worker.mailbox.take(1);
        let finished =
            worker.events.try_iter().any(|e| matches!(e, Event::Finished { step: 4000 }));
        if finished {
            break;
        }
        assert!(Instant::now() < deadline, "the run does not finish");
    }
    assert!(looks > 0, "nothing was seen");
    assert_eq!(worker.stop().unwrap(), alone);
}

#[test]
fn a_reset_goes_back_to_exactly_the_same_start() {
    let experiment = load("spirals", &["train.steps=500"]);
    let (_, once) = run(&experiment);
    let worker = spawn(&experiment);
    worker.send(Command::Steps(123));
    wait(&worker, |event| matches!(event, Event::Running(false)));
    worker.send(Command::Reset(0));
    wait(&worker, |event| matches!(event, Event::Started { run: 2, .. }));
    worker.send(Command::Run);
    wait(&worker, |event| matches!(event, Event::Finished { step: 500 }));
    assert_eq!(worker.stop().unwrap(), once);
}

#[test]
fn live_edits_go_on_and_structural_ones_start_again() {
    let experiment = load("spirals", &[]);
    let worker = spawn(&experiment);
    worker.send(Command::Steps(50));
    wait(&worker, |event| matches!(event, Event::Running(false)));
    let relu = load("spirals", &["layers.1.activation=relu", "layers.2.optimizer=sgd:lr=0.1"]);
    worker.send(Command::Apply(Box::new(relu.clone()), 0));
    let Event::Edited { step, changes, experiment, .. } =
        wait(&worker, |event| matches!(event, Event::Edited { .. }))
    else {
        unreachable!()
    };
    assert_eq!(step, 50);
    assert_eq!(*experiment, relu);
    assert_eq!(changes, ["layer 1 tanh → relu", "layer 2 adam → sgd"]);
    worker.send(Command::Steps(50));
    wait(&worker, |event| matches!(event, Event::Running(false)));
    let wider = load("spirals", &["layers.1.units=20"]);
    worker.send(Command::Apply(Box::new(wider), 0));
    wait(&worker, |event| matches!(event, Event::Started { run: 2, .. }));
    assert_eq!(worker.stop().unwrap()[0].get("weight").unwrap().dim(), (20, 2));
}

#[test]
fn an_edit_back_and_forth_without_steps_between_changes_nothing() {
    let experiment = load("spirals", &["train.steps=200"]);
    let problem = Problem::load(&experiment).unwrap();
    let mut engine = Engine::new(&experiment, problem);
    for _ in 0..100 {
        engine.step().unwrap();
    }
    engine.apply(&load("spirals", &["train.steps=200", "optimizer.lr=0.5"]));
    engine.apply(&experiment);
    for _ in 0..100 {
        engine.step().unwrap();
    }
    assert_eq!(engine.parameters(), run(&experiment).1);
}

#[test]
fn a_diverging_run_stops_at_its_last_finite_state_and_says_why() {
    let experiment = load("rate-too-high", &[]);
    let problem = Problem::load(&experiment).unwrap();
    let mut engine = Engine::new(&experiment, problem.clone());
    let divergence = loop {
        match engine.step() {
            Ok(loss) => assert!(loss.is_finite()),
            Err(divergence) => break divergence,
        }
        assert!(engine.step_count() < 20_000, "it does not diverge");
    };
    assert_eq!(engine.step_count(), divergence.last_finite_step);
    assert_eq!(divergence.last_finite_step + 1, divergence.step);
    let finite = |p: &Parameters| p.trained().flat_map(|it| &it.value).all(|w| w.is_finite());
    assert!(engine.parameters().iter().all(finite));
    assert!(divergence.to_string().contains("is no longer finite"), "{divergence}");
    // The state is the one that the same run has at that step.
    let mut again = Engine::new(&experiment, problem);
    while again.step_count() < divergence.last_finite_step {
        again.step().unwrap();
    }
    assert_eq!(engine.parameters(), again.parameters());
    // A tenth of the rate goes on from there.
    engine.apply(&experiment.with_rates_scaled(0.1).unwrap());
    engine.step().unwrap();
}

#[test]
fn a_schedule_free_run_is_evaluated_at_its_average_and_trains_as_if_it_were_not() {
    let experiment = load("iris", &["optimizer=schedule_free_sgd:lr=0.1", "train.steps=60"]);
    let problem = Problem::load(&experiment).unwrap();
    let mut watched = Engine::new(&experiment, problem.clone());
    let mut alone = Engine::new(&experiment, problem);
    for _ in 0..60 {
        watched.step().unwrap();
        watched.evaluate();
        alone.step().unwrap();
    }
    assert_eq!(watched.parameters(), alone.parameters());
    assert_ne!(watched.predicting_parameters(), watched.parameters());
    let adam = load("iris", &["optimizer=adam", "train.steps=60"]);
    let mut plain = Engine::new(&adam, Problem::load(&adam).unwrap());
    plain.step().unwrap();
    assert_eq!(plain.predicting_parameters(), plain.parameters());
}

#[test]
fn every_preset_trains() {
    for preset in preset::PRESETS.all() {
        let experiment = load(preset.name, &["train.steps=20"]);
        let problem = Problem::load(&experiment).unwrap();
        let mut session = Session::new(&experiment, problem);
        for _ in 0..20 {
            if let Err(divergence) = session.step() {
                assert_eq!(preset.name, "rate-too-high", "{divergence}");
                break;
            }
        }
    }
}

/// The median over seeds of what a preset reaches at the end of its budget.
fn median(name: &str, of: impl Fn(&Row) -> f64) -> (f64, f64) {
    let last = |seed: Option<u64>| {
        let seed = seed.map(|seed| format!("seed={seed}"));
        let settings: Vec<&str> = seed.as_deref().into_iter().collect();
        of(run(&load(name, &settings)).0.last().unwrap())
    };
    let mut others: Vec<f64> = (101..106).map(|seed| last(Some(seed))).collect();
    others.sort_by(f64::total_cmp);
    (last(None), others[2])
}

#[test]
fn presets_learn_what_they_promise() {
    let accuracy = |row: &Row| row.test_accuracy.unwrap();
    for (name, least) in [("spirals", 0.97), ("digits", 0.96), ("iris", 0.93)] {
        let (own, median) = median(name, accuracy);
        assert!(own >= least && median >= least, "{name}: {own}, median of five seeds {median}");
        assert!(load(name, &[]).train.steps <= 20_000);
    }
    let (own, median) = median("sine", |row| row.test_loss);
    assert!(own <= 0.01 && median <= 0.01, "sine: {own}, median of five seeds {median}");
}

#[test]
fn the_deep_sigmoid_net_barely_learns_beside_the_relu_one() {
    let accuracy = |name| run(&load(name, &[])).0.last().unwrap().test_accuracy.unwrap();
    let (sigmoid, relu) = (accuracy("deep-sigmoid"), accuracy("deep-relu"));
    let normed = accuracy("deep-batch-norm");
    assert!(relu >= 0.9, "relu reaches {relu}");
    assert!(normed >= 0.9, "with norms, sigmoid reaches {normed}");
    assert!(sigmoid <= 0.75, "sigmoid reaches {sigmoid}");
}
