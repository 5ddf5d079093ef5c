//! Going back: after edits, restarts, undoing, redoing, looking at the past and going to other
//! branches in any order, the weights are those of the script that is then in force, after it was
//! written and read, run from its start by itself.

#![expect(clippy::unwrap_used, reason = "a test that panics fails, as it should")]

use std::path::Path;
use std::time::Duration;

use crossbeam_channel::bounded;
use gradlab::experiment::settings::{self, Way};
use gradlab::experiment::{Experiment, Script, parse_recipe, parse_script, script_to_toml};
use gradlab::train::timeline::TimelineView;
use gradlab::train::worker::Worker;
use gradlab::train::{Command, Event, Mark, Problem, Session};
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

const STARTS: [&str; 6] = [
    "moons:samples=60/5-tanh/2-softmax/batch_size=8,steps=60,eval_every=5,optimizer=adam,lr=0.01",
    "iris/6-relu+batch_norm+dropout=0.2/3-softmax/batch_size=16,ema=0.9,optimizer=rmsprop",
    "sine/4-gelu/1-identity/batch_size=7,gradient_noise=0.01,optimizer=sgd,lr=0.05,momentum=0.9",
    "xor:samples=50/4-tanh@lion:lr=0.001/3-relu/1-sigmoid/optimizer=schedule_free_adamw",
    "moons:samples=40/4-tanh/2-softmax/eval_every=3,optimizer=adagrad,schedule=reduce_on_plateau,patience=1",
    "plane/5-silu+rms_norm/1-identity/optimizer=sam,base=sgd:momentum=0.9",
];

/// A worker and what is known of it.
struct Watched {
    worker: Worker,
    rng: ChaCha8Rng,
    experiment: Experiment,
    step: u64,
    view: TimelineView,
    visiting: bool,
    done: Vec<Mark>,
    undone: Vec<Mark>,
    marks: Mark,
    /// What was done, to be named if something breaks.
    log: Vec<String>,
}

/// A script with up to two edits that are to come.
fn planned(start: &Experiment, rng: &mut ChaCha8Rng) -> Script {
    let mut script = Script::from(start.clone());
    for edit in 0..rng.random_range(0..3) {
        let places: Vec<_> = settings::of(script.end()).map(|setting| setting.path()).collect();
        let path = places.choose(rng).unwrap();
        if let Ok(edited) = script.end().nudge(path, Way::Up) {
            let _ = script.edit(edit * 30 + rng.random_range(1..30), edited);
        }
    }
    script
}

impl Watched {
    fn new(seed: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let start = STARTS.choose(&mut rng).unwrap();
        let experiment = parse_recipe(start).unwrap().experiment;
        let script = planned(&experiment, &mut rng);
        let mut watched = Self {
            worker: Worker::spawn(script, &bounded(1).0),
            rng,
            log: vec![format!("seed {seed}: {start}")],
            experiment,
            step: 0,
            view: TimelineView::default(),
            visiting: false,
            done: Vec::new(),
            undone: Vec::new(),
            marks: 0,
        };
        watched.until(|event| matches!(event, Event::Timeline(_)));
        watched
    }

    fn send(&mut self, command: Command) {
        let mut text = format!("{command:?}");
        text.truncate(60);
        self.log.push(text);
        self.worker.send(command);
    }

    /// Takes in what happens up to an event.
    fn until(&mut self, wanted: impl Fn(&Event) -> bool) {
        loop {
            let event = self.worker.events.recv_timeout(Duration::from_secs(120));
            let event = event.unwrap_or_else(|error| panic!("{error}: {:#?}", self.log));
            let found = wanted(&event);
            match event {
                Event::Failed(text) => panic!("{text}: {:#?}", self.log),
                Event::Started { experiment, .. } => {
                    (self.experiment, self.step) = (*experiment, 0);
                }
                Event::Edited { experiment, .. } => self.experiment = *experiment,
                Event::Moved { experiment, step, .. } => {
                    (self.experiment, self.step) = (*experiment, step);
                }
                Event::Diverged(divergence) => self.step = divergence.last_finite_step,
                Event::Timeline(view) => self.view = *view,
                _ => {}
            }
            if found {
                return;
            }
        }
    }

    fn mark(&mut self) -> Mark {
        self.marks += 1;
        self.done.push(self.marks);
        self.undone.clear();
        self.marks
    }

    fn train(&mut self) {
        let steps = self.rng.random_range(1..25);
        let before = self.step;
        self.come_back();
        self.send(Command::Steps(steps));
        self.step = before + steps;
        self.until(|event| matches!(event, Event::Running(true)));
        self.until(|event| matches!(event, Event::Running(false)));
        // A divergence is told of right after the run has come to rest.
        self.send(Command::Visit(u64::MAX));
        self.send(Command::Delete(self.view.present().unwrap().id));
        self.until(|event| matches!(event, Event::Timeline(_)));
    }

    /// Any setting, one rung up or down; now and then what makes the run begin again.
    fn edit(&mut self) {
        let places: Vec<_> = settings::of(&self.experiment)
            .map(|setting| (setting.path(), setting.effect()))
            .collect();
        for _ in 0..50 {
            let (path, effect) = places.choose(&mut self.rng).unwrap();
            if *effect == settings::Effect::None {
                continue;
            }
            let way = if self.rng.random() { Way::Up } else { Way::Down };
            let Ok(edited) = self.experiment.nudge(path, way) else { continue };
            let small = |it: &Experiment| {
                it.layers.iter().all(|layer| layer.units <= 16)
                    && Problem::load(it).is_ok_and(|problem| problem.train.len() <= 500)
            };
            if edited == self.experiment || !small(&edited) {
                continue;
            }
            self.log.push(path.clone());
            let mark = self.mark();
            self.visiting = false;
            self.send(Command::Apply(Box::new(edited), mark));
            self.until(|event| matches!(event, Event::Edited { .. } | Event::Started { .. }));
            self.until(|event| matches!(event, Event::Timeline(_)));
            return;
        }
    }

    fn moved(&mut self, command: Command) {
        self.visiting = false;
        self.send(command);
        self.until(|event| matches!(event, Event::Moved { .. }));
        self.until(|event| matches!(event, Event::Timeline(_)));
    }

    fn visit(&mut self) {
        if self.step == 0 {
            return;
        }
        let step = self.rng.random_range(0..self.step);
        self.send(Command::Visit(step));
        self.until(|event| matches!(event, Event::Visiting { .. }));
        self.visiting = true;
    }

    fn come_back(&mut self) {
        if self.visiting {
            self.visiting = false;
            self.send(Command::Return);
            self.until(|event| matches!(event, Event::Returned));
        }
    }

    fn act(&mut self) {
        match self.rng.random_range(0..13) {
            0..5 => self.train(),
            5..8 => self.edit(),
            8 => {
                if let Some(mark) = self.done.pop() {
                    self.undone.push(mark);
                    self.moved(Command::Undo(mark));
                }
            }
            9 => {
                if let Some(mark) = self.undone.pop() {
                    self.done.push(mark);
                    self.moved(Command::Redo(mark));
                }
            }
            10 => self.visit(),
            11 if self.visiting => {
                let mark = self.mark();
                self.moved(Command::Branch(mark));
            }
            _ => {
                let branch = self.view.branches.choose(&mut self.rng).unwrap().id;
                if self.rng.random() {
                    let mark = self.mark();
                    self.moved(Command::Go(branch, mark));
                } else {
                    self.come_back();
                    self.send(Command::Delete(branch));
                    self.until(|event| matches!(event, Event::Timeline(_)));
                }
            }
        }
    }

    /// Compares the weights with those of the script.
    fn close(mut self) {
        self.come_back();
        let shown = &self.view.present().unwrap().script;
        let text = script_to_toml(shown);
        let script = parse_script("script.toml", &text, Path::new("")).unwrap().script;
        assert_eq!(&script, &**shown, "{text}");
        let mut session = Session::of_script(&script, Problem::load(script.start()).unwrap());
        while session.engine().step_count() < self.step {
            session.train().unwrap();
        }
        if session.engine().experiment() != &self.experiment {
            session.make_due_edit();
        }
        assert_eq!(session.engine().experiment(), &self.experiment, "{:#?}", self.log);
        let found = self.worker.stop().unwrap();
        assert!(found == session.engine().parameters(), "step {}: {:#?}", self.step, self.log);
    }
}

#[test]
fn the_weights_are_those_of_the_script() {
    for seed in 0..200 {
        let mut watched = Watched::new(seed);
        for _ in 0..14 {
            watched.act();
        }
        watched.close();
    }
}
