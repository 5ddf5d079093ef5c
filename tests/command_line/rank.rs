//! `gradlab rank` through the real program.

#![expect(clippy::unwrap_used, reason = "a test that panics fails, as it should")]

use std::fs;

use serde_json::Value;

use super::program::expect;

const REFERENCE: &str = include_str!("../reference/ranks.json");

/// What the program says of a file of this name and content, with more arguments.
fn rank(name: &str, content: &str, more: &[&str], code: i32) -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    let path = path.to_str().unwrap();
    let file: &[&str] = if name == "case.json" { &["--input", path] } else { &[path] };
    expect(&[&["rank"], file, more].concat(), code)
}

fn json(name: &str, content: &str, more: &[&str]) -> Value {
    let more = [more, &["--format", "json"]].concat();
    serde_json::from_str(&rank(name, content, &more, 0).0).unwrap()
}

#[test]
fn the_cases_come_out_as_numpy_has_them() {
    let file: Value = serde_json::from_str(REFERENCE).unwrap();
    for case in file["cases"].as_array().unwrap() {
        let found = json("case.json", &case.to_string(), &[]);
        for key in ["pairs", "adjusted_p", "worse_than", "rank_sets"] {
            // 0.03125 and 1 and 1.0 are the same numbers.
            assert_eq!(found[key].to_string(), case[key].to_string().replace(".0,", ","), "{key}");
        }
        let numbers = |value: &Value| -> Vec<f64> {
            value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
        };
        for (ours, theirs) in numbers(&found["t"]).iter().zip(numbers(&case["t"])) {
            assert!((ours - theirs).abs() <= 1e-9 * theirs.abs(), "{ours}, not {theirs}");
        }
    }
}

/// Eight seeds of three arms, the last of which is always far worse.
fn table() -> String {
    let mut text = "arm,seed,value,note\n".to_owned();
    for seed in 1..=8 {
        let noise = f64::from(seed * 37 % 11) / 100.0;
        let other = f64::from(seed * 53 % 7) / 60.0;
        text += &format!("adam,{seed},{},x\n", 0.1 + noise);
        text += &format!("rms,{seed},{},x\n", 0.1 + other);
        text += &format!("sgd,{seed},{},x\n", 0.5 + noise);
    }
    text
}

#[test]
fn a_table_is_ranked_and_told_in_words() {
    let (page, notes) = rank("results.csv", &table(), &[], 0);
    let verdict = "On 8 seeds, adam and rms cannot be told apart; sgd is worse than both.";
    assert!(page.replace("rms and adam", "adam and rms").contains(verdict), "{page}");
    assert!(notes.is_empty(), "{notes}");
    let found = json("results.csv", &table(), &[]);
    assert_eq!(found["rank_sets"].to_string(), "[[1,2],[1,2],[3,3]]");
    // As scores the order is the other way round.
    let found = json("results.csv", &table(), &["--higher"]);
    assert_eq!(found["rank_sets"].to_string(), "[[2,3],[2,3],[1,1]]");
}

#[test]
fn what_is_missing_or_diverged_is_said() {
    let holes = table() + "adam,9,0.1,x\nsgd,10,nan,x\nadam,10,0.1,x\nrms,10,0.1,x\n";
    let (_, notes) = rank("results.csv", &holes, &[], 0);
    assert!(notes.contains("1 seed is left out"), "{notes}");
    assert!(notes.contains("1 run has no value"), "{notes}");
}

#[test]
fn several_tasks_count_once_each() {
    let mut text = "task,arm,seed,value\n".to_owned();
    for task in ["a", "b", "c", "d", "e", "f"] {
        for seed in 0..3 {
            text += &format!("{task},one,{seed},0.1\n{task},two,{seed},0.{}\n", 3 + seed);
        }
    }
    let (page, _) = rank("results.csv", &text, &[], 0);
    assert!(page.contains("On 6 tasks, two is worse than one."), "{page}");
}

#[test]
fn bad_files_are_refused_with_their_place() {
    for (content, expected) in [
        ("arm,seed,loss\na,1,2\n", "line 1: there is no column `value`"),
        ("arm,seed,values\na,1,2\n", "is it the one named `values`?"),
        ("arm,seed,value\na,1,2\nb,1,x\n", "line 3: value `x` is no number"),
        ("arm,seed,value\na,1,2\na,1,3\n", "line 3: arm `a` has a value for seed `1` on line 2"),
        ("arm,seed,value\na,1,2\n", "there is one arm only"),
        ("arm,seed,value\na,1,2\nb,2,2\n", "on no seed does every arm have a value"),
        ("arm,seed,value\n,1,2\n", "line 2: column `arm` is empty"),
        ("arm,seed,value\na,1\n", "record 1"),
        ("", "line 1: there is no column `arm`"),
    ] {
        let (_, error) = rank("results.csv", content, &[], 2);
        assert!(error.contains(expected), "{content:?}: {error}");
    }
    for (content, expected) in [
        ("{}", "field `log_loss` is missing"),
        ("{\"log_loss\": [[1, 2], [3]]}", "log_loss"),
        ("{\"log_loss\": [[1, null]]}", "log_loss"),
    ] {
        let (_, error) = rank("case.json", content, &[], 2);
        assert!(error.contains(expected), "{content:?}: {error}");
    }
}
