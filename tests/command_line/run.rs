//! `gradlab run`, `snapshot` and `check-gradients` through the real program.

#![expect(clippy::unwrap_used, reason = "a test that panics fails, as it should")]

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::program::{expect, expect_in, lines};

#[test]
fn json_streams_evaluations_and_ends_with_a_summary() {
    let (out, err) = expect(&["run", "iris", "--steps", "100", "--format", "json"], 0);
    assert_eq!(err, "", "no progress where stderr is no terminal");
    let lines = lines(&out);
    let (last, rows) = lines.split_last().unwrap();
    for (row, key) in rows.iter().flat_map(|row| {
        ["step", "epoch", "train_loss", "test_loss", "train_accuracy", "test_accuracy", "seconds"]
            .map(|key| (row, key))
    }) {
        assert!(row[key].is_number(), "{key} in {row}");
    }
    let summary = &last["summary"];
    assert_eq!(summary["status"], "finished");
    assert_eq!(summary["steps"], 100);
    assert_eq!(summary["test_loss"], rows.last().unwrap()["test_loss"]);
    let recipe = summary["recipe"].as_str().unwrap();
    // The recipe in the summary is the same run.
    let (again, _) = expect(&["run", recipe, "--format", "json"], 0);
    let again = self::lines(&again);
    assert_eq!(again.last().unwrap()["summary"]["test_loss"], summary["test_loss"]);
}

#[test]
fn the_same_experiment_leaves_the_same_files_byte_for_byte() {
    let folder = tempfile::tempdir().unwrap();
    let run = |name: &str| {
        let path = folder.path().join(name);
        expect(
            &["run", "optimizer-per-layer", "--steps", "400", "--out", path.to_str().unwrap()],
            0,
        );
        let read = |file: &str| fs::read(path.join(file)).unwrap();
        (read("metrics.csv"), read("weights.npz"), read("experiment.toml"), read("summary.json"))
    };
    let (first, second) = (run("a"), run("b"));
    assert_eq!(first.0, second.0, "metrics.csv");
    assert_eq!(first.1, second.1, "weights.npz");
    assert_eq!(first.2, second.2, "experiment.toml");
    let rows = String::from_utf8(first.0).unwrap();
    assert!(rows.starts_with(
        "step,epoch,train_loss,test_loss,train_accuracy,test_accuracy,lr,train_rmse,test_rmse\n0,0,"
    ));
    assert_eq!(rows.lines().last().unwrap().split(',').next(), Some("400"));
    // The experiment that was written runs on, to the same end.
    let toml = folder.path().join("a/experiment.toml");
    let (csv, _) = expect(&["run", toml.to_str().unwrap(), "--format", "csv"], 0);
    assert_eq!(csv, rows);
}

#[test]
fn weights_are_what_numpy_reads() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    expect(&["run", "moons/6-prelu/2-softmax", "--steps", "5", "--out", path], 0);
    let file = fs::File::open(folder.path().join("weights.npz")).unwrap();
    let mut npz = ndarray_npy::NpzReader::new(file).unwrap();
    let names = npz.names().unwrap();
    let expected = ["layer1.weight", "layer1.bias", "layer1.theta", "layer2.weight", "layer2.bias"];
    assert_eq!(names, expected);
    let weight: ndarray::Array2<f32> = npz.by_name("layer1.weight").unwrap();
    assert_eq!(weight.dim(), (6, 2));
    let bias: ndarray::Array1<f32> = npz.by_name("layer2.bias").unwrap();
    assert_eq!(bias.len(), 2);
}

#[test]
fn budgets() {
    let steps = |args: &[&str]| {
        let (out, _) = expect(&[&["run", "iris", "--format", "json"], args].concat(), 0);
        lines(&out).last().unwrap()["summary"]["steps"].as_u64().unwrap()
    };
    assert_eq!(steps(&["--steps", "7"]), 7);
    // 105 training rows in batches of 16 are 7 steps.
    assert_eq!(steps(&["--epochs", "3", "--set", "train.batch_size=16"]), 21);
    assert!(steps(&["--time", "100ms"]) > 0);
    expect(&["run", "iris", "--steps", "7", "--epochs", "3"], 2);
    expect(&["run", "iris", "--steps", "0"], 2);
    let (_, err) = expect(&["run", "warmup", "--time", "1s"], 2);
    assert!(err.contains("`warmup_cosine` goes by the number of steps"), "{err}");
    let (_, err) = expect(&["run", "iris", "--time", "20"], 2);
    assert!(err.contains("20s"), "{err}");
}

#[test]
fn text_is_a_short_table() {
    let (out, _) = expect(&["run", "sine", "--steps", "1000"], 0);
    assert!(out.lines().all(|line| line.chars().count() <= 80), "{out}");
    assert!((20..=25).contains(&out.lines().count()), "{out}");
    assert!(out.lines().last().unwrap().starts_with("finished: 1000 steps in "), "{out}");
}

#[test]
fn a_diverged_run_ends_with_3_and_keeps_its_last_finite_state() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let (out, _) = expect(&["run", "rate-too-high", "--out", path, "--format", "json"], 3);
    let lines = lines(&out);
    let summary = &lines.last().unwrap()["summary"];
    assert_eq!(summary["status"], "diverged");
    let divergence = &summary["divergence"];
    assert_eq!(divergence["last_finite_step"], summary["steps"]);
    assert!(divergence["quantity"].is_string());
    let file = fs::File::open(folder.path().join("weights.npz")).unwrap();
    let mut npz = ndarray_npy::NpzReader::new(file).unwrap();
    let weight: ndarray::Array2<f32> = npz.by_name("layer1.weight").unwrap();
    assert!(weight.iter().all(|w| w.is_finite()));
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_keeps_what_it_has() {
    use std::io::{BufRead, BufReader};
    use std::process::{Command, Stdio};
    for (signal, code) in [("-INT", 130), ("-TERM", 143), ("-HUP", 129)] {
        let folder = tempfile::tempdir().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_gradlab"))
            .args(["run", "spirals", "--steps", "1000000000", "--format", "json"])
            .args(["--set", "train.eval_every=50", "--out", folder.path().to_str().unwrap()])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // It has trained for a while.
        assert!(lines.by_ref().nth(3).is_some());
        let id = child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        let last = lines.last().unwrap().unwrap();
        let summary: Value = serde_json::from_str(&last).unwrap();
        assert_eq!(summary["summary"]["status"], "interrupted");
        assert_eq!(child.wait().unwrap().code(), Some(code), "{signal}");
        for file in ["experiment.toml", "metrics.csv", "summary.json", "weights.npz"] {
            assert!(folder.path().join(file).is_file(), "{file} after {signal}");
        }
    }
}

fn write(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn broken_experiments_say_what_where_and_what_would_be_right() {
    let folder = tempfile::tempdir().unwrap();
    let good = "[data]\nname = \"moons\"\n[[layers]]\nunits = 2\nactivation = \"softmax\"\n";
    let cases = [
        // (what is wrong, text, parts of the message)
        ("syntax", "[data\nname = 3".to_owned(), vec!["a.toml:1:"]),
        ("key", good.replace("activation", "activaton"), vec!["a.toml:5:1", "`activation`"]),
        ("name", good.replace("moons", "moon"), vec!["a.toml:2:8", "`moons`"]),
        ("type", good.replace("units = 2", "units = \"two\""), vec!["a.toml:4:9", "whole number"]),
        ("range", format!("{good}[train]\nbatch_size = 0\n"), vec!["a.toml:7:14", "1"]),
        ("outputs", good.replace("units = 2", "units = 3"), vec!["a.toml:4:9", "2"]),
        ("empty", String::new(), vec!["a.toml"]),
    ];
    for (what, text, parts) in cases {
        let path = write(folder.path(), "a.toml", &text);
        let (out, err) = expect(&["run", &path], 2);
        assert_eq!(out, "", "{what}");
        assert!(err.starts_with("error: "), "{what}: {err}");
        for part in parts {
            assert!(err.contains(part), "{what}: `{part}` is not in\n{err}");
        }
    }
    let (_, err) = expect(&["run", "no/such/file.toml"], 2);
    assert!(err.contains("no/such/file.toml"), "{err}");
    let (_, err) = expect(&["run", "spirls"], 2);
    assert!(err.contains("spirals"), "{err}");
    let (_, err) = expect(&["run", "moons/8-tnah/2-softmax"], 2);
    assert!(err.contains("tanh") && err.contains("^^^^"), "{err}");
    let (_, err) = expect(&["run", "spirals", "--set", "train.bach_size=3"], 2);
    assert!(err.contains("batch_size"), "{err}");
}

#[test]
fn broken_csv_files_say_what_where_and_what_would_be_right() {
    let folder = tempfile::tempdir().unwrap();
    let cases = [
        ("ragged", "x,y,label\n1,2,a\n3,b\n5,6,b\n7,8,a\n", vec!["line 3", "3"]),
        (
            "text in a number column",
            "x,y,label\n1,2,a\n3,4,b\n5,six,b\n7,8,a\n",
            vec!["line 4", "`y`", "six"],
        ),
        ("no rows", "x,y,label\n", vec!["no rows"]),
        ("no target", "x,y,lable\n1,2,a\n3,4,b\n5,6,b\n7,8,a\n", vec!["label", "lable"]),
        ("empty", "", vec!["empty"]),
    ];
    for (what, text, parts) in cases {
        let path = write(folder.path(), "a.csv", text).replace('/', "%2F");
        let recipe = format!("csv={path},target=label/4-tanh/2-softmax");
        let (out, err) = expect(&["run", &recipe, "--steps", "10"], 2);
        assert_eq!(out, "", "{what}");
        assert!(err.contains("a.csv"), "{what}: {err}");
        for part in parts {
            assert!(err.contains(part), "{what}: `{part}` is not in\n{err}");
        }
    }
    let (_, err) = expect(&["run", "csv=none.csv,target=label/4-tanh/2-softmax"], 2);
    assert!(err.contains("none.csv"), "{err}");
}

#[test]
fn own_data_trains() {
    use std::fmt::Write as _;
    let folder = tempfile::tempdir().unwrap();
    let mut text = String::from("length;colour;kind\n");
    for i in 0..40 {
        let kind = if i % 2 == 0 { "even" } else { "odd" };
        let colour = if i % 2 == 0 { "red" } else { "blue" };
        writeln!(text, "{}.5;{colour};{kind}", i % 7).unwrap();
    }
    let path = write(folder.path(), "mine.csv", &text);
    let toml = format!(
        "[data]\ncsv = \"{path}\"\ntarget = \"kind\"\n[train]\nsteps = 300\n\
         [[layers]]\nunits = 4\nactivation = \"tanh\"\n\
         [[layers]]\nunits = 2\nactivation = \"softmax\"\n[optimizer]\nname = \"adam\"\nlr = 0.05\n"
    );
    let file = write(folder.path(), "mine.toml", &toml);
    let (out, _) = expect(&["run", &file, "--format", "json"], 0);
    assert_eq!(lines(&out).last().unwrap()["summary"]["test_accuracy"], 1);
}

#[test]
fn snapshots_are_pictures_or_text() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (svg, txt) = (file("a.svg"), file("a.txt"));
    for out in [&svg, &txt] {
        expect(&["snapshot", "iris", "--steps", "20", "--size", "100x30", "--out", out], 0);
    }
    assert!(fs::read_to_string(svg).unwrap().starts_with("<svg"));
    let text = fs::read_to_string(txt).unwrap();
    assert_eq!(text.lines().count(), 30);
    assert!(text.contains("step      20"), "{text}");
    for (name, size) in [("a.png", "100x30"), ("a.svg", "100"), ("a.svg", "0x5")] {
        expect(&["snapshot", "iris", "--steps", "1", "--size", size, "--out", &file(name)], 2);
    }
    let nowhere = file("none/a.svg");
    let (_, err) = expect(&["snapshot", "iris", "--steps", "1", "--out", &nowhere], 1);
    assert!(err.contains("none/a.svg"), "{err}");
}

/// The screens open with things that come with the program, whatever lies in the folder.
#[test]
fn files_called_like_what_the_screens_open_with_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("ravine"), "no walk").unwrap();
    let args = ["snapshot", "iris", "--steps", "1", "--screen", "train", "--out", "a.txt"];
    expect_in(folder.path(), &args, 0);
}

#[test]
fn gradients_are_right() {
    for name in ["digits", "optimizer-per-layer", "moons/8-gelu/8-softmax/2-softmax"] {
        let (out, _) = expect(&["check-gradients", name, "--format", "json"], 0);
        let report: Value = serde_json::from_str(&out).unwrap();
        assert_eq!(report["passes"], true, "{name}: {out}");
        let tensors = report["tensors"].as_array().unwrap();
        assert!(tensors.len() >= 4 && tensors.iter().all(|t| t["tried"].as_u64() > Some(0)));
    }
}

#[test]
fn what_is_wrong_with_a_run_is_said_with_its_remedy() {
    let recipe = "circles/8-relu/8-relu+normal:mean=-1,std=0.1/2-softmax/steps=300";
    let (_, err) = expect(&["run", recipe], 0);
    let first = err.lines().next().unwrap();
    assert!(
        first.starts_with("diagnosis: layer 2: 8 of 8 units are dead (Maas et al. 2013"),
        "{err}"
    );
    assert!(first.ends_with("; try layers.2.activation=leaky_relu"), "{err}");
    let (out, err) = expect(&["run", recipe, "--format", "json"], 0);
    assert_eq!(err, "");
    let found = lines(&out).last().unwrap()["summary"]["diagnosis"][0].clone();
    assert_eq!(found["name"], "dead_units");
    assert_eq!(found["layers"], serde_json::json!([2]));
    assert_eq!((&found["first_step"], &found["last_step"]), (&0.into(), &300.into()));
    assert_eq!(found["at_end"], true);
    let remedy = found["remedy"].as_str().unwrap();
    let (out, err) = expect(&["run", recipe, "--set", remedy], 0);
    assert!(!err.contains("dead"), "{out}{err}");
}

#[test]
fn nothing_is_said_of_a_run_that_learns() {
    let (out, err) = expect(&["run", "iris"], 0);
    assert_eq!(err, "", "{out}");
    let (out, _) = expect(&["run", "iris", "--format", "json"], 0);
    assert_eq!(lines(&out).last().unwrap()["summary"]["diagnosis"], serde_json::json!([]));
}
