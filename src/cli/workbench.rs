//! `gradlab [EXPERIMENT]`: the workbench.

use std::process::ExitCode;

use anyhow::anyhow;

use super::failure::Failure;

/// What the workbench opens with.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What to train: a preset, a .toml file or a recipe
    pub experiment: Option<String>,
}

/// Opens the workbench.
///
/// # Errors
/// If the experiment cannot be loaded or there is no terminal.
pub fn run(args: Args) -> Result<ExitCode, Failure> {
    if let Some(word) = &args.experiment {
        super::check_word(word)?;
    }
    Err(Failure::Work(anyhow!("the workbench is not part of this build yet")))
}
