//! A reader that goes away is no failure; a full disk is one.

use std::process::{Command, Output};

fn gradlab(line: &str, stdout: impl Into<std::process::Stdio>) -> Output {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("gradlab"));
    let child =
        command.args(line.split_whitespace()).stdout(stdout).stderr(std::process::Stdio::piped());
    child.spawn().unwrap().wait_with_output().unwrap()
}

const LINES: [&str; 9] = [
    "list activations",
    "list optimizers --format json",
    "explain adam",
    "explain adam --format json",
    "activation relu --at 1",
    "step sgd --start 1 --grads 1",
    "export iris --to toml",
    "completions bash",
    "man",
];

#[test]
fn a_closed_pipe_ends_quietly() {
    for line in LINES.into_iter().chain(["--help"]) {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = gradlab(line, writer);
        assert_eq!(output.status.code(), Some(0), "{line}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{line}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_a_failure() {
    for line in LINES {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = gradlab(line, full);
        assert_eq!(output.status.code(), Some(1), "{line}");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(stderr.starts_with("error: No space left on device"), "{line}: {stderr}");
    }
}
