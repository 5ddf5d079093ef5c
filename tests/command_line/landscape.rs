//! `gradlab landscape` through the real program.

#![expect(clippy::unwrap_used, reason = "a test that panics fails, as it should")]

use std::fs;

use serde_json::Value;

use super::program::{expect, lines};

const MOONS: &str = "moons/8-tanh/2-softmax/seed=1,steps=60,optimizer=adam";

fn json(args: &[&str]) -> Value {
    let all = [&["landscape"], args, &["--format", "json"]].concat();
    serde_json::from_str(&expect(&all, 0).0).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

#[test]
fn the_last_point_is_the_centre_and_has_the_loss_of_the_run() {
    let (run, _) = expect(&["run", MOONS, "--format", "json"], 0);
    let expected = lines(&run).last().unwrap().clone();
    let train_loss = lines(&run)
        .iter()
        .rev()
        .find_map(|row| row.get("train_loss").and_then(Value::as_f64))
        .unwrap_or_else(|| panic!("{expected}"));
    for plane in ["random", "trajectory", "hessian"] {
        let found = json(&[MOONS, "--plane", plane, "--size", "9x6"]);
        let keys: Vec<&str> = found.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys[..6], ["plane", "variance", "x", "y", "loss", "path"]);
        assert_eq!(found["plane"], plane);
        assert_eq!(found["eigenvalues"].is_array(), plane == "hessian");
        let (x, y) = (numbers(&found["x"]), numbers(&found["y"]));
        assert_eq!((x.len(), y.len()), (9, 6));
        let rows = found["loss"].as_array().unwrap();
        assert!(rows.len() == 6 && rows.iter().all(|row| numbers(row).len() == 9));
        let zero = |places: &[f64]| places.iter().position(|x| *x == 0.0).unwrap();
        let path = found["path"].as_array().unwrap();
        let (first, last) = (&path[0], path.last().unwrap());
        assert_eq!((&first["step"], &last["step"]), (&Value::from(0), &Value::from(60)));
        assert_eq!(last["loss"], rows[zero(&y)][zero(&x)]);
        assert_eq!((&last["plane_loss"], &last["x"]), (&last["loss"], &Value::from(0)));
        assert!((last["loss"].as_f64().unwrap() - train_loss).abs() < 1e-9, "{train_loss}");
        let held: f64 = numbers(&found["variance"]).iter().sum();
        assert!((0.0..=1.0 + 1e-9).contains(&held), "{held}");
    }
}

#[test]
fn the_same_line_gives_the_same_bytes() {
    for format in ["text", "json", "csv", "svg"] {
        let args = ["landscape", MOONS, "--steps", "30", "--size", "12x8", "--format", format];
        let (first, _) = expect(&args, 0);
        assert_eq!(first, expect(&args, 0).0, "{format}");
    }
}

#[test]
fn text_csv_and_svg() {
    let args = ["landscape", MOONS, "--steps", "30", "--size", "12x8"];
    let (text, _) = expect(&args, 0);
    for part in ["true loss here", "plane's loss", "variance of the path", "42 trained numbers"] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let (csv, _) = expect(&[&args[..], &["--format", "csv"]].concat(), 0);
    let rows: Vec<Vec<&str>> = csv.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(rows[0].join(","), "kind,step,x,y,loss,plane_loss");
    assert!(rows.iter().all(|row| row.len() == 6));
    let count = |kind: &str| rows.iter().filter(|row| row[0] == kind).count();
    assert_eq!((count("grid"), count("path") > 2), (12 * 8, true));
    let (svg, _) = expect(&[&args[..], &["--format", "svg"]].concat(), 0);
    roxmltree::Document::parse(&svg).unwrap();
}

#[test]
fn a_short_part_of_a_long_run_has_a_path() {
    let long = "moons/8-tanh/2-softmax/seed=1,steps=20000,optimizer=adam";
    let steps = |found: &Value| -> Vec<u64> {
        let path = found["path"].as_array().unwrap();
        path.iter().map(|point| point["step"].as_u64().unwrap()).collect()
    };
    let short = json(&[long, "--steps", "40", "--size", "3x3"]);
    assert_eq!(steps(&short), (0..=40).collect::<Vec<u64>>());
    let sparse = json(&[long, "--steps", "40", "--size", "3x3", "--set", "train.eval_every=15"]);
    assert_eq!(steps(&sparse), [0, 15, 30, 40]);
    let many = json(&[long, "--steps", "400", "--size", "3x3"]);
    let kept = steps(&many);
    assert!(kept.len() <= 129 && kept[..3] == [0, 4, 8] && kept.last() == Some(&400), "{kept:?}");
}

#[test]
fn without_a_path_the_plane_is_random() {
    let found = json(&[MOONS, "--steps", "0", "--size", "5x5"]);
    assert_eq!((&found["plane"], &found["variance"]), (&Value::from("random"), &Value::Null));
    assert_eq!(numbers(&found["x"]), [-1.0, -0.5, 0.0, 0.5, 1.0]);
    let none = ["landscape", MOONS, "--steps", "0", "--plane", "trajectory"];
    let (_, err) = expect(&none, 2);
    assert!(err.contains("there is no path yet: train for some steps"), "{err}");
}

#[test]
fn a_run_that_diverges_is_mapped_as_far_as_it_came() {
    let wild = "plane/1-identity/loss=mse,optimizer=sgd,lr=50,seed=1";
    let args = ["landscape", wild, "--plane", "random", "--size", "4x4", "--format", "json"];
    let (out, err) = expect(&args, 3);
    let found: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(found["loss"].as_array().unwrap().len(), 4);
    assert!(err.contains("diverged"), "{err}");
}

#[test]
fn edits_rows_and_settings_count() {
    let plain = json(&[MOONS, "--size", "3x3"]);
    let few = json(&[MOONS, "--size", "3x3", "--rows", "20"]);
    assert_ne!(plain["loss"], few["loss"]);
    let edited = json(&[MOONS, "--size", "3x3", "--edit", "30:optimizer=sgd:lr=0.5"]);
    assert_ne!(plain["path"], edited["path"]);
    let other = json(&[MOONS, "--size", "3x3", "--set", "layers.1.units=4"]);
    assert_ne!(plain["loss"], other["loss"]);
    // An activation that learns something is of another space: the path begins where it came.
    let prelu = json(&[MOONS, "--size", "3x3", "--edit", "30:layers.1.activation=prelu"]);
    let first = prelu["path"][0]["step"].as_u64().unwrap();
    assert!(first >= 30, "{first}");
}

#[test]
fn bad_input_says_what_would_be_right() {
    for (args, message) in [
        (&["--size", "1x9"][..], "each 2 to 400"),
        (&["--size", "9"], "as in 40x40"),
        (&["--size", "401x401"], "each 2 to 400"),
        (&["--size", "99999999999999999999x3"], "each 2 to 400"),
        (&["--plane", "hesian"], "hessian"),
        (&["--rows", "0"], "0"),
        (&["--set", "layers.9.units=3"], "layers.9"),
        (&["--max-memory", "1kB"], "--max-memory"),
    ] {
        let (_, err) = expect(&[&["landscape", MOONS], args].concat(), 2);
        assert!(err.contains(message), "{args:?}: {err}");
    }
    let wide = "moons/3000-tanh/3000-tanh/2-softmax";
    let args = ["landscape", wide, "--plane", "hessian", "--max-memory", "1GB"];
    let (_, err) = expect(&args, 2);
    assert!(err.contains("the search for directions"), "{err}");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.toml");
    fs::write(&path, "seed = \"x\"").unwrap();
    expect(&["landscape", path.to_str().unwrap()], 2);
}
