//! `gradlab schedule`: the learning rate at each step.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use ratatui::symbols::Marker;
use ratatui::widgets::{Axis, Chart, Dataset, GraphType};
use serde::Serialize;

use super::case::Case;
use super::describe::write_rule;
use super::failure::Failure;
use super::nested::Nested;
use super::numbers::{self, Numbers};
use super::output;
use super::plot;
use super::table::table;
use super::text::Page;
use crate::catalog::{self, Kind};
use crate::spec::{Pick, PickError, Plain};

const AFTER_HELP: &str = "\
Examples:
  gradlab schedule cosine --base-lr 0.1 --steps 60
  gradlab schedule multi_step:milestones=5:12:30,gamma=0.3 --format csv
  gradlab schedule reduce_on_plateau:patience=1 --steps 5 --losses 1,0.9,0.9,0.9,0.9
  gradlab schedule --input case.json

FILE holds one case; a list lr, if it is there, is passed over but for its length:
  {\"name\": \"step\", \"params\": {\"step_size\": 7}, \"base_lr\": 0.1, \"steps\": 60}
A case may also hold losses.

In an experiment: [schedule] with name = \"cosine\", or schedule=cosine in a recipe. \
`gradlab list schedules` names all of them; `gradlab explain cosine` tells about one.";

/// Follow a learning-rate schedule step by step
///
/// Prints the rate in force at each step, from 0, and draws it. Lengths that are not given are
/// shares of --steps, as they are shares of the budget in a run. JSON is {"lr": […]}.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// The schedule, and parameters that are not to have their defaults
    #[arg(
        value_name = "NAME[:K=V,…]",
        value_parser = parse_pick,
        required_unless_present = "input",
        conflicts_with = "input"
    )]
    schedule: Option<Pick>,
    /// The optimizer's own learning rate
    #[arg(long, value_name = "LR", value_parser = parse_rate, default_value = "0.1")]
    base_lr: f64,
    /// Steps of the run
    #[arg(long, value_name = "N", value_parser = parse_steps, default_value = "100")]
    steps: u64,
    /// The loss evaluated after each step, for a schedule that watches it; without them it sees one
    /// that never falls
    #[arg(long, value_name = "L,…", value_parser = numbers::parse::<f64>, allow_hyphen_values = true)]
    losses: Option<Numbers<f64>>,
    /// A case from a JSON file, or from stdin if FILE is `-`
    #[arg(long, value_name = "FILE", conflicts_with_all = ["base_lr", "steps", "losses"])]
    input: Option<PathBuf>,
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// How results are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For reading: a curve and a table of at most 100 steps
    #[default]
    Text,
    /// One JSON object on one line
    Json,
    /// Comma-separated, one step a row
    Csv,
}

fn parse_pick(text: &str) -> Result<Pick, PickError> {
    Kind::Schedule.parse(text)
}

fn parse_rate(text: &str) -> Result<f64, String> {
    let rate = text.parse().ok().filter(|rate: &f64| rate.is_finite() && *rate >= 0.0);
    rate.ok_or_else(|| "a rate is a finite number, 0 or more".to_owned())
}

/// The most steps that are listed.
const MOST_STEPS: u64 = 10_000_000;

fn parse_steps(text: &str) -> Result<u64, String> {
    let steps = text.parse().ok().filter(|steps| (1..=MOST_STEPS).contains(steps));
    steps.ok_or_else(|| format!("steps are a whole number, 1 to {MOST_STEPS}"))
}

/// What is asked: a schedule, the rate it starts from, and the loss it sees.
struct Question {
    pick: Pick,
    base: f64,
    steps: u64,
    losses: Vec<f64>,
}

impl Question {
    fn new(args: Args) -> Result<Self, Failure> {
        let question = match (args.input, args.schedule) {
            (Some(path), _) => {
                let inputs = ["base_lr", "steps", "losses"];
                Self::of(&Case::read(&path, Kind::Schedule, &inputs, &["lr", "source"])?)?
            }
            (None, Some(pick)) => {
                let losses = args.losses.map_or_else(Vec::new, |losses| losses.0);
                Self { pick, base: args.base_lr, steps: args.steps, losses }
            }
            (None, None) => return Err(Failure::input("give a schedule, or --input")),
        };
        let (losses, steps) = (question.losses.len(), question.steps);
        if losses as u64 > steps {
            return Err(Failure::input(format!("there are {losses} losses for {steps} steps")));
        }
        Ok(question)
    }

    fn of(case: &Case) -> Result<Self, Failure> {
        let text = |key: &str| -> Result<Option<String>, Failure> {
            match case.optional::<f64>(key)? {
                None => Ok(None),
                Some(Nested::Scalar(x)) => Ok(Some(x.to_string())),
                Some(other) => {
                    Err(case.wrong(&format!("`{key}` is {}, not one number", other.kind())))
                }
            }
        };
        let list = |key: &str| -> Result<Option<Vec<f64>>, Failure> {
            Ok(case.optional::<f64>(key)?.map(|numbers| numbers.flat()))
        };
        let wrong = |key: &str, reason: String| case.wrong(&format!("`{key}`: {reason}"));
        let base = text("base_lr")?.ok_or_else(|| case.wrong("field `base_lr` is missing"))?;
        let steps = match (text("steps")?, list("lr")?) {
            (Some(steps), _) => parse_steps(&steps).map_err(|reason| wrong("steps", reason))?,
            (None, Some(rates)) => rates.len() as u64,
            (None, None) => return Err(case.wrong("field `steps` is missing")),
        };
        Ok(Self {
            pick: case.pick.clone(),
            base: parse_rate(&base).map_err(|reason| wrong("base_lr", reason))?,
            steps,
            losses: list("losses")?.unwrap_or_default(),
        })
    }

    /// The rate at each step.
    fn rates(&self) -> Vec<f64> {
        let given = |step: u64| self.losses.get(step as usize).or(self.losses.last());
        let loss = |step| given(step).copied().unwrap_or(1.0);
        catalog::rates(&self.pick, self.base, self.steps, loss)
    }
}

#[derive(Serialize)]
struct Answer {
    lr: Vec<f64>,
}

/// Runs the command.
///
/// # Errors
/// Bad input, or stdout cannot be written.
pub fn run(args: Args) -> Result<ExitCode, Failure> {
    let format = args.format;
    let question = Question::new(args)?;
    let lr = question.rates();
    let mut out = output::stdout();
    match format {
        Format::Json => output::write_json(&mut out, &Answer { lr })?,
        Format::Csv => {
            writeln!(out, "step,lr")?;
            for (step, rate) in lr.iter().enumerate() {
                writeln!(out, "{step},{}", Plain(*rate))?;
            }
        }
        Format::Text => write_text(&mut out, &question.pick, &lr)?,
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// Rows of the table, beyond which it skips steps.
const ROWS: usize = 100;

/// The rule, the curve and a table.
fn write_text(out: &mut impl Write, pick: &Pick, rates: &[f64]) -> io::Result<()> {
    let page = Page::stdout();
    write_rule(out, page, pick)?;
    writeln!(out)?;
    let every = rates.len().div_ceil(POINTS);
    let points = rates.iter().enumerate().step_by(every);
    let points: Vec<_> = points.map(|(step, &rate)| (step as f64, rate)).collect();
    write_curve(out, page, &points)?;
    let every = rates.len().div_ceil(ROWS);
    let shown = || (0..rates.len()).step_by(every);
    if every > 1 {
        writeln!(out, "\nOne step in {every}; --format csv has all.")?;
    }
    writeln!(out)?;
    let steps = shown().map(|step| step.to_string()).collect();
    let cells = shown().map(|step| rounded(rates[step], 6)).collect();
    for line in table(&[("step", steps), ("lr", cells)]) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// Points of the curve, of which a column holds two.
pub const POINTS: usize = 2 * plot::WIDEST;

/// Draws a rate over the steps of a run, as pairs of step and rate.
///
/// # Errors
/// If it cannot be written.
pub fn write_curve(out: &mut impl Write, page: Page, points: &[(f64, f64)]) -> io::Result<()> {
    let top = points.iter().fold(0.0, |top: f64, (_, rate)| top.max(*rate));
    let last = points.last().map_or(1.0, |(step, _)| step.max(1.0));
    let bounds = [0.0, if top > 0.0 { top } else { 1.0 }];
    let ends = [0.0, (last / 2.0).round(), last].map(|step| step.to_string());
    let chart = Chart::new(vec![
        Dataset::default().marker(Marker::Braille).graph_type(GraphType::Line).data(points),
    ])
    .x_axis(Axis::default().bounds([0.0, last]).labels(ends))
    .y_axis(Axis::default().bounds(bounds).labels(bounds.map(|rate| rounded(rate, 2))));
    for line in plot::lines(chart, page.width) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// A rate with so many digits after its first.
fn rounded(rate: f64, digits: usize) -> String {
    Plain(format!("{rate:.digits$e}").parse().unwrap_or(rate)).to_string()
}
