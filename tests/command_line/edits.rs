//! Runs that are edited in their middle, through the real program.

use std::fs;

use serde_json::{Value, json};

use super::program::{expect, gradlab, lines};

const START: &str =
    "moons:samples=60/6-tanh/2-softmax/seed=3,steps=120,eval_every=20,optimizer=adam,lr=0.01";

/// The start with its edits at 40 and 80, as a recipe.
fn recipe() -> String {
    format!(
        "{START}/@40:layers.1.activation=relu/@80:optimizer=sgd:lr=0.05,momentum=0.9/@80:train.l2=0.01"
    )
}

#[test]
fn three_spellings_give_the_same_rows() {
    let by_options = [
        "run",
        START,
        "--edit",
        "80:optimizer=sgd:lr=0.05,momentum=0.9",
        "--edit",
        "40:layers.1.activation=relu",
        "--edit",
        "80:train.l2=0.01",
        "--format",
        "csv",
    ];
    let (rows, notes) = expect(&by_options, 0);
    assert_eq!(notes, "step 40: layer 1 tanh → relu\nstep 80: l2 none → 0.01, all adam → sgd\n");
    assert_eq!(rows.lines().count(), 1 + 7);
    let recipe = recipe();
    assert_eq!(expect(&["run", &recipe, "--format", "csv"], 0).0, rows);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("script.toml");
    let file = file.to_str().unwrap();
    expect(&["export", &recipe, "--to", "toml", "--out", file], 0);
    assert_eq!(expect(&["run", file, "--format", "csv"], 0).0, rows);
    let (plain, _) = expect(&["run", START, "--format", "csv"], 0);
    let until_40 = |rows: &str| rows.lines().take(4).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(
        until_40(&plain),
        until_40(&rows),
        "the edit comes after the evaluation at its step"
    );
    assert_ne!(plain, rows);
    let (again, _) = expect(&["export", file, "--to", "recipe"], 0);
    assert_eq!(expect(&["run", again.trim(), "--format", "csv"], 0).0, rows);
}

#[test]
fn each_edit_is_told_at_its_step() {
    let recipe = recipe();
    let (out, err) = expect(&["run", &recipe, "--format", "json"], 0);
    assert_eq!(err, "");
    let lines = lines(&out);
    let first = json!({ "step": 40, "changes": ["layer 1 tanh → relu"] });
    let second = json!({ "step": 80, "changes": ["l2 none → 0.01", "all adam → sgd"] });
    assert_eq!((&lines[2]["step"], &lines[3]), (&json!(40), &json!({ "edit": first })));
    assert_eq!((&lines[5]["step"], &lines[6]), (&json!(80), &json!({ "edit": second })));
    let summary = &lines.last().unwrap()["summary"];
    assert_eq!(summary["edits"], json!([first, second]));
    let again = summary["recipe"].as_str().unwrap();
    assert!(again.contains("/@40:layers.1.activation=relu/@80:"), "{again}");
    let (text, _) = expect(&["run", &recipe], 0);
    let place = |part: &str| text.find(part).unwrap_or_else(|| panic!("no {part} in\n{text}"));
    assert!(place("\n        40    ") < place("\n        40  layer 1 tanh → relu\n"));
    assert!(place("        80  l2 none → 0.01, all adam → sgd\n") < place("\n       100"));
}

#[test]
fn what_a_run_leaves_holds_its_edits() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let out = out.to_str().unwrap();
    let recipe = recipe();
    expect(&["run", &recipe, "--out", out], 0);
    let read = |name: &str| fs::read_to_string(folder.path().join("out").join(name)).unwrap();
    assert!(read("experiment.toml").contains("[[edits]]\nstep = 40\nset = ["));
    let metrics = read("metrics.csv");
    let (rows, _) = expect(&["run", &format!("{out}/experiment.toml"), "--format", "csv"], 0);
    assert_eq!(rows, metrics);
    // The model is what was in force at the end.
    assert!(read("model.json").contains("relu"));
    let data = folder.path().join("new.csv");
    fs::write(&data, "x1,x2\n0.1,0.2\n-1,0.5\n").unwrap();
    let (predicted, _) = expect(&["predict", out, data.to_str().unwrap()], 0);
    assert_eq!(predicted.lines().count(), 3, "{predicted}");
    // The same script may go there again, another one may not.
    expect(&["run", &recipe, "--out", out], 0);
    let (_, err) = expect(&["run", START, "--out", out], 2);
    assert!(err.contains("another experiment"), "{err}");
}

#[test]
fn what_does_not_go_together_is_refused() {
    let steps = "40:train.steps=200";
    let batch = "40:train.batch_size=5";
    let schedule = "40:schedule=cosine";
    for (args, parts) in [
        (
            &["--edit", steps, "--steps", "50"][..],
            ["--steps cannot be given", "at step 40; --until"],
        ),
        (&["--edit", steps, "--epochs", "50"][..], ["--epochs cannot be given", "`train.steps`"]),
        (&["--edit", batch, "--epochs", "50"][..], ["`train.batch_size`", "use --steps"]),
        (&["--edit", schedule, "--time", "1s"][..], ["the schedule `cosine`", "use --steps"]),
        (&["--edit", "40:seed=3"][..], ["seed 3", "--edit"]),
        (
            &["--edit", "40:seed=4"][..],
            ["seed 3 → 4 cannot change in the middle", "from the start"],
        ),
        (&["--edit", "40:layers.1.units=9"][..], ["units 6 → 9 cannot change", "from the start"]),
        (&["--edit", "x:seed=4"][..], ["`step` must be a whole number, not `x`", "--edit:1:1"]),
        (&["--edit", "optimizer=sgd"][..], ["STEP:PATH=VALUE", "--edit 5000:optimizer.lr=0.1"]),
        (&["--set", "@40:optimizer=sgd"][..], ["is an edit", "--edit 40:optimizer=sgd"]),
    ] {
        let code = if args == ["--edit", "40:seed=3"] { 0 } else { 2 };
        let (_, err) = expect(&[&["run", START], args].concat(), code);
        if code == 2 {
            assert!(parts.iter().all(|part| err.contains(part)), "{args:?}: {err}");
        } else {
            assert!(err.contains("the edit at step 40 changes nothing"), "{err}");
        }
    }
}

#[test]
fn an_edit_of_the_length_moves_the_end() {
    let end = |args: &[&str]| {
        let (out, err) = expect(&[&["run", START, "--format", "json"], args].concat(), 0);
        (lines(&out).last().unwrap()["summary"]["steps"].as_u64().unwrap(), err)
    };
    assert_eq!(end(&["--edit", "40:train.steps=200"]).0, 200);
    assert_eq!(end(&["--edit", "40:train.steps=60"]).0, 60);
    assert_eq!(end(&["--edit", "40:train.steps=30"]).0, 40, "it is over when it is edited");
    assert_eq!(end(&["--edit", "120:train.steps=150"]).0, 150, "it goes on from its end");
    assert_eq!(end(&["--edit", "40:train.steps=200", "--until", "70"]).0, 70);
    let (steps, err) = end(&["--edit", "120:train.l2=0.1", "--edit", "500:train.l2=0.2"]);
    assert_eq!(steps, 120);
    assert_eq!(err, "note: the run ended at step 120, before the edits at steps 120, 500\n");
}

#[test]
fn other_commands_take_scripts_or_say_why_not() {
    let recipe = recipe();
    let (_, err) = expect(&["export", &recipe, "--to", "pytorch"], 2);
    assert!(err.contains("cannot follow edits") && err.contains("at step 40, 80"), "{err}");
    let (_, err) = expect(&["check-gradients", &recipe], 2);
    assert!(err.contains("`check-gradients` is of one experiment"), "{err}");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("screen.txt");
    let file = file.to_str().unwrap();
    expect(&["snapshot", &recipe, "--steps", "60", "--out", file], 0);
    let screen = fs::read_to_string(file).unwrap();
    assert!(screen.contains("layer 1 tanh → "), "{screen}");
    assert!(!screen.contains("adam → sgd"), "{screen}");
}

#[test]
fn arms_may_be_edited_in_their_middle() {
    let arms = ["--arm", "adam=", "--arm", "switch=@40:optimizer=sgd:lr=0.05"];
    let length = ["--seeds", "2", "--lr-grid", "1", "--format", "json"];
    let (out, _) = expect(&[&["compare", START][..], &arms, &length].concat(), 0);
    let json: Value = serde_json::from_str(&out).unwrap();
    let ranking = json["ranking"].as_array().unwrap();
    let of = |name: &str| ranking.iter().find(|it| it["name"] == name).unwrap();
    assert_eq!(of("adam")["edits"], json!([]));
    let edit = json!([{ "step": 40, "changes": ["all adam → sgd"] }]);
    assert_eq!(of("switch")["edits"], edit);
    // What is reported of the arm is what `run` makes of it.
    let best = of("switch")["recipe"].as_str().unwrap_or_else(|| panic!("{}", of("switch")));
    assert!(best.contains("/@40:optimizer=sgd:lr=0.05"), "{best}");
    let (table, _) = expect(&[&["compare", START][..], &arms, &length[..4]].concat(), 0);
    assert!(table.contains("b switch: at step 40 all adam → sgd"), "{table}");
    // Edits of what is compared on hold for every arm, or it is said which cannot have them.
    let edited = |edit: &str, code: i32| {
        expect(&[&["compare", START][..], &arms, &length[..4], &["--edit", edit]].concat(), code)
    };
    let (table, _) = edited("20:optimizer.betas=0.5:0.9", 0);
    assert!(table.contains("a adam: at step 20 all betas 0.9:0.999 → 0.5:0.9"), "{table}");
    let (_, err) = edited("60:optimizer.betas=0.5:0.9", 2);
    assert!(
        err.contains("arm `switch`") && err.contains("`sgd` has no parameter `betas`"),
        "{err}"
    );
    let (_, err) = expect(&["compare", START, "--arm", "a=@40:train.batch_size=3"], 2);
    assert!(err.contains("arm `a` changes the batch size"), "{err}");
    let (_, err) = expect(&["compare", START, "--arm", "a"], 2);
    assert!(err.contains("NAME=ASSIGNMENT"), "{err}");
}

#[test]
fn a_last_step_that_broke_the_run_ends_it_whatever_is_edited_there() {
    let broken = |threads: &str| {
        let recipe = "moons/8-relu/2-softmax/optimizer=sgd,lr=1e30,steps=1";
        let edit = ["--edit", "1:train.steps=50", "--format", "csv"];
        let mut program = gradlab(&[&["run", recipe], &edit[..]].concat());
        let output =
            program.env("RAYON_NUM_THREADS", threads).assert().code(3).get_output().clone();
        String::from_utf8(output.stdout).unwrap()
    };
    let rows = broken("2");
    assert_eq!(rows.lines().count(), 1 + 1, "{rows}");
    assert_eq!(broken("1"), rows);
}
