use serde_json::json;

use super::{assert_close, gradlab, reference, with_case};

#[test]
fn paths_computed_by_hand() {
    let cases = [
        // The slope of x² − y² is (2x, −2y).
        ("saddle --optimizer sgd:lr=0.25 --start 1,1 --steps 2", json!([[0.5, 1.5], [0.25, 2.25]])),
        // The slope of ½·(x² + 4·y²) is (x, 4y).
        (
            "quadratic:condition=4 --optimizer sgd:lr=0.5 --start -2,1 --steps 2",
            json!([[-1, -1], [-0.5, 1]]),
        ),
        // Turned by a right angle it is ½·(y² + 4·x²).
        (
            "quadratic:condition=4,angle=90 --optimizer sgd:lr=0.5 --start 1,-2 --steps 1",
            json!([[-1, -1]]),
        ),
    ];
    for (words, path) in cases {
        let answer = gradlab(&format!("optimize {words} --format json")).json();
        assert_close(&answer["path"], &path, (1e-12, 0.0));
    }
    let answer =
        gradlab("optimize saddle --optimizer sgd:lr=0.25 --steps 2 --start 1,1 --format json");
    assert_close(&answer.json()["loss_before_step"], &json!([0, -2]), (1e-12, 0.0));
}

#[test]
fn cases_from_files_agree_with_the_reference() {
    let cases = reference("surfaces.json");
    assert!(cases.len() >= 30, "only {} cases", cases.len());
    for case in cases {
        let answer = with_case("optimize", &case.to_string()).json();
        assert_eq!(answer.as_object().unwrap().len(), 2);
        for part in ["path", "loss_before_step"] {
            assert_close(&answer[part], &case[part], (1e-9, 1e-9));
        }
    }
}

#[test]
fn text_has_chosen_steps_the_end_and_a_map() {
    let text = gradlab("optimize booth --optimizer adam:lr=0.5 --steps 300").text();
    for part in [
        "adam:lr=0.5 on booth\n  f(x, y) = (x + 2·y − 7)² + (2·x + y − 5)²\n",
        "\n     0  -6          -4          882\n",
        "\n   100  ",
        " from the minimum\nat (1, 3); within 0.2 of a minimum from step ",
        "Map: ○ start, a path, A end, × minimum\n",
    ] {
        assert!(text.contains(part), "no `{part}` in {text}");
    }
    let map = text.split("Map: ").nth(1).unwrap();
    assert!(map.contains('a') && map.contains('A') && map.lines().count() == 27, "{text}");
    let wide = text.lines().find(|line| line.chars().count() > 80);
    assert_eq!(wide, None);
    let averaged = gradlab("optimize booth --optimizer schedule_free_sgd:lr=0.01").text();
    assert!(averaged.contains(", the average it keeps,"), "{averaged}");
}

#[test]
fn csv_begins_with_the_start() {
    let csv = gradlab("optimize saddle --optimizer sgd:lr=0.25 --start 1,1 --steps 1 --format csv");
    assert_eq!(csv.text(), "step,x,y,loss\n0,1,1,0\n1,0.5,1.5,-2\n");
}

#[test]
fn a_picture_beside_the_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("path.svg");
    let line = format!("optimize beale --optimizer adam:lr=0.1 --out {}", file.display());
    assert!(!gradlab(&line).text().is_empty());
    let picture = std::fs::read_to_string(file).unwrap();
    assert!(picture.starts_with("<svg") && picture.contains("--optimizer adam:lr=0.1"));
    let outcome = gradlab("optimize beale --optimizer adam --out /nowhere/at/all.svg");
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
}

#[test]
fn a_path_that_leaves_all_bounds_ends_there_with_exit_code_3() {
    let line = "optimize rosenbrock --optimizer sgd:lr=1 --start 2,0";
    let outcome = gradlab(&format!("{line} --format json"));
    assert_eq!(outcome.code, Some(3), "{outcome:?}");
    let answer: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    let steps = answer["path"].as_array().unwrap().len();
    assert!((3..20).contains(&steps), "{outcome:?}");
    let note = format!("note: diverged at step {steps}: ");
    assert!(outcome.stderr.starts_with(&note), "{outcome:?}");
    assert!(outcome.stderr.contains("try a rate below lr=1"), "{outcome:?}");
    let text = gradlab(line);
    assert_eq!(text.code, Some(3), "{text:?}");
    assert!(text.stdout.contains(&format!("It diverged at step {steps}")), "{text:?}");
}

#[test]
fn refuses_what_makes_no_sense() {
    let cases: &[(&str, &[&str])] = &[
        ("rosenbrok --optimizer adam", &["no surface called", "did you mean `rosenbrock`?"]),
        ("beale --optimizer adm", &["no optimizer called `adm`", "did you mean `adam`?"]),
        ("beale", &["--optimizer <NAME[:K=V,…]>"]),
        ("beale --optimizer adam --start 1", &["two numbers, X,Y, not 1"]),
        ("beale --optimizer adam --start 1,nan", &["element 2, `nan`"]),
        ("beale --optimizer adam --steps 0", &["0 is not in 1..=1000000"]),
        ("quadratic:condition=0.5 --optimizer adam", &["`condition` of `quadratic`", "1 or more"]),
        ("quadratic:angel=3 --optimizer adam", &["did you mean `angle`?"]),
    ];
    for (words, messages) in cases {
        gradlab(&format!("optimize {words}")).refused(messages);
    }
    let cases: &[(&str, &[&str])] = &[
        (r#"{"optimizer": "sgd"}"#, &["field `name` is missing"]),
        (r#"{"name": "beale"}"#, &["field `optimizer` is missing"]),
        (r#"{"name": "bale", "optimizer": "sgd"}"#, &["did you mean `beale`?"]),
        (r#"{"name": "beale", "optimizer": "sgd", "strat": [1, 2]}"#, &["did you mean `start`?"]),
        (r#"{"name": "beale", "optimizer": "sgd", "start": [1, 2, 3]}"#, &["two numbers"]),
        (r#"{"name": "beale", "optimizer": "sgd", "params": {"lr": -1}}"#, &["0 or more"]),
    ];
    for (case, messages) in cases {
        with_case("optimize", case).refused(messages);
    }
}
