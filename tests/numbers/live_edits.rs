//! Whatever is changed while a run goes on: the training thread lives.

use std::time::Duration;

use gradlab::catalog::Kind;
use gradlab::experiment::{self, Experiment};
use gradlab::train::worker::Worker;
use gradlab::train::{Command, Event};

/// A training thread that fails a test if it fails.
struct Watched {
    worker: Worker,
    shown: Experiment,
}

/// What came of an edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effect {
    Live,
    Restart,
}

impl Watched {
    fn new(experiment: &Experiment) -> Self {
        let (wake, _woken) = crossbeam_channel::bounded(1);
        let watched =
            Self { worker: Worker::spawn(experiment.clone(), &wake), shown: experiment.clone() };
        // At step 0 any edit begins anew.
        watched.worker.send(Command::Steps(1));
        watched.wait(experiment, |event| matches!(event, Event::Running(false)).then_some(()));
        watched
    }

    fn wait<T>(&self, to: &Experiment, wanted: impl Fn(&Event) -> Option<T>) -> T {
        loop {
            let event = self.worker.events.recv_timeout(Duration::from_secs(60));
            match event.unwrap_or_else(|error| panic!("{error}, from {:?} to {to:?}", self.shown)) {
                Event::Failed(text) => panic!("{text}, from {:?} to {to:?}", self.shown),
                event => {
                    if let Some(found) = wanted(&event) {
                        return found;
                    }
                }
            }
        }
    }

    /// Applies an experiment and makes so many steps.
    fn apply(&mut self, new: &Experiment, steps: u64) -> Effect {
        self.worker.send(Command::Apply(Box::new(new.clone()), 0));
        let effect = self.wait(new, |event| match event {
            Event::Edited { .. } => Some(Effect::Live),
            Event::Started { run, .. } => (*run > 1).then_some(Effect::Restart),
            _ => None,
        });
        self.worker.send(Command::Steps(steps));
        self.worker.send(Command::Observe);
        self.wait(new, |event| matches!(event, Event::Running(false)).then_some(()));
        assert!(self.worker.is_alive());
        self.shown = new.clone();
        effect
    }
}

fn load(base: &str, settings: &[impl AsRef<str>]) -> Option<Experiment> {
    Some(experiment::load_with(base, settings).ok()?.experiment)
}

/// Goes through all ordered pairs of the activations that are valid at a layer of `base`.
fn every_pair(base: &str, layer: usize) -> (usize, usize) {
    let keys = Kind::Activation.cards().into_iter().map(|card| card.key);
    let experiments: Vec<Experiment> =
        keys.filter_map(|key| load(base, &[format!("layers.{layer}.activation={key}")])).collect();
    let mut watched = Watched::new(&experiments[0]);
    let outputs = |it: &Experiment| it.inputs_of(layer).numbers();
    let mut restarts = 0;
    let mut edit = |from: &Experiment, to: &Experiment| {
        let effect = watched.apply(to, 1);
        let expected = if outputs(from) == outputs(to) { Effect::Live } else { Effect::Restart };
        let (a, b) = (&from.layers[layer - 1].activation, &to.layers[layer - 1].activation);
        assert_eq!(effect, expected, "{a} → {b}");
        restarts += usize::from(effect == Effect::Restart);
    };
    for (index, one) in experiments.iter().enumerate() {
        if index > 0 {
            edit(&experiments[index - 1], one);
        }
        for other in &experiments[index + 1..] {
            edit(one, other);
            edit(other, one);
        }
    }
    (experiments.len(), restarts)
}

#[test]
fn every_pair_of_activations_in_a_hidden_layer() {
    let base = "moons:samples=12/6-identity/3-tanh/2-softmax/batch_size=4,optimizer=adam";
    let (valid, restarts) = every_pair(base, 1);
    assert_eq!(valid, Kind::Activation.cards().len());
    assert!(restarts > 0, "no gated activation was met");
}

#[test]
fn every_pair_of_activations_in_the_output_layer() {
    let base = "moons:samples=12/3-tanh/2-identity/loss=mse,batch_size=4,optimizer=adam";
    let (valid, restarts) = every_pair(base, 2);
    assert!(valid > 40, "only {valid} are valid");
    assert!(restarts > 0, "no gated activation was met");
}

/// Values that each live setting is given.
fn menu() -> Vec<(&'static str, Vec<String>)> {
    let keys = |kind: Kind| kind.cards().into_iter().map(|card| card.key.to_owned());
    let strings = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
    let optimizers = || {
        let rates =
            ["sgd:lr=0", "sgd:lr=0.1,momentum=0.9", "adam:lr=0.5,amsgrad=true", "sam:base=adam"];
        keys(Kind::Optimizer).chain(strings(&rates)).collect::<Vec<_>>()
    };
    let norms = || {
        let plain = ["batch_norm:affine=false", "layer_norm:affine=false", "batch_norm:momentum=1"];
        keys(Kind::Norm).chain(strings(&plain)).collect::<Vec<_>>()
    };
    let activations = || keys(Kind::Activation).collect::<Vec<_>>();
    let schedules = keys(Kind::Schedule).chain(strings(&["reduce_on_plateau:patience=0"]));
    vec![
        ("train.loss", keys(Kind::Loss).collect()),
        ("train.batch_size", strings(&["1", "3", "8", "1000"])),
        ("train.steps", strings(&["1", "50", "1000000"])),
        ("train.eval_every", strings(&["1", "3", "1000"])),
        ("train.clip_norm", strings(&["0", "1e-3", "10"])),
        ("train.clip_value", strings(&["0", "1e-3", "10"])),
        ("train.l1", strings(&["0", "0.1"])),
        ("train.l2", strings(&["0", "0.1"])),
        ("train.decoupled_decay", strings(&["0", "0.1"])),
        ("train.gradient_noise", strings(&["0", "0.1"])),
        ("train.ema", strings(&["0", "0.5", "0.999"])),
        ("schedule", schedules.collect()),
        ("optimizer", optimizers()),
        ("layers.1.optimizer", optimizers()),
        ("layers.2.optimizer", optimizers()),
        ("layers.1.activation", activations()),
        ("layers.2.activation", activations()),
        ("layers.1.norm", norms()),
        ("layers.2.norm", norms()),
        ("layers.1.dropout", strings(&["0", "0.5"])),
        ("layers.2.dropout", strings(&["0", "0.9"])),
    ]
}

const BASE: &str = "moons:samples=12/4-tanh/6-relu/2-softmax/batch_size=4,optimizer=adam";

/// Each value of each setting by itself, and back.
#[test]
fn every_live_setting() {
    let base = load(BASE, &[] as &[&str]).unwrap();
    let mut watched = Watched::new(&base);
    for (setting, values) in menu() {
        let mut valid = 0;
        for value in values {
            let Some(new) = load(BASE, &[format!("{setting}={value}")]) else { continue };
            for experiment in [&new, &base] {
                let effect = watched.apply(experiment, 2);
                let mut layers = 1..=new.layers.len();
                let shapes_stay = layers.all(|at| new.inputs_of(at) == base.inputs_of(at));
                let expected = if shapes_stay { Effect::Live } else { Effect::Restart };
                assert_eq!(effect, expected, "{setting}={value}");
            }
            valid += 1;
        }
        assert!(valid > 0, "no value of {setting} is valid");
    }
}

/// Many settings at a time, in an order that only chance could think of.
#[test]
fn settings_in_any_combination() {
    let menu = menu();
    let mut watched = Watched::new(&load(BASE, &[] as &[&str]).unwrap());
    let mut state = 1_u64;
    let mut draw = |below: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let mut applied = 0;
    for round in 0..1500 {
        let settings: Vec<String> = (0..=draw(6))
            .map(|_| {
                let (setting, values) = &menu[draw(menu.len())];
                format!("{setting}={}", values[draw(values.len())])
            })
            .collect();
        if let Some(new) = load(BASE, &settings) {
            watched.apply(&new, round % 4);
            applied += 1;
        }
    }
    assert!(applied > 500, "only {applied} were valid");
}
