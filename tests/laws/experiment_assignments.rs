//! The differences of two experiments as assignments make the one of the other.

#![expect(clippy::unwrap_used, reason = "a test that panics fails, as it should")]

use std::path::Path;

use gradlab::catalog::Kind;
use gradlab::data::Task;
use gradlab::experiment::settings::{self, Way};
use gradlab::experiment::{
    Change, DataSource, Experiment, LayerSpec, assignments, changes, parse_recipe, parse_toml,
    to_toml,
};
use gradlab::rng::{Purpose, Stream, stream};
use gradlab::spec::Pick;
use rand::RngExt;

/// One in so many.
fn chance(stream: &mut Stream, one_in: usize) -> bool {
    stream.random_range(0..one_in) == 0
}

/// A random entry of a kind; some of its parameters are taken a few steps from their defaults.
fn pick(kind: Kind, stream: &mut Stream) -> Pick {
    let cards = kind.cards();
    let card = cards[stream.random_range(0..cards.len())];
    let mut pick = Pick::new(card);
    for param in card.params {
        for _ in 0..stream.random_range(0..3) {
            let way = if chance(stream, 2) { Way::Up } else { Way::Down };
            let next = settings::ladder::next_value(param, pick.get(param.key), way);
            pick.set(param.key, next).unwrap();
        }
    }
    pick
}

fn some(kind: Kind, stream: &mut Stream) -> Option<Pick> {
    chance(stream, 2).then(|| pick(kind, stream))
}

fn dense() -> Pick {
    Kind::Layer.pick("dense").unwrap()
}

/// An experiment of so many layers that may be valid.
fn candidate(layers: usize, stream: &mut Stream) -> Experiment {
    let source = DataSource::Named(pick(Kind::Dataset, stream));
    let mut specs: Vec<_> = (0..layers)
        .map(|_| LayerSpec {
            kind: if chance(stream, 4) { pick(Kind::Layer, stream) } else { dense() },
            norm: some(Kind::Norm, stream),
            dropout: if chance(stream, 3) { stream.random_range(0.0..1.0) } else { 0.0 },
            init: some(Kind::Initializer, stream),
            optimizer: some(Kind::Optimizer, stream),
            ..LayerSpec::new(2 * stream.random_range(1..9), pick(Kind::Activation, stream))
        })
        .collect();
    let plain = Experiment::new(source.clone(), specs.clone());
    if let Some(last) = specs.last_mut() {
        last.dropout = 0.0;
        last.units = match plain.data.task() {
            Task::Classes(k) | Task::Values(k) => k * last.units / plain.outputs().max(1),
        };
    }
    let mut it = Experiment::new(source, specs);
    let mut number = |most: f64| {
        if chance(stream, 3) { stream.random_range(0.0..most) } else { 0.0 }
    };
    it.train.clip_norm = number(9.0);
    it.train.clip_value = number(9.0);
    it.train.l1 = number(1e-3);
    it.train.l2 = number(1e-3);
    it.train.gradient_noise = number(1.0);
    it.train.ema = number(1.0);
    it.train.eval_every = number(9.0) as u64;
    it.data.test_fraction = 0.3 + number(0.5);
    it.seed = number(99.0) as u64;
    it.data.seed = Some(number(9.0) as u64).filter(|&seed| seed > 0);
    it.train.batch_size = stream.random_range(1..100);
    it.train.steps = stream.random_range(1..100_000);
    it.optimizer = pick(Kind::Optimizer, stream);
    it.schedule = pick(Kind::Schedule, stream);
    if chance(stream, 2) {
        it.train.loss = pick(Kind::Loss, stream);
    }
    it.title = ["", "a = b, c", " ü\n"][stream.random_range(0..3)].into();
    it
}

/// A valid experiment of so many layers.
pub fn valid(layers: usize, stream: &mut Stream) -> Experiment {
    loop {
        let it = candidate(layers, stream);
        if parse_toml("x.toml", &to_toml(&it), Path::new("")).is_ok() {
            return it;
        }
    }
}

/// `it` after a random change that can be made in the middle of its run.
pub fn live_edit(it: &Experiment, stream: &mut Stream) -> Experiment {
    let places: Vec<_> = settings::of(it).collect();
    loop {
        let path = places[stream.random_range(0..places.len())].path();
        let other = candidate(it.layers.len(), stream);
        let new = match settings::find(&other, &path) {
            Ok(place) => it.assign(&path, &place.within(&other).text()),
            Err(_) => it.nudge(&path, Way::Up),
        };
        if let Ok(new) = new
            && changes(it, &new).iter().all(Change::live)
        {
            return new;
        }
    }
}

#[test]
fn differences_as_assignments_make_the_one_of_the_other() {
    let mut stream = stream(3, Purpose::Noise);
    for layers in [1, 2, 3] {
        let mut old = valid(layers, &mut stream);
        for _ in 0..400 {
            let new = valid(layers, &mut stream);
            let list = assignments(&old, &new).unwrap();
            let made = old.with_overrides(&list).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(made, new, "{list:#?}");
            assert_eq!(assignments(&new, &new).unwrap(), [""; 0]);
            old = new;
        }
    }
}

#[test]
fn assignments_are_as_a_person_writes_them() {
    let recipe = |text: &str| parse_recipe(text).unwrap().experiment;
    let old = recipe("moons/8-relu+batch_norm@sgd/2/seed=3,ema=0.9,optimizer=adam,lr=0.01");
    for (new, expected) in [
        ("moons/8-relu+batch_norm@sgd/2/seed=3,ema=0.9,optimizer=adam,lr=0.1", "optimizer.lr=0.1"),
        (
            "moons/8-relu+batch_norm@sgd/2/seed=3,ema=0.9,optimizer=sgd,lr=0.05,momentum=0.9",
            "optimizer=sgd:lr=0.05,momentum=0.9",
        ),
        (
            "moons:noise=0.2/8-relu/2/seed=4,optimizer=adam,lr=0.01",
            "seed=4 data.noise=0.2 train.ema=none layers.1.norm=none layers.1.optimizer=default",
        ),
    ] {
        assert_eq!(assignments(&old, &recipe(new)).unwrap().join(" "), expected);
    }
    assert_eq!(assignments(&old, &recipe("moons/2")), None);
}

#[test]
fn every_setting_has_a_path_that_finds_it_and_takes_its_own_text() {
    let mut stream = stream(4, Purpose::Noise);
    for _ in 0..30 {
        let it = valid(2, &mut stream);
        for setting in settings::of(&it) {
            let path = setting.path();
            assert_eq!(settings::find(&it, &path), Ok(setting.place), "{path}");
            assert!(settings::look_up(&path).is_some(), "{path}");
            assert!(!setting.label().is_empty() && !setting.help().is_empty(), "{path}");
            // Texts are trimmed, and a layer's optimizer that equals the default one follows it.
            let follows =
                it.layers.iter().any(|layer| layer.optimizer.as_ref() == Some(&it.optimizer));
            if path != "title" && !follows {
                assert_eq!(it.assign(&path, &setting.text()), Ok(it.clone()), "{path}");
            }
        }
    }
    let it = parse_recipe("moons/8-relu/2").unwrap().experiment;
    let error = settings::find(&it, "train.batchsize").unwrap_err();
    assert!(error.contains("did you mean `train.batch_size`?"), "{error}");
}

/// No entry of the catalog has the name of its absence.
#[test]
fn words_for_none_are_no_names() {
    for row in settings::ROWS {
        if let (Some(kind), Some(absent)) = (row.picks(), row.absent()) {
            assert!(kind.pick(absent.word).is_err(), "{}", row.path());
        }
    }
}
