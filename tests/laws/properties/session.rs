//! Sessions: a file that is read leads somewhere, and is read the same after it was written again; any
//! other is refused with a message.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

use crossbeam_channel::bounded;
use gradlab::experiment::{Script, parse_recipe};
use gradlab::hash::fnv1a;
use gradlab::train::journal::{self, Journal};
use gradlab::train::{Problem, Session};

use super::experiment::is_small;
use super::text::assert_clean;

/// The longest file that is tried, in bytes.
pub const LONGEST: usize = 1 << 14;

/// The name of the session that is tried.
const ID: &str = "aaaaaa";

/// The most steps that are made from where a session says it was.
const STEPS: u64 = 20;

/// The properties of a session's file, and of the one in which the checksum is made right; beside it
/// lies a state of the example. Returns whether either is read.
pub fn file(bytes: &[u8]) -> bool {
    // What a path leads to is no property of the file.
    let has = |word: &[u8]| bytes.windows(word.len()).any(|window| window == word);
    if bytes.len() > LONGEST || has(b"csv") || has(b"data_file") {
        return false;
    }
    read(bytes) | resealed(bytes).is_some_and(|bytes| read(&bytes))
}

/// The files of a good session: its script and a state.
pub fn example() -> &'static [Vec<u8>; 2] {
    static FILES: OnceLock<[Vec<u8>; 2]> = OnceLock::new();
    FILES.get_or_init(|| {
        let recipe = "moons:samples=24/3-tanh+batch_norm/2-softmax/optimizer=adam,ema=0.9,steps=9";
        let script = Script::from(parse_recipe(recipe).unwrap().experiment);
        let mut run = Session::of_script(&script, Problem::load(script.start()).unwrap());
        run.set_single_threaded(true);
        for _ in 0..3 {
            run.train().unwrap();
        }
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(folder.path(), &bounded(1).0);
        journal.state(&script, run.snapshot());
        journal.script(&script, 7);
        assert!(journal.close(Duration::from_secs(60)));
        let session = folder.path().join(&journal::list(folder.path())[0].id);
        ["session.toml", "state.safetensors"].map(|name| fs::read(session.join(name)).unwrap())
    })
}

fn read(bytes: &[u8]) -> bool {
    let sessions = tempfile::tempdir().unwrap();
    let folder = sessions.path().join(ID);
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("session.toml"), bytes).unwrap();
    fs::write(folder.join("state.safetensors"), &example()[1]).unwrap();
    listed(sessions.path());
    let (resumed, folder) = match journal::resume(sessions.path(), Some(ID)) {
        Ok(resumed) => resumed,
        Err(refusal) => {
            assert_clean(&refusal.to_string(), "a refusal");
            return false;
        }
    };
    for note in &resumed.notes {
        assert_clean(note, "a note");
    }
    goes_on(&resumed.start);
    let journal = Journal::go_on(folder, &bounded(1).0);
    journal.script(&resumed.start.script, resumed.start.step);
    assert!(journal.close(Duration::from_secs(60)));
    let again = journal::resume(sessions.path(), Some(ID)).unwrap().0.start;
    assert_eq!((again.script, again.step), (resumed.start.script, resumed.start.step));
    true
}

fn listed(sessions: &Path) {
    let found = journal::list(sessions);
    assert_eq!(found.len(), 1);
    assert!(!found[0].open);
}

/// A few steps can be made from its state.
fn goes_on(start: &journal::Start) {
    if !is_small(start.script.start()) {
        return;
    }
    let Ok(problem) = Problem::load(start.script.start()) else { return };
    let mut run = start.session(problem);
    run.set_single_threaded(true);
    assert!(run.engine().step_count() <= start.step);
    for _ in 0..STEPS.min(start.step - run.engine().step_count()) {
        if run.train().is_err() {
            return;
        }
    }
}

/// The file with the checksum of what follows it.
fn resealed(bytes: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut lines = text.splitn(3, '\n');
    let (version, _, body) = (lines.next()?, lines.next()?, lines.next()?);
    Some(format!("{version}\nchecksum = \"{:016x}\"\n{body}", fnv1a(body.as_bytes())).into_bytes())
}
