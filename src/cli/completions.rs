//! `gradlab completions`: the Tab key.

use std::io::Write;
use std::process::ExitCode;

use clap_complete::Shell;

use super::failure::Failure;
use super::output;

const AFTER_HELP: &str = "\
Examples:
  gradlab completions bash > ~/.local/share/bash-completion/completions/gradlab
  gradlab completions zsh > ~/.zfunc/_gradlab
  gradlab completions fish > ~/.config/fish/completions/gradlab.fish";

/// Print a script that completes gradlab's commands in a shell
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Runs the command.
///
/// # Errors
/// If stdout cannot be written.
pub fn run(args: Args) -> Result<ExitCode, Failure> {
    // Into memory first: clap_complete panics if it cannot write.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut super::all(), "gradlab", &mut script);
    let mut out = output::stdout();
    out.write_all(&script)?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
