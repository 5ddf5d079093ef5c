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

#[test]
fn several_walk_from_one_start() {
    let line =
        "optimize saddle --start 1,1 --steps 2 --optimizer sgd:lr=0.25 --optimizer sgd:lr=0.5";
    let answer = gradlab(&format!("{line} --format json")).json();
    let walkers = answer["walkers"].as_array().unwrap();
    assert_eq!((answer.as_object().unwrap().len(), walkers.len()), (1, 2));
    assert_eq!(walkers[1]["optimizer"], "sgd:lr=0.5");
    // Each is what it is by itself.
    for (walker, lr) in walkers.iter().zip([0.25, 0.5]) {
        let alone = format!("optimize saddle --start 1,1 --steps 2 --optimizer sgd:lr={lr}");
        let alone = gradlab(&format!("{alone} --format json")).json();
        assert_eq!(walker["path"], alone["path"]);
        assert_eq!(walker["loss_before_step"], alone["loss_before_step"]);
        assert_eq!((&walker["arrived"], &walker["diverged"]), (&json!(null), &json!(null)));
        assert_eq!(walker.as_object().unwrap().len(), 5);
    }
    let csv = gradlab(&format!("{line} --format csv")).text();
    let rows: Vec<&str> = csv.lines().collect();
    assert_eq!((rows[0], rows.len()), ("walker,step,x,y,loss", 7));
    assert_eq!((rows[2], rows[4]), ("\"sgd:lr=0.25\",1,0.5,1.5,-2", "\"sgd:lr=0.5\",0,1,1,0"));
    let text = gradlab(line).text();
    for part in [
        "2 optimizers on saddle\n  f(x, y) = x² − y²\n  from (1, 1)\n",
        "  step   A    B\n     0   0    0\n     1  -2   -4\n",
        "\nB sgd:lr=0.5 ended at (0, 4), at height -16; the surface has no minimum; off the\n  map from step 2 on.\n",
        "  B sgd:lr=0.5\n",
    ] {
        assert!(text.contains(part), "no `{part}` in {text}");
    }
    assert_eq!(text.lines().find(|line| line.chars().count() > 80), None);
}

#[test]
fn a_walk_by_its_name_or_from_a_file() {
    let answer = gradlab("optimize --walk ravine --format json").json();
    let arrived: Vec<_> =
        answer["walkers"].as_array().unwrap().iter().map(|it| &it["arrived"]).collect();
    assert_eq!(arrived, [&json!(93), &json!(21)]);
    let folder = tempfile::tempdir().unwrap();
    let (file, picture) = (folder.path().join("walk.toml"), folder.path().join("walk.svg"));
    let text = "surface = \"beale\"\nnoise = 0.1\nsteps = 9\n\
                [[walkers]]\noptimizer = \"adam:lr=0.1\"\nschedule = \"cosine\"\n\
                [[walkers]]\noptimizer = \"sgd:lr=0.01\"\n";
    std::fs::write(&file, text).unwrap();
    let read = gradlab(&format!("optimize --walk {} --format json", file.display())).json();
    let typed = "optimize beale --noise 0.1 --steps 9 --optimizer adam:lr=0.1/schedule=cosine \
                 --optimizer sgd:lr=0.01 --format json";
    assert_eq!(read, gradlab(typed).json());
    // Options come before what the walk says.
    let line =
        format!("optimize --walk {} --noise 0 --seed 3 --start 1,1 --steps 2", file.display());
    let line = format!("{line} --format json --out {}", picture.display());
    let other = gradlab(&line).json();
    let plain = "optimize beale --start 1,1 --steps 2 --optimizer sgd:lr=0.01 --format json";
    assert_eq!(other["walkers"][1]["path"], gradlab(plain).json()["path"]);
    let picture = std::fs::read_to_string(picture).unwrap();
    assert!(picture.contains("--optimizer adam:lr=0.1/schedule=cosine --optimizer sgd:lr=0.01"));
    std::fs::write(&file, text.replace("adam", "adm")).unwrap();
    let line = format!("optimize --walk {}", file.display());
    gradlab(&line).refused(&[
        "walk.toml:5:14",
        "no optimizer called `adm`",
        "did you mean `adam`?",
    ]);
}

#[test]
fn noise_follows_from_its_seed() {
    let line = |rest: &str| {
        let line = "optimize matyas --optimizer sgd:lr=0.1 --steps 5 --format json";
        gradlab(&format!("{line} {rest}")).json()
    };
    assert_eq!(line("--noise 0.5 --seed 1"), line("--noise 0.5 --seed 1"));
    assert_ne!(line("--noise 0.5 --seed 1"), line("--noise 0.5 --seed 2"));
    assert_eq!(line("--noise 0 --seed 1"), line(""));
}

#[test]
fn the_exit_code_is_3_only_if_all_diverge() {
    let line = "optimize rosenbrock --start 2,0 --optimizer sgd:lr=1";
    let one = gradlab(&format!("{line} --optimizer adam:lr=0.1"));
    assert_eq!(one.code, Some(0), "{one:?}");
    assert!(one.stderr.starts_with("note: sgd:lr=1 diverged at step "), "{one:?}");
    assert!(one.stdout.contains("A sgd:lr=1 diverged at step "), "{one:?}");
    let both = gradlab(&format!("{line} --optimizer sgd:lr=2"));
    assert_eq!(both.code, Some(3), "{both:?}");
}

#[test]
fn refuses_walks_that_make_no_sense() {
    let seven = "--optimizer sgd ".repeat(7);
    let cases: &[(&str, &[&str])] = &[
        ("--walk ravin", &["no walk called `ravin`", "did you mean `ravine`?"]),
        ("--walk nowhere.toml", &["cannot read `nowhere.toml`", "no such file"]),
        ("beale --walk ravine", &["cannot be used with"]),
        ("beale --optimizer sgd --noise -1", &["must be a number, 0 or more"]),
        ("beale --optimizer sgd/schedule=cosin", &["did you mean `cosine`?"]),
        ("beale --optimizer sgd/lr=1", &["`/lr=1` is not of the form key=value"]),
        (&format!("beale {seven}"), &["7 optimizers are given; 1 to 6 walk together"]),
        (
            "beale --optimizer sgd --optimizer adam --steps 600000",
            &["2 optimizers cannot take 600000 steps each: 500000 at most"],
        ),
    ];
    for (words, messages) in cases {
        gradlab(&format!("optimize {words}")).refused(messages);
    }
}
