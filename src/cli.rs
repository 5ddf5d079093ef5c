//! The command line: one file a command. This is the table of them.
//!
//! Data goes to stdout; notes and errors go to stderr. Exit codes: 0 done, 1 failed, 2 bad usage or
//! bad input, 3 diverged, 128 + n ended by signal n.

use std::path::Path;
use std::process::ExitCode;

use clap::error::ContextValue;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use self::failure::Failure;
use self::late::Late;
use crate::experiment::preset::PRESETS;
use crate::spec::nearest;
use crate::text::{is_unprintable, visible};

pub mod activation;
pub mod bench;
mod case;
pub mod check_gradients;
pub mod claims;
pub mod compare;
pub mod completions;
pub mod config;
pub mod curvature;
pub mod data;
mod describe;
pub mod experiment;
pub mod explain;
pub mod export;
pub mod failure;
pub mod jobs;
pub mod landscape;
mod late;
pub mod layer;
pub mod learn;
pub mod list;
pub mod look;
pub mod man;
pub mod memory;
pub mod merge;
mod nested;
mod numbers;
pub mod optimize;
pub mod output;
mod output_dir;
mod plot;
pub mod predict;
pub mod rank;
pub mod run;
pub mod schedule;
pub mod snapshot;
pub mod step;
mod table;
mod text;
mod topic;
mod trained;
pub mod workbench;

const AFTER_HELP: &str = "\
Examples:
  gradlab                      open the workbench, already training
  gradlab spirals              open it with a preset
  gradlab --resume             go on where it was closed or killed
  gradlab learn                lessons: predict, run, and see
  gradlab explain adam         formula, parameters, when to use it
  gradlab activation relu --at -1,0,2
  gradlab step adam:lr=0.01 --start 1.0 --grads 2,1.5,1

A thing with parameters is written NAME:KEY=VALUE,KEY=VALUE; a list's values are \
joined by colons, as in adam:lr=0.02,betas=0.9:0.999.

Exit codes: 0 done, 1 failed, 2 bad usage or bad input, 3 diverged, 128+n ended \
by signal n.";

/// A laboratory for neural networks in a terminal
///
/// Pick activation functions and optimizers layer by layer, train in the background, watch.
/// Without a command, gradlab opens the workbench.
#[derive(Debug, Parser)]
#[command(
    name = "gradlab",
    bin_name = "gradlab",
    version,
    after_help = AFTER_HELP,
    args_conflicts_with_subcommands = true,
    max_term_width = 80
)]
pub struct Cli {
    #[command(flatten)]
    workbench: workbench::Args,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Run(Late<run::Args>),
    Predict(Late<predict::Args>),
    Compare(Late<Box<compare::Args>>),
    Merge(Late<merge::Args>),
    Jobs(Late<jobs::Args>),
    Rank(Late<rank::Args>),
    Data(Late<data::Args>),
    Activation(Late<activation::Args>),
    Step(Late<step::Args>),
    Schedule(Late<schedule::Args>),
    Optimize(Late<optimize::Args>),
    List(Late<list::Args>),
    Explain(Late<explain::Args>),
    Snapshot(Late<snapshot::Args>),
    CheckGradients(Late<check_gradients::Args>),
    Claims(Late<claims::Args>),
    Curvature(Late<curvature::Args>),
    Landscape(Late<landscape::Args>),
    Layer(Late<layer::Args>),
    Learn(Late<learn::Args>),
    Export(Late<export::Args>),
    Bench(Late<bench::Args>),
    Config(Late<config::Args>),
    Completions(Late<completions::Args>),
    Man(Late<man::Args>),
}

impl Cli {
    fn run(self) -> Result<ExitCode, Failure> {
        match self.command {
            None => workbench::run(self.workbench),
            Some(Command::Run(Late(args))) => run::run(args),
            Some(Command::Predict(Late(args))) => predict::run(args),
            Some(Command::Compare(Late(args))) => compare::run(&args),
            Some(Command::Merge(Late(args))) => merge::run(args),
            Some(Command::Jobs(Late(args))) => jobs::run(args),
            Some(Command::Rank(Late(args))) => rank::run(args),
            Some(Command::Data(Late(args))) => data::run(args),
            Some(Command::Activation(Late(args))) => activation::run(args),
            Some(Command::Step(Late(args))) => step::run(args),
            Some(Command::Schedule(Late(args))) => schedule::run(args),
            Some(Command::Optimize(Late(args))) => optimize::run(args),
            Some(Command::List(Late(args))) => list::run(args),
            Some(Command::Explain(Late(args))) => explain::run(args),
            Some(Command::Snapshot(Late(args))) => snapshot::run(args),
            Some(Command::CheckGradients(Late(args))) => check_gradients::run(args),
            Some(Command::Claims(Late(args))) => claims::run(args),
            Some(Command::Curvature(Late(args))) => curvature::run(args),
            Some(Command::Landscape(Late(args))) => landscape::run(args),
            Some(Command::Layer(Late(args))) => layer::run(args),
            Some(Command::Learn(Late(args))) => learn::run(args),
            Some(Command::Export(Late(args))) => export::run(args),
            Some(Command::Bench(Late(args))) => bench::run(args),
            Some(Command::Config(Late(args))) => config::run(args),
            Some(Command::Completions(Late(args))) => completions::run(args),
            Some(Command::Man(Late(args))) => man::run(args),
        }
    }
}

/// Reads the command line and does what it says.
#[must_use]
pub fn main() -> ExitCode {
    // Once more with all commands defined, if there is help or an error, which may name them.
    let again = |_| all().try_get_matches().and_then(|matches| Cli::from_arg_matches(&matches));
    match Cli::try_parse().or_else(again) {
        Ok(cli) => cli.run().unwrap_or_else(Failure::report),
        Err(error) => usage(error),
    }
}

/// The command line with the arguments of every command.
fn all() -> clap::Command {
    // Before the rest: the help command copies what it says of each.
    let define = |mut command: clap::Command| {
        command.build();
        command
    };
    let mut gradlab = Cli::command().mut_subcommands(define);
    gradlab.build();
    gradlab
}

/// Help, or what is wrong with the command line.
fn usage(error: clap::Error) -> ExitCode {
    // After a misspelt command clap would complain of the next argument, not of the command.
    if error.use_stderr()
        && let Some(word) = std::env::args_os()
            .nth(1)
            .and_then(|word| word.into_string().ok())
            .filter(|word| !word.starts_with('-'))
        && let Err(failure) = check_word(&word)
    {
        return failure.report();
    }
    let code = ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(1));
    let printable = |text: &str| !text.contains(is_unprintable);
    if std::env::args_os().all(|argument| argument.to_str().is_some_and(printable)) {
        // Nothing more can be done if the terminal is gone.
        let _ = error.print();
    } else {
        output::say(shown(error).trim_end());
    }
    code
}

/// The error in plain letters, with what it repeats of the arguments made printable.
fn shown(mut error: clap::Error) -> String {
    let quoted: Vec<_> = error
        .context()
        .filter_map(|(kind, value)| {
            let visible = |text: &String| visible(text).into_owned();
            let value = match value {
                ContextValue::String(text) => ContextValue::String(visible(text)),
                ContextValue::Strings(texts) => {
                    ContextValue::Strings(texts.iter().map(visible).collect())
                }
                _ => return None,
            };
            Some((kind, value))
        })
        .collect();
    for (kind, value) in quoted {
        error.insert(kind, value);
    }
    error.render().to_string()
}

/// Whether `word`, in the place of a command, can be one or an experiment: what holds only the
/// characters of a name must name something.
///
/// # Errors
/// That there is neither command nor preset of that name, and the nearest of both.
fn check_word(word: &str) -> Result<(), Failure> {
    let name = word.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
    let gradlab = Cli::command();
    let commands = || gradlab.get_subcommands().map(clap::Command::get_name);
    if !name
        || commands().any(|command| command == word)
        || PRESETS.find(word).is_ok()
        || Path::new(word).is_file()
    {
        return Ok(());
    }
    let presets = PRESETS.all().iter().map(|preset| preset.name);
    let hints: Vec<_> =
        [("command", nearest(word, commands())), ("preset", nearest(word, presets))]
            .into_iter()
            .filter_map(|(kind, near)| Some(format!("the {kind} `{}`", near?)))
            .collect();
    let hint = if hints.is_empty() {
        "see `gradlab --help` and `gradlab list presets`".to_owned()
    } else {
        format!("did you mean {}?", hints.join(" or "))
    };
    Err(Failure::input(format!("there is neither a command nor a preset called `{word}`; {hint}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_commands_is_sound() {
        Cli::command().debug_assert();
    }
}
