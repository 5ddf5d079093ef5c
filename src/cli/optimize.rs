//! `gradlab optimize`: the paths of optimizers over a test surface.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use serde::Serialize;

use super::case::Case;
use super::failure::{DIVERGED, Failure, written};
use super::numbers::{self, Numbers};
use super::output::{self, say};
use super::text::Page;
use crate::catalog::Kind;
use crate::experiment::walk::{self, MOST_STEPS, MOST_WALKERS, Walk, WalkerSpec};
use crate::export::{file, svg};
use crate::spec::{Pick, PickError};
use crate::surface::Point;
use crate::train::descent::Path;
use crate::tui::theme::Depth;

mod map;
pub mod page;
mod several;

const AFTER_HELP: &str = "\
Examples:
  gradlab optimize rosenbrock --optimizer adam:lr=0.1
  gradlab optimize quadratic:condition=100,angle=45 --optimizer sgd:lr=0.01
  gradlab optimize saddle --optimizer sgd:lr=0.1 --start 1,0 --steps 50
  gradlab optimize beale --optimizer adam:lr=0.1 --format csv
  gradlab optimize beale --optimizer sgd:lr=0.01 --optimizer adam:lr=0.1
  gradlab optimize matyas --optimizer sgd:lr=1/schedule=cosine --noise 0.5
  gradlab optimize --walk ravine --out ravine.svg
  gradlab optimize --input case.json

FILE.json holds one case, whose params are the optimizer's:
  {\"name\": \"beale\", \"optimizer\": \"adam\", \"params\": {\"lr\": 0.05}, \"start\": [-1, 1.5]}
start is optional; where a path is given as well, as many steps are taken as it has.

FILE.toml holds a walk, of which all but surface and walkers is optional:
  surface = \"beale\"
  start = [-1, 1.5]
  noise = 0.1
  seed = 7
  steps = 300
  [[walkers]]
  optimizer = \"adam:lr=0.1\"
  schedule = \"cosine\"

`gradlab list surfaces` and `gradlab list walks` name all of them; `gradlab explain rosenbrock` \
tells about one.";

/// Follow optimizers over a test surface
///
/// Computed in f64 by the very code that trains networks. Prints chosen steps and a map with the
/// path; JSON has every step: {"path": [[x, y], …], "loss_before_step": […]}, the point after each
/// step and the height that the step saw. A path that leaves all bounds ends there (null in JSON),
/// with exit code 3.
///
/// With several optimizers all of them walk from the same start and meet the same noise. JSON is then
/// {"walkers": [{"optimizer", "path", "loss_before_step", "arrived", "diverged"}, …]}, the last two as
/// steps: that from which on it stays near a minimum (within 1 % of the longer side of the map), and that
/// after which it was not finite. The rows of CSV begin with the optimizer. The exit code is 3 only if
/// all of them diverge.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// The surface, and parameters that are not to have their defaults
    #[arg(
        value_name = "SURFACE[:K=V,…]",
        value_parser = parse_surface,
        required_unless_present_any = ["input", "walk"],
        conflicts_with_all = ["input", "walk"]
    )]
    surface: Option<Pick>,
    /// An optimizer, parameters that are not to have their defaults, and perhaps a schedule of its
    /// rate, as in sgd:lr=0.1/schedule=cosine; up to six times
    #[arg(
        long,
        value_name = "NAME[:K=V,…]",
        required_unless_present_any = ["input", "walk"],
        conflicts_with_all = ["input", "walk"]
    )]
    optimizer: Vec<WalkerSpec>,
    /// A walk, of those that come with the program or from a file: surface, start and optimizers
    #[arg(long, value_name = "NAME|FILE.toml", conflicts_with = "input")]
    walk: Option<String>,
    /// Where to start, if not where the surface usually does
    #[arg(
        long,
        value_name = "X,Y",
        value_parser = numbers::parse::<f64>,
        allow_hyphen_values = true,
        conflicts_with = "input"
    )]
    start: Option<Numbers<f64>>,
    /// Standard deviation of normal noise on both coordinates of the gradient [default: 0]
    #[arg(long, value_name = "SIGMA", value_parser = parse_noise, allow_hyphen_values = true, conflicts_with = "input")]
    noise: Option<f64>,
    /// Seed of the noise [default: 0]
    #[arg(long, value_name = "N", conflicts_with = "input")]
    seed: Option<u64>,
    /// How many steps to take [default: 200, as many as the case's path has, or the walk's]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    steps: Option<u32>,
    /// A case from a JSON file, or from stdin if FILE is `-`
    #[arg(long, value_name = "FILE")]
    input: Option<PathBuf>,
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Also draw the map with the paths into this SVG file
    #[arg(long, value_name = "FILE.svg")]
    out: Option<PathBuf>,
}

/// How paths are printed.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
enum Format {
    /// For reading: chosen steps and a map
    #[default]
    Text,
    /// One JSON object
    Json,
    /// Comma-separated, a row for the start and one for each step
    Csv,
}

fn parse_surface(text: &str) -> Result<Pick, PickError> {
    Kind::Surface.parse(text)
}

fn parse_noise(text: &str) -> Result<f64, String> {
    let sigma = text.parse().ok().filter(|sigma: &f64| sigma.is_finite() && *sigma >= 0.0);
    sigma.ok_or_else(|| "must be a number, 0 or more".to_owned())
}

/// The walk that is asked for.
fn walk(args: &mut Args) -> Result<Walk, Failure> {
    let (mut walk, start) = match (&args.input, &args.walk, args.surface.take()) {
        (Some(path), ..) => of_case(path)?,
        (None, Some(name), _) => {
            (walk::WALKS.load(name).map_err(|error| Failure::input(error.to_string()))?, None)
        }
        (None, None, Some(surface)) => {
            (Walk::new(surface, std::mem::take(&mut args.optimizer)), None)
        }
        _ => return Err(Failure::input("give a surface and --optimizer, --walk, or --input")),
    };
    if let Some(start) = args.start.take().map(|start| start.0).or(start) {
        walk.start = <Point>::try_from(start).map_err(|start| {
            let given = start.len();
            Failure::input(format!("start is two numbers, X,Y, not {given}"))
        })?;
    }
    walk.noise = args.noise.unwrap_or(walk.noise);
    walk.seed = args.seed.unwrap_or(walk.seed);
    walk.steps = args.steps.map_or(walk.steps, u64::from);
    let count = walk.walkers.len();
    if count > MOST_WALKERS {
        return Err(Failure::input(format!(
            "{count} optimizers are given; 1 to {MOST_WALKERS} walk together"
        )));
    }
    let most = MOST_STEPS / count.max(1) as u64;
    if walk.steps > most {
        let steps = walk.steps;
        return Err(Failure::input(format!(
            "{count} optimizers cannot take {steps} steps each: {most} at most"
        )));
    }
    Ok(walk)
}

/// The walk of a case, and its start if it has one.
fn of_case(path: &std::path::Path) -> Result<(Walk, Option<Vec<f64>>), Failure> {
    let about = (Kind::Optimizer, "optimizer");
    let answers = ["path", "loss_before_step", "source"];
    let case = Case::read_about(path, about, &["name", "start"], &answers)?;
    let surface = case.picked(Kind::Surface, "name")?;
    let start = case.optional("start")?.map(|start| start.flat());
    let steps = case.count("path").filter(|steps| *steps > 0);
    let mut walk = Walk::new(surface, vec![WalkerSpec::from(case.pick)]);
    walk.steps = steps.map_or(walk.steps, |steps| steps as u64);
    Ok((walk, start))
}

/// A path as JSON.
#[derive(Serialize)]
struct Answer<'a> {
    path: &'a [Point],
    loss_before_step: &'a [f64],
}

/// Runs the command.
///
/// # Errors
/// Bad input, or a result cannot be written.
pub fn run(mut args: Args) -> Result<ExitCode, Failure> {
    let walk = walk(&mut args)?;
    let paths: Vec<Path> = walk.walkers.iter().map(|walker| Path::of(&walk, walker)).collect();
    if let Some(name) = &args.out {
        let walkers = walk.walkers.iter().map(|walker| format!(" --optimizer {walker}"));
        let title = format!("gradlab optimize {}{}", walk.surface, walkers.collect::<String>());
        let picture = svg::buffer_to_svg(&map::of_walk(&walk, &paths, Depth::True), &title);
        written(name, file::write(name, picture))?;
    }
    match (walk.walkers.as_slice(), paths.as_slice()) {
        ([_], [path]) => write_one(args.format, &walk, path)?,
        _ => write_several(args.format, &walk, &paths)?,
    }
    let mut diverged = 0;
    for (walker, path) in walk.walkers.iter().zip(&paths) {
        let Some(step) = path.outcome.diverged else { continue };
        diverged += 1;
        let who = if paths.len() > 1 { format!("{walker} ") } else { String::new() };
        let rate = walker.optimizer.number("lr");
        say(format_args!(
            "note: {who}diverged at step {step}: place or height are no longer finite; try a rate below lr={rate}"
        ));
    }
    Ok(if diverged == paths.len() { ExitCode::from(DIVERGED) } else { ExitCode::SUCCESS })
}

fn write_one(format: Format, walk: &Walk, path: &Path) -> Result<(), Failure> {
    let mut out = output::stdout();
    match format {
        Format::Json => {
            let answer = Answer { path: &path.points, loss_before_step: &path.losses };
            output::write_json(&mut out, &answer)?;
        }
        Format::Csv => {
            writeln!(out, "step,x,y,loss")?;
            for (step, ([x, y], loss)) in page::places(&walk.surface, path).enumerate() {
                writeln!(out, "{step},{x},{y},{loss}")?;
            }
        }
        Format::Text => page::write_page(&mut out, Page::stdout(), walk, path)?,
    }
    out.flush()?;
    Ok(())
}

fn write_several(format: Format, walk: &Walk, paths: &[Path]) -> Result<(), Failure> {
    let mut out = output::stdout();
    match format {
        Format::Json => output::write_json(&mut out, &several::Answers::of(walk, paths))?,
        Format::Csv => several::write_csv(&mut out, walk, paths)?,
        Format::Text => several::write_page(&mut out, Page::stdout(), walk, paths)?,
    }
    out.flush()?;
    Ok(())
}
