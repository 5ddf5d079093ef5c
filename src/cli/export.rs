//! `gradlab export`: an experiment in another spelling.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use super::experiment::Chosen;
use super::failure::{Failure, written};
use super::output;
use crate::experiment::{Experiment, to_portable_toml, to_recipe, to_toml};
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

impl Spelling {
    /// The experiment so spelled, with `toml` for TOML.
    fn write(self, experiment: &Experiment, toml: fn(&Experiment) -> String) -> String {
        match self {
            Self::Toml => toml(experiment),
            Self::Recipe => to_recipe(experiment) + "\n",
        }
    }
}

/// Runs the command.
///
/// # Errors
/// Bad input, or the result cannot be written.
pub fn run(args: Args) -> Result<ExitCode, Failure> {
    let experiment = args.experiment.load()?;
    let Some(path) = args.out else {
        let text = args.to.write(&experiment, to_toml);
        let mut out = output::stdout();
        out.write_all(text.as_bytes())?;
        out.flush()?;
        return Ok(ExitCode::SUCCESS);
    };
    let text = args.to.write(&experiment, to_portable_toml);
    written(&path, file::write(&path, text))?;
    Ok(ExitCode::SUCCESS)
}
