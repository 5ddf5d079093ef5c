//! Hashes of what whole runs give, so that a change of structure shows to be one of structure only.
//!
//! `golden.txt` has a row for every preset and every entry of the catalog that trains, for what
//! `[train]` does beside the optimizers, for a comparison and for a session that is edited while it
//! runs. Rows may change only in a commit that says why; it writes them anew with
//! `UPDATE_GOLDEN=1 cargo test --test numbers golden`.

#![expect(clippy::unwrap_used, reason = "a test that panics fails, as it should")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::Duration;

use assert_cmd::Command;
use gradlab::catalog::{self, Kind};
use gradlab::experiment::{self, preset};
use gradlab::nn::loss::Targets;
use gradlab::train::worker::Worker;
use gradlab::train::{self, Event};
use serde_json::Value;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/numbers/golden.txt");

/// Columns of metrics.csv that a row is about.
const METRICS: usize = 6;

fn hash(bytes: impl IntoIterator<Item = u8>) -> String {
    let hash = bytes.into_iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("{hash:016x}")
}

/// Every run that is written down, as its recipe or preset, overrides and steps.
fn runs() -> Vec<String> {
    let mut runs: Vec<String> =
        preset::PRESETS.all().iter().map(|preset| format!("{} --steps 60", preset.name)).collect();
    let mut add = |recipe: String| runs.push(format!("{recipe} --steps 40"));
    let keys = |kind: Kind| kind.cards().into_iter().map(|card| card.key);
    for key in keys(Kind::Optimizer) {
        // One that searches along a line takes all rows at once.
        let batch = if key == "lbfgs" { 1000 } else { 16 };
        add(format!("moons/12-tanh/6-relu/2-softmax/batch_size={batch},optimizer={key}"));
    }
    for key in keys(Kind::Schedule) {
        add(format!("moons/8-relu/2-softmax/eval_every=2,optimizer=adam,lr=0.05,schedule={key}"));
    }
    for key in keys(Kind::Norm) {
        add(format!("moons/8-relu+{key}/8-tanh+{key}/2-softmax/optimizer=adam,lr=0.01"));
    }
    for key in keys(Kind::Activation) {
        add(format!("moons/8-{key}/8-{key}/2/optimizer=sgd,lr=0.05"));
    }
    for key in keys(Kind::Initializer) {
        add(format!("moons/8-tanh+{key}/2-softmax/optimizer=sgd,lr=0.05"));
    }
    for pick in keys(Kind::Loss).map(|key| Kind::Loss.pick(key).unwrap()) {
        let key = pick.key();
        let data = match catalog::loss(&pick).targets {
            Targets::Real => "plane/8-tanh/1",
            _ if ["bce", "focal", "poisson_nll"].contains(&key) => "moons/8-tanh/1",
            _ => "moons/8-tanh/2",
        };
        add(format!("{data}/loss={key},optimizer=adam,lr=0.01"));
    }
    for around in [
        "clip_norm=0.1",
        "clip_value=0.001",
        "l1=0.01",
        "l2=0.01",
        "decoupled_decay=0.1",
        "gradient_noise=0.1",
        "ema=0.9",
        "clip_norm=1,clip_value=0.1,l1=0.001,l2=0.001,ema=0.9,decoupled_decay=0.1,gradient_noise=0.01",
        "test_fraction=0.5",
        "batch_size=7,eval_every=3",
        "seed=9",
    ] {
        add(format!("moons/8-tanh/2-softmax/{around},optimizer=adam,lr=0.01"));
    }
    for whole in [
        "moons/8-relu+dropout=0.5/8-tanh+layer_norm+dropout=0.1/2-softmax/optimizer=adamw",
        "moons/8-rrelu/8-prelu+batch_norm/2-softmax/optimizer=sam,ema=0.99",
        "moons/8-tanh@sgd:lr=0.1/8-relu@lookahead/2-softmax@sam:rho=0.1/optimizer=prodigy",
        "moons/8-relu+batch_norm/2-softmax/optimizer=schedule_free_adamw",
        "moons:seed=3/8-swiglu/8-glu/2-softmax/optimizer=rmsprop,momentum=0.9,centered=true",
        "digits/32-relu/10-softmax/optimizer=muon,schedule=one_cycle",
        "spirals/16-sine+siren/2-softmax/batch_size=1000,optimizer=lbfgs,l2=0.001",
    ] {
        add(whole.to_owned());
    }
    runs
}

/// Hashes of weights and evaluations of one run of the program.
fn outcome(run: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let out = Command::cargo_bin("gradlab")
        .unwrap()
        .arg("run")
        .args(run.split(' '))
        .arg("--out")
        .arg(folder.path())
        .output()
        .unwrap();
    // One preset is there to diverge.
    let code = out.status.code().unwrap();
    assert!(matches!(code, 0 | 3), "{run}: {}", String::from_utf8_lossy(&out.stderr));
    let read = |name: &str| fs::read(Path::join(folder.path(), name)).unwrap();
    let table = String::from_utf8(read("metrics.csv")).unwrap();
    let columns = table.lines().flat_map(|line| line.split(',').take(METRICS));
    format!("{} {}", hash(read("weights.npz")), hash(columns.flat_map(str::bytes)))
}

/// JSON without what depends on the clock.
fn timeless(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|key, _| !key.contains("seconds") && key != "key");
            map.values_mut().for_each(timeless);
        }
        Value::Array(items) => items.iter_mut().for_each(timeless),
        _ => {}
    }
}

/// The hash of all runs of a small comparison.
fn comparison() -> String {
    let folder = tempfile::tempdir().unwrap();
    let args = "compare moons --optimizers sgd,adam,rmsprop --steps 60 --seeds 3 --lr-grid 3 --out";
    let mut command = Command::cargo_bin("gradlab").unwrap();
    command.args(args.split(' ')).arg(folder.path()).assert().success();
    let mut lines = Vec::new();
    for entry in fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "jsonl") {
            for line in fs::read_to_string(path).unwrap().lines() {
                let mut value: Value = serde_json::from_str(line).unwrap();
                timeless(&mut value);
                lines.push(value.to_string());
            }
        }
    }
    lines.sort();
    assert_eq!(lines.len(), 3 * (3 * 3 + 3));
    hash(lines.join("\n").bytes())
}

/// The hash of the weights after live edits at fixed steps, through the training thread.
fn edited() -> String {
    let base = "moons/8-tanh/8-relu/2-softmax/batch_size=16,steps=200,optimizer=adam,lr=0.01";
    let (wake, _woken) = crossbeam_channel::bounded(1);
    let experiment = |settings: &[&str]| experiment::load_with(base, settings).unwrap().experiment;
    let worker = Worker::spawn(experiment(&[]), &wake);
    for settings in [
        &[][..],
        &["layers.1.activation=relu", "optimizer.lr=0.05"],
        &["layers.1.activation=relu", "optimizer=sgd:lr=0.1,momentum=0.9", "train.batch_size=9"],
        &["layers.2.norm=layer_norm", "layers.1.dropout=0.2", "train.ema=0.9", "train.clip_norm=1"],
        &["train.loss=mse", "schedule=cosine", "layers.2.optimizer=rmsprop:lr=0.001"],
    ] {
        worker.send(train::Command::Apply(Box::new(experiment(settings)), 0));
        worker.send(train::Command::Steps(25));
        loop {
            match worker.events.recv_timeout(Duration::from_secs(60)).unwrap() {
                Event::Running(false) => break,
                Event::Failed(text) => panic!("{text}"),
                _ => {}
            }
        }
    }
    let params = worker.stop().unwrap();
    let values = params.iter().flatten().flat_map(|parameter| &parameter.value);
    hash(values.flat_map(|value| value.to_bits().to_le_bytes()))
}

#[test]
fn runs_give_what_they_have_always_given() {
    let mut rows = BTreeMap::new();
    for run in runs() {
        let outcome = outcome(&run);
        assert!(rows.insert(run, outcome).is_none(), "a run is listed twice");
    }
    rows.insert("a comparison".to_owned(), comparison());
    rows.insert("an edited session".to_owned(), edited());
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let text = rows.iter().fold(String::new(), |mut text, (run, outcome)| {
            let _ = writeln!(text, "{run}\t{outcome}");
            text
        });
        return fs::write(FILE, text).unwrap();
    }
    let known = fs::read_to_string(FILE).unwrap();
    let known: BTreeMap<&str, &str> =
        known.lines().filter_map(|row| row.split_once('\t')).collect();
    let same = |run: &str, outcome: &str| known.get(run) == Some(&outcome);
    let changed = rows.iter().filter(|(run, outcome)| !same(run, outcome));
    let changed: Vec<_> = changed.map(|(run, _)| run.as_str()).collect();
    assert!(changed.is_empty(), "other numbers than before:\n{}", changed.join("\n"));
    let gone: Vec<_> = known.keys().filter(|run| !rows.contains_key(**run)).collect();
    assert!(gone.is_empty(), "no longer run: {gone:?}");
}
