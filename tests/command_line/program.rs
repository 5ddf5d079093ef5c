//! The program, run by a test to its end.

#![expect(clippy::unwrap_used, reason = "a test that panics fails, as it should")]

use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

/// The program with these arguments.
pub fn gradlab(args: &[&str]) -> Command {
    let mut command = Command::cargo_bin("gradlab").unwrap();
    command.args(args).timeout(std::time::Duration::from_secs(120));
    // No file of the user's.
    command.env("GRADLAB_CONFIG", "");
    command
}

/// Runs, expects `code`, and returns stdout and stderr.
pub fn expect(args: &[&str], code: i32) -> (String, String) {
    ended(gradlab(args), code)
}

/// As [`expect`], run in `folder`.
pub fn expect_in(folder: &Path, args: &[&str], code: i32) -> (String, String) {
    let mut command = gradlab(args);
    command.current_dir(folder);
    ended(command, code)
}

fn ended(mut command: Command, code: i32) -> (String, String) {
    let output = command.assert().code(code).get_output().clone();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr))
}

/// The objects of JSON lines.
pub fn lines(json: &str) -> Vec<Value> {
    json.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
