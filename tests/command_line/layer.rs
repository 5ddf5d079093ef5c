//! `gradlab layer`: every reference case at its tolerances, and what it refuses.

#![expect(clippy::unwrap_used, reason = "a test that panics fails, as it should")]

use std::fs;

use serde_json::{Value, json};

use super::program::gradlab;

const REFERENCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reference/recurrent.json");

fn cases() -> Vec<Value> {
    let text = fs::read_to_string(REFERENCE).unwrap();
    let reference: Value = serde_json::from_str(&text).unwrap();
    reference["cases"].as_array().unwrap().clone()
}

/// Status, stdout and stderr of `gradlab layer` on a case.
fn layer(case: &Value) -> (i32, String, String) {
    let mut command = gradlab(&["layer", "--input", "-"]);
    let output = command.write_stdin(case.to_string()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// Compares all numbers, at whatever depth, within `absolute + relative·|b|`; returns how many.
fn compare(what: &str, a: &Value, b: &Value, (absolute, relative): (f64, f64)) -> usize {
    if let (Some(a), Some(b)) = (a.as_array(), b.as_array()) {
        assert_eq!(a.len(), b.len(), "{what}");
        let pairs = a.iter().zip(b).enumerate();
        return pairs
            .map(|(i, (a, b))| compare(&format!("{what}[{i}]"), a, b, (absolute, relative)))
            .sum();
    }
    let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
    assert!((a - b).abs() <= absolute + relative * b.abs(), "{what}: {a}, not {b}");
    1
}

#[test]
fn every_reference_case_is_met() {
    let mut kinds = Vec::new();
    for case in cases() {
        let what = format!("{} {}", case["name"], case["params"]);
        let (status, stdout, stderr) = layer(&case);
        assert_eq!(status, 0, "{what}: {stderr}");
        let answer: Value = serde_json::from_str(&stdout).unwrap();
        let outputs =
            compare(&format!("{what} output"), &answer["output"], &case["output"], (2e-6, 1e-5));
        assert!(outputs >= 60);
        for from in ["gradients_last", "gradients_all"] {
            for tensor in ["x", "weight_ih", "weight_hh", "bias_ih", "bias_hh"] {
                let what = format!("{what} {from} {tensor}");
                let (a, b) = (&answer[from][tensor], &case[from][tensor]);
                assert!(compare(&what, a, b, (1e-5, 1e-4)) > 0);
            }
        }
        kinds.push(case["name"].as_str().unwrap().to_owned());
    }
    kinds.dedup();
    assert_eq!(kinds, ["rnn", "gru", "lstm"]);
}

#[test]
fn gradients_are_only_of_what_is_given() {
    let mut case = cases().swap_remove(4);
    case.as_object_mut().unwrap().remove("upstream_last");
    let (_, stdout, _) = layer(&case);
    let answer: Value = serde_json::from_str(&stdout).unwrap();
    let keys: Vec<_> = answer.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["output", "gradients_all"]);
}

#[test]
fn what_is_no_such_layer_is_refused() {
    let base = cases().swap_remove(0);
    for (change, message) in [
        (json!({"name": "dense", "params": {}}), "`dense` takes no sequence"),
        (json!({"name": "lstn"}), "did you mean `lstm`?"),
        (json!({"params": {"activation": "gelu"}}), "one of tanh, relu"),
        (json!({"x": []}), "`x` is empty"),
        (json!({"x": [[[1.0, 2.0]], [[1.0]]]}), "`x[1]` has 1 steps of 1"),
        (json!({"x": [[[1.0]]]}), "`weight_ih` is a 3 × 2 matrix, but must be 3 × 1"),
        (json!({"name": "gru", "params": {}}), "must be 9 × 2"),
        (json!({"bias_hh": [1.0]}), "`bias_hh` is a list of 1, but must be a list of 3"),
        (json!({"upstream_last": [[1.0, 2.0, 3.0]]}), "`upstream_last` must be 4 × 3"),
        (json!({"upstream_all": [[[1.0]]]}), "`upstream_all` must be 4 × 5 × 3"),
        (json!({"state": 1}), "a case has no field `state`"),
    ] {
        let mut case = base.clone();
        for (key, value) in change.as_object().unwrap() {
            case[key] = value.clone();
        }
        let (status, stdout, stderr) = layer(&case);
        assert_eq!((status, stdout.as_str()), (2, ""), "{change}: {stderr}");
        assert!(stderr.contains(message), "{change}: {stderr}");
    }
}
