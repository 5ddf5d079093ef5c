//! A session whose files are taken away at any moment, as a loss of power takes them, goes on to the
//! weights of its own script, whatever was undone or left before.

#![expect(clippy::unwrap_used, reason = "a test that panics fails, as it should")]

use std::fs;
use std::path::Path;
use std::time::Duration;

use crossbeam_channel::bounded;
use gradlab::experiment::{Experiment, Script, parse_recipe};
use gradlab::train::engine::Parameters;
use gradlab::train::journal::{self, Journal, Start};
use gradlab::train::worker::Worker;
use gradlab::train::{Command, Event, Mark, Problem, Session};
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

const START: &str = "moons:samples=60/5-tanh+batch_norm/2-softmax/batch_size=8,steps=40,eval_every=5,optimizer=adam,lr=0.01,ema=0.9";

const EDITS: [&str; 6] = [
    "optimizer=adam:lr=0.02",
    "optimizer=sgd:lr=0.05,momentum=0.9",
    "optimizer=adam:lr=0.01",
    "layers.1.activation=relu",
    "layers.1.activation=tanh",
    "train.steps=60",
];

const PATIENCE: Duration = Duration::from_secs(100);

/// A worker with a journal, and what is known of it.
struct Watched {
    worker: Worker,
    rng: ChaCha8Rng,
    experiment: Experiment,
    step: u64,
    marks: Mark,
}

impl Watched {
    /// Takes in what happens up to an event.
    fn until(&mut self, wanted: impl Fn(&Event) -> bool) {
        loop {
            let event = self.worker.events.recv_timeout(PATIENCE).unwrap();
            let found = wanted(&event);
            match event {
                Event::Edited { experiment, .. } | Event::Started { experiment, .. } => {
                    self.experiment = *experiment;
                }
                Event::Moved { experiment, step, .. } => {
                    (self.experiment, self.step) = (*experiment, step);
                }
                _ => {}
            }
            if found {
                return;
            }
        }
    }

    fn train(&mut self) {
        let steps = self.rng.random_range(1..12);
        self.worker.send(Command::Steps(steps));
        self.step += steps;
        self.until(|event| matches!(event, Event::Running(false)));
    }

    fn change(&mut self) {
        let set = EDITS.choose(&mut self.rng).unwrap();
        let edited = self.experiment.with_overrides(&[set]).unwrap();
        self.marks += 1;
        self.worker.send(Command::Apply(Box::new(edited), self.marks));
        self.until(|event| matches!(event, Event::Timeline(_)));
    }

    fn undo(&mut self) {
        if self.marks > 0 {
            let mark = self.rng.random_range(1..=self.marks);
            self.worker.send(Command::Undo(mark));
            self.until(|event| matches!(event, Event::Moved { .. }));
            self.until(|event| matches!(event, Event::Timeline(_)));
        }
    }

    fn branch(&mut self) {
        if self.step > 0 {
            let step = self.rng.random_range(0..self.step);
            self.marks += 1;
            self.worker.send(Command::Visit(step));
            self.until(|event| matches!(event, Event::Visiting { .. }));
            self.worker.send(Command::Branch(self.marks));
            self.until(|event| matches!(event, Event::Moved { .. }));
            self.until(|event| matches!(event, Event::Timeline(_)));
        }
    }

    fn act(&mut self) {
        match self.rng.random_range(0..10) {
            0..5 => self.train(),
            5..8 => self.change(),
            8 => self.undo(),
            _ => self.branch(),
        }
    }
}

/// Copies the files of the only session, each as it is at its moment.
fn take_away(sessions: &Path, to: &Path) {
    for found in journal::list(sessions) {
        let folder = to.join(&found.id);
        fs::create_dir_all(&folder).unwrap();
        for name in ["session.toml", "state.safetensors"] {
            let _ = fs::copy(sessions.join(&found.id).join(name), folder.join(name));
        }
    }
}

/// The weights to which a run leads.
fn reached(mut run: Session, step: u64) -> Vec<Parameters> {
    run.set_single_threaded(true);
    while run.engine().step_count() < step {
        run.train().unwrap();
    }
    run.make_due_edit();
    run.engine().parameters()
}

/// The weights of the script by itself.
fn of_script(script: &Script, step: u64) -> Vec<Parameters> {
    reached(Session::of_script(script, Problem::load(script.start()).unwrap()), step)
}

/// Where the session in the folder goes on, once it is known to be where its script is.
fn checked(sessions: &Path) -> Option<Start> {
    let start = journal::resume(sessions, None).ok()?.0.start;
    let run = start.session(Problem::load(start.script.start()).unwrap());
    assert_eq!(reached(run, start.step), of_script(&start.script, start.step), "{start:?}");
    Some(start)
}

#[test]
fn files_that_are_taken_away_at_any_moment_lead_to_the_weights_of_their_script() {
    let folder = tempfile::tempdir().unwrap();
    let sessions = folder.path().join("sessions");
    let journal = Journal::open(&sessions, &bounded(1).0);
    let experiment = parse_recipe(START).unwrap().experiment;
    let wake = bounded(1).0;
    let mut watched = Watched {
        worker: Worker::with_journal(experiment.clone(), Some(journal.clone()), &wake),
        rng: ChaCha8Rng::seed_from_u64(1),
        experiment,
        step: 0,
        marks: 0,
    };
    watched.until(|event| matches!(event, Event::Timeline(_)));
    let copies: Vec<_> =
        (0..60).map(|number| folder.path().join(format!("copy{number}"))).collect();
    for copy in &copies {
        watched.act();
        std::thread::sleep(Duration::from_millis(watched.rng.random_range(0..60)));
        take_away(&sessions, copy);
    }
    let weights = watched.worker.stop().unwrap();
    assert!(journal.close(PATIENCE));
    drop(journal);
    let starts: Vec<_> = copies.iter().filter_map(|copy| checked(copy)).collect();
    let count = |wanted: fn(&Start) -> bool| starts.iter().filter(|start| wanted(start)).count();
    assert!(count(|start| start.checkpoint.is_some()) > 0, "states are used");
    assert!(count(|start| !start.script.edits().is_empty()) > 0, "there are edits");

    // After its end it goes on with what it had.
    let (resumed, home) = journal::resume(&sessions, None).unwrap();
    let start = resumed.start;
    assert_eq!((start.step, of_script(&start.script, start.step)), (watched.step, weights.clone()));
    for start in [start.clone(), Start { checkpoint: None, ..start }] {
        let worker = Worker::spawn(start, &wake);
        while !matches!(worker.events.recv_timeout(PATIENCE).unwrap(), Event::Running(false)) {}
        assert_eq!(worker.stop().unwrap(), weights);
    }
    drop(home);
}
