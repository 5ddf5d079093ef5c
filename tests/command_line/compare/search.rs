//! `gradlab compare --tune`.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

use super::command::{expect, json, table};

const SEARCH: [&str; 11] = [
    "moons/8-tanh/2-softmax",
    "--optimizers",
    "sgd,adam,rprop",
    "--steps=60",
    "--seeds=3",
    "--tuning-seeds=2",
    "--tune",
    "optimizer.lr,optimizer.momentum,optimizer.betas",
    "--trials=6",
    "--format",
    "json",
];

fn search(more: &[&str]) -> Value {
    json(&expect(&[&SEARCH[..], more].concat(), 0).0)
}

fn merge(folder: &str, more: &[&str]) -> assert_cmd::assert::Assert {
    Command::cargo_bin("gradlab").unwrap().args(["merge", folder]).args(more).assert()
}

#[test]
fn a_search_is_the_same_on_any_number_of_threads_and_machines() {
    let whole = search(&["--jobs=1"]);
    assert_eq!(whole, search(&["--jobs=2"]));
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("shared");
    let out = out.to_str().unwrap();
    let watched = || json(&expect(&["--watch", out, "--format", "json"], 0).0);
    for wave in ["tune", "judge"] {
        for shard in ["1/3", "2/3", "3/3"] {
            expect(&[&SEARCH[..], &["--out", out, "--wave", wave, "--shard", shard]].concat(), 0);
        }
        // Meanwhile the folder says how far they are.
        let complete = wave == "judge";
        assert_eq!(watched()["complete"], complete);
        assert_eq!(watched()["runs"] == whole["runs"], complete);
    }
    assert_eq!(whole, watched());
    let (_, err) = expect(&["--watch", "nowhere"], 2);
    assert!(err.contains("holds no comparison"), "{err}");
    let merged = merge(out, &["--format", "json"]).success().get_output().stdout.clone();
    assert_eq!(whole, json(&String::from_utf8(merged).unwrap()));
}

#[test]
fn a_search_tells_how_far_it_came_and_what_the_defaults_give() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("search");
    let value = search(&["--out", out.to_str().unwrap()]);
    assert_eq!(value["complete"], true);
    assert_eq!(value["tune"].as_array().unwrap().len(), 3);
    for standing in value["ranking"].as_array().unwrap() {
        let found = &standing["search"];
        let best: Vec<f64> =
            found["best_so_far"].as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect();
        assert_eq!(best.len(), 6, "{standing}");
        assert!(best.windows(2).all(|two| two[1] <= two[0]), "{best:?}");
        // What it came to is the trial that it says, at the settings that it says.
        let trial = found["trial"].as_u64().unwrap() as usize;
        let tried = &standing["sensitivity"][trial - 1];
        assert_eq!(tried["validation_loss"]["median"].as_f64(), best.last().copied());
        assert_eq!(found["settings"], found["trials"][trial - 1]);
        assert_eq!(tried["lr"], found["settings"]["optimizer.lr"]);
        assert!(found["defaults_test_loss"]["median"].is_number(), "{standing}");
        if trial == 1 {
            assert_eq!(found["defaults_test_loss"], standing["test_loss"]);
        }
        let has = |path: &str| found["settings"].get(path).is_some();
        let of = |name: &str| standing["name"] == name;
        assert_eq!(has("optimizer.betas"), of("adam"));
        assert_eq!(has("optimizer.momentum"), of("sgd"));
    }
    reported(&out);
    // The recipe of the first arm trains what it was judged at.
    let recipe = value["ranking"][0]["recipe"].as_str().unwrap();
    let lr = value["ranking"][0]["search"]["settings"]["optimizer.lr"].as_f64().unwrap();
    assert!(recipe.contains(&format!("lr={lr}")), "{recipe}");
}

/// What stands in the folder of a search.
fn reported(out: &Path) {
    let report = fs::read_to_string(out.join("report.md")).unwrap();
    for part in ["| arm | defaults |", "Kronecker", "(search.svg)", "optimizer.betas="] {
        assert!(report.contains(part), "no `{part}` in\n{report}");
    }
    assert!(out.join("search.svg").exists() && !out.join("sensitivity.svg").exists());
    let rows = table(&out.join("runs.csv"));
    let phases = |phase: &str| rows.iter().filter(|row| row.contains(phase)).count();
    assert_eq!(phases(",tuning,"), 3 * 6 * 2);
    assert_eq!(phases(",final,"), 3 * 3);
    assert!(rows[0].ends_with(",settings") && rows[1].contains("optimizer.lr="), "{}", rows[1]);
    // The same command finds all its runs again, and what was asked for stands beside them.
    let asked = fs::read_to_string(out.join("experiment.toml")).unwrap();
    assert!(asked.contains("trials = 6") && asked.contains("tune = [\"optimizer.lr\""), "{asked}");
}

#[test]
fn a_preset_may_ask_for_a_search() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("search.toml");
    let file = |terms: &str| {
        let text = format!(
            "[data]\nname = \"moons\"\n[[layers]]\nunits = 4\nactivation = \"tanh\"\n[[layers]]\nunits = 2\n\
             activation = \"softmax\"\n[train]\nsteps = 20\n[compare]\n\
             optimizers = [\"sgd\", \"adam\"]\nseeds = 2\n{terms}"
        );
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let name = file("tune = [\"optimizer.lr\", \"optimizer.momentum\"]\ntrials = 3\n");
    let (out, _) = expect(&[&name], 0);
    for part in ["on 2 tuning seeds", "trials", "defaults", "a sgd: optimizer.lr="] {
        assert!(out.contains(part), "no `{part}` in\n{out}");
    }
    assert!(out.lines().all(|line| line.chars().count() <= 80), "{out}");
    // A flag takes the place of what the file says.
    let (out, _) = expect(&[&name, "--trials=2"], 0);
    assert!(
        out.split_whitespace().collect::<Vec<_>>().join(" ").contains("best of 2 trials"),
        "{out}"
    );
    let (out, _) = expect(&[&name, "--lr-grid=2"], 0);
    assert!(
        out.split_whitespace().collect::<Vec<_>>().join(" ").contains("best of 2 rates"),
        "{out}"
    );
    let (_, err) = expect(&[&name, "--budget=5s"], 2);
    assert!(err.contains("cannot search"), "{err}");
    for (terms, said) in [
        ("tune = [\"optimizer.lr\"]\nrates = \"7\"\n", "leave one of them out"),
        ("trials = 5\n", "`tune` names none"),
        ("tune = [\"optimizer.lr\", \"optimizer.lr\"]\n", "named twice"),
        ("tune = 3\n", "must be a list of paths"),
        ("tune = [\"optimizer.lr\"]\ntrials = 0\n", "1 to 1000"),
    ] {
        let (_, err) = expect(&[&file(terms)], 2);
        assert!(err.contains(said), "{terms}: {err}");
    }
}

#[test]
fn what_a_search_cannot_do_is_refused_with_a_reason() {
    let base = ["moons", "--optimizers", "sgd,adam"];
    for (args, said) in [
        (&["--tune", "optimizer.lr", "--lr-grid=3"][..], "leave one of them out"),
        (&["--tune", "optimizer.lr", "--budget=5s"], "cannot search"),
        (&["--tune", "optimizer.momentun"], "did you mean `optimizer.momentum`?"),
        (&["--tune", "optimizer.nu"], "no arm has the setting `optimizer.nu`"),
        (&["--tune", "train.batch_size"], "only parameters"),
        (&["--tune", "optimizer.lr,optimizer.lr"], "named twice"),
        (&["--trials=5"], "--tune"),
    ] {
        let (_, err) = expect(&[&base[..], args].concat(), 2);
        assert!(err.contains(said), "{args:?}: {err}");
    }
}
