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
        let recipe = gradlab(&format!("export {file} --to recipe")).text();
        assert_eq!(recipe.lines().count(), 1);
        assert_eq!(gradlab(&format!("export {} --to toml", recipe.trim())).text(), toml);
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
