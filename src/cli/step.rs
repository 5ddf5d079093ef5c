//! `gradlab step`: each update of an optimizer as a worked example, or the next step of a run.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use serde::Serialize;

use self::of_run::{OfRun, Place};
use self::trace::Trace;
use super::case::Case;
use super::describe::write_rule;
use super::experiment::Changes;
use super::failure::{DIVERGED, Failure};
use super::nested::Nested;
use super::numbers::{self, NumberLists, Numbers};
use super::output::{self, Format, say};
use super::text::Page;
use crate::catalog::Kind;
use crate::spec::Pick;

mod of_run;
pub mod trace;

const AFTER_HELP: &str = "\
Examples:
  gradlab step adam:lr=0.01 --start 1.0 --grads 2,1.5,1
  gradlab step sgd:lr=0.1,momentum=0.9 --start 1 --grads 2,2,2 --format json
  gradlab step rmsprop --start 1,-2 --grads 2:1,1.5:0     two numbers, two steps
  gradlab step --input case.json
  gradlab step spirals --steps 600 --layer 2 --neuron 3 --weight 1

FILE holds one case; start, and so each gradient, is a number, a list or a matrix:
  {\"name\": \"adam\", \"params\": {\"lr\": 0.01}, \"start\": [1, 2], \"grads\": [[2, 1], [1, 0]]}
trajectory, if it is there, is passed over.

`gradlab list optimizers` names all of them; `gradlab explain adam` tells about one.";

/// Follow an optimizer step by step, or a run through its next step
///
/// Shows for each gradient what the optimizer remembers, before and after, and the parameter's new
/// value. Computed in f64. Text is rounded to seven digits; JSON has all of them:
/// {"trajectory": […]}, the parameter after each step in the shape of the start, null where it is
/// not finite (exit code 3).
///
/// With --steps, EXPERIMENT is trained for so many steps; of the one that follows, it shows what a
/// neuron computes for a sample and what happens to one of its weights, as the workbench does on i.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// The optimizer, and parameters that are not to have their defaults; with --steps, a preset, a
    /// .toml file or a recipe
    #[arg(
        value_name = "OPTIMIZER[:K=V,…]|EXPERIMENT",
        required_unless_present = "input",
        conflicts_with = "input"
    )]
    subject: Option<String>,
    /// Train the experiment for so many steps before
    #[arg(long, value_name = "N", conflicts_with_all = ["input", "start", "grads"])]
    steps: Option<u64>,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    changes: Changes,
    /// What the parameter starts from; several numbers are joined by commas
    #[arg(
        long,
        value_name = "W,…",
        value_parser = numbers::parse::<f64>,
        allow_hyphen_values = true,
        required_unless_present_any = ["input", "steps"],
        conflicts_with = "input"
    )]
    start: Option<Numbers<f64>>,
    /// The gradients, step by step, joined by commas; the numbers of each by colons
    #[arg(
        long,
        value_name = "G,…",
        value_parser = numbers::parse_lists::<f64>,
        allow_hyphen_values = true,
        required_unless_present_any = ["input", "steps"],
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
    if let (Some(name), Some(steps)) = (&args.subject, args.steps) {
        let of_run = OfRun::new(name, &args.changes, steps, args.place)?;
        return show_run(&of_run, format);
    }
    if !args.changes.is_empty() {
        return Err(Failure::input("--set and --seed are about an experiment; give --steps too"));
    }
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

fn show_run(of_run: &OfRun, format: Format) -> Result<ExitCode, Failure> {
    let mut out = output::stdout();
    match format {
        Format::Json => output::write_json(&mut out, &of_run.json())?,
        Format::Text => of_run.write(&mut out, Page::stdout())?,
    }
    out.flush()?;
    Ok(if of_run.diverged.is_some() { ExitCode::from(DIVERGED) } else { ExitCode::SUCCESS })
}

fn follow(args: Args) -> Result<Trace, Failure> {
    match (args.input, args.subject, args.start, args.grads) {
        (Some(path), ..) => {
            let answers = ["trajectory", "eval", "source"];
            let case = Case::read(&path, Kind::Optimizer, &["start", "grads"], &answers)?;
            let (start, grads) = (case.required("start")?, case.each("grads")?);
            Trace::new(case.pick.clone(), start, &grads).map_err(|reason| case.wrong(&reason))
        }
        (None, Some(subject), Some(start), Some(grads)) => {
            let pick: Pick = Kind::Optimizer
                .parse(&subject)
                .map_err(|error| Failure::input(error.to_string()))?;
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
