//! `gradlab predict` through the real program.

#![expect(clippy::unwrap_used, reason = "a test that panics fails, as it should")]

use std::fs;
use std::path::Path;

use ndarray::{Array1, Array2};
use ndarray_npy::NpzReader;
use serde_json::Value;

use super::program::expect_in as expect;

const WINE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/wine_like.csv");

/// The cells of CSV without quotes.
fn cells(text: &str) -> Vec<Vec<&str>> {
    text.lines().map(|line| line.split(',').collect()).collect()
}

fn numbers(row: &[&str]) -> Vec<f64> {
    row.iter().map(|cell| cell.parse().unwrap()).collect()
}

/// A network trained on the wines, whose file is gone since.
fn trained_on_wine(folder: &Path) {
    fs::copy(WINE, folder.join("wine.csv")).unwrap();
    let recipe = "csv=wine.csv,target=quality/3-tanh/1-identity/steps=300";
    let (_, err) = expect(folder, &["run", recipe, "--out", "wine"], 0);
    assert!(err.contains("target `quality` standardised"), "{err}");
    fs::remove_file(folder.join("wine.csv")).unwrap();
}

/// scikit-learn 1.9.1 on the 28 training rows of seed 0: `StandardScaler().fit` has the means
/// 7.878571428571429, 0.68, 11.164285714285713 and deviations 1.9486913452837196,
/// 0.24210387381098575, 1.6004941838860465; the target's are 3.32714286 and 0.8294269. It makes
/// (7.0, 0.5, 10.5) the numbers below, and `OneHotEncoder` has the categories red, rose, white.
#[test]
fn values_are_those_of_a_written_out_forward_pass() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    trained_on_wine(folder);
    // Another order, another separator and a column that was not there.
    let new = "alcohol,colour,volatile acidity,year,fixed acidity\n\
               10.5,red,0.5,1999,7\n12,white,0.3,2001,8.5\n";
    fs::write(folder.join("new.csv"), new).unwrap();
    let (out, err) = expect(folder, &["predict", "wine", "new.csv"], 0);
    assert!(err.contains("left aside: year"), "{err}");
    let table = cells(&out);
    assert_eq!(table[0], ["quality"]);
    let scaled = [
        [-0.450_852_019_586, -0.743_482_527_423, 1.0, 0.0, 0.0, -0.415_050_376_923],
        [0.318_895_330_927, -1.569_574_224_561, 0.0, 0.0, 1.0, 0.522_160_151_613],
    ];
    let mut npz = NpzReader::new(fs::File::open(folder.join("wine/weights.npz")).unwrap()).unwrap();
    let mut matrix = |name: &str| -> Array2<f32> { npz.by_name(name).unwrap() };
    let (w1, w2) = (matrix("layer1.weight"), matrix("layer2.weight"));
    let mut vector = |name: &str| -> Array1<f32> { npz.by_name(name).unwrap() };
    let (b1, b2) = (vector("layer1.bias"), vector("layer2.bias"));
    for (row, x) in table[1..].iter().zip(scaled) {
        let hidden: Vec<f64> = (0..3)
            .map(|unit| {
                let sum = x.iter().enumerate().map(|(i, x)| f64::from(w1[(unit, i)]) * x);
                (sum.sum::<f64>() + f64::from(b1[unit])).tanh()
            })
            .collect();
        let sum = hidden.iter().enumerate().map(|(i, h)| f64::from(w2[(0, i)]) * h);
        let z = sum.sum::<f64>() + f64::from(b2[0]);
        let expected = z * 0.829_426_898_28 + 3.327_142_857_14;
        let found = numbers(row)[0];
        assert!((found - expected).abs() < 1e-5, "{found} {expected}");
    }
    // Into a file as well.
    let (nothing, _) = expect(folder, &["predict", "wine", "new.csv", "--out", "p.csv"], 0);
    assert_eq!((nothing.as_str(), fs::read_to_string(folder.join("p.csv")).unwrap()), ("", out));
}

#[test]
fn what_does_not_fit_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    trained_on_wine(folder);
    let predict = |text: &str, code: i32| {
        fs::write(folder.join("new.csv"), text).unwrap();
        expect(folder, &["predict", "wine", "new.csv"], code)
    };
    let (_, err) = predict("alcohol,colour\n10.5,red\n", 2);
    assert!(err.contains("no column called `fixed acidity` or `volatile acidity`"), "{err}");
    let header = "fixed acidity;volatile acidity;colour;alcohol\n";
    let (_, err) = predict(&format!("{header}7;0.5;red;10.5\n7;0.5;green;10.5\n"), 2);
    assert!(err.contains("line 3") && err.contains("`colour`") && err.contains("green"), "{err}");
    let (_, err) = predict(&format!("{header}7;0.5;red;strong\n"), 2);
    assert!(err.contains("line 2") && err.contains("strong"), "{err}");
    // A row with a missing cell has no prediction, and the others keep their places.
    let (out, err) = predict(&format!("{header}7;0.5;red;10.5\n7;;red;10.5\n7;0.5;red;10.5\n"), 0);
    let table = cells(&out);
    assert_eq!((table.len(), table[2][0]), (4, "\"\""));
    assert_eq!(table[1], table[3]);
    assert!(err.contains("1 of 3 rows have no prediction") && err.contains("line 3"), "{err}");

    let (_, err) = expect(folder, &["predict", ".", "new.csv"], 2);
    assert!(err.contains("model.json") && err.contains("gradlab run"), "{err}");
    let (_, err) = expect(folder, &["predict", "wine", "none.csv"], 2);
    assert!(err.contains("there is no `none.csv`"), "{err}");
    let (_, err) = expect(folder, &["predict", "wine", "."], 2);
    assert!(err.contains("is no regular file"), "{err}");
    // The weights of another run.
    expect(folder, &["run", "moons", "--steps", "3", "--out", "moons"], 0);
    fs::copy(folder.join("moons/weights.npz"), folder.join("wine/weights.npz")).unwrap();
    let (_, err) = expect(folder, &["predict", "wine", "new.csv"], 2);
    assert!(err.contains("the weights do not belong to it"), "{err}");
    for broken in ["", "{}", "{\"version\": 99}", "[1"] {
        fs::write(folder.join("wine/model.json"), broken).unwrap();
        let (_, err) = expect(folder, &["predict", "wine", "new.csv"], 2);
        assert!(err.contains("model.json"), "{err}");
    }
}

/// In evaluation: running statistics, no dropout, averages of weights. The accuracy over a whole
/// table is that which the run itself reports for both parts together.
#[test]
fn classes_are_those_that_the_run_evaluates() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let iris = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/data/iris.csv")).unwrap();
    fs::write(folder.join("iris.csv"), &iris).unwrap();
    let recipe = "iris/8-relu+batch_norm+dropout=0.3/3-softmax/steps=60,ema=0.9";
    expect(folder, &["run", recipe, "--out", "flowers"], 0);
    let (out, _) = expect(folder, &["predict", "flowers", "iris.csv"], 0);
    let table = cells(&out);
    assert_eq!(table[0], ["class", "p(setosa)", "p(versicolor)", "p(virginica)"]);
    let header: Vec<&str> = iris.lines().next().unwrap().split(',').collect();
    let label = header.iter().position(|name| *name == "label").unwrap();
    let truth = iris.lines().skip(1).map(|line| line.split(',').nth(label).unwrap());
    let mut right = 0;
    for (row, truth) in table[1..].iter().zip(truth) {
        let p = numbers(&row[1..]);
        assert!((p.iter().sum::<f64>() - 1.0).abs() < 1e-6);
        let best = (0..3).max_by(|&a, &b| p[a].total_cmp(&p[b])).unwrap();
        assert_eq!(table[0][best + 1], format!("p({})", row[0]));
        right += usize::from(row[0] == truth);
    }
    let summary = fs::read_to_string(folder.join("flowers/summary.json")).unwrap();
    let summary: Value = serde_json::from_str(&summary).unwrap();
    let share = |key: &str| summary[key].as_f64().unwrap();
    let expected = share("train_accuracy") * 105.0 + share("test_accuracy") * 45.0;
    assert_eq!(right as f64, expected.round());
}

/// A sequence is a row with a column for each input of each step.
#[test]
fn a_sequence_is_predicted_by_what_was_trained_on_sequences() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let layers = "gru:8,return_sequences=true/lstm:8/4-softmax";
    let recipe = format!("recall:length=4,samples=400,noise=0.1/{layers}/steps=300");
    let recipe = format!("{recipe},optimizer=adam,lr=0.02");
    expect(folder, &["run", &recipe, "--out", "run"], 0);
    let columns = (1..=4).flat_map(|step| (0..4).map(move |class| format!("s{class}_{step}")));
    let mut file = columns.collect::<Vec<_>>().join(",");
    for class in [2, 0, 3, 1] {
        let row: Vec<_> = (0..16).map(|at| if at == class { "1" } else { "0" }).collect();
        file += &format!("\n{}", row.join(","));
    }
    fs::write(folder.join("new.csv"), file + "\n").unwrap();
    let (out, _) = expect(folder, &["predict", "run", "new.csv"], 0);
    let classes: Vec<_> = cells(&out)[1..].iter().map(|row| row[0].to_owned()).collect();
    assert_eq!(classes, ["2", "0", "3", "1"]);
    // A model that says of its features what cannot be.
    let model = fs::read_to_string(folder.join("run/model.json")).unwrap();
    for steps in ["0", "3", "18446744073709551615"] {
        let broken = model.replace("\"steps\": 4", &format!("\"steps\": {steps}"));
        fs::write(folder.join("run/model.json"), broken).unwrap();
        let (_, err) = expect(folder, &["predict", "run", "new.csv"], 2);
        assert!(err.contains("16 features are not"), "{err}");
    }
    for kind in ["dense", "rnn"] {
        let broken = model.replace("gru:return_sequences=true", kind);
        fs::write(folder.join("run/model.json"), broken).unwrap();
        let (_, err) = expect(folder, &["predict", "run", "new.csv"], 2);
        assert!(err.contains("model.json"), "{err}");
    }
}

#[test]
fn every_kind_of_output_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("plane.csv"), "x2,x1\n0.1,0.2\n-0.4,0.3\n").unwrap();
    let predict = |recipe: &str| {
        let _ = fs::remove_dir_all(folder.join("run"));
        expect(folder, &["run", recipe, "--steps", "200", "--out", "run"], 0);
        expect(folder, &["predict", "run", "plane.csv"], 0).0
    };
    let out = predict("plane/1/optimizer=adam,lr=0.05");
    for (row, expected) in cells(&out)[1..].iter().zip([0.15, -0.05]) {
        assert!((numbers(row)[0] - expected).abs() < 0.1, "{out}");
    }
    for (loss, units, heading) in [
        ("bce", 1, "class,p(0),p(1)"),
        ("mse", 1, "class,p(0),p(1)"),
        ("poisson_nll", 1, "class,p(0),p(1)"),
        ("cross_entropy", 2, "class,p(0),p(1)"),
        ("multi_margin", 1, "class,score(0),score(1)"),
        ("multi_margin", 2, "class,score(0),score(1)"),
    ] {
        let out = predict(&format!("moons/4-tanh/{units}/loss={loss}"));
        let table = cells(&out);
        assert_eq!(table[0].join(","), heading, "{loss}");
        for row in &table[1..] {
            let p = numbers(&row[1..]);
            assert_eq!(row[0], if p[1] > p[0] { "1" } else { "0" }, "{loss}: {row:?}");
        }
    }
    // Counts, not their logarithms.
    let counts = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/counts.csv");
    fs::copy(counts, folder.join("counts.csv")).unwrap();
    let recipe = "csv=counts.csv,target=count/1/loss=poisson_nll,steps=3000,optimizer=adam,lr=0.02";
    expect(folder, &["run", recipe, "--out", "counts"], 0);
    fs::write(folder.join("x.csv"), "x\n0\n5.95\n").unwrap();
    let (out, _) = expect(folder, &["predict", "counts", "x.csv"], 0);
    let table = cells(&out);
    // On all rows scikit-learn's PoissonRegressor(alpha=0) has 2.806 and 18.444.
    assert!((numbers(&table[1])[0] / 2.806 - 1.0).abs() < 0.2, "{out}");
    assert!((numbers(&table[2])[0] / 18.444 - 1.0).abs() < 0.2, "{out}");
}
