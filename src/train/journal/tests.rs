use std::fs::{self, File};
use std::path::PathBuf;
use std::time::{Instant, SystemTime};

use crossbeam_channel::bounded;
use tempfile::TempDir;

use super::*;
use crate::experiment::{Experiment, load_with, parse_recipe};
use crate::train::{Problem, Session};

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);

fn experiment(set: &[&str]) -> Experiment {
    let recipe = "moons:samples=40/4-tanh+batch_norm/2-softmax/optimizer=adam,ema=0.9,steps=1000";
    load_with(recipe, set).unwrap().experiment
}

/// A script with an edit at each of `steps`.
fn script(steps: &[u64]) -> Script {
    let mut script = Script::from(experiment(&[]));
    for (rate, step) in (1..).zip(steps) {
        let set = format!("optimizer=sgd:lr=0.0{rate},momentum=0.9");
        script.edit(*step, experiment(&[&set])).unwrap();
    }
    script
}

/// The state of `script` at `step`, with the edit there.
fn state(script: &Script, step: u64) -> Checkpoint {
    let problem = Problem::load(script.start()).unwrap();
    at(Session::of_script(script, problem), step)
}

fn at(mut session: Session, step: u64) -> Checkpoint {
    session.set_single_threaded(true);
    while session.engine().step_count() < step {
        session.train().unwrap();
    }
    session.make_due_edit();
    session.snapshot()
}

fn journal(sessions: &Path) -> Journal {
    Journal::open(sessions, &bounded(1).0)
}

/// A session that was at `place`, closed.
fn kept(sessions: &Path, (script, step): (&Script, u64)) -> String {
    let journal = journal(sessions);
    let before: Vec<_> = list(sessions).into_iter().map(|found| found.id).collect();
    journal.script(script, step);
    assert!(journal.close(PATIENCE));
    let new = list(sessions).into_iter().find(|found| !before.contains(&found.id));
    new.unwrap().id
}

/// Only session in the folder.
fn file(sessions: &Path, name: &str) -> PathBuf {
    sessions.join(&list(sessions)[0].id).join(name)
}

fn refusal(sessions: &Path, id: Option<&str>) -> Refusal {
    resume(sessions, id).unwrap_err()
}

#[track_caller]
fn wait(what: &str, mut until: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !until() {
        assert!(begun.elapsed() < PATIENCE, "never: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The bytes of the state to which `resumed` leads.
fn reached(Resumed { start, .. }: &Resumed) -> Vec<u8> {
    let problem = Problem::load(start.script.start()).unwrap();
    at(start.session(problem), start.step).to_bytes().unwrap()
}

#[test]
fn a_session_goes_on_to_the_bit_from_a_state_and_the_edits_after_it() {
    let sessions = tempfile::tempdir().unwrap();
    let whole = script(&[10, 25]);
    let journal = journal(sessions.path());
    journal.script(&whole.until(0), 0);
    journal.script(&whole.until(10), 10);
    journal.state(&whole.until(20), state(&whole, 20));
    wait("a state", || {
        list(sessions.path()).len() == 1 && file(sessions.path(), "state.safetensors").exists()
    });
    // On the disk while the session is open: nothing waits for its end.
    journal.script(&whole, 25);
    wait("the edit", || {
        let place = list(sessions.path()).remove(0).place.unwrap();
        (place.step, place.edits) == (25, 2)
    });
    assert!(journal.close(PATIENCE));
    let (resumed, _folder) = resume(sessions.path(), None).unwrap();
    assert_eq!((resumed.start.step, &resumed.start.script), (25, &whole));
    let (checkpoint, seen) = resumed.start.checkpoint.as_ref().unwrap();
    assert_eq!((checkpoint.step(), *seen), (20, 1));
    assert_eq!(reached(&resumed), state(&whole, 25).to_bytes().unwrap());
    assert!(resumed.notes.is_empty());
}

#[test]
fn a_state_counts_only_on_the_way() {
    let whole = script(&[10, 30]);
    for (steps, at, place, used) in [
        // The same script, and what it begins with.
        (&[10, 30][..], 35, 40, true),
        (&[10], 20, 40, true),
        (&[], 5, 40, true),
        // An edit at the very step, made or not.
        (&[10, 30], 30, 40, true),
        (&[10], 30, 40, true),
        // Farther than the run went.
        (&[10, 30], 35, 34, false),
        // Another edit, or none where there is one.
        (&[12], 20, 40, false),
        (&[], 20, 40, false),
        (&[10], 35, 40, false),
    ] {
        let other = script(steps);
        let sessions = tempfile::tempdir().unwrap();
        let journal = journal(sessions.path());
        journal.state(&other, state(&other, at));
        wait("a state", || {
            list(sessions.path()).len() == 1 && file(sessions.path(), "state.safetensors").exists()
        });
        journal.script(&whole, place);
        assert!(journal.close(PATIENCE));
        let (resumed, _folder) = resume(sessions.path(), None).unwrap();
        assert_eq!(resumed.start.checkpoint.is_some(), used, "{steps:?} at {at}");
        assert_eq!(reached(&resumed), state(&whole, place).to_bytes().unwrap(), "{steps:?}");
    }
}

#[test]
fn an_open_session_is_refused_by_name() {
    let sessions = tempfile::tempdir().unwrap();
    assert_eq!(refusal(sessions.path(), None), Refusal::None);
    let journal = journal(sessions.path());
    journal.script(&script(&[]), 7);
    wait("a session", || list(sessions.path()).len() == 1);
    let id = list(sessions.path())[0].id.clone();
    assert!(list(sessions.path())[0].open);
    for named in [None, Some(id.as_str())] {
        assert_eq!(refusal(sessions.path(), named), Refusal::Open(id.clone()));
    }
    assert!(journal.close(PATIENCE));
    assert!(!list(sessions.path())[0].open);
    let (resumed, folder) = resume(sessions.path(), Some(&id)).unwrap();
    assert_eq!(refusal(sessions.path(), Some(&id)), Refusal::Open(id.clone()));
    // It goes on in its own folder.
    let journal = Journal::go_on(folder, &bounded(1).0);
    journal.script(&resumed.start.script, 9);
    assert!(journal.close(PATIENCE));
    let all = list(sessions.path());
    assert_eq!((all.len(), all[0].place.as_ref().unwrap().step), (1, 9));
    match refusal(sessions.path(), Some("another")) {
        Refusal::Unknown { hint, .. } => assert_eq!(hint, "see `gradlab list sessions`"),
        other => panic!("{other}"),
    }
}

#[test]
fn the_one_used_last_that_is_closed_comes_first() {
    let sessions = tempfile::tempdir().unwrap();
    let first = kept(sessions.path(), (&script(&[]), 1));
    let open = journal(sessions.path());
    open.script(&script(&[]), 2);
    wait("a session", || list(sessions.path()).len() == 2);
    assert_eq!(resume(sessions.path(), None).unwrap().0.id, first);
}

#[test]
fn only_the_latest_sessions_are_kept_and_every_open_one() {
    let sessions = tempfile::tempdir().unwrap();
    let oldest = journal(sessions.path());
    oldest.script(&script(&[]), 0);
    wait("a session", || list(sessions.path()).len() == 1);
    let open = list(sessions.path())[0].id.clone();
    let mut closed = Vec::new();
    for step in 1..=MOST as u64 + 1 {
        closed.push(kept(sessions.path(), (&script(&[]), step)));
        // Times in the files are in seconds: so that each is older than the next, all are moved back.
        for found in list(sessions.path()) {
            backdate(sessions.path(), &found);
        }
    }
    let left: Vec<_> = list(sessions.path()).into_iter().map(|found| found.id).collect();
    assert_eq!(left.len(), MOST + 1, "the open one is too many");
    assert!(left.contains(&open));
    assert!(!left.contains(&closed[0]));
    assert!(closed[1..].iter().all(|id| left.contains(id)));
    let folders = fs::read_dir(sessions.path()).unwrap().count();
    assert_eq!(folders, MOST + 1, "nothing is left of the others");
}

/// Makes a session an hour older.
fn backdate(sessions: &Path, found: &Found) {
    let path = sessions.join(&found.id).join("session.toml");
    let text = fs::read_to_string(&path).unwrap();
    let mut file = session_file::SessionFile::parse(&text).unwrap();
    file.saved -= Duration::from_secs(3600);
    fs::write(path, file.to_text()).unwrap();
}

#[test]
fn foreign_files_are_refused_with_the_reason() {
    let sessions = tempfile::tempdir().unwrap();
    let id = kept(sessions.path(), (&script(&[]), 7));
    let path = file(sessions.path(), "session.toml");
    let good = fs::read_to_string(&path).unwrap();
    let reason = |expected: &str| {
        match refusal(sessions.path(), Some(&id)) {
            Refusal::Unreadable { reason, .. } => assert!(reason.contains(expected), "{reason}"),
            other => panic!("{other}"),
        }
        let found = list(sessions.path()).remove(0);
        assert!(found.place.unwrap_err().contains(expected));
    };
    for (text, expected) in [
        ("", "it is no session, or only a part of one"),
        (&good[..good.len() / 2], "it is no session, or only a part of one"),
        (&good[..good.len() - 1], "it is damaged"),
        (&good.replace("step = 7", "step = 8"), "it is damaged"),
        (&good.replace("version = 1", "version = 2"), "it is of version 2 of its format"),
    ] {
        fs::write(&path, text).unwrap();
        reason(expected);
    }
    fs::write(&path, [0xff, 0xfe]).unwrap();
    reason("it is not a text in UTF-8");
    File::create(&path).unwrap().set_len(crate::file::LONGEST_TEXT + 1).unwrap();
    reason("it is longer than");
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    reason("it is a folder, not a file");
    fs::remove_dir(&path).unwrap();
    #[cfg(unix)]
    {
        let elsewhere = sessions.path().join("elsewhere");
        fs::write(&elsewhere, &good).unwrap();
        std::os::unix::fs::symlink(&elsewhere, &path).unwrap();
        reason("it is a link, not a file");
    }
}

#[test]
fn an_experiment_that_is_not_valid_is_refused() {
    let sessions = tempfile::tempdir().unwrap();
    let id = kept(sessions.path(), (&script(&[]), 7));
    let path = file(sessions.path(), "session.toml");
    let mut file = session_file::SessionFile::parse(&fs::read_to_string(&path).unwrap()).unwrap();
    file.script = file.script.replace("tanh", "tanq");
    fs::write(&path, file.to_text()).unwrap();
    match refusal(sessions.path(), Some(&id)) {
        Refusal::Unreadable { reason, .. } => assert!(reason.contains("did you mean"), "{reason}"),
        other => panic!("{other}"),
    }
}

#[test]
fn a_state_that_cannot_be_used_is_not() {
    let sessions = tempfile::tempdir().unwrap();
    let whole = script(&[]);
    let journal = journal(sessions.path());
    journal.state(&whole, state(&whole, 9));
    assert!(journal.close(PATIENCE));
    let path = file(sessions.path(), "state.safetensors");
    let good = fs::read(&path).unwrap();
    let used = || resume(sessions.path(), None).unwrap().0.start.checkpoint.is_some();
    assert!(used());
    let mut flipped = good.clone();
    flipped[good.len() / 2] ^= 1;
    for bytes in [&[][..], &good[..good.len() - 1], &flipped, b"version = 1"] {
        fs::write(&path, bytes).unwrap();
        assert!(!used());
    }
    // One without the word of a script.
    fs::write(&path, state(&whole, 9).to_bytes().unwrap()).unwrap();
    assert!(!used());
    fs::remove_file(&path).unwrap();
    assert!(!used());
    fs::create_dir(&path).unwrap();
    assert!(!used());
}

/// A place where no folder can be made, and the file that is in the way.
fn blocked() -> (TempDir, PathBuf, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let sessions = file.join("sessions");
    (folder, file, sessions)
}

#[test]
fn what_cannot_be_written_is_told_once_and_tried_again() {
    let (_folder, file, sessions) = blocked();
    let (wake, woken) = bounded(1);
    let journal = Journal::open(&sessions, &wake);
    journal.script(&script(&[]), 3);
    woken.recv_timeout(PATIENCE).unwrap();
    let notice = journal.notices().try_recv().unwrap();
    assert!(notice.starts_with(&format!("cannot write to `{}`: ", sessions.display())), "{notice}");
    journal.script(&script(&[]), 4);
    fs::remove_file(&file).unwrap();
    assert!(journal.close(PATIENCE));
    assert_eq!(resume(&sessions, None).unwrap().0.start.step, 4);
    assert!(journal.notices().try_recv().is_err());
}

#[test]
fn a_journal_that_cannot_write_ends_nevertheless() {
    let (_folder, _, sessions) = blocked();
    let journal = journal(&sessions);
    journal.script(&script(&[]), 3);
    assert!(!journal.close(PATIENCE));
}

#[test]
fn a_state_that_does_not_fit_on_the_disk_leaves_the_one_before() {
    let sessions = tempfile::tempdir().unwrap();
    let whole = script(&[]);
    let journal = journal(sessions.path());
    journal.state(&whole, state(&whole, 9));
    wait("a state", || {
        list(sessions.path()).len() == 1 && file(sessions.path(), "state.safetensors").exists()
    });
    // As on a full disk, no other file can be begun.
    let part = file(sessions.path(), "state.safetensors.part");
    fs::create_dir_all(part.join("in the way")).unwrap();
    journal.state(&whole, state(&whole, 12));
    assert!(!journal.close(PATIENCE));
    assert!(journal.notices().try_recv().is_ok());
    let (resumed, _folder) = resume(sessions.path(), None).unwrap();
    assert_eq!(resumed.start.step, 12, "where the run was is known");
    assert_eq!(resumed.start.checkpoint.as_ref().unwrap().0.step(), 9);
    assert_eq!(reached(&resumed), state(&whole, 12).to_bytes().unwrap());
}

#[test]
fn other_data_are_refused_by_their_hash() {
    let folder = tempfile::tempdir().unwrap();
    let sessions = folder.path().join("sessions");
    let csv = folder.path().join("mine.csv");
    let row = |i: usize| format!("{i},{},{}\n", i * i % 7, i % 2);
    let rows = (0..40).map(row).collect::<Vec<_>>().concat();
    fs::write(&csv, format!("a,b,y\n{rows}")).unwrap();
    let recipe = format!("csv={},target=y/4-tanh/2-softmax", csv.display());
    let script = Script::from(parse_recipe(&recipe).unwrap().experiment);
    kept(&sessions, (&script, 3));
    assert_eq!(resume(&sessions, None).unwrap().0.start.step, 3);
    let why = || match refusal(&sessions, None) {
        Refusal::Data { path, how, .. } => {
            assert_eq!(path, csv.display().to_string());
            how
        }
        other => panic!("{other}"),
    };
    fs::write(&csv, format!("a,b,y\n{rows}1,1,1\n")).unwrap();
    assert_eq!(why(), "has changed since");
    fs::remove_file(&csv).unwrap();
    assert_eq!(why(), "cannot be read");
}

#[test]
fn another_version_of_the_program_is_said() {
    let sessions = tempfile::tempdir().unwrap();
    kept(sessions.path(), (&script(&[]), 7));
    let path = file(sessions.path(), "session.toml");
    let mut file = session_file::SessionFile::parse(&fs::read_to_string(&path).unwrap()).unwrap();
    file.program = "9.9\u{1b}".into();
    file.saved = SystemTime::UNIX_EPOCH;
    fs::write(&path, file.to_text()).unwrap();
    let notes = resume(sessions.path(), None).unwrap().0.notes;
    assert!(notes[0].contains("gradlab 9.9\\u{1b}"), "{notes:?}");
}
