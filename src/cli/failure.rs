//! How a command ends without its result: what is said, and the exit code.

use std::io;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, anyhow};

use super::output::say;
use crate::experiment::Diagnostic;
use crate::spec::PickError;

/// The exit code of a run that diverged.
pub const DIVERGED: u8 = 3;

/// The exit code of a program that ended by signal `number`.
#[must_use]
pub fn signalled(number: i32) -> ExitCode {
    ExitCode::from(u8::try_from(128 + number).unwrap_or(u8::MAX))
}

/// Why a command ended without its result.
#[derive(Debug)]
pub enum Failure {
    /// What was typed or read is wrong: exit code 2.
    Input(anyhow::Error),
    /// The work itself failed: exit code 1.
    Work(anyhow::Error),
}

impl Failure {
    /// Bad input; `message` says what, where, and what would be right.
    pub fn input(message: impl Into<String>) -> Self {
        Self::Input(anyhow!(message.into()))
    }

    /// Says on stderr what happened. A reader that has seen enough (`… | head`) is no failure.
    #[must_use]
    pub fn report(self) -> ExitCode {
        let (error, code) = match self {
            Self::Input(error) => (error, 2),
            Self::Work(error) => (error, 1),
        };
        let broken_pipe = |cause: &io::Error| cause.kind() == io::ErrorKind::BrokenPipe;
        if error.downcast_ref().is_some_and(broken_pipe) {
            return ExitCode::SUCCESS;
        }
        say(format_args!("error: {error:#}"));
        ExitCode::from(code)
    }
}

/// The outcome of writing `path`; the error names it.
///
/// # Errors
/// If it was not written.
pub fn written(path: &Path, outcome: io::Result<()>) -> Result<(), Failure> {
    let context = || format!("cannot write `{}`", path.display());
    outcome.with_context(context).map_err(Failure::Work)
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Work(error.into())
    }
}

impl From<serde_json::Error> for Failure {
    /// Of writing: what is read is checked where it is read.
    fn from(error: serde_json::Error) -> Self {
        Self::Work(io::Error::from(error).into())
    }
}

impl From<PickError> for Failure {
    fn from(error: PickError) -> Self {
        Self::Input(error.into())
    }
}

impl From<Diagnostic> for Failure {
    fn from(error: Diagnostic) -> Self {
        Self::Input(error.into())
    }
}
