//! The command line as its users meet it: the real program, its output, messages and exit codes.
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests may")]

use std::path::PathBuf;

use assert_cmd::Command;
use serde_json::Value;

mod activation;
mod config;
mod explain;
mod export;
mod files;
mod help;
mod learn;
mod list;
mod optimize;
mod pipes;
mod schedule;
mod step;
mod words;

/// What a run of the program left behind.
#[derive(Debug)]
struct Outcome {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Outcome {
    fn of(mut command: Command) -> Self {
        let output = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self {
            code: output.status.code(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }

    /// Stdout of a run that succeeded without a word on stderr.
    fn text(self) -> String {
        assert_eq!((self.code, self.stderr.as_str()), (Some(0), ""), "{self:?}");
        self.stdout
    }

    /// As [`Self::text`], one JSON value on one line.
    fn json(self) -> Value {
        let text = self.text();
        assert_eq!(text.lines().count(), 1, "{text}");
        serde_json::from_str(&text).unwrap()
    }

    /// A run that was refused: exit code 2, nothing on stdout, all of `messages` on stderr.
    fn refused(self, messages: &[&str]) {
        assert_eq!((self.code, self.stdout.as_str()), (Some(2), ""), "{self:?}");
        assert!(self.stderr.starts_with("error: "), "{self:?}");
        for message in messages {
            assert!(self.stderr.contains(message), "no `{message}` in {self:?}");
        }
    }
}

fn program() -> Command {
    Command::new(assert_cmd::cargo::cargo_bin!("gradlab"))
}

/// Runs `gradlab` with the words of `line`.
fn gradlab(line: &str) -> Outcome {
    let mut command = program();
    command.args(line.split_whitespace());
    Outcome::of(command)
}

/// Runs `gradlab COMMAND --input FILE --format json` with a file that holds `case`.
fn with_case(command: &str, case: &str) -> Outcome {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    std::io::Write::write_all(&mut file, case.as_bytes()).unwrap();
    let mut program = program();
    program.args([command, "--format", "json", "--input"]).arg(file.path());
    Outcome::of(program)
}

/// The cases of a file in `tests/reference`.
fn reference(file: &str) -> Vec<Value> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference").join(file);
    let reference: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    reference["cases"].as_array().unwrap().clone()
}

/// Whether two JSON values are numbers, or lists of the same shape, that differ by at most
/// `absolute + relative·|wanted|`.
fn close(given: &Value, wanted: &Value, (absolute, relative): (f64, f64)) -> bool {
    match (given, wanted) {
        (Value::Array(given), Value::Array(wanted)) => {
            let mut pairs = given.iter().zip(wanted);
            given.len() == wanted.len() && pairs.all(|(g, w)| close(g, w, (absolute, relative)))
        }
        (Value::Number(given), Value::Number(wanted)) => {
            let (given, wanted) = (given.as_f64().unwrap(), wanted.as_f64().unwrap());
            (given - wanted).abs() <= absolute + relative * wanted.abs()
        }
        _ => false,
    }
}

#[track_caller]
fn assert_close(given: &Value, wanted: &Value, tolerance: (f64, f64)) {
    assert!(close(given, wanted, tolerance), "{given} is not {wanted}");
}
