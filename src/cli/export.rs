//! `gradlab export`: an experiment in another spelling.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use super::experiment::Chosen;
use super::failure::{Failure, written};
use super::output;
use crate::experiment::{save, to_recipe, to_toml};
use crate::export::file;

const AFTER_HELP: &str = "\
Examples:
  gradlab export spirals --to recipe
  gradlab export moons/8-tanh/2-softmax --to toml
  gradlab export iris --set optimizer=sgd:lr=0.1 --to toml --out my.toml";

/// Write an experiment as TOML or as a one-line recipe
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    #[command(flatten)]
    experiment: Chosen,
    /// The spelling
    #[arg(long, value_enum)]
    to: Spelling,
    /// Write to FILE instead of stdout
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Spelling {
    /// A file to edit, and to start with `gradlab FILE`
    Toml,
    /// One line to pass on
    Recipe,
}

/// Runs the command.
///
/// # Errors
/// Bad input, or the result cannot be written.
pub fn run(args: Args) -> Result<ExitCode, Failure> {
    let experiment = args.experiment.load()?;
    let text = match args.to {
        Spelling::Toml => to_toml(&experiment),
        Spelling::Recipe => to_recipe(&experiment) + "\n",
    };
    let Some(path) = args.out else {
        let mut out = output::stdout();
        out.write_all(text.as_bytes())?;
        out.flush()?;
        return Ok(ExitCode::SUCCESS);
    };
    let outcome = match args.to {
        // File names in a TOML file are relative to its own folder, which `save` sees to.
        Spelling::Toml => save(&experiment, &path),
        Spelling::Recipe => file::write(&path, text),
    };
    written(&path, outcome)?;
    Ok(ExitCode::SUCCESS)
}
