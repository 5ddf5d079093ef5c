//! Excerpts in the form of well-known files, each with a snapshot of what is said of it.

use super::{gradlab, summary, words};

/// What `gradlab data` says of a file; then the line that it ends with trains on it.
fn shown(file: &str, target: &str, settings: &[&str]) -> String {
    let path = format!("tests/data/classics/{file}");
    let mut args = vec!["data", path.as_str(), "--target", target];
    for setting in settings {
        args.extend(["--set", setting]);
    }
    let (code, out, err) = gradlab(&args);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    let next = out.lines().last().unwrap().trim();
    let line = words(next);
    let mut run: Vec<_> = line.iter().skip(1).map(String::as_str).collect();
    run.extend(["--steps", "40", "--format", "json"]);
    let (code, rows, err) = gradlab(&run);
    assert_eq!(code, 0, "{next}: {err}");
    let losses: Vec<_> = rows
        .lines()
        .filter_map(|line| {
            serde_json::from_str::<serde_json::Value>(line).ok()?["train_loss"].as_f64()
        })
        .collect();
    assert!(losses.last() < losses.first(), "{file} learns nothing: {losses:?}");
    assert_eq!(summary(&rows)["status"], "finished");
    out
}

/// The refusal of a file, and its own line, after which it trains.
fn refused_and_mended(file: &str, target: &str, layers: &str) -> String {
    let recipe = format!("csv=tests/data/classics/{file},target={target}/{layers}");
    let (code, out, err) = gradlab(&["run", &recipe, "--steps", "20"]);
    assert_eq!((code, out.as_str()), (2, ""));
    let (_, line) = err.split_once("--set ").unwrap();
    let setting = line.lines().next().unwrap().trim_matches('\'');
    let (code, _, later) = gradlab(&["run", &recipe, "--steps", "20", "--set", setting]);
    assert_eq!(code, 0, "{setting}: {later}");
    err
}

macro_rules! classic {
    ($name:ident, $file:literal, $target:literal $(, $setting:literal)*) => {
        #[test]
        fn $name() {
            insta::assert_snapshot!(shown($file, $target, &[$($setting),*]));
        }
    };
}

classic!(iris_has_no_header, "iris.data", "c5");
classic!(wine_quality_has_semicolons, "winequality-red.csv", "quality");
classic!(wine_quality_is_a_quantity, "winequality-red.csv", "quality", "data.task=regression");
classic!(auto_mpg_has_white_space_and_question_marks, "auto-mpg.data", "c1");
classic!(abalone_has_letters_and_rings, "abalone.data", "c9", "data.task=regression");
classic!(adult_has_spaces_after_commas, "adult.data", "c15");
classic!(adult_test_has_a_remark_and_points, "adult.test", "c15");
classic!(titanic_has_names_and_holes, "titanic.csv", "Survived");
classic!(titanic_can_keep_its_holes, "titanic.csv", "Survived", "data.missing=category");
classic!(mushroom_has_letters_only, "agaricus-lepiota.data", "c1", "data.missing=category");
classic!(seeds_have_runs_of_tabs, "seeds_dataset.txt", "c8");
classic!(banknote_has_no_header, "data_banknote_authentication.txt", "c5");

#[test]
fn titanic_is_refused_with_the_line_that_mends_it() {
    let err = refused_and_mended("titanic.csv", "Survived", "8-relu/2-softmax");
    for part in ["`Name`: texts that are all different", "`Ticket`", "`Cabin`: 30 of 40 cells"] {
        assert!(err.contains(part), "{part}: {err}");
    }
}

#[test]
fn car_names_are_refused_with_the_line_that_mends_them() {
    let err = refused_and_mended("auto-mpg.data", "c1", "8-relu/1-identity");
    assert!(err.contains("--set data.exclude=c9"), "{err}");
}
