//! `gradlab curvature`: the Hessian of the loss, and how near its optimizers are to instability.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use self::case::Given;
use self::report::Report;
use super::experiment::{Changes, Edits};
use super::failure::{DIVERGED, Failure};
use super::output::{self, Format, say};
use super::trained::{Trained, trained};
use crate::parallel;
use crate::train::Session;
use crate::train::curvature::{Curvature, Present};

mod case;
mod report;

const AFTER_HELP: &str = "\
Examples:
  gradlab curvature edge-of-stability --steps 4000
  gradlab curvature moons/16-tanh/2-softmax/optimizer=adam,lr=0.01 --format json
  gradlab curvature --input case.json

FILE holds one case:
  {\"layers\": [2, 8, 1], \"activations\": [\"tanh\", \"identity\"], \"loss\": \"mse\",
   \"x\": [[1, 2], …], \"y\": [[0.5], …], \"parameters\": […]}
Parameters go layer after layer, the weights of each unit in turn, then biases. \"direction\" asks for \
the Hessian times it, \"second_moment\" and \"eps\" for the largest eigenvalue under Adam's division.

`gradlab explain sharpness` tells what the numbers mean.";

/// Measure the curvature of the loss after so many steps
///
/// The loss is that over all training rows in evaluation, penalties included, at the trained weights.
/// Products with its Hessian are exact and in f64. Up to 512 trained numbers all eigenvalues are
/// found and the trace is exact; beyond, eigenvalues come by Lanczos' method to 1e-3 of themselves
/// (one that occurs twice is found once), and the trace is estimated from 64 random directions,
/// with its standard error.
///
/// JSON has value, gradient_norm, largest_eigenvalues, smallest_eigenvalue, trace,
/// trace_standard_error (null if exact) and layers. A layer's threshold is the sharpness that its
/// optimizer can take at its present rate; its sharpness is the network's, divided as that optimizer
/// divides. Both are null where there is no theory of a layer's rule.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// A preset, a .toml file or a recipe
    #[arg(required_unless_present = "input", conflicts_with = "input")]
    experiment: Option<String>,
    #[command(flatten)]
    changes: Changes,
    #[command(flatten)]
    edits: Edits,
    /// Steps to train before [default: the experiment's own]
    #[arg(long, value_name = "N", conflicts_with = "input")]
    steps: Option<u64>,
    /// Go by the first N training rows only
    #[arg(long, value_name = "N", conflicts_with = "input",
          value_parser = clap::value_parser!(u64).range(1..))]
    rows: Option<u64>,
    /// A case from a JSON file, or from stdin if FILE is `-`
    #[arg(long, value_name = "FILE")]
    input: Option<PathBuf>,
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Runs the command.
///
/// # Errors
/// Bad input, a run that diverges before, or stdout cannot be written.
pub fn run(args: Args) -> Result<ExitCode, Failure> {
    let report = match (args.input, args.experiment) {
        (Some(path), None) => parallel::enter(|| Given::read(&path).map(Given::report))?,
        (None, Some(name)) => {
            let script = args.changes.load(&name, &args.edits)?;
            let rows = args.rows.map_or(usize::MAX, |rows| rows.try_into().unwrap_or(usize::MAX));
            let Trained { session, diverged } = trained(&script, args.steps, |_| {})?;
            if let Some(reason) = diverged {
                say(format_args!("error: the run diverged before: {reason}"));
                return Ok(ExitCode::from(DIVERGED));
            }
            of_session(session, rows)?
        }
        _ => return Err(Failure::input("give an experiment, or a case by --input")),
    };
    let mut out = output::stdout();
    match args.format {
        Format::Json => output::write_json(&mut out, &report.json())?,
        Format::Text => report.write(&mut out)?,
    }
    out.flush()?;
    if !report.curvature.converged {
        say("note: not all eigenvalues are known to 1e-3 of themselves");
    }
    Ok(ExitCode::SUCCESS)
}

fn of_session(mut session: Session, rows: usize) -> Result<Report, Failure> {
    let checkpoint = session.snapshot();
    let (step, problem) = (session.engine().step_count(), session.engine().problem());
    let mut present =
        Present::of(&checkpoint, problem, rows).map_err(|error| Failure::Work(error.into()))?;
    let seed = checkpoint.experiment().seed;
    announce(&mut present);
    let name = checkpoint.experiment().name().on_terminal().into_owned();
    Ok(parallel::enter(|| Report::of(present, seed, (name, step))))
}

/// Says how long it will take, if that is long.
fn announce(present: &mut Present) {
    /// Seconds that pass without a word.
    const SHORT: f64 = 20.0;
    let begun = Instant::now();
    let mut gradient = Vec::new();
    present.objective.gradient(&present.at, &mut gradient);
    // A product takes about three gradients.
    let products = Curvature::most_products(present.objective.len()) as f64;
    let seconds = 3.0 * products * begun.elapsed().as_secs_f64();
    if seconds > SHORT {
        say(format_args!(
            "note: up to {products} products with the Hessian over {} rows, about {seconds:.0} s; \
             --rows N goes by fewer rows",
            present.objective.rows()
        ));
    }
}
