//! A session over the end of the program, however it came.

use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;
use std::time::{Duration, Instant};

use gradlab::train::{Problem, Session, journal};
use rustix::process::Signal;
use serde_json::Value;

use super::harness::{ENDLESS, GRADLAB, RIGHT, Start, Terminal, layer, step, step_while};

/// Opens `gradlab` with its state in a folder that outlives it.
fn open(args: &[&str], state: &Path) -> Terminal {
    Start::gradlab(args).env("GRADLAB_STATE_DIR", state.to_str().unwrap()).open()
}

/// Runs `gradlab` without a terminal.
fn gradlab(args: &[&str], state: &Path) -> Output {
    Command::new(GRADLAB).args(args).env("GRADLAB_STATE_DIR", state).output().unwrap()
}

/// The only session, as `list sessions` tells of it.
fn session(state: &Path) -> Value {
    let output = gradlab(&["list", "sessions", "--format", "json"], state);
    let list: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(list.as_array().unwrap().len() <= 1, "{list}");
    list[0].clone()
}

#[track_caller]
fn wait(what: &str, mut until: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !until() {
        assert!(begun.elapsed() < Duration::from_secs(60), "never: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The program ends without any chance to do something about it.
fn kill(mut terminal: Terminal) {
    terminal.signal(Signal::KILL);
    wait("its end", || !terminal.running());
}

/// The state that was kept is, bit for bit, that of a run of the script from its start on.
fn kept_state_follows_from_the_script(state: &Path, step: u64) {
    let (resumed, _folder) = journal::resume(&state.join("sessions"), None).unwrap();
    let start = resumed.start;
    assert_eq!(start.step, step);
    assert_eq!(start.checkpoint.as_ref().unwrap().0.step(), step);
    let problem = Problem::load(start.script.start()).unwrap();
    let kept = start.session(Arc::clone(&problem));
    let mut whole = Session::of_script(&start.script, problem);
    while whole.engine().step_count() < step {
        whole.train().unwrap();
    }
    whole.make_due_edit();
    assert_eq!(kept.engine().parameters(), whole.engine().parameters());
}

#[test]
fn a_session_goes_on_after_it_was_killed_and_after_its_window_was_closed() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path();
    let mut terminal = open(&[ENDLESS], state);
    terminal.wait("progress", |screen| step_while("running", screen).filter(|&now| now > 100));
    let before = layer(&terminal.screen(), 1).unwrap()[1].clone();
    let edited = terminal.press(RIGHT, |screen| layer(screen, 1).filter(|it| it[1] != before));
    wait("the edit", || session(state)["edits"] == 1);
    let id = session(state)["id"].as_str().unwrap().to_owned();
    assert_eq!(session(state)["open"], true);
    let refused = gradlab(&[&format!("--resume={id}")], state);
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains(&format!("the session `{id}` is open in another gradlab")), "{said}");
    kill(terminal);

    let left = session(state);
    assert_eq!((&left["open"], &left["edits"]), (&Value::Bool(false), &Value::from(1)));
    let at = left["step"].as_u64().unwrap();
    assert!(at > 100);
    let mut terminal = open(&["--resume"], state);
    terminal.wait("the same step", |screen| step_while("paused", screen).filter(|&now| now == at));
    terminal.wait("the edit", |screen| layer(screen, 1).filter(|layer| *layer == edited));
    terminal.keys("q");
    terminal.end().in_order(0);
    kept_state_follows_from_the_script(state, at);

    let mut terminal = open(&[&format!("--resume={id}")], state);
    terminal.wait("the same step", |screen| step_while("paused", screen).filter(|&now| now == at));
    terminal.press(" ", |screen| step_while("running", screen).filter(|&now| now > at + 50));
    let shown = step(&terminal.screen()).unwrap();
    assert_eq!(terminal.hang_up(), 129);
    let at = session(state)["step"].as_u64().unwrap();
    assert!(at >= shown, "{at} {shown}");
    kept_state_follows_from_the_script(state, at);
    let mut terminal = open(&["--resume"], state);
    terminal.wait("the same step", |screen| step_while("paused", screen).filter(|&now| now == at));
    assert_eq!(session(state)["id"], *id, "it goes on in its own folder");
    terminal.keys("q");
    terminal.end().in_order(0);
}

#[test]
fn without_a_session_and_with_other_words_it_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (args, expected) in [
        (&["--resume"][..], "error: there is no session to go on with"),
        (&["--resume=k3f9qa"], "there is no session `k3f9qa`; see `gradlab list sessions`"),
        (&["--resume=../../etc"], "there is no session `../../etc`"),
        (&["spirals", "--resume"], "cannot be used with"),
        (&["--resume", "--seed", "3"], "cannot be used with"),
    ] {
        let output = gradlab(args, folder.path());
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains(expected), "{args:?}: {said}");
    }
}

#[test]
fn a_session_that_cannot_be_kept_is_told_of_once_and_trains_nevertheless() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let mut terminal = open(&[ENDLESS], &file);
    terminal.wait_for("this session is not kept: cannot write to");
    terminal.wait("progress", |screen| step_while("running", screen).filter(|&now| now > 100));
    terminal.press(RIGHT, |screen| (!screen.contains("is not kept")).then_some(()));
    terminal.keys("q");
    terminal.end().in_order(0);
}
