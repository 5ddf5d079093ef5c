//! Test surfaces against their own differences and minima, and optimizers on them: against
//! PyTorch's paths, and against what each must reach.
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests may")]

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use gradlab::catalog::{self, Kind};
use gradlab::spec::{Pick, Value};
use gradlab::surface::{self, Point};
use gradlab::train::descent::Path;
use serde::Deserialize;

/// Every surface with its defaults, and turned ones.
fn surfaces() -> Vec<Pick> {
    let turned = ["quadratic:angle=30", "quadratic:condition=1e4,angle=-120"];
    let turned = turned.map(|text| Kind::Surface.parse(text).unwrap());
    surface::TABLE.iter().map(|entry| Pick::new(entry.card)).chain(turned).collect()
}

#[test]
fn gradients_are_central_differences() {
    for pick in surfaces() {
        let entry = catalog::surface(&pick);
        let (built, scene) = (entry.build(&pick), entry.scene);
        let between = |(low, high): (f64, f64), i: u32| low + (high - low) * f64::from(i) / 8.3;
        for (i, j) in (0..=8).flat_map(|i| (0..=8).map(move |j| (i, j))) {
            let at = [between(scene.x, i), between(scene.y, j)];
            let slope = built.gradient(at);
            for k in 0..2 {
                let near = |step: f64| {
                    let mut near = at;
                    near[k] += step;
                    built.value(near)
                };
                let difference = (near(1e-5) - near(-1e-5)) / 2e-5;
                let error = (slope[k] - difference).abs();
                assert!(error <= 1e-6 * (1.0 + slope[k].abs()), "{pick} at {at:?}: {slope:?}");
            }
        }
    }
}

#[test]
fn nothing_is_lower_than_a_minimum() {
    for pick in surfaces() {
        let entry = catalog::surface(&pick);
        let built = entry.build(&pick);
        let heights: Vec<f64> = entry.scene.minima.iter().map(|at| built.value(*at)).collect();
        for (&[x, y], height) in entry.scene.minima.iter().zip(&heights) {
            assert!((height - heights[0]).abs() < 1e-12, "{pick}: {heights:?}");
            let slope = built.gradient([x, y]);
            assert!(slope.iter().all(|s| s.abs() < 1e-12), "{pick} at {x}, {y}: {slope:?}");
            for radius in [1e-4, 1e-2, 1.0] {
                for (dx, dy) in [(1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0), (0.7, 0.7)] {
                    let around = built.value([x + radius * dx, y + radius * dy]);
                    assert!(around > *height, "{pick} at {x}, {y}");
                }
            }
        }
        // A grid over the whole map finds nothing lower either.
        let share = |(low, high): (f64, f64), i: u32| low + (high - low) * f64::from(i) / 400.0;
        let grid = (0..=400).flat_map(|i| (0..=400).map(move |j| (i, j)));
        let lowest = grid
            .map(|(i, j)| built.value([share(entry.scene.x, i), share(entry.scene.y, j)]))
            .fold(f64::INFINITY, f64::min);
        assert!(heights.iter().all(|height| *height <= lowest + 1e-12), "{pick}: {lowest}");
    }
}

#[test]
fn starts_and_minima_lie_on_the_map() {
    for entry in surface::TABLE {
        for [x, y] in entry.scene.minima.iter().copied().chain([entry.scene.start]) {
            let inside = |(low, high): (f64, f64), at: f64| low < at && at < high;
            assert!(inside(entry.scene.x, x) && inside(entry.scene.y, y), "{}", entry.card.key);
        }
    }
}

#[derive(Deserialize)]
struct Case {
    name: String,
    optimizer: String,
    params: serde_json::Map<String, serde_json::Value>,
    start: Point,
    loss_before_step: Vec<f64>,
    path: Vec<Point>,
}

impl Case {
    fn optimizer(&self) -> Result<Pick> {
        let mut pick = Kind::Optimizer.pick(&self.optimizer)?;
        for (key, value) in &self.params {
            let value = match value {
                serde_json::Value::String(word) => Value::Word(word.clone()),
                serde_json::Value::Bool(flag) => Value::Flag(*flag),
                number => match number.as_i64() {
                    Some(whole) => Value::Integer(whole),
                    None => Value::Number(number.as_f64().context("not a number")?),
                },
            };
            pick.set(key, value)?;
        }
        Ok(pick)
    }
}

fn close(ours: f64, reference: f64) -> bool {
    (ours - reference).abs() <= 1e-9 + 1e-9 * reference.abs()
}

#[test]
fn paths_are_those_of_pytorch() -> Result<()> {
    #[derive(Deserialize)]
    struct File {
        cases: Vec<Case>,
    }
    let mut cases = Vec::new();
    for json in [
        include_str!("../reference/surfaces.json"),
        include_str!("../reference/surfaces_more.json"),
    ] {
        cases.extend(serde_json::from_str::<File>(json)?.cases);
    }
    ensure!(cases.len() >= 45, "only {} cases", cases.len());
    for case in cases {
        let what = format!("{} on {}", case.optimizer, case.name);
        let surface = Kind::Surface.pick(&case.name)?;
        let path = Path::walk(&surface, &case.optimizer()?, case.start, case.path.len());
        ensure!(path.points.len() == case.path.len(), "{what}: {} points", path.points.len());
        for (step, (ours, reference)) in path.points.iter().zip(&case.path).enumerate() {
            let near = close(ours[0], reference[0]) && close(ours[1], reference[1]);
            ensure!(near, "{what}, step {}: {ours:?}, not {reference:?}", step + 1);
        }
        for (step, (ours, reference)) in path.losses.iter().zip(&case.loss_before_step).enumerate()
        {
            ensure!(close(*ours, *reference), "{what}, loss {step}: {ours}, not {reference}");
        }
    }
    Ok(())
}

/// Steps of each descent below.
const STEPS: usize = 1000;

/// A learning rate, and the height that it must reach.
type Goal = (f64, f64);

/// For each optimizer, otherwise with its defaults: a rate for the bowl and the height it must come
/// below there, and the same for Rosenbrock's valley.
const REACHED: &[(&str, Goal, Goal)] = &[
    ("sgd", (0.05, 1e-9), (0.002, 5e-4)),
    ("adam", (1.0, 1e-9), (1.0, 1e-9)),
    ("adamw", (1.0, 1e-9), (0.1, 0.005)),
    ("nadam", (0.1, 1e-9), (0.02, 0.02)),
    ("radam", (0.2, 1e-9), (0.01, 1.0)),
    ("adamax", (0.5, 1e-9), (1.0, 0.1)),
    ("rmsprop", (0.01, 1e-9), (0.005, 0.1)),
    ("adagrad", (2.0, 1e-9), (2.0, 0.1)),
    ("adadelta", (1.0, 0.005), (1.0, 0.5)),
    ("adafactor", (1.0, 1e-9), (1.0, 0.2)),
    ("lion", (0.5, 1e-9), (0.005, 0.02)),
    ("adan", (5.0, 1e-9), (0.02, 5e-4)),
    ("adabelief", (1.0, 1e-9), (1.0, 1e-9)),
    ("yogi", (0.2, 1e-9), (2.0, 1e-9)),
    ("adopt", (1.0, 1e-9), (2.0, 1e-9)),
    ("ademamix", (2.0, 2e-8), (1.0, 5e-4)),
    ("adabound", (0.1, 1e-9), (1.0, 0.1)),
    ("qhadam", (0.2, 1e-9), (0.05, 0.005)),
    ("qhm", (0.2, 1e-9), (0.005, 0.005)),
    ("lamb", (1.0, 1e-9), (0.05, 0.5)),
    ("lars", (10.0, 1e-9), (5.0, 0.01)),
    ("muon", (1.0, 1e-9), (0.05, 0.2)),
    ("shampoo", (2.0, 1e-9), (2.0, 0.1)),
    ("soap", (0.01, 5e-7), (0.005, 1e-5)),
    ("sign_sgd", (0.5, 1e-9), (0.002, 2.0)),
    ("signum", (0.02, 0.001), (0.005, 0.01)),
    ("prodigy", (1.0, 1e-9), (1.0, 0.1)),
    ("schedule_free_sgd", (0.5, 1e-9), (0.01, 0.01)),
    ("schedule_free_adamw", (0.5, 1e-9), (0.5, 0.001)),
    ("rprop", (0.1, 1e-9), (0.1, 0.01)),
    ("asgd", (0.05, 1e-9), (0.002, 5e-4)),
    ("novograd", (0.001, 5e-5), (0.001, 0.1)),
    ("sm3", (1.0, 1e-9), (1.0, 0.1)),
    ("fromage", (0.05, 0.05), (0.05, 0.2)),
    ("aggmo", (0.05, 1e-9), (0.001, 1e-4)),
    ("lbfgs", (1.0, 1e-9), (1.0, 1e-9)),
    ("lookahead", (1.0, 1e-9), (1.0, 1e-4)),
    ("sam", (0.01, 0.002), (2e-4, 0.2)),
];

#[test]
fn every_optimizer_reaches_its_height() -> Result<()> {
    let named: BTreeSet<&str> = REACHED.iter().map(|(name, ..)| *name).collect();
    for card in Kind::Optimizer.cards() {
        ensure!(named.contains(card.key), "{} has no row in the table", card.key);
    }
    let mut missed = Vec::new();
    for (name, bowl, valley) in REACHED {
        for (surface, (rate, height)) in [("quadratic", bowl), ("rosenbrock", valley)] {
            let surface = Kind::Surface.pick(surface)?;
            let mut optimizer = Kind::Optimizer.pick(name)?;
            optimizer.set("lr", Value::Number(*rate))?;
            let entry = catalog::surface(&surface);
            let path = Path::walk(&surface, &optimizer, entry.scene.start, STEPS);
            let reached = entry.build(&surface).value(path.end);
            if reached.is_nan() || reached >= *height {
                missed.push(format!("{optimizer} on {surface}: {reached}, not below {height}"));
            }
        }
    }
    ensure!(missed.is_empty(), "{}", missed.join("\n"));
    Ok(())
}
