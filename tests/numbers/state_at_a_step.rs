//! The state of a run at a step follows from its experiment and the step alone: not from when it is
//! evaluated, looked at or stopped.

#![expect(clippy::unwrap_used, reason = "a test that panics fails, as it should")]

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;
use std::time::Duration;

use gradlab::catalog::Kind;
use gradlab::experiment::{Experiment, parse_recipe};
use gradlab::train::worker::Worker;
use gradlab::train::{Command, Event, Problem, Session};

fn experiment(recipe: &str) -> Experiment {
    parse_recipe(recipe).unwrap_or_else(|error| panic!("{recipe}: {error}")).experiment
}

/// One for each schedule; a schedule that watches the loss is made to find it wanting.
fn experiments() -> Vec<Experiment> {
    let keys = Kind::Schedule.cards().into_iter().map(|card| card.key);
    let recipe = |key: &str| {
        let impatient = if key == "reduce_on_plateau" { ",patience=0,threshold=0.3" } else { "" };
        experiment(&format!(
            "moons:samples=40/6-rrelu+dropout=0.2/4-tanh+batch_norm/2-softmax/batch_size=8,\
             steps=40,eval_every=4,gradient_noise=0.01,ema=0.9,optimizer=adam,lr=0.05,\
             schedule={key}{impatient}"
        ))
    };
    keys.map(recipe).collect()
}

/// The whole state but for how far the run is to go.
fn state(session: &mut Session) -> Vec<u8> {
    let until = std::mem::replace(&mut session.until, 0);
    let bytes = session.snapshot().to_bytes().unwrap();
    session.until = until;
    bytes
}

const END: u64 = 90;

/// The state after each step of a run that nobody disturbs.
fn undisturbed(experiment: &Experiment, problem: &Arc<Problem>) -> Vec<Vec<u8>> {
    let mut states = Vec::new();
    let mut session = Session::new(experiment, Arc::clone(problem));
    session.until = u64::MAX;
    states.push(state(&mut session));
    for _ in 0..END {
        session.step().unwrap();
        states.push(state(&mut session));
    }
    states
}

#[test]
fn who_evaluates_and_when_bears_on_nothing() {
    for experiment in experiments() {
        let problem = Problem::load(&experiment).unwrap();
        let states = undisturbed(&experiment, &problem);
        let schedule = experiment.schedule.key();
        let start = || Session::new(&experiment, Arc::clone(&problem));
        let same = |session: &mut Session, how: &str| {
            let step = session.engine().step_count() as usize;
            assert!(state(session) == states[step], "{schedule}, {how}: another state at {step}");
        };

        let mut unwatched = start();
        for _ in 0..END {
            unwatched.train().unwrap();
        }
        same(&mut unwatched, "never evaluated");

        let mut watched = start();
        while watched.engine().step_count() < END {
            watched.step_measured().unwrap();
            watched.evaluate();
            watched.checked_evaluation().unwrap();
        }
        same(&mut watched, "evaluated at every step");

        // To odd places, each of them an end, and on from there.
        let mut finished = start();
        for until in [3, 4, 17, 40, 41, 63, END] {
            finished.until = until;
            while !finished.finished() {
                finished.step().unwrap();
            }
            same(&mut finished, "finished here and there");
        }

        let mut prolonged = start();
        for until in [40, 80, 120] {
            assert_eq!(prolonged.until, until);
            prolonged.advance(until.min(END) - prolonged.engine().step_count(), |_| ()).unwrap();
            prolonged.prolong();
        }
        same(&mut prolonged, "prolonged");
        assert_eq!(prolonged.engine().experiment(), &experiment);

        let mut restored = start();
        restored.advance(30, |_| ()).unwrap();
        let there = restored.snapshot();
        for steps in [1, 33, END - 30] {
            restored.advance(steps, |_| ()).unwrap();
            same(&mut restored, "restored");
            restored.restore(&there).unwrap();
        }
        same(&mut restored, "restored");
    }
}

#[test]
fn a_plateau_is_met_in_these_runs() {
    let plateau = experiments().into_iter().find(|it| it.schedule.key() == "reduce_on_plateau");
    let plateau = plateau.unwrap();
    let mut session = Session::new(&plateau, Problem::load(&plateau).unwrap());
    let rate = |session: &mut Session, steps| {
        session.advance(steps, |_| ()).unwrap();
        session.engine().rate().0
    };
    let rates = [rate(&mut session, 3), rate(&mut session, 20), rate(&mut session, 40)];
    assert!(rates[0] > rates[1] && rates[1] > rates[2], "{rates:?}");
}

fn wait(worker: &Worker, wanted: impl Fn(&Event) -> bool) {
    loop {
        match worker.events.recv_timeout(Duration::from_secs(60)).unwrap() {
            Event::Failed(text) => panic!("{text}"),
            event if wanted(&event) => return,
            _ => {}
        }
    }
}

/// Paused, stepped, looked at, finished and continued by its keys.
#[test]
fn keys_bear_on_nothing_but_how_far_it_goes() {
    for experiment in experiments() {
        let problem = Problem::load(&experiment).unwrap();
        let (wake, _woken) = crossbeam_channel::bounded(1);
        let worker = Worker::spawn(experiment.clone(), &wake);
        let rests = |event: &Event| matches!(event, Event::Running(false));
        for command in [Command::Steps(7), Command::Epoch, Command::Steps(1)] {
            worker.send(command);
            worker.send(Command::Observe);
            wait(&worker, rests);
        }
        for finish in [40, 80] {
            worker.send(Command::Run);
            wait(&worker, |event| matches!(event, Event::Finished { step } if *step == finish));
        }
        let mut session = Session::new(&experiment, problem);
        session.advance(80, |_| ()).unwrap();
        let key = experiment.schedule.key();
        assert_eq!(worker.stop().unwrap(), session.engine().parameters(), "{key}");
    }
}

/// Edits that come one right after the other are one edit, whether or not the thread gets to the
/// first before the second is there.
#[test]
fn edits_at_one_step_are_one() {
    let base = "moons:samples=40/6-tanh/2-softmax/batch_size=8,optimizer=adam,lr=0.01";
    let start = experiment(base);
    let edit = |settings: &[&str]| Box::new(start.with_overrides(settings).unwrap());
    let passing = edit(&["layers.1.activation=prelu", "optimizer=sgd", "layers.1.norm=rms_norm"]);
    let last = edit(&["train.batch_size=5", "layers.1.dropout=0.1"]);
    let trained = |edits: &[&Experiment], pause: bool| {
        let (wake, _woken) = crossbeam_channel::bounded(1);
        let worker = Worker::spawn(start.clone(), &wake);
        let rests = |event: &Event| matches!(event, Event::Running(false));
        worker.send(Command::Steps(9));
        wait(&worker, rests);
        for &edit in edits {
            worker.send(Command::Apply(Box::new(edit.clone()), 0));
            if pause {
                wait(&worker, |event| matches!(event, Event::Edited { step: 9, .. }));
            }
        }
        worker.send(Command::Steps(9));
        wait(&worker, rests);
        worker.stop().unwrap()
    };
    let direct = trained(&[&last], true);
    for pause in [false, true] {
        assert_eq!(trained(&[&passing, &last], pause), direct);
        assert_eq!(trained(&[&passing, &start, &passing, &last], pause), direct);
    }
    assert_ne!(trained(&[&passing], true), direct);
}

/// What `gradlab run` leaves in its folder.
fn run(arguments: &str) -> BTreeMap<String, Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    let mut command = assert_cmd::Command::cargo_bin("gradlab").unwrap();
    command.arg("run").args(arguments.split(' ')).arg("--out").arg(folder.path());
    command.assert().success();
    let files = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap());
    files
        .map(|file| (file.file_name().into_string().unwrap(), fs::read(file.path()).unwrap()))
        .collect()
}

#[test]
fn a_run_goes_as_far_as_it_is_told_under_its_own_schedule() {
    let recipe = "moons:samples=40/6-tanh/2-softmax/steps=40,eval_every=7,optimizer=adam,\
                  schedule=cosine";
    let whole = run(recipe);
    let metrics = |files: &BTreeMap<String, Vec<u8>>| -> Vec<String> {
        let table = String::from_utf8(files["metrics.csv"].clone()).unwrap();
        table.lines().map(str::to_owned).collect()
    };
    // As far as the schedule goes, less far and farther.
    assert_eq!(run(&format!("{recipe} --until 40"))["weights.npz"], whole["weights.npz"]);
    let short = run(&format!("{recipe} --until 21"));
    assert_eq!(metrics(&short), metrics(&whole)[..5]);
    assert_eq!(short["experiment.toml"], whole["experiment.toml"]);
    assert!(metrics(&short)[4].starts_with("21,"), "{:?}", metrics(&short));
    let long = run(&format!("{recipe} --until 50"));
    assert_eq!(metrics(&long)[..7], metrics(&whole)[..7]);
    assert!(metrics(&long).last().unwrap().starts_with("50,"));
    // The rate is 0 from the end of the schedule on.
    assert_eq!(long["weights.npz"], whole["weights.npz"]);
    // Another schedule to the same step.
    let other = run(&format!("{recipe} --steps 80 --until 40"));
    assert_ne!(other["weights.npz"], whole["weights.npz"]);
    assert!(metrics(&other).last().unwrap().starts_with("40,"));

    for wrong in ["--until 0", "--until 5 --time 1s", "--until x"] {
        let mut command = assert_cmd::Command::cargo_bin("gradlab").unwrap();
        command.arg("run").arg(recipe).args(wrong.split(' ')).assert().code(2);
    }
}
