//! `gradlab run --out` after it was killed or interrupted: the same command again goes on where it was,
//! and ends as if nothing had happened.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that panics fails, as it should")]

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant, SystemTime};

use serde_json::Value;

const RECIPE: &str = "spirals:samples=200/8-tanh+batch_norm/8-relu+dropout=0.1/2-softmax";
const SET: &str = "train.eval_every=100";
const STATE: &str = "state.safetensors";

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(100);

fn gradlab(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gradlab"));
    // A pipe that nobody reads from would hold it up.
    command.args(args).stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

/// The run with so many steps into `folder`.
fn run(steps: u64, folder: &Path) -> Command {
    let edit = format!("{}:optimizer=sgd:lr=0.05,momentum=0.9", steps / 2);
    let steps = steps.to_string();
    let args = ["run", RECIPE, "--set", SET, "--set", "optimizer=adam", "--set", "train.ema=0.99"];
    let mut command = gradlab(&args);
    command.args(["--edit", "50:layers.1.activation=relu", "--edit", &edit]);
    command.args(["--steps", &steps, "--format", "json", "--out", folder.to_str().unwrap()]);
    command
}

/// The steps that this machine makes in about `seconds`.
fn steps_in(seconds: u64) -> u64 {
    let mut command = gradlab(&["run", RECIPE, "--set", SET, "--time", "1s", "--format", "json"]);
    let output = command.stdout(Stdio::piped()).output();
    let text = String::from_utf8(output.unwrap().stdout).unwrap();
    let last: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    last["summary"]["steps"].as_u64().unwrap() * seconds
}

fn modified(folder: &Path) -> Option<SystemTime> {
    fs::metadata(folder.join(STATE)).ok()?.modified().ok()
}

/// Waits until the run has kept a state, or is over.
fn wait_for_state(child: &mut Child, folder: &Path) {
    let (before, begun) = (modified(folder), Instant::now());
    while modified(folder) == before && child.try_wait().unwrap().is_none() {
        assert!(begun.elapsed() < PATIENCE, "no state is kept");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Sends a signal by its name, and waits for the end.
fn end(mut child: Child, signal: &str) -> Output {
    if child.try_wait().unwrap().is_none() {
        let status = Command::new("kill").args([signal, &child.id().to_string()]).status();
        assert!(status.unwrap().success());
    }
    child.wait_with_output().unwrap()
}

fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Both folders hold the same results, times aside.
#[track_caller]
fn same_results(one: &Path, other: &Path) {
    for name in ["experiment.toml", "metrics.csv", "weights.npz", "model.json"] {
        let read = |folder: &Path| fs::read(folder.join(name)).unwrap();
        assert!(read(one) == read(other), "{name}");
    }
    let summary = |folder: &Path| {
        let text = fs::read_to_string(folder.join("summary.json")).unwrap();
        let mut summary: Value = serde_json::from_str(&text).unwrap();
        for times in ["seconds", "steps_per_s"] {
            assert!(summary.as_object_mut().unwrap().remove(times).is_some());
        }
        // What was looked at before the kill is not looked at again.
        assert!(summary.as_object_mut().unwrap().remove("diagnosis").is_some());
        summary
    };
    assert_eq!(summary(one), summary(other));
    assert_eq!(names(one), names(other), "nothing is left over");
}

#[test]
fn a_run_that_is_killed_again_and_again_ends_as_if_it_had_not_been() {
    let folder = tempfile::tempdir().unwrap();
    let [whole, killed] = ["whole", "killed"].map(|name| folder.path().join(name));
    let steps = steps_in(6);
    assert!(run(steps, &whole).status().unwrap().success());
    assert_eq!(names(&whole).len(), 5);
    let mut gone_on = 0;
    for pause in [0, 130, 310] {
        let mut child = run(steps, &killed).spawn().unwrap();
        wait_for_state(&mut child, &killed);
        std::thread::sleep(Duration::from_millis(pause));
        gone_on += usize::from(stderr(&end(child, "-KILL")).contains("goes on from step "));
    }
    let last = run(steps, &killed).output().unwrap();
    assert!(last.status.success());
    gone_on += usize::from(stderr(&last).contains("goes on from step "));
    assert!(gone_on > 0, "it ended before it was killed");
    same_results(&whole, &killed);
}

#[test]
fn a_run_that_is_interrupted_has_its_results_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let [whole, stopped] = ["whole", "stopped"].map(|name| folder.path().join(name));
    let steps = steps_in(4);
    assert!(run(steps, &whole).status().unwrap().success());
    let mut child = run(steps, &stopped).spawn().unwrap();
    wait_for_state(&mut child, &stopped);
    let ended = end(child, "-INT");
    assert_eq!(ended.status.code(), Some(130));
    let summary = fs::read_to_string(stopped.join("summary.json")).unwrap();
    let summary: Value = serde_json::from_str(&summary).unwrap();
    assert_eq!(summary["status"], "interrupted");
    let rest = run(steps, &stopped).stdout(Stdio::piped()).output().unwrap();
    assert_eq!(stderr(&rest), format!("note: goes on from step {}\n", summary["steps"]));
    // Nothing is told twice.
    let first = String::from_utf8(rest.stdout).unwrap();
    let first: Value = serde_json::from_str(first.lines().next().unwrap()).unwrap();
    assert!(first["step"].as_u64() > summary["steps"].as_u64());
    same_results(&whole, &stopped);
}

/// A folder with a run in it that was interrupted before its first step ended.
fn interrupted(folder: &Path) {
    let mut child = run(1_000_000_000, folder).spawn().unwrap();
    wait_for_state(&mut child, folder);
    assert_eq!(end(child, "-TERM").status.code(), Some(143));
}

#[test]
fn what_cannot_be_gone_on_from_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    interrupted(path);
    let again = |args: &[&str]| {
        let mut command = run(1_000_000_000, path);
        let output = command.args(args).output().unwrap();
        (output.status.code(), stderr(&output).to_owned())
    };
    let (code, err) = again(&["--set", "optimizer=sgd"]);
    assert_eq!(code, Some(2));
    assert!(err.contains("holds the results of another experiment"), "{err}");
    // Killed, it has left no experiment.
    fs::remove_file(path.join("experiment.toml")).unwrap();
    let (code, err) = again(&["--set", "optimizer=sgd"]);
    assert_eq!(code, Some(2));
    assert!(err.contains("holds an unfinished run of another experiment; name another"), "{err}");
    let (code, err) = again(&["--until", "5"]);
    assert_eq!(code, Some(2), "what has been trained is not thrown away");
    assert!(err.contains("farther than this one goes; use --until with a later step"), "{err}");
    assert!(path.join(STATE).is_file());

    fs::write(path.join(STATE), "not a state").unwrap();
    let (code, err) = again(&["--until", "5"]);
    assert_eq!(code, Some(0));
    assert!(err.contains("this is no checkpoint, or only a part of one"), "{err}");
    assert_eq!(names(path).len(), 5);
}

#[test]
fn a_state_without_its_evaluations_is_no_use() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    interrupted(path);
    fs::write(path.join("metrics.csv.part"), "").unwrap();
    let mut child = run(1_000_000_000, path).spawn().unwrap();
    wait_for_state(&mut child, path);
    let ended = end(child, "-INT");
    assert!(stderr(&ended).contains("the evaluations up to it are not there"));
}
