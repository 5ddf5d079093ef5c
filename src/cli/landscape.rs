//! `gradlab landscape`: the training loss on a plane through the weights, and the path of the run.

use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

use clap::builder::{PossibleValuesParser, TypedValueParser};

use self::report::Report;
use super::experiment::{Changes, Edits};
use super::failure::{DIVERGED, Failure};
use super::output::{self, say};
use super::trained::{Trained, trained};
use crate::experiment::Script;
use crate::parallel;
use crate::text::Untrusted;
use crate::train::Session;
use crate::train::landscape::{
    Ground, Map, NoPlane, PRODUCTS, PathPoint, PlaneKind, Survey, Trajectory, most_products,
    most_states,
};
use crate::train::memory::{Estimate, Watched};

mod picture;
mod report;

const AFTER_HELP: &str = "\
Examples:
  gradlab landscape spirals --steps 2000
  gradlab landscape moons --steps 500 --plane random --size 60x30
  gradlab landscape digits --steps 300 --plane hessian --format svg > digits.svg

Planes, each through the weights at the end:
  random      two random directions, each row of weights into a unit as long as
              that unit's own (Li et al. 2018), from -1 to 1
  trajectory  the two main directions of the path (principal component analysis)
  hessian     the eigenvectors of the two largest eigenvalues of the Hessian, as
              far as their curvature doubles the loss

`gradlab explain landscape` tells what such a map can show, and what it cannot.";

/// Map the loss around a trained network
///
/// The loss is that over all training rows in evaluation, without penalties, at the weights that
/// predict. The path is of states of the run every train.eval_every steps, or if that is 0 at 1/200 of
/// the steps; of these at most 128, evenly spread.
///
/// JSON has plane, variance (the share of the path's variance that the plane holds along each
/// direction; null without a path), x, y, loss (a row for each y) and path; each point of the path has
/// its step, where it lies on the plane, its loss, and the loss of the plane there. CSV has a row for
/// each point of the plane (`kind` is grid) and of the path (path). Of a run that diverges the map is
/// of its last finite state, with exit code 3.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// A preset, a .toml file or a recipe
    experiment: String,
    #[command(flatten)]
    changes: Changes,
    #[command(flatten)]
    edits: Edits,
    /// Steps to train before [default: the experiment's own]
    #[arg(long, value_name = "N")]
    steps: Option<u64>,
    /// Which plane [default: trajectory, or random where there is no path]
    #[arg(long, value_parser = planes())]
    plane: Option<PlaneKind>,
    /// Points across and up
    #[arg(long, value_name = "WxH", default_value = "40x40", value_parser = parse_size)]
    size: (usize, usize),
    /// Go by the first N training rows only
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    rows: Option<u64>,
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// States of a run that are offered to its path, unless the experiment says how often.
const EVALUATIONS: u64 = 200;

/// How a landscape is printed.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
enum Format {
    /// For reading: numbers and a map
    #[default]
    Text,
    /// One JSON object
    Json,
    /// Comma-separated, a row for each point of the plane and of the path
    Csv,
    /// A picture
    Svg,
}

/// Reads the name of a plane.
pub(super) fn planes() -> impl TypedValueParser<Value = PlaneKind> {
    PossibleValuesParser::new(PlaneKind::ALL.map(PlaneKind::name))
        .map(|name| PlaneKind::named(&name).unwrap_or_default())
}

fn parse_size(text: &str) -> Result<(usize, usize), String> {
    let parse = |part: &str| part.parse::<usize>().ok().filter(|n| (2..=400).contains(n));
    text.split_once('x')
        .and_then(|(width, height)| Some((parse(width)?, parse(height)?)))
        .ok_or_else(|| "must be WIDTHxHEIGHT, each 2 to 400, as in 40x40".to_owned())
}

/// Runs the command.
///
/// # Errors
/// Bad input, a plane that does not exist, or stdout cannot be written.
pub fn run(args: Args) -> Result<ExitCode, Failure> {
    let script = args.changes.load(&args.experiment, &args.edits)?;
    args.changes.memory().check_aloud(&estimate(&args, &script))?;
    let mut trajectory = Trajectory::new(most_states(script.start().parameters()));
    let train = &script.start().train;
    let every = match train.eval_every {
        0 => args.steps.unwrap_or(train.steps).div_ceil(EVALUATIONS).max(1),
        every => every,
    };
    let Trained { session, diverged } = trained(&script, args.steps, |session| {
        let (engine, step) = (session.engine(), session.engine().step_count());
        if step.is_multiple_of(every) {
            trajectory.offer(step, || engine.predicting_parameters());
        }
    })?;
    let report = report(&args, session, trajectory)?;
    let mut out = output::stdout();
    match args.format {
        Format::Json => output::write_json(&mut out, &report.json())?,
        Format::Csv => report.write_csv(&mut out)?,
        Format::Svg => out.write_all(report.svg().as_bytes())?,
        Format::Text => report.write(&mut out)?,
    }
    out.flush()?;
    let Some(reason) = diverged else { return Ok(ExitCode::SUCCESS) };
    say(format_args!("note: this is the last finite state of a run that diverged: {reason}"));
    Ok(ExitCode::from(DIVERGED))
}

/// The memory of the run with its path and the map.
fn estimate(args: &Args, script: &Script) -> Estimate {
    const FLOAT: f64 = 4.0;
    const DOUBLE: f64 = 8.0;
    let parameters = script.start().parameters();
    let (numbers, states) = (parameters as f64, most_states(parameters) as f64);
    let search = if args.plane == Some(PlaneKind::Hessian) {
        // A basis, and networks in two kinds of numbers with their gradients.
        numbers * DOUBLE * (PRODUCTS.min(most_products(parameters)) as f64 + 8.0)
    } else {
        0.0
    };
    let points = (args.size.0 * args.size.1) as f64;
    let networks = 2.0 * FLOAT * numbers * parallel::threads() as f64;
    Estimate::of_script(script, Watched::Saved)
        .with("the path", 2.0 * FLOAT * numbers * states)
        .with("the plane", 4.0 * DOUBLE * numbers + 4.0 * DOUBLE * points + networks)
        .with("the search for directions", search)
}

/// The landscape around the end of a run.
fn report(args: &Args, session: Session, mut trajectory: Trajectory) -> Result<Report, Failure> {
    let engine = session.engine();
    trajectory.end(engine.step_count(), engine.predicting_parameters());
    let ground = Ground {
        experiment: engine.experiment().clone(),
        problem: Arc::clone(engine.problem()),
        params: engine.predicting_parameters(),
        step: engine.step_count(),
        rows: args.rows.map_or(usize::MAX, |rows| rows.try_into().unwrap_or(usize::MAX)),
    };
    let path: Vec<Arc<[f32]>> = trajectory.numbers().into_iter().map(Arc::from).collect();
    let map = |kind| mapped(&ground, kind, &path, args.size);
    let map = match (args.plane, map(args.plane.unwrap_or_default())) {
        (None, Err(NoPlane::NoPath)) => map(PlaneKind::Random),
        (_, map) => map,
    };
    let map = map.map_err(|error| Failure::input(error.to_string()))?;
    let mut loss = ground.loss();
    let states = trajectory.states().iter().zip(&path);
    let path = states
        .map(|(state, numbers)| {
            PathPoint::of(&map.plane, &mut loss, (state.step, &state.params), numbers)
        })
        .collect();
    let name: Untrusted = ground.experiment.name();
    Ok(Report { name, rows: loss.rows(), map, path })
}

fn mapped(
    ground: &Ground,
    kind: PlaneKind,
    path: &[Arc<[f32]>],
    size: (usize, usize),
) -> Result<Map, NoPlane> {
    Survey::begin(ground.clone(), kind, path.to_vec(), size, &[])?.complete()
}
