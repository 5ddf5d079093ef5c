//! `gradlab curvature` through the real program.

#![expect(clippy::unwrap_used, reason = "a test that panics fails, as it should")]

use std::fs;

use serde_json::{Value, json};

use super::program::expect;

const REFERENCE: &str = include_str!("../reference/curvature.json");

fn cases() -> Vec<Value> {
    let file: Value = serde_json::from_str(REFERENCE).unwrap();
    file["cases"].as_array().unwrap().clone()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

fn of_case(case: &Value) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("case.json");
    fs::write(&path, case.to_string()).unwrap();
    let input = ["curvature", "--input", path.to_str().unwrap(), "--format", "json"];
    serde_json::from_str(&expect(&input, 0).0).unwrap()
}

#[test]
fn the_cases_come_out_as_pytorch_has_them() {
    for case in cases() {
        let found = of_case(&case);
        let near = |key: &str, relative: f64| {
            let (ours, theirs) = (found[key].as_f64().unwrap(), case[key].as_f64().unwrap());
            assert!(
                (ours - theirs).abs() <= relative * theirs.abs(),
                "{key}: {ours}, not {theirs}"
            );
        };
        near("value", 1e-12);
        near("trace", 1e-9);
        near("smallest_eigenvalue", 1e-9);
        near("preconditioned_largest", 1e-5);
        let norm = numbers(&case["gradient"]).iter().map(|x| x * x).sum::<f64>().sqrt();
        assert!((found["gradient_norm"].as_f64().unwrap() - norm).abs() <= 1e-12 * norm);
        for (key, tolerance) in [("hessian_times_direction", 1e-12), ("largest_eigenvalues", 1e-9)]
        {
            let (ours, theirs) = (numbers(&found[key]), numbers(&case[key]));
            assert_eq!(ours.len(), theirs.len(), "{key}");
            for (ours, theirs) in ours.iter().zip(&theirs) {
                assert!(
                    (ours - theirs).abs() <= tolerance * theirs.abs().max(1.0),
                    "{key}: {ours}"
                );
            }
        }
    }
}

#[test]
fn fewer_numbers_have_fewer_eigenvalues() {
    // (w·x + b − y)² at x = 1 and 3 curves by 2·[[mean x², mean x], [mean x, 1]].
    let case = json!({
        "layers": [1, 1], "activations": ["identity"], "loss": "mse",
        "x": [[1.0], [3.0]], "y": [0.0, 1.0], "parameters": [0.5, -1.0],
    });
    let found = of_case(&case);
    let root = 32.0_f64.sqrt();
    let largest = numbers(&found["largest_eigenvalues"]);
    assert_eq!(largest.len(), 2);
    assert!((largest[0] - (6.0 + root)).abs() < 1e-12 && (largest[1] - (6.0 - root)).abs() < 1e-12);
    assert_eq!(found["smallest_eigenvalue"], found["largest_eigenvalues"][1]);
    assert!((found["trace"].as_f64().unwrap() - 12.0).abs() < 1e-12);
    assert!(found.get("hessian_times_direction").is_none(), "{found}");
}

#[test]
fn bad_cases_say_what_and_where() {
    let good = cases().remove(1);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("case.json");
    for (key, value, message) in [
        ("layers", json!([3]), "`layers` must be of two or more whole numbers"),
        ("layers", json!([3, 2.5, 1]), "`layers` must be of two or more whole numbers"),
        ("activations", json!(["sigmoid"]), "`activations` has 1 names, but there are 2 layers"),
        ("activations", json!(["sigmoid", 3]), "`activations[1]` is 3, not a text"),
        ("activations", json!(["sigmod", "identity"]), "did you mean `sigmoid`?"),
        ("loss", json!("mze"), "did you mean `mse`?"),
        ("parameters", json!([1, 2]), "`parameters` has 2 numbers, but the network has"),
        ("direction", json!([1]), "`direction` has 1 numbers"),
        ("second_moment", json!("x"), "`second_moment` is \"x\", not a finite number"),
        ("x", json!([[1, 2]]), "`x` has 2 columns, but there are 3 inputs"),
        ("y", json!([[1]]), "`y` has 1"),
        ("z", json!(1), "a case has no field `z`"),
    ] {
        let mut case = good.clone();
        case[key] = value;
        fs::write(&path, case.to_string()).unwrap();
        let (_, err) = expect(&["curvature", "--input", path.to_str().unwrap()], 2);
        assert!(err.contains(message) && err.contains("case.json"), "{key}: {err}");
    }
}

#[test]
fn a_run_says_how_near_its_rates_are_to_what_they_can_take() {
    let plane = "plane/1-identity/loss=mse,batch_size=350,optimizer=sgd,lr=0.5,seed=1";
    let (out, _) = expect(&["curvature", plane, "--steps", "20", "--format", "json"], 0);
    let found: Value = serde_json::from_str(&out).unwrap();
    let largest = found["largest_eigenvalues"][0].as_f64().unwrap();
    let layer = &found["layers"][0];
    assert_eq!((&layer["optimizer"], &layer["threshold"]), (&json!("sgd"), &json!(4)));
    assert!((layer["sharpness"].as_f64().unwrap() / largest - 1.0).abs() < 1e-6, "{layer}");
    let (text, _) = expect(&["curvature", plane, "--steps", "20"], 0);
    assert!(text.contains("At this point the largest stable rate is"), "{text}");
    assert!(!text.contains("no threshold that holds"), "{text}");
    // A rule without a theory has forward passes instead.
    let lion = plane.replace("sgd", "lion");
    let (out, _) = expect(&["curvature", &lion, "--steps", "20", "--format", "json"], 0);
    let found: Value = serde_json::from_str(&out).unwrap();
    assert!(found["layers"][0]["threshold"].is_null() && found["layers"][0]["sharpness"].is_null());
    assert!(found.get("critical_factor").is_some(), "{found}");
    let (_, err) = expect(&["curvature", "plane/1-identity/loss=mse,optimizer=sgd,lr=50"], 3);
    assert!(err.contains("the run diverged"), "{err}");
}
