//! Targets: which a loss may have, how they are scaled, and errors in their own units.

#![expect(clippy::unwrap_used, reason = "a test that panics fails, as it should")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use gradlab::catalog::{self, Kind};
use gradlab::data::{Features, Part, Scaling, Split, Target, TargetScale};
use gradlab::experiment::{self, Experiment, LayerSpec, changes, parse_recipe};
use gradlab::nn::activation::Shape;
use gradlab::nn::loss::{Pass, TABLE, Targets};
use gradlab::nn::simd::LANES;
use gradlab::train::{Problem, Session};
use ndarray::Array2;

/// An experiment on a file that is written for it.
fn on_file(folder: &Path, rows: &str, target: &str, more: &str) -> Result<Experiment, String> {
    fs::write(folder.join("data.csv"), rows).unwrap();
    let text = format!(
        "[data]\ncsv = \"data.csv\"\ntarget = \"{target}\"\n{more}\n[[layers]]\nunits = 1\n\
         activation = \"identity\"\n"
    );
    let path = folder.join("experiment.toml");
    fs::write(&path, text).unwrap();
    let loaded = experiment::load(path.to_str().unwrap()).map_err(|error| error.to_string())?;
    Ok(loaded.experiment)
}

/// Trains to the end and returns the last evaluation's training loss and errors.
fn trained(experiment: &Experiment, steps: u64) -> (f64, Option<f64>, Option<f64>) {
    let mut session = Session::new(experiment, Problem::load(experiment).unwrap());
    session.advance(steps, |_| {}).unwrap();
    let row = session.evaluate();
    (row.train_loss, row.train_rmse, row.test_rmse)
}

const FULL: &str = "[train]\nbatch_size = 1000\n[optimizer]\nname = \"lbfgs\"\nlr = 1.0\n";

/// Lines whose offsets and units leave nothing in single precision.
#[test]
fn too_early_into_f32() {
    let folder = tempfile::tempdir().unwrap();
    for (x_offset, x_unit, y_offset, y_unit) in [
        (1.7e9, 1.0, 0.5, 2.0),
        (1.7e9, 0.01, 1e9, 0.25),
        (-5e14, 1.0, 5e13, 1.0),
        (0.0, 1e-300, 0.0, 1e300),
        (0.0, 4e306, -1e15, 1.0),
        (1.0, 1e-10, 1.0, 1e-11),
    ] {
        let mut rows = "x,y\n".to_owned();
        for i in 0..40 {
            let i = f64::from(i);
            writeln!(rows, "{:?},{:?}", x_offset + x_unit * i, y_offset + y_unit * i).unwrap();
        }
        let experiment = on_file(folder.path(), &rows, "y", FULL).unwrap();
        let (loss, train, test) = trained(&experiment, 20);
        // Of a variance of 1; 1e-10 where rounding of the numbers themselves shows.
        assert!(loss < 1e-9, "{x_offset} {x_unit} {y_offset} {y_unit}: {loss}");
        // In the target's own units.
        for rmse in [train.unwrap(), test.unwrap()] {
            assert!(rmse < 1e-3 * y_unit, "{rmse} {y_unit}");
        }
    }
}

/// scikit-learn 1.9.1: `PoissonRegressor(alpha=0, tol=1e-12, solver="newton-cholesky")` on all rows
/// of counts.csv has the intercept 1.031914306024486, the slope 0.3164448898436638 and the mean loss
/// exp(z) − y·z of −10.465364657502304.
#[test]
fn poisson_nll_finds_the_optimum_on_raw_counts() {
    let folder = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/counts.csv"));
    let more = FULL.replace("[train]", "[train]\nloss = \"poisson_nll\"");
    let experiment = on_file(folder.path(), &text.unwrap(), "count", &more).unwrap();
    let dataset = experiment.data.load(0).unwrap();
    let Target::Values { values, names, .. } = &dataset.target else { panic!("values") };
    let scaling = Scaling::standardising(&dataset.x.column(0).to_vec());
    let part = || Part {
        name: dataset.name.clone(),
        x: dataset.x.mapv(|x| scaling.apply(x)).into_shared(),
        target: Target::Values {
            values: values.mapv(|y| y as f32),
            names: names.clone(),
            scaling: vec![Scaling::AsIs],
        },
        features: dataset.features.clone(),
        scaling: vec![scaling],
        image: None,
        shown: None,
        notes: Vec::new(),
    };
    let split = Split { train: part(), test: part() };
    let problem = Problem::new(split, (Features::default(), 1), TargetScale::Standardised);
    let mut session = Session::new(&experiment, problem.into());
    session.advance(40, |_| {}).unwrap();
    let row = session.evaluate();
    assert!((row.train_loss - -10.465_364_657_502_304).abs() < 1e-5, "{row:?}");
    let parameters = session.engine().parameters();
    let number = |name: &str| f64::from(parameters[0].get(name).unwrap()[(0, 0)]);
    let Scaling::By { offset, unit } = scaling else { panic!("standardised") };
    let slope = number("weight") / unit;
    let intercept = number("bias") - slope * offset;
    assert!((slope - 0.316_444_889_843_663_8).abs() < 1e-4, "{slope}");
    assert!((intercept - 1.031_914_306_024_486).abs() < 1e-3, "{intercept}");
    // The error is that of the expected counts, not of their logarithms.
    let expected: f64 = dataset
        .x
        .column(0)
        .iter()
        .zip(values)
        .map(|(x, y)| ((1.031_914_306_024_486 + 0.316_444_889_843_663_8 * x).exp() - y).powi(2))
        .sum();
    let expected = (expected / dataset.len() as f64).sqrt();
    assert!((row.train_rmse.unwrap() - expected).abs() < 1e-3, "{row:?} {expected}");
}

#[test]
fn the_real_data_keep_raw_targets_through_the_split() {
    let folder = tempfile::tempdir().unwrap();
    let rows: Vec<_> = (0..30).map(|i| format!("{i},{}.5\n", i % 7)).collect();
    let rows = rows.concat();
    let more = "[train]\nloss = \"poisson_nll\"\n";
    let it = on_file(folder.path(), &format!("x,y\n{rows}"), "y", more).unwrap();
    assert_eq!(it.target_scale(), TargetScale::Raw);
    let problem = Problem::load(&it).unwrap();
    assert_eq!(problem.target_scaling(), [Scaling::AsIs]);
    let targets = problem.train.target();
    assert!(targets.iter().all(|y| y.fract() == 0.5 && (0.5..=6.5).contains(y)), "{targets:?}");
}

#[test]
fn a_domain_ignored() {
    let folder = tempfile::tempdir().unwrap();
    let file = |y: &dyn Fn(i32) -> String| {
        (0..30).fold("x,y\n".to_owned(), |text, i| text + &format!("{i},{}\n", y(i)))
    };
    let negative = file(&|i| if i == 7 { "-0.5".into() } else { format!("{}.25", i % 5) });
    let shares = file(&|i| format!("0.{:02}", 3 * i));
    let beyond = file(&|i| format!("{}.5", i % 3));
    let huge = file(&|i| format!("{i}e300"));
    for (rows, loss, refusal) in [
        (
            &negative,
            "poisson_nll",
            Some("takes targets of 0 or more, but in line 9 of `data.csv` `y` is -0.5"),
        ),
        (&huge, "poisson_nll", Some("in line 3 of `data.csv` `y` is 1e300")),
        (&shares, "poisson_nll", None),
        (&shares, "bce", None),
        (&beyond, "bce", Some("takes targets from 0 to 1, but in line 3 of `data.csv` `y` is 1.5")),
        (&negative, "bce", Some("line 3 of `data.csv` `y` is 1.25")),
        (&shares, "focal", Some("`focal` is for classes, but `data.csv` has values to predict")),
        (&shares, "cross_entropy", Some("is for classes")),
        (&shares, "multi_margin", Some("is for classes")),
        (&huge, "mse", None),
        (&huge, "quantile", None),
    ] {
        let more = format!("[train]\nloss = \"{loss}\"\n");
        let found = on_file(folder.path(), rows, "y", &more);
        match (found, refusal) {
            (Ok(experiment), None) => {
                let mut session = Session::new(&experiment, Problem::load(&experiment).unwrap());
                session.advance(20, |_| {}).unwrap();
                assert!(session.evaluate().train_loss.is_finite(), "{loss}");
            }
            (Err(message), Some(expected)) => {
                assert!(message.contains(expected), "{message}");
                assert!(message.contains("use mse or l1"), "{message}");
            }
            (found, _) => panic!("{loss}: {found:?}"),
        }
    }
    let generated = parse_recipe("plane/1/loss=poisson_nll").unwrap_err().to_string();
    assert!(generated.contains("in row 3 of `plane` `y` is -0.03"), "{generated}");
}

/// Every loss on every task either trains, or is refused by a message that names what would do.
#[test]
fn every_loss_on_every_task() {
    for entry in TABLE {
        let key = entry.card.key;
        for (task, data) in [
            ("binary", "moons/4-tanh/1"),
            ("classes", "iris/4-tanh/3"),
            ("values", "plane/4-tanh/1"),
        ] {
            let values = task == "values";
            let suits = match entry.targets {
                _ if !values => !(key == "cross_entropy" && task == "binary"),
                targets => targets == Targets::Real,
            };
            match parse_recipe(&format!("{data}/loss={key},steps=30")) {
                Ok(loaded) => {
                    assert!(suits, "{key} on {task}");
                    let problem = Problem::load(&loaded.experiment).unwrap();
                    let mut session = Session::new(&loaded.experiment, problem);
                    session.advance(30, |_| {}).unwrap();
                    let row = session.evaluate();
                    assert!(row.test_loss.is_finite());
                    assert_eq!(row.test_accuracy.is_some(), !values, "{key} on {task}");
                    assert_eq!(row.test_rmse.is_some(), values, "{key} on {task}");
                    let odd = key == "poisson_nll";
                    assert_eq!(!loaded.warnings.is_empty(), odd, "{key} on {task}");
                }
                Err(error) => assert!(!suits && error.to_string().contains("use "), "{error}"),
            }
        }
    }
}

#[test]
fn outputs_that_cannot_reach_the_targets_are_noted() {
    for (recipe, expected) in [
        ("plane/1-relu", "it gives 0 or more, but the target goes from -"),
        ("plane/1-tanh", ""),
        ("sine:noise=0.3/1-tanh", "it gives -1 to 1, but the target goes from -1."),
        ("plane/1-sigmoid", "it gives 0 to 1"),
        ("plane/1-softplus", "it gives 0 or more"),
        ("plane/1-log_sigmoid", "it gives 0 or less"),
        ("plane/1-silu", "it gives -0.28 or more"),
        ("plane/1-leaky_relu", ""),
        ("plane/2-glu", ""),
        (
            "moons/1-sigmoid/loss=multi_margin",
            "gives 0 to 1, but `multi_margin` wants class 0 below 0",
        ),
        ("moons/1-tanh/loss=multi_margin", ""),
        ("moons/1-softplus/loss=poisson_nll", "applies exp itself"),
        ("moons/1/loss=poisson_nll", "is for counts"),
    ] {
        let loaded = parse_recipe(recipe).unwrap();
        let warnings: Vec<String> = loaded.warnings.iter().map(ToString::to_string).collect();
        assert_eq!(warnings.is_empty(), expected.is_empty(), "{recipe}: {warnings:?}");
        assert!(warnings.concat().contains(expected), "{recipe}: {warnings:?}");
    }
}

/// The targets of another scale are other data: nothing can go on from the present weights.
#[test]
fn a_loss_of_another_scale_is_no_live_edit() {
    let folder = tempfile::tempdir().unwrap();
    let rows: Vec<_> = (0..30).map(|i| format!("{i},{}.5\n", i % 7)).collect();
    let rows = rows.concat();
    let of = |loss: &str| {
        let more = format!("[train]\nloss = \"{loss}\"\n");
        on_file(folder.path(), &format!("x,y\n{rows}"), "y", &more).unwrap()
    };
    let live = |old: &str, new: &str| changes(&of(old), &of(new))[0].live();
    assert!(live("mse", "huber") && !live("mse", "poisson_nll") && !live("poisson_nll", "mse"));
    let classes = |loss: &str| parse_recipe(&format!("moons/1/loss={loss}")).unwrap().experiment;
    assert!(changes(&classes("bce"), &classes("poisson_nll"))[0].live());
}

#[test]
fn errors_are_in_the_units_of_the_target() {
    let folder = tempfile::tempdir().unwrap();
    // A network that has learned nothing: outputs of 0, which stand for the training rows' mean.
    let rows: Vec<_> = (0..50).map(|i| format!("{i},{:?}\n", 1e6 + f64::from(i * i))).collect();
    let rows = rows.concat();
    let it = on_file(folder.path(), &format!("x,y\n{rows}"), "y", "").unwrap();
    let it = Experiment {
        layers: it
            .layers
            .iter()
            .map(|layer| LayerSpec { init: Kind::Initializer.pick("zeros").ok(), ..layer.clone() })
            .collect(),
        ..it
    };
    let problem = Problem::load(&it).unwrap();
    let [Scaling::By { offset, unit }] = problem.target_scaling() else { panic!("standardised") };
    let row = Session::new(&it, problem.clone()).evaluate();
    assert!((row.train_rmse.unwrap() / unit - 1.0).abs() < 1e-6, "{row:?} {unit}");
    let test = problem.test.target().iter().map(|y| (f64::from(*y) * unit).powi(2));
    let expected = (test.sum::<f64>() / problem.test.len() as f64).sqrt();
    assert!((row.test_rmse.unwrap() / expected - 1.0).abs() < 1e-6);
    assert!(*offset > 1e6 && *unit > 100.0);
}

/// The hinge of one output is between −1 and 1, so that the classes meet at 0.
#[test]
fn a_single_output_under_multi_margin_changes_sides_at_0() {
    let loaded =
        parse_recipe("blobs:classes=2,spread=0.05/1/loss=multi_margin,optimizer=adam,lr=0.05");
    let it = loaded.unwrap().experiment;
    let mut session = Session::new(&it, Problem::load(&it).unwrap());
    session.advance(2000, |_| {}).unwrap();
    assert_eq!(session.evaluate().test_accuracy, Some(1.0));
    assert_eq!(catalog::loss(&it.train.loss).link.boundary(), 0.0);
}

/// The loss and its slopes of one sample.
fn single(spelling: &str, output: &[f32], target: &[f32]) -> (f64, Vec<f32>) {
    let pick = Kind::Loss.parse(spelling).unwrap();
    let spread = |row: &[f32]| -> Vec<f32> {
        row.iter().flat_map(|&x| std::iter::repeat_n(x, LANES)).collect()
    };
    let (output, target) = (spread(output), spread(target));
    let mut grad = vec![0.0; output.len()];
    let shape = Shape { units: output.len() / LANES, columns: LANES, batch: 1 };
    let pass = Pass { output: &output, target: &target, grad: &mut grad, shape };
    let loss = catalog::loss(&pick).build::<f32>(&pick).evaluate(pass);
    (loss, grad.into_iter().step_by(LANES).collect())
}

fn near(what: &str, found: f64, expected: f64) {
    let error = (found - expected).abs();
    assert!(error <= 2e-6 * expected.abs() + 1e-37, "{what}: {found:e}, not {expected:e}");
}

/// Sweeps of what cancels if it is written down naively, against other formulas in `f64`.
#[test]
fn losses_near_0_keep_their_digits() {
    near("log_cosh(1e-5)", single("log_cosh", &[1e-5], &[0.0]).0, 5e-11);
    near("bce at 30", single("bce", &[30.0], &[1.0]).0, f64::exp(-30.0));
    near(
        "cross_entropy at 30",
        single("cross_entropy", &[30.0, 0.0], &[1.0, 0.0]).0,
        f64::exp(-30.0),
    );
    let sizes = (-60..=19).map(|i| 10_f64.powf(f64::from(i) / 10.0) as f32);
    for x in sizes.flat_map(|x| [x, -x]) {
        let z = f64::from(x);
        let (loss, slope) = single("log_cosh", &[x], &[0.0]);
        let sinh = z.abs().min(300.0).sinh();
        near(&format!("log_cosh {x}"), loss, 0.5 * (sinh * sinh).ln_1p());
        near(&format!("log_cosh slope {x}"), slope[0].into(), z.tanh());
        for (y, sign) in [(1.0, -1.0), (0.0, 1.0)] {
            let (loss, slope) = single("bce", &[x], &[y]);
            near(&format!("bce {x} {y}"), loss, (sign * z).exp().ln_1p());
            near(&format!("bce slope {x} {y}"), slope[0].into(), sign / (1.0 + (-sign * z).exp()));
            let (loss, _) = single("focal", &[x], &[y]);
            let (wrong, weight) =
                (1.0 / (1.0 + (-sign * z).exp()), if y == 1.0 { 0.25 } else { 0.75 });
            near(
                &format!("focal {x} {y}"),
                loss,
                weight * wrong * wrong * (sign * z).exp().ln_1p(),
            );
        }
        let logits = [x, 0.0, 0.5 * x];
        for class in 0..3 {
            let target = [0, 1, 2].map(|k| if k == class { 1.0 } else { 0.0 });
            let (loss, slopes) = single("cross_entropy", &logits, &target);
            let odds = |k: usize| (f64::from(logits[k]) - f64::from(logits[class])).exp();
            let others: f64 = (0..3).filter(|&k| k != class).map(odds).sum();
            near(&format!("cross_entropy {x} {class}"), loss, others.ln_1p());
            for (k, slope) in slopes.into_iter().enumerate() {
                let share = if k == class { -others } else { odds(k) };
                near(&format!("slope {x} {class} {k}"), slope.into(), share / (1.0 + others));
            }
        }
    }
}

#[test]
fn what_is_not_finite_still_shows() {
    for (loss, output, target) in [
        ("bce", vec![f32::NAN], vec![1.0]),
        ("cross_entropy", vec![f32::INFINITY, 0.0], vec![1.0, 0.0]),
        ("cross_entropy", vec![f32::NAN, 0.0], vec![1.0, 0.0]),
        ("cross_entropy", vec![f32::NEG_INFINITY; 2], vec![1.0, 0.0]),
        ("log_cosh", vec![f32::NAN], vec![1.0]),
    ] {
        assert!(!single(loss, &output, &target).0.is_finite(), "{loss} {output:?}");
    }
}

/// More features than are scaled at a time, one of them constant.
#[test]
fn tables_are_scaled_column_by_column() {
    let folder = tempfile::tempdir().unwrap();
    let header: Vec<String> = (0..40).map(|i| format!("x{i}")).collect();
    let mut rows = format!("{},y\n", header.join(","));
    for row in 0..20 {
        let cells = (0..40).map(|i| if i == 5 { "3.5".into() } else { format!("{}.5", row * i) });
        writeln!(rows, "{},{row}.5", cells.collect::<Vec<_>>().join(",")).unwrap();
    }
    let it = on_file(folder.path(), &rows, "y", "").unwrap();
    let problem = Problem::load(&it).unwrap();
    let x: Array2<f64> = problem.split.train.x.mapv(f64::from);
    for (i, column) in x.columns().into_iter().enumerate() {
        let (mean, deviation) = (column.mean().unwrap(), column.std(0.0));
        assert!(mean.abs() < 1e-6, "{i}");
        let constant = i == 0 || i == 5;
        assert!((deviation - if constant { 0.0 } else { 1.0 }).abs() < 1e-6, "{i}: {deviation}");
    }
}
