//! `gradlab optimize`: the path of an optimizer over a test surface.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use serde::Serialize;

use self::page::{map, write_page};
use super::case::Case;
use super::failure::{DIVERGED, Failure, written};
use super::numbers::{self, Numbers};
use super::output::{self, say};
use super::text::Page;
use crate::catalog::{self, Kind};
use crate::export::{file, svg};
use crate::spec::{Pick, PickError};
use crate::surface::Point;
use crate::train::descent::Path;
use crate::tui::theme::Depth;

pub mod page;

const AFTER_HELP: &str = "\
Examples:
  gradlab optimize rosenbrock --optimizer adam:lr=0.1
  gradlab optimize quadratic:condition=100,angle=45 --optimizer sgd:lr=0.01
  gradlab optimize saddle --optimizer sgd:lr=0.1 --start 1,0 --steps 50
  gradlab optimize beale --optimizer adam:lr=0.1 --format csv
  gradlab optimize himmelblau --optimizer adan:lr=0.1 --out path.svg
  gradlab optimize --input case.json

FILE.json holds one case, whose params are the optimizer's:
  {\"name\": \"beale\", \"optimizer\": \"adam\", \"params\": {\"lr\": 0.05}, \"start\": [-1, 1.5]}
start is optional; where a path is given as well, as many steps are taken as it has.

`gradlab list surfaces` names all of them; `gradlab explain rosenbrock` tells about one.";

/// Follow an optimizer over a test surface
///
/// Computed in f64 by the very code that trains networks. Prints chosen steps and a map with the
/// path; JSON has every step: {"path": [[x, y], …], "loss_before_step": […]}, the point after each
/// step and the height that the step saw. A path that leaves all bounds ends there (null in JSON),
/// with exit code 3.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// The surface, and parameters that are not to have their defaults
    #[arg(
        value_name = "SURFACE[:K=V,…]",
        value_parser = parse_surface,
        required_unless_present = "input",
        conflicts_with = "input"
    )]
    surface: Option<Pick>,
    /// The optimizer, and parameters that are not to have their defaults
    #[arg(
        long,
        value_name = "NAME[:K=V,…]",
        value_parser = parse_optimizer,
        required_unless_present = "input",
        conflicts_with = "input"
    )]
    optimizer: Option<Pick>,
    /// Where to start, if not where the surface usually does
    #[arg(
        long,
        value_name = "X,Y",
        value_parser = numbers::parse::<f64>,
        allow_hyphen_values = true,
        conflicts_with = "input"
    )]
    start: Option<Numbers<f64>>,
    /// How many steps to take [default: 200, or as many as the case's path has]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    steps: Option<u32>,
    /// A case from a JSON file, or from stdin if FILE is `-`
    #[arg(long, value_name = "FILE")]
    input: Option<PathBuf>,
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Also draw the map with the path into this SVG file
    #[arg(long, value_name = "FILE.svg")]
    out: Option<PathBuf>,
}

const STEPS: usize = 200;

/// How a path is printed.
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

fn parse_optimizer(text: &str) -> Result<Pick, PickError> {
    Kind::Optimizer.parse(text)
}

/// What is asked.
#[derive(Debug)]
pub struct Question {
    /// The surface.
    pub surface: Pick,
    /// The optimizer.
    pub optimizer: Pick,
    start: Point,
    steps: usize,
}

impl Question {
    fn new(args: &mut Args) -> Result<Self, Failure> {
        let (surface, optimizer, start, steps) =
            match (&args.input, args.surface.take(), args.optimizer.take()) {
                (Some(path), ..) => {
                    let about = (Kind::Optimizer, "optimizer");
                    let answers = ["path", "loss_before_step", "source"];
                    let case = Case::read_about(path, about, &["name", "start"], &answers)?;
                    let surface = case.picked(Kind::Surface, "name")?;
                    let start = case.optional("start")?.map(|start| start.flat());
                    let steps = case.count("path").filter(|steps| *steps > 0);
                    (surface, case.pick, start, steps)
                }
                (None, Some(surface), Some(optimizer)) => {
                    (surface, optimizer, args.start.take().map(|start| start.0), None)
                }
                _ => return Err(Failure::input("give a surface and --optimizer, or --input")),
            };
        let start = match start {
            None => catalog::surface(&surface).scene.start,
            Some(start) => <Point>::try_from(start).map_err(|start| {
                let given = start.len();
                Failure::input(format!("start is two numbers, X,Y, not {given}"))
            })?,
        };
        let steps = args.steps.map(|steps| steps as usize).or(steps).unwrap_or(STEPS);
        Ok(Self { surface, optimizer, start, steps })
    }
}

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
    let question = Question::new(&mut args)?;
    let Question { surface, optimizer, start, steps } = &question;
    let path = Path::walk(surface, optimizer, *start, *steps);
    if let Some(name) = &args.out {
        let title = format!("gradlab optimize {surface} --optimizer {optimizer}");
        let picture = svg::buffer_to_svg(&map(surface, Some(&path), Depth::True), &title);
        written(name, file::write(name, picture))?;
    }
    let mut out = output::stdout();
    match args.format {
        Format::Json => {
            let answer = Answer { path: &path.points, loss_before_step: &path.losses };
            output::write_json(&mut out, &answer)?;
        }
        Format::Csv => {
            writeln!(out, "step,x,y,loss")?;
            for (step, ([x, y], loss)) in page::places(surface, &path).enumerate() {
                writeln!(out, "{step},{x},{y},{loss}")?;
            }
        }
        Format::Text => write_page(&mut out, Page::stdout(), &question, &path)?,
    }
    out.flush()?;
    let Some(step) = path.diverged else { return Ok(ExitCode::SUCCESS) };
    let rate = optimizer.number("lr");
    say(format_args!(
        "note: diverged at step {step}: place or height are no longer finite; try a rate below lr={rate}"
    ));
    Ok(ExitCode::from(DIVERGED))
}
