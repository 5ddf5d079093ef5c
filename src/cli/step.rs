//! `gradlab step`: each update of an optimizer as a worked example.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use serde::Serialize;

use self::trace::Trace;
use super::case::Case;
use super::describe::write_rule;
use super::failure::{DIVERGED, Failure};
use super::nested::Nested;
use super::numbers::{self, NumberLists, Numbers};
use super::output::{self, Format, say};
use super::text::Page;
use crate::catalog::Kind;
use crate::spec::{Pick, PickError};

pub mod trace;

const AFTER_HELP: &str = "\
Examples:
  gradlab step adam:lr=0.01 --start 1.0 --grads 2,1.5,1
  gradlab step sgd:lr=0.1,momentum=0.9 --start 1 --grads 2,2,2 --format json
  gradlab step rmsprop --start 1,-2 --grads 2:1,1.5:0     two numbers, two steps
  gradlab step --input case.json

FILE holds one case; start, and so each gradient, is a number, a list or a matrix:
  {\"name\": \"adam\", \"params\": {\"lr\": 0.01}, \"start\": [1, 2], \"grads\": [[2, 1], [1, 0]]}
trajectory, if it is there, is passed over.

`gradlab list optimizers` names all of them; `gradlab explain adam` tells about one.";

/// Follow an optimizer step by step
///
/// Shows for each gradient what the optimizer remembers, before and after, and the parameter's new
/// value. Computed in f64. Text is rounded to seven digits; JSON has all of them:
/// {"trajectory": […]}, the parameter after each step in the shape of the start, null where it is
/// not finite (exit code 3).
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// The optimizer, and parameters that are not to have their defaults
    #[arg(
        value_name = "OPTIMIZER[:K=V,…]",
        value_parser = parse_pick,
        required_unless_present = "input",
        conflicts_with = "input"
    )]
    optimizer: Option<Pick>,
    /// What the parameter starts from; several numbers are joined by commas
    #[arg(
        long,
        value_name = "W,…",
        value_parser = numbers::parse::<f64>,
        allow_hyphen_values = true,
        required_unless_present = "input",
        conflicts_with = "input"
    )]
    start: Option<Numbers<f64>>,
    /// The gradients, step by step, joined by commas; the numbers of each by colons
    #[arg(
        long,
        value_name = "G,…",
        value_parser = numbers::parse_lists::<f64>,
        allow_hyphen_values = true,
        required_unless_present = "input",
        conflicts_with = "input"
    )]
    grads: Option<NumberLists<f64>>,
    /// A case from a JSON file, or from stdin if FILE is `-`
    #[arg(long, value_name = "FILE")]
    input: Option<PathBuf>,
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

fn parse_pick(text: &str) -> Result<Pick, PickError> {
    Kind::Optimizer.parse(text)
}

#[derive(Serialize)]
struct Answer<'a> {
    trajectory: Vec<&'a Nested<f64>>,
}

/// Runs the command.
///
/// # Errors
/// Bad input, or stdout cannot be written.
pub fn run(args: Args) -> Result<ExitCode, Failure> {
    let format = args.format;
    let trace = follow(args)?;
    let mut out = output::stdout();
    match format {
        Format::Json => {
            let trajectory = trace.steps.iter().map(|step| &step.value).collect();
            output::write_json(&mut out, &Answer { trajectory })?;
        }
        Format::Text => {
            let page = Page::stdout();
            write_rule(&mut out, page, &trace.pick)?;
            writeln!(out)?;
            trace.write(&mut out, page)?;
        }
    }
    out.flush()?;
    let finite = |nested: &Nested<f64>| nested.flat().iter().all(|x| x.is_finite());
    Ok(match trace.steps.iter().position(|step| !finite(&step.value)) {
        None => ExitCode::SUCCESS,
        Some(index) => {
            say(format_args!("note: not finite from step {} on", index + 1));
            ExitCode::from(DIVERGED)
        }
    })
}

fn follow(args: Args) -> Result<Trace, Failure> {
    match (args.input, args.optimizer, args.start, args.grads) {
        (Some(path), ..) => {
            let answers = ["trajectory", "eval", "source"];
            let case = Case::read(&path, Kind::Optimizer, &["start", "grads"], &answers)?;
            let (start, grads) = (case.required("start")?, case.each("grads")?);
            Trace::new(case.pick.clone(), start, &grads).map_err(|reason| case.wrong(&reason))
        }
        (None, Some(pick), Some(start), Some(grads)) => {
            let grads: Vec<_> = grads.0.into_iter().map(number_or_list).collect();
            Trace::new(pick, number_or_list(start.0), &grads).map_err(Failure::input)
        }
        _ => Err(Failure::input("give an optimizer, --start and --grads, or --input")),
    }
}

fn number_or_list(numbers: Vec<f64>) -> Nested<f64> {
    match *numbers {
        [x] => Nested::Scalar(x),
        _ => Nested::List(numbers),
    }
}
