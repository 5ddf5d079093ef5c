//! `gradlab data`, and own data in `gradlab run`: files as they are published, and as they should not
//! be.

#![expect(clippy::unwrap_used, reason = "a test that panics fails, as it should")]

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

mod classics;
mod faults;
mod settings;

/// Runs in `folder`, and gives exit code, stdout and stderr.
fn gradlab_in(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let mut command = Command::cargo_bin("gradlab").unwrap();
    command.args(args).current_dir(folder).timeout(std::time::Duration::from_secs(120));
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

/// Runs in the project's folder.
fn gradlab(args: &[&str]) -> (i32, String, String) {
    gradlab_in(Path::new(env!("CARGO_MANIFEST_DIR")), args)
}

/// Runs in a folder that holds `text` as `a.csv`.
fn with_file(text: impl AsRef<[u8]>, args: &[&str]) -> (i32, String, String) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.csv"), text).unwrap();
    gradlab_in(folder.path(), args)
}

/// The words of a line for a shell that hold no quoted spaces.
fn words(line: &str) -> Vec<String> {
    line.split(' ').map(|word| word.trim_matches('\'').to_owned()).collect()
}

/// The last line of JSON of a run.
fn summary(out: &str) -> Value {
    serde_json::from_str::<Value>(out.lines().last().unwrap()).unwrap()["summary"].clone()
}
