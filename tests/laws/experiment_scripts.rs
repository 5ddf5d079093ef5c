//! Scripts as text: TOML, recipes and `--edit` come to the same edits, and back; what is wrong in one
//! is said with its place and with what would be right.

#![expect(clippy::unwrap_used, reason = "a test that panics fails, as it should")]

use std::path::Path;

use gradlab::experiment::{
    Diagnostic, Experiment, Script, load, load_script, parse_recipe, parse_script,
    parse_script_recipe, parse_toml, script_to_recipe, script_to_toml,
};
use gradlab::rng::{Purpose, stream};
use rand::RngExt;

use crate::experiment_assignments::{live_edit, valid};
use crate::properties::experiment::script_round_trips;

const START: &str = "moons/8-relu/2-softmax/seed=7,steps=900,optimizer=adam,lr=0.01";

fn experiment(overrides: &[&str]) -> Experiment {
    parse_recipe(START).unwrap().experiment.with_overrides(overrides).unwrap()
}

/// A script of [`START`] with edits as assignments.
fn script(edits: &[(u64, &[&str])]) -> Script {
    let mut script = Script::from(experiment(&[]));
    for (step, set) in edits {
        let new = script.end().with_overrides(set).unwrap();
        script.edit(*step, new).unwrap();
    }
    script
}

fn recipe(text: &str) -> Script {
    parse_script_recipe(text).unwrap_or_else(|error| panic!("{error}")).script
}

fn typed(edits: &[&str]) -> Script {
    load_script(START, &[] as &[&str], edits).unwrap_or_else(|error| panic!("{error}")).script
}

fn toml(text: &str) -> Script {
    let text = gradlab::experiment::to_toml(&experiment(&[])) + text;
    parse_script("x.toml", &text, Path::new("")).unwrap_or_else(|error| panic!("{error}")).script
}

#[test]
fn three_spellings_of_one_script() {
    let expected = script(&[
        (40, &["layers.1.activation=tanh"]),
        (500, &["optimizer=sgd:lr=0.05,momentum=0.9", "train.batch_size=8"]),
        (700, &["optimizer.lr=0.01"]),
    ]);
    let line = format!(
        "{START}/@40:layers.1.activation=tanh/@500:train.batch_size=8\
         /@500:optimizer=sgd:lr=0.05,momentum=0.9/@700:optimizer.lr=0.01"
    );
    assert_eq!(recipe(&line), expected);
    assert_eq!(script_to_recipe(&expected), line);
    // In any order, and over what is in force there.
    let edits = [
        "700:optimizer.lr=0.01",
        "40:layers.hidden.activation=tanh",
        "500:optimizer=sgd:lr=0.05,momentum=0.9",
        "500:train.batch_size=8",
    ];
    assert_eq!(typed(&edits), expected);
    let text = r#"
[[edits]]
step = 700
set = ["optimizer.lr=0.01"]

[[edits]]
step = 40
set = ["layers.1.activation=tanh"]

[[edits]]
step = 500
set = ["optimizer=sgd:lr=0.05,momentum=0.9"]

[[edits]]
step = 500
set = ["train.batch_size=8"]
"#;
    assert_eq!(toml(text), expected);
    let written = script_to_toml(&expected);
    assert!(written.ends_with(
        "[[edits]]\nstep = 500\nset = [\"train.batch_size=8\", \
         \"optimizer=sgd:lr=0.05,momentum=0.9\"]\n\n[[edits]]\nstep = 700\nset = \
         [\"optimizer.lr=0.01\"]\n"
    ));
    assert_eq!(parse_script("x", &written, Path::new("")).unwrap().script, expected);
}

#[test]
fn random_scripts_survive_being_written() {
    let mut stream = stream(11, Purpose::Noise);
    for layers in [1, 2, 3] {
        for _ in 0..60 {
            let mut script = Script::from(valid(layers, &mut stream));
            let mut step = 0;
            for _ in 0..stream.random_range(0..5) {
                step += stream.random_range(0..9);
                let new = live_edit(script.end(), &mut stream);
                script.edit(step, new).unwrap();
            }
            script_round_trips(&script);
        }
    }
}

#[test]
fn overrides_lie_under_the_edits() {
    let line = format!("{START}/@40:optimizer.lr=0.5");
    let loaded = load_script(&line, &["optimizer=sgd", "seed=3"], &["40:train.l2=0.1"]).unwrap();
    let start = experiment(&["optimizer=sgd", "seed=3"]);
    assert_eq!(loaded.script.start(), &start);
    let end = start.with_overrides(&["optimizer.lr=0.5", "train.l2=0.1"]).unwrap();
    assert_eq!(loaded.script.end(), &end);
    assert_eq!(loaded.script.edits().len(), 1);
    let again = recipe(&line).with_overrides(&["optimizer=sgd", "seed=3", "@40:train.l2=0.1"]);
    assert_eq!(again.unwrap(), loaded.script);
}

#[test]
fn an_edit_at_step_0_is_the_start() {
    let at_start = recipe(&format!("{START}/@0:optimizer=sgd"));
    assert_eq!(at_start, Script::from(experiment(&["optimizer=sgd"])));
}

#[test]
fn values_may_hold_marks() {
    let pick = "sgd:lr=0.5,momentum=0.9,nesterov=true";
    let expected = script(&[(5, &[&format!("optimizer={pick}"), "title=a/b, c@d: é"])]);
    let line = script_to_recipe(&expected);
    assert!(line.ends_with(&format!("/@5:optimizer={pick}/@5:title=a%2Fb,%20c@d:%20é")), "{line}");
    assert_eq!(recipe(&line), expected);
}

#[test]
fn where_an_experiment_is_wanted_edits_are_refused() {
    let error = load(&format!("{START}/@5:optimizer=sgd")).unwrap_err();
    assert!(error.message().contains("edited in the middle of its run"), "{error}");
    assert_eq!(error.position(), Some((1, START.len() + 2)));
    let text = script_to_toml(&script(&[(5, &["optimizer=sgd"])]));
    assert!(parse_toml("x.toml", &text, Path::new("")).is_err());
}

#[test]
fn an_edit_that_changes_nothing_is_warned_of() {
    let loaded = load_script(START, &[] as &[&str], &["5:optimizer.lr=0.01"]).unwrap();
    assert_eq!(loaded.script.edits(), []);
    let [warning] = loaded.warnings.as_slice() else { panic!("{:?}", loaded.warnings) };
    assert!(warning.to_string().contains("the edit at step 5 changes nothing"), "{warning}");
    let loaded = load_script("xor/1-tanh", &[] as &[&str], &["5:train.l2=0.1"]).unwrap();
    assert_eq!(loaded.warnings.len(), 1, "what is unusual from the start is said once");
    let line = "moons/4-relu/2/@5:layers.2.activation=sigmoid";
    let loaded = parse_script_recipe(line).unwrap();
    let [warning] = loaded.warnings.as_slice() else { panic!("{:?}", loaded.warnings) };
    assert!(warning.message().starts_with("from step 5 on, "), "{warning}");
}

/// The error is at this line and column, says `message`, and advises `advice`.
fn agrees(error: &Diagnostic, position: (usize, usize), message: &str, advice: &str) {
    assert_eq!(error.position(), Some(position), "{error}");
    assert!(error.message().contains(message), "{error}");
    assert!(error.advice().unwrap_or_default().contains(advice), "{error}");
}

#[test]
fn what_is_wrong_in_a_recipe() {
    let column = START.len() + 2;
    for (edit, at, message, advice) in [
        ("@5", 0, "`@5` is not of the form @STEP:PATH=VALUE", "@5000:optimizer=sgd:lr=0.05"),
        ("@x:optimizer=sgd", 1, "`step` must be a whole number, not `x`", "0 to 1000000000000"),
        ("@1.5:optimizer=sgd", 1, "not `1.5`", "0 to 1000000000000"),
        ("@-1:optimizer=sgd", 1, "`step` cannot be -1", "0 to 1000000000000"),
        ("@1000000000001:optimizer=sgd", 1, "`step` cannot be 1000000000001", "0 to 1000000000000"),
        ("@99999999999999999999:a=b", 1, "`step` cannot be", "0 to 1000000000000"),
        ("@5:optimizer", 3, "`optimizer` is not of the form key=value", "optimizer.lr=0.1"),
        ("@5:optimizer=sgdd", 13, "no optimizer called `sgdd`", "did you mean `sgd`?"),
        ("@5:optimizer=sgd:momentm=1", 17, "no parameter `momentm`", "`momentum`"),
        ("@5:trian.l2=1", 3, "unknown key `trian`", "`train`"),
        ("@5:layers.9.dropout=0.5", 10, "there is no layer `9`", "1 to 2"),
        ("@5:layers.1.units=9", 3, "layer 1 units 8 → 9 cannot change", "from the start"),
        ("@5:train.l2=0.1/@5:seed=3", 19, "seed 7 → 3 cannot change", "`seed` from the start"),
        ("@5:optimizer=lbfgs", 3, "`lbfgs`", "or add /@5:train.batch_size="),
        ("@5:optimizer=%", 3, "hexadecimal", "%25"),
    ] {
        let error = parse_script_recipe(&format!("{START}/{edit}")).unwrap_err();
        agrees(&error, (1, column + at), message, advice);
    }
}

#[test]
fn what_is_wrong_on_the_command_line() {
    for (edit, column, message, advice) in [
        ("5", 1, "`5` is not of the form STEP:PATH=VALUE", "--edit 5000:optimizer.lr=0.1"),
        ("optimizer=sgd", 1, "not of the form STEP:PATH=VALUE", "--edit 5000:"),
        ("optimizer=sgd:lr=1", 1, "must be a whole number, not `optimizer=sgd`", ""),
        ("5:layers.1.activation=rellu", 23, "called `rellu`", "did you mean `relu`?"),
        ("5:data.noise=0.3", 3, "noise 0.1 → 0.3 cannot change", "`data.noise` from the start"),
        ("5:optimizer=lbfgs", 3, "`lbfgs`", "or add --edit 5:train.batch_size="),
    ] {
        let error = load_script(START, &[] as &[&str], &[edit]).unwrap_err();
        agrees(&error, (1, column), message, advice);
        assert!(error.to_string().contains("--> --edit:1:"), "{error}");
    }
    let error = load_script(START, &["@5:optimizer=sgd"], &[] as &[&str]).unwrap_err();
    agrees(&error, (1, 1), "`@5:optimizer=sgd` is an edit", "--edit 5:optimizer=sgd");
}

#[test]
fn what_is_wrong_in_a_file() {
    let start = gradlab::experiment::to_toml(&experiment(&[]));
    let lines = start.lines().count();
    for (edits, (line, column), message, advice) in [
        ("[edits]\nstep = 5", (1, 1), "`edits` is a table, not a list of edits", "[[edits]]"),
        ("[[edits]]\nset = []", (1, 1), "`step` is missing", ""),
        ("[[edits]]\nstep = 5", (1, 1), "`set` is missing", ""),
        ("[[edits]]\nstep = 5\nset = []", (3, 7), "assigns nothing", "set = ["),
        ("[[edits]]\nstep = 5\nset = 3", (3, 7), "`set` must be a list", "set = ["),
        ("[[edits]]\nstep = 5\nset = [3]", (3, 8), "here is a whole number", ""),
        ("[[edits]]\nstep = \"a\"\nset = [\"a=b\"]", (2, 8), "`step` must be a whole", ""),
        ("[[edits]]\nstep = 5\nsets = []", (3, 1), "unknown key `sets`", "`set`"),
        ("[[edit]]\nstep = 5", (1, 3), "unknown key `edit`", "did you mean `edits`?"),
        ("[[edits]]\nstep = 5\nset = [\"optimizer=adamm\"]", (3, 19), "`adamm`", "`adam`"),
        (
            "[[edits]]\nstep = 5\nset = [\"optimizer=lbfgs\"]",
            (3, 8),
            "`lbfgs`",
            "or add train.batch_size=",
        ),
    ] {
        let text = format!("{start}{edits}\n");
        let error = parse_script("x.toml", &text, Path::new("")).unwrap_err();
        agrees(&error, (lines + line, column), message, advice);
    }
}
