use serde_json::json;

use super::{assert_close, gradlab, reference, with_case};

/// The tolerance of the reference numbers for f32.
const F32: (f64, f64) = (2e-6, 1e-5);

#[test]
fn relu_is_exact() {
    let text = gradlab("activation relu --at -1,0,2 --format json").text();
    let expected = r#"{"name":"relu","params":{},"x":[-1,0,2],"y":[0,0,2],"dy_dx":[0,0,1]}"#;
    assert_eq!(text.trim_end(), expected);
}

#[test]
fn known_values() {
    let cases = [
        // e⁻¹ = 0.36787944117…
        ("sigmoid", "-1,0", json!([0.268_941_421_4, 0.5]), json!([0.196_611_933_2, 0.25])),
        ("tanh", "1", json!([0.761_594_156]), json!([0.419_974_341_6])),
        ("leaky_relu:negative_slope=0.2", "-3,3", json!([-0.6, 3]), json!([0.2, 1])),
        ("gelu", "1", json!([0.841_344_746]), json!([1.083_315_471])),
        ("identity", "0.1", json!([0.1]), json!([1])),
    ];
    for (activation, at, y, dy_dx) in cases {
        let answer = gradlab(&format!("activation {activation} --at {at} --format json")).json();
        assert_close(&answer["y"], &y, F32);
        assert_close(&answer["dy_dx"], &dy_dx, F32);
    }
}

#[test]
fn numbers_have_the_digits_of_f32() {
    let text = gradlab("activation identity --at 0.1,1e-8 --format json").text();
    assert!(text.contains(r#""y":[0.1,1e-8]"#), "{text}");
    let text = gradlab("activation leaky_relu --at=-0.1,20 --format text").text();
    let expected = "
     x    f(x)  f′(x)
  -0.1  -0.001   0.01
  20    20       1
";
    assert!(text.ends_with(expected), "{text}");
}

#[test]
fn softmax_takes_the_numbers_as_one_sample() {
    let line = "activation softmax --at 1,2,3 --upstream 1,0,0";
    let answer = gradlab(&format!("{line} --format json")).json();
    let y = [0.090_030_573, 0.244_728_471, 0.665_240_956];
    assert_close(&answer["y"], &json!(y), F32);
    // ∂y₁/∂xⱼ = y₁·(δ₁ⱼ − yⱼ)
    let dx = json!([y[0] * (1.0 - y[0]), -y[0] * y[1], -y[0] * y[2]]);
    assert_close(&answer["dx"], &dx, F32);
    assert_eq!(answer.get("dy_dx"), None);
    assert!(gradlab(line).text().contains("one sample"));
}

#[test]
fn upstream_gives_dx_of_elementwise_activations_too() {
    let answer = gradlab("activation relu --at -1,3 --upstream 5,-7 --format json").json();
    assert_eq!((&answer["dx"], &answer["dy_dx"]), (&json!([0, -7]), &json!([0, 1])));
}

#[test]
fn cases_from_files_agree_with_the_reference() {
    let cases = reference("activations.json");
    assert!(cases.len() >= 9, "only {} cases", cases.len());
    for case in cases {
        let answer = with_case("activation", &case.to_string()).json();
        assert_eq!(answer["name"], case["name"]);
        for key in ["y", "dy_dx", "dx"] {
            match case.get(key) {
                Some(wanted) => assert_close(&answer[key], wanted, F32),
                None => assert_eq!(answer.get(key), None, "{key} of {}", case["name"]),
            }
        }
    }
}

#[test]
fn several_samples_each_have_a_table() {
    let case = r#"{"name": "softmax", "x": [[0, 0], [5, 5]]}"#;
    assert_eq!(with_case("activation", case).json()["y"], json!([[0.5, 0.5], [0.5, 0.5]]));
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, case).unwrap();
    let text = gradlab(&format!("activation --input {}", file.path().display())).text();
    assert_eq!(text.matches("  xᵢ   yᵢ\n").count(), 2, "{text}");
}

#[test]
fn refuses_what_makes_no_sense() {
    let cases: &[(&str, &[&str])] = &[
        ("rel --at 1", &["no activation called `rel`", "did you mean `relu`?"]),
        ("relu:slope=1 --at 1", &["`relu` has no parameter `slope`; it takes none"]),
        ("leaky_relu:negative_slop=1 --at 1", &["did you mean `negative_slope`?"]),
        ("leaky_relu:negative_slope=x --at 1", &["must be a number"]),
        ("leaky_relu:negative_slope --at 1", &["not of the form key=value"]),
        ("gelu:approximate=exact --at 1", &["one of none, tanh"]),
        ("relu --at 1,x,3", &["element 2, `x`, is not a finite number"]),
        ("relu --at 1,,3", &["element 2 is empty"]),
        ("relu --at nan", &["`nan`, is not a finite number"]),
        ("relu --at 1e39", &["`1e39`, is not a finite number"]),
        ("relu --at 1 --at 2", &["cannot be used multiple times"]),
        ("relu --at 1 --format yaml", &["text, json"]),
        ("relu", &["--at <X,…>"]),
        ("relu --at 1,2 --upstream 1", &["gradient is a list of 1, but y is a list of 2"]),
        ("softmax --at 1,2 --upstream 1,2,3", &["a list of 3, but y is a list of 2"]),
        ("relu --at 1 --input case.json", &["cannot be used with"]),
    ];
    for (words, messages) in cases {
        gradlab(&format!("activation {words}")).refused(messages);
    }
}
