//! `gradlab export`: an experiment in another spelling.

use std::io::Write;
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::experiment::ChosenScript;
use super::failure::{Failure, written};
use super::output::{self, say};
use crate::experiment::{
    Experiment, Script, brief_script_recipe, load, script_to_portable_toml, script_to_recipe,
    script_to_toml, short_recipe,
};
use crate::export::{file, pytorch};
use crate::train::Problem;

const AFTER_HELP: &str = "\
Examples:
  gradlab export spirals --to recipe
  gradlab export spirals --to recipe --full
  gradlab export moons/8-tanh/2-softmax --to toml
  gradlab export iris --set optimizer=sgd:lr=0.1 --to toml --out my.toml
  gradlab export spirals --to pytorch --steps 200 --out spirals.py";

/// Write an experiment as TOML, as a one-line recipe or as a PyTorch script
///
/// A PyTorch script comes with its data, initial weights and batches in an .npz beside it and prints
/// the losses of every step, so that anyone can check gradlab against PyTorch. A recipe is as short as
/// the same experiment can be; its title and description only come with --full.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    #[command(flatten)]
    chosen: ChosenScript,
    /// The spelling
    #[arg(long, value_enum)]
    to: Spelling,
    /// Write to FILE instead of stdout; a PyTorch script goes to NAME.py if this is not given
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Title and description in a recipe as well
    #[arg(long)]
    full: bool,
    /// Steps of a PyTorch script [default: the experiment's budget, 1000 at most]
    #[arg(long, value_name = "N")]
    steps: Option<NonZeroU64>,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Spelling {
    /// A file to edit, and to start with `gradlab FILE`
    Toml,
    /// One line to pass on
    Recipe,
    /// A script of the same training, with an .npz beside it
    Pytorch,
}

/// The most rows that the batches of a script may come to: half a gigabyte.
const MOST_ROWS: u64 = 1 << 26;

/// Runs the command.
///
/// # Errors
/// Bad input, or the result cannot be written.
pub fn run(args: Args) -> Result<ExitCode, Failure> {
    if args.full && !matches!(args.to, Spelling::Recipe) {
        return Err(Failure::input("--full is of a recipe: --to recipe"));
    }
    let script = args.chosen.load()?;
    let text = match (args.to, &args.out) {
        (Spelling::Toml, None) => script_to_toml(&script),
        (Spelling::Toml, Some(_)) => script_to_portable_toml(&script),
        (Spelling::Recipe, _) if args.full => script_to_recipe(&script) + "\n",
        (Spelling::Recipe, _) => brief_script_recipe(&script) + "\n",
        (Spelling::Pytorch, _) => return write_script(&args, plain(&script)?),
    };
    if args.steps.is_some() {
        return Err(Failure::input("--steps is of a PyTorch script: --to pytorch"));
    }
    if let Some(path) = args.out {
        written(&path, file::write(&path, text))?;
    } else {
        let mut out = output::stdout();
        out.write_all(text.as_bytes())?;
        out.flush()?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The experiment that a PyTorch script can follow.
///
/// # Errors
/// If there are edits in the middle of its run.
fn plain(script: &Script) -> Result<&Experiment, Failure> {
    script.without_edits().ok_or_else(|| {
        let steps: Vec<_> = script.edits().iter().map(|edit| edit.step.to_string()).collect();
        Failure::input(format!(
            "a PyTorch script cannot follow edits in the middle of the run, as there are at step {}; \
             leave them out, or write the whole of it by --to toml or --to recipe",
            steps.join(", ")
        ))
    })
}

/// Writes the script and, beside it, the arrays.
fn write_script(args: &Args, experiment: &Experiment) -> Result<ExitCode, Failure> {
    let name = args.chosen.name();
    let script = args.out.clone().unwrap_or_else(|| default_path(name, experiment));
    if script.extension().is_none_or(|extension| extension != "py") {
        return Err(Failure::input(format!("`{}` must end in .py", script.display())));
    }
    let arrays = script.with_extension("npz");
    let problem = Problem::load(experiment).map_err(|error| Failure::Input(error.into()))?;
    let budget = experiment.train.steps.min(pytorch::STEPS);
    let steps = args.steps.map_or(budget, NonZeroU64::get);
    let rows = steps.saturating_mul(experiment.train.batch_size as u64);
    if rows > MOST_ROWS {
        let most = (MOST_ROWS / experiment.train.batch_size as u64).max(1);
        return Err(Failure::input(format!(
            "the batches of {steps} steps would make too large a file; --steps {most} is the most"
        )));
    }
    let command = spelled(name, experiment);
    let exported = pytorch::export(experiment, &problem, (&command, steps))
        .map_err(|error| Failure::Input(error.into()))?;
    // The arrays first: a script without them would be of no use.
    written(&arrays, file::write(&arrays, exported.arrays))?;
    written(&script, file::write(&script, exported.script))?;
    if args.steps.is_none() && budget < experiment.train.steps {
        let all = experiment.train.steps;
        say(format_args!("note: {budget} of {all} steps; --steps sets another number"));
    }
    if args.out.is_none() {
        let (script, arrays) = (script.display(), arrays.display());
        say(format_args!("note: wrote {script} and {arrays}"));
    }
    Ok(ExitCode::SUCCESS)
}

/// The experiment as it can be typed: by its name if that is all there is to it.
fn spelled(name: &str, experiment: &Experiment) -> String {
    match load(name) {
        Ok(loaded) if loaded.experiment == *experiment => name.to_owned(),
        _ => short_recipe(experiment),
    }
}

/// In the working directory: the name of the preset or the file, or of the data in a recipe.
fn default_path(name: &str, experiment: &Experiment) -> PathBuf {
    let is_file = Path::new(name).extension().is_some_and(|extension| extension == "toml");
    let label = experiment.data.label();
    let name = if name.contains('/') && !is_file { Path::new(&label) } else { Path::new(name) };
    PathBuf::from(name.file_stem().unwrap_or_default()).with_extension("py")
}
