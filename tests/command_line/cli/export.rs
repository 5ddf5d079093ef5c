use super::gradlab;

#[test]
fn every_preset_survives_every_spelling() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("preset.toml");
    let file = file.display();
    for preset in gradlab("list presets --format json").json().as_array().unwrap() {
        let name = preset["name"].as_str().unwrap();
        let toml = gradlab(&format!("export {name} --to toml")).text();
        assert_eq!(gradlab(&format!("export {name} --to toml --out {file}")).text(), "");
        assert_eq!(std::fs::read_to_string(file.to_string()).unwrap(), toml);
        let recipe = gradlab(&format!("export {file} --to recipe --full")).text();
        assert_eq!(recipe.lines().count(), 1);
        assert_eq!(gradlab(&format!("export {} --to toml", recipe.trim())).text(), toml);
        // A line to pass on: nothing of it is prose, and it is the same experiment.
        let brief = gradlab(&format!("export {name} --to recipe")).text();
        assert!(!brief.contains("title=") && !brief.contains("about="), "{brief}");
        let bare = |line: &str| gradlab(&format!("{line} --set title= --set about=")).text();
        let (ours, theirs) = (format!("export {}", brief.trim()), format!("export {name}"));
        assert_eq!(bare(&format!("{ours} --to toml")), bare(&format!("{theirs} --to toml")));
    }
}

#[test]
fn overrides_are_laid_over_the_experiment() {
    let line = "export moons/8-tanh/2-softmax --to recipe";
    let sets = "--set seed=3 --set optimizer=sgd:lr=0.1 --set layers.1.activation=relu";
    let recipe = gradlab(&format!("{line} {sets} --set seed=4")).text();
    assert_eq!(recipe, "moons/8-relu/2-softmax/seed=4,optimizer=sgd,lr=0.1\n");
}

#[test]
fn a_line_to_pass_on_is_as_short_as_it_can_be() {
    for (given, brief) in [
        ("xor/4-tanh/2-softmax/optimizer=adam,lr=0.001", "xor/4-tanh/2-softmax"),
        ("sine/8-tanh/1-identity/loss=mse,steps=10000", "sine/8-tanh/1"),
        (
            "moons/8-relu/2/seed=0,optimizer=sgd,lr=0.1,momentum=0",
            "moons/8-relu/2/optimizer=sgd,lr=0.1",
        ),
    ] {
        assert_eq!(gradlab(&format!("export {given} --to recipe")).text().trim_end(), brief);
    }
    gradlab("export xor --to toml --full").refused(&["--full is of a recipe"]);
}

#[test]
fn stale_words_are_not_written() {
    let toml = gradlab("export spirals --set data=iris --set layers.3.units=3 --to toml").text();
    assert!(!toml.contains("spiral") && !toml.contains("title"), "{toml}");
    let toml = gradlab("export spirals --set layers.hidden.activation=relu --to toml").text();
    assert!(toml.contains("title = \"Two spirals, changed\""), "{toml}");
    assert_eq!(
        toml.matches("activation = \"relu\"").count(),
        toml.matches("[[layers]]").count() - 1
    );
}

#[test]
fn recipes_go_to_files_too() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("recipe.txt");
    gradlab(&format!("export xor --to recipe --out {}", file.display())).text();
    assert_eq!(std::fs::read_to_string(file).unwrap(), gradlab("export xor --to recipe").text());
}

#[test]
fn refuses_what_makes_no_sense() {
    let cases: &[(&str, &[&str])] = &[
        ("spirlas --to toml", &["no preset called `spirlas`", "did you mean `spirals`?"]),
        ("nowhere.toml --to toml", &["cannot read `nowhere.toml`"]),
        ("moons/8-tan/2-softmax --to toml", &["`tan`", "did you mean `tanh`?"]),
        ("iris --set train.batchsize=3 --to toml", &["`batchsize`", "`batch_size`"]),
        ("iris --set seed --to toml", &["key=value"]),
        ("iris", &["--to <TO>"]),
        ("iris --to tom", &["a similar value exists: 'toml'"]),
        ("iris --to pytorch --steps 9999999999", &["too large a file", "is the most"]),
    ];
    for (words, messages) in cases {
        gradlab(&format!("export {words}")).refused(messages);
    }
}

#[test]
fn a_file_that_cannot_be_written_is_a_failure() {
    for spelling in ["toml", "recipe"] {
        let outcome = gradlab(&format!("export iris --to {spelling} --out /nowhere/at/all"));
        assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(1), ""), "{outcome:?}");
        assert!(outcome.stderr.starts_with("error: cannot write `/nowhere/at/all`: No such file"));
    }
}
