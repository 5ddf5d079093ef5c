//! A session over the end of the program, however it came.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::harness::{ENDLESS, ENTER, GRADLAB, RIGHT, Start, Terminal, layer, step, step_while};

/// Opens `gradlab` with its state in a folder that outlives it.
fn open(args: &[&str], state: &Path) -> Terminal {
    Start::gradlab(args).env("GRADLAB_STATE_DIR", state.to_str().unwrap()).open()
}

/// The sessions as JSON.
fn sessions(state: &Path) -> serde_json::Value {
    let mut command = std::process::Command::new(GRADLAB);
    command.args(["list", "sessions", "--format", "json"]).env("GRADLAB_STATE_DIR", state);
    serde_json::from_slice(&command.output().unwrap().stdout).unwrap()
}

/// What stands in the only session's file under `key`.
fn field(state: &Path, key: &str) -> Option<u64> {
    let list = sessions(state);
    list[0][key].as_u64()
}

#[track_caller]
fn wait(what: &str, mut until: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !until() {
        assert!(begun.elapsed() < Duration::from_secs(60), "never: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The run's weights at its step, as files that are written by `w`.
fn weights(terminal: &mut Terminal) -> Vec<Vec<u8>> {
    let folder = terminal.folder().to_owned();
    terminal.press_for("w", "wrote ");
    let written = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let written = written.filter(|path| path.is_dir()).max().unwrap();
    let mut files: Vec<_> = fs::read_dir(written).unwrap().map(|it| it.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty());
    files.iter().map(|path| fs::read(path).unwrap()).collect()
}
