//! `gradlab man`: the manual.

use std::io::Write;
use std::process::ExitCode;

use clap::Command;
use clap_mangen::Man;

use super::failure::Failure;
use super::output;
use crate::spec::nearest;

const AFTER_HELP: &str = "\
Examples:
  gradlab man | man -l -
  gradlab man step > gradlab-step.1";

/// Print the manual page
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// The page of one command, instead of the one about gradlab itself
    command: Option<String>,
}

/// Runs the command.
///
/// # Errors
/// If there is no such command, or stdout cannot be written.
pub fn run(args: Args) -> Result<ExitCode, Failure> {
    let gradlab = super::all();
    let page = match args.command {
        None => gradlab,
        Some(name) => find(&gradlab, &name)?,
    };
    let mut out = output::stdout();
    Man::new(page).render(&mut out)?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn find(gradlab: &Command, name: &str) -> Result<Command, Failure> {
    gradlab.find_subcommand(name).cloned().ok_or_else(|| {
        let names = gradlab.get_subcommands().map(Command::get_name);
        let hint = nearest(name, names)
            .map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        Failure::input(format!("there is no command `{name}`{hint}"))
    })
}
