use serde_json::{Value, json};

use super::{assert_close, gradlab, reference, with_case};

const EXACT: (f64, f64) = (1e-12, 0.0);

#[test]
fn one_step_of_adam() {
    let answer = gradlab("step adam:lr=0.01 --start 1.0 --grads 2.0 --format json").json();
    // 1 − 0.01·2/(2 + 10⁻⁸): bias correction makes the first step as long as the rate.
    assert_close(&answer["trajectory"], &json!([0.990_000_000_05]), EXACT);
}

#[test]
fn trajectories_computed_by_hand() {
    let cases = [
        ("sgd:lr=0.1 --start 1 --grads 2,-1", json!([0.8, 0.9])),
        ("sgd:lr=0.1,momentum=0.9 --start 1 --grads 2,2,2", json!([0.8, 0.42, -0.122])),
        ("sgd:lr=0.5 --start -1,2 --grads 2:-4,1:0", json!([[-2, 4], [-2.5, 4]])),
        ("adagrad:lr=1,eps=0 --start 0 --grads 3,4", json!([-1, -1.8])),
        ("adam:lr=0.1,betas=0:0,eps=0 --start 0 --grads -7,3", json!([0.1, 0])),
        ("adamw:lr=0.1,eps=0,weight_decay=0.5 --start 2 --grads 1", json!([1.8])),
    ];
    for (words, trajectory) in cases {
        let answer = gradlab(&format!("step {words} --format json")).json();
        assert_close(&answer["trajectory"], &trajectory, EXACT);
    }
}

#[test]
fn cases_from_files_agree_with_the_reference() {
    let cases = [reference("optimizers.json"), reference("optimizers_extra.json")].concat();
    assert!(cases.len() >= 50, "only {} cases", cases.len());
    for case in cases {
        let answer = with_case("step", &case.to_string()).json();
        assert_eq!(answer.as_object().unwrap().len(), 1);
        // PyTorch runs Muon's Newton–Schulz iteration in bfloat16.
        let tolerance = if case["name"] == "muon" { (2e-2, 2e-2) } else { (1e-5, 1e-4) };
        assert_close(&answer["trajectory"], &case["trajectory"], tolerance);
    }
}

#[test]
fn text_is_a_worked_example() {
    let text = gradlab("step adam:lr=0.01 --start 1 --grads 2,1.5").text();
    // m = 0.9·0.2 + 0.1·1.5, v = 0.999·0.004 + 0.001·1.5²
    let expected = "
step 1  ∇L  2
        m   0 → 0.2
        v   0 → 0.004
        W   1 → 0.99 (change -0.01)
step 2  ∇L  1.5
        m   0.2 → 0.33
        v   0.004 → 0.006246
        W   0.99 → 0.9801742 (change -0.009825751)
";
    assert!(text.ends_with(expected), "{text}");
    assert!(text.starts_with("Adam\n") && text.contains("lr=0.01, betas=0.9:0.999"), "{text}");
}

#[test]
fn text_of_a_matrix_stays_within_80_columns() {
    let case = &reference("optimizers.json")[1];
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, case.to_string()).unwrap();
    let text = gradlab(&format!("step --input {}", file.path().display())).text();
    let widest = text.lines().map(|line| line.chars().count()).max();
    assert!(widest <= Some(80), "{widest:?}");
    assert!(text.contains("momentum  [[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]] →"), "{text}");
}

#[test]
fn a_step_into_infinity_is_null_and_exit_code_3() {
    let outcome = gradlab("step sgd:lr=1e308 --start 1 --grads 0,100,1 --format json");
    assert_eq!(outcome.code, Some(3), "{outcome:?}");
    assert_eq!(outcome.stdout, "{\"trajectory\":[1,null,null]}\n");
    assert_eq!(outcome.stderr, "note: not finite from step 2 on\n");
}

#[test]
fn refuses_what_makes_no_sense() {
    let cases: &[(&str, &[&str])] = &[
        ("adm --start 1 --grads 1", &["no optimizer called `adm`", "did you mean `adam`?"]),
        ("adam:lr=-1 --start 1 --grads 1", &["`lr` of `adam` is -1", "0 or more"]),
        ("adam:betas=0.9:1 --start 1 --grads 1", &["0 up to but not including 1"]),
        ("adam:betas=0.9 --start 1 --grads 1", &["2 numbers"]),
        ("adam:amsgrad=yes --start 1 --grads 1", &["true or false"]),
        ("sgd:nesterov=true --start 1 --grads 1", &["nesterov needs momentum"]),
        ("sgd:lr=1,lr=2 --start 1 --grads 1", &["`sgd`: `lr` is given twice"]),
        ("sgd:lrr=1 --start 1 --grads 1", &["did you mean `lr`?"]),
        ("sgd --start 1,2 --grads 1", &["gradient 1 is one number, but the start is a list of 2"]),
        ("sgd --start 1 --grads 1,2:3", &["gradient 2 is a list of 2"]),
        ("sgd --start 1,2 --grads 1:2,3:y", &["list 2, `3:y`: element 2, `y`"]),
        ("sgd --start 1", &["--grads <G,…>"]),
        ("sgd --start 1 --grads 1 --start 2", &["cannot be used multiple times"]),
    ];
    for (words, messages) in cases {
        gradlab(&format!("step {words}")).refused(messages);
    }
}

const RUN: &str = "step moons/6-tanh/2-softmax/optimizer=adam,lr=0.02,seed=3 --steps 25";

#[test]
fn the_next_step_of_a_run_in_numbers() {
    let answer = gradlab(&format!("{RUN} --neuron 2 --weight 2 --sample 5 --format json")).json();
    assert_eq!(
        [&answer["step"], &answer["neuron"], &answer["weight"], &answer["sample"]],
        [&json!(26), &json!(2), &json!(2), &json!(5)]
    );
    let number = |value: &Value| value.as_f64().unwrap();
    let list =
        |name: &str| -> Vec<f64> { answer[name].as_array().unwrap().iter().map(number).collect() };
    // The neuron by hand.
    let sum: f64 = list("weights").iter().zip(list("inputs")).map(|(w, x)| w * x).sum();
    let z = number(&answer["z"]);
    assert!((sum + number(&answer["bias"]) - z).abs() < 1e-5, "{answer}");
    assert!((z.tanh() - number(&answer["a"])).abs() < 1e-5, "{answer}");
    // Adam by hand.
    let gradient = number(&answer["gradients"][0]["value"]);
    let [m, v] = ["m", "v"].map(|name| {
        let memory = &answer["memory"][name];
        assert_eq!(memory["of"], "weight");
        (number(&memory["before"]), number(&memory["after"]))
    });
    assert!((0.9 * m.0 + 0.1 * gradient - m.1).abs() < 1e-7, "{answer}");
    assert!((0.999 * v.0 + 0.001 * gradient * gradient - v.1).abs() < 1e-9, "{answer}");
    let corrected = [m.1 / (1.0 - 0.9_f64.powi(26)), v.1 / (1.0 - 0.999_f64.powi(26))];
    let moved = 0.02 * corrected[0] / (corrected[1].sqrt() + 1e-8);
    let (before, after) = (number(&answer["before"]), number(&answer["after"]));
    assert!((before - moved - after).abs() < 1e-6, "{answer}");
    // The same weight after one step more.
    let next = gradlab(&format!("{} --neuron 2 --weight 2 --format json", RUN.replace("25", "26")));
    assert_eq!(next.json()["before"], answer["after"]);
    let text = gradlab(&format!("{RUN} --weight 3")).text();
    for part in ["Step 26: neuron 1 of layer 1", "W ← W − α·m̂ / (√v̂ + ε)", "the bias", " → "]
    {
        assert!(text.contains(part), "no `{part}` in {text}");
    }
}

#[test]
fn places_that_are_not_in_the_network_are_refused() {
    for (words, part) in [
        ("--layer 3", "no layer 3; use --layer 1 to 2"),
        ("--neuron 0", "no neuron 0; use --neuron 1 to 6"),
        ("--weight 4", "no weight 4; use --weight 1 to 3"),
        ("--sample 99", "no sample 99; use --sample 1 to 32"),
    ] {
        let refused = gradlab(&format!("{RUN} {words}"));
        assert_eq!(refused.code, Some(2), "{refused:?}");
        assert!(refused.stderr.contains(part), "{refused:?}");
    }
    let refused = gradlab("step adam --start 1 --grads 2 --set seed=3");
    assert_eq!(refused.code, Some(2), "{refused:?}");
    let diverged = gradlab("step rate-too-high --steps 5000");
    assert_eq!(diverged.code, Some(3), "{diverged:?}");
    assert!(diverged.stderr.contains("the step that broke it"), "{diverged:?}");
}
