//! Cases from files: what is wrong with them is said, and where.

use super::{gradlab, program, with_case};

#[test]
fn a_missing_file_is_named() {
    for command in ["activation", "step"] {
        gradlab(&format!("{command} --input nowhere.json"))
            .refused(&["cannot read `nowhere.json`", "No such file"]);
    }
}

#[test]
fn stdin_is_a_file_called_dash() {
    let mut command = program();
    command.args(["step", "--input", "-", "--format", "json"]);
    command.write_stdin(r#"{"name": "sgd", "params": {"lr": 0.5}, "start": 1, "grads": [1]}"#);
    command.assert().code(0).stdout("{\"trajectory\":[0.5]}\n");
}

#[test]
fn malformed_cases_are_refused() {
    let cases: &[(&str, &str, &[&str])] = &[
        ("step", "{\"name\": \"sgd\",\n oops", &["not valid JSON", "line 2 column 2"]),
        ("step", "[1]", &["a case is an object, not a list"]),
        ("step", "{}", &["field `name` is missing"]),
        ("step", r#"{"name": 3}"#, &["`name` is 3, not a text"]),
        ("step", r#"{"name": "sgdd"}"#, &["no optimizer called `sgdd`", "`sgd`"]),
        ("step", r#"{"name": "sgd", "param": {}}"#, &["no field `param`; did you mean `params`?"]),
        ("step", r#"{"name": "sgd", "cases": []}"#, &["may have name, params, start, grads"]),
        ("step", r#"{"name": "sgd", "params": []}"#, &["`params` is a list, not an object"]),
        ("step", r#"{"name": "sgd", "params": {"lr": -1}}"#, &["`lr` of `sgd` is -1", "0 or more"]),
        ("step", r#"{"name": "sgd", "params": {"lr": null}}"#, &["`lr` is null"]),
        ("step", r#"{"name": "sgd", "params": {"rate": 1}}"#, &["no parameter `rate`"]),
        ("step", r#"{"name": "sgd", "params": {"nesterov": true}}"#, &["needs momentum"]),
        ("step", r#"{"name": "sgd", "grads": [1]}"#, &["field `start` is missing"]),
        ("step", r#"{"name": "sgd", "start": 1}"#, &["field `grads` must be a list"]),
        ("step", r#"{"name": "sgd", "start": [], "grads": []}"#, &["`start` is empty"]),
        (
            "step",
            r#"{"name": "sgd", "start": 1, "grads": [1, "x"]}"#,
            &["`grads[1]` is \"x\", not a finite number"],
        ),
        (
            "step",
            r#"{"name": "sgd", "start": [[1, 2]], "grads": [[[1, 2]], [[1], [2]]]}"#,
            &["gradient 2 is a 2 × 1 matrix, but the start is a 1 × 2 matrix"],
        ),
        ("activation", r#"{"name": "relu"}"#, &["field `x` is missing"]),
        ("activation", r#"{"name": "relu", "x": [[1, 2], [3]]}"#, &["`x[1]` has 1 numbers"]),
        (
            "activation",
            r#"{"name": "softmax", "x": [1, 2], "upstream": [1]}"#,
            &["the upstream gradient is a list of 1, but y is a list of 2"],
        ),
    ];
    for (command, case, messages) in cases {
        with_case(command, case).refused(messages);
    }
}
