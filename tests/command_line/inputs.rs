//! Features of the plane, painted points and bags of words through the real program.

#![expect(clippy::unwrap_used, reason = "a test that panics fails, as it should")]

use std::fs;
use std::path::Path;

use ndarray::{Array1, Array2};
use ndarray_npy::NpzReader;

use super::program::expect_in as expect;

fn weights(folder: &Path) -> Vec<u8> {
    fs::read(folder.join("weights.npz")).unwrap()
}

#[test]
fn a_network_of_features_predicts_by_them() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let recipe = "circles:features=x1^2+x2+x1x2+sin_x1/1-sigmoid/steps=200";
    let (_, err) = expect(folder, &["run", recipe, "--out", "run"], 0);
    assert!(!err.contains("error"), "{err}");
    fs::write(folder.join("new.csv"), "x2,x1\n0.5,-0.25\n-1.5,2\n").unwrap();
    let (out, _) = expect(folder, &["predict", "run", "new.csv"], 0);
    let mut npz = NpzReader::new(fs::File::open(folder.join("run/weights.npz")).unwrap()).unwrap();
    let w: Array2<f32> = npz.by_name("layer1.weight").unwrap();
    let b: Array1<f32> = npz.by_name("layer1.bias").unwrap();
    for (row, (x1, x2)) in out.lines().skip(1).zip([(-0.25_f64, 0.5_f64), (2.0, -1.5)]) {
        // In the order of the table, whatever was typed.
        let features = [x2, x1 * x1, x1 * x2, x1.sin()];
        let z: f64 = features.iter().zip(w.row(0)).map(|(x, w)| x * f64::from(*w)).sum();
        let p = 1.0 / (1.0 + (-z - f64::from(b[0])).exp());
        let found: f64 = row.split(',').next_back().unwrap().parse().unwrap();
        assert!((found - p).abs() < 1e-6, "{row}: {p}");
    }
    let (toml, _) = expect(folder, &["export", recipe, "--to", "toml"], 0);
    assert!(toml.contains("features = \"x2+x1^2+x1x2+sin_x1\""), "{toml}");
    fs::write(folder.join("same.toml"), &toml).unwrap();
    expect(folder, &["run", "same.toml", "--out", "same"], 0);
    assert!(weights(&folder.join("run")) == weights(&folder.join("same")));
}

#[test]
fn features_of_no_plane_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (data, reason) in [
        ("iris/3", "`iris` has 4 inputs"),
        ("sine/1", "`sine` has 1 input"),
        ("adding:length=2/1", "`adding` holds sequences"),
    ] {
        let (data, network) = data.split_once('/').unwrap();
        let mark = if data.contains(':') { ',' } else { ':' };
        let recipe = format!("{data}{mark}features=x1x2/{network}");
        let (_, err) = expect(folder.path(), &["run", &recipe], 2);
        assert!(err.contains(reason) && err.contains("or use data of the plane: spirals"), "{err}");
    }
    let (_, err) = expect(folder.path(), &["run", "xor/2", "--set", "data.features=x1+y"], 2);
    assert!(err.contains("there is no feature `y`") && err.contains("sin_2pi_x2"), "{err}");
    let (_, err) = expect(folder.path(), &["run", "xor/2", "--set", "data.features=3"], 2);
    assert!(err.contains("there is no feature `3`"), "{err}");
}

/// What is painted is a data set like any other: from a recipe, a TOML file, with points in lists of
/// their own, and as a CSV file it gives the same bits.
#[test]
fn painted_points_give_the_same_bits_in_every_form() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let points = [
        (0.123, -0.5, 3),
        (1.0, 0.25, 5),
        (-0.75, 2.5, 5),
        (0.1, 0.2, 3),
        (-0.3, 0.7, 9),
        (0.4, 0.4, 9),
        (1e-7, -12.0, 3),
    ];
    let list = points.map(|(x1, x2, class)| format!("{x1}:{x2}:{class}")).join(":");
    let network = "8-tanh/3-softmax/steps=150,batch_size=2,seed=4";
    expect(folder, &["run", &format!("painted:points={list}/{network}"), "--out", "recipe"], 0);
    let lists = points.map(|(x1, x2, class)| format!("[{x1}, {x2}, {class}]")).join(", ");
    let (toml, _) =
        expect(folder, &["export", &format!("blobs:classes=3/{network}"), "--to", "toml"], 0);
    let (before, rest) = toml.split_once("name = \"blobs\"").unwrap();
    let (_, after) = rest.split_once("test_fraction").unwrap();
    let nested = format!("{before}name = \"painted\"\npoints = [{lists}]\ntest_fraction{after}");
    fs::write(folder.join("nested.toml"), nested).unwrap();
    expect(folder, &["run", "nested.toml", "--out", "nested"], 0);
    let rows = points.map(|(x1, x2, class)| format!("{x1},{x2},{class}\n")).concat();
    fs::write(folder.join("points.csv"), format!("x1,x2,class\n{rows}")).unwrap();
    let csv = format!("csv=points.csv,target=class/{network}");
    expect(folder, &["run", &csv, "--out", "csv"], 0);
    for other in ["nested", "csv"] {
        assert!(weights(&folder.join("recipe")) == weights(&folder.join(other)), "{other}");
    }
}

#[test]
fn painted_points_that_are_no_data_set_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (points, reason) in [
        ("0:0", "give x1, x2 and class of each"),
        ("0:0:0:1:1:1", "there are 2 points: set 4 to 1000"),
        ("0:0:-1:1:1:1:2:2:1:3:3:0", "-1 is no class"),
        ("nan:0:0:1:1:1:2:2:1:3:3:0", "cannot be NaN"),
        ("1e9:0:0:1:1:1:2:2:1:3:3:0", "-1000000"),
    ] {
        let recipe = format!("painted:points={points}/2");
        let (_, err) = expect(folder.path(), &["run", &recipe], 2);
        assert!(err.contains(reason), "{err}");
    }
}

/// The separation that the preset tells of, on one seed: with a rate for each weight rare words are
/// learned, with one for all they are not.
#[test]
fn rare_words_are_learned_by_a_rate_for_each_weight() {
    let folder = tempfile::tempdir().unwrap();
    for (optimizer, learns) in [
        ("sgd:lr=0.03", false),
        ("sgd:lr=0.3", false),
        ("adagrad:lr=1", true),
        ("adam:lr=0.1", true),
    ] {
        let set = format!("optimizer={optimizer}");
        let args = ["run", "rare-words", "--set", &set, "--format", "json"];
        let (out, _) = expect(folder.path(), &args, 0);
        let last: serde_json::Value = serde_json::from_str(out.lines().last().unwrap()).unwrap();
        let accuracy = last["summary"]["test_accuracy"].as_f64().unwrap();
        assert_eq!(accuracy > 0.8, learns, "{optimizer}: {last}");
    }
}
