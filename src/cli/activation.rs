//! `gradlab activation`: x, f(x) and f′(x).

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use serde::Serialize;
use serde_json::{Map, Value};

use self::evaluate::{Evaluated, evaluate};
use super::case::Case;
use super::describe;
use super::failure::Failure;
use super::nested::Nested;
use super::numbers::{self, Numbers};
use super::output::{self, Format};
use super::table::{shortest, table};
use super::text::{Page, wrap};
use crate::catalog::{self, Kind};
use crate::spec::{Pick, PickError};

pub(super) mod evaluate;

const AFTER_HELP: &str = "\
Examples:
  gradlab activation relu --at -1,0,2
  gradlab activation leaky_relu:negative_slope=0.2 --at -3,-1,1,3 --format json
  gradlab activation softmax --at 1,2,3 --upstream 1,0,0
  gradlab activation --input case.json

FILE holds one case, x with a sample a row where an activation sees a whole one:
  {\"name\": \"softmax\", \"params\": {}, \"x\": [[1, 2, 3]], \"upstream\": [[1, 0, 0]]}
upstream is optional; y, dy_dx and dx, if they are there, are passed over.

`gradlab list activations` names all of them; `gradlab explain relu` tells about one.";

/// Evaluate an activation function and its derivative
///
/// Computed in f32 by the very code that trains, and printed with as many digits as f32 has.
/// Some activations (softmax) see all numbers of a sample together: the values of --at are then
/// one sample, and there is no derivative number by number; --upstream gives the gradient that
/// reaches their inputs.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// The activation, and parameters that are not to have their defaults
    #[arg(
        value_name = "NAME[:K=V,…]",
        value_parser = parse_pick,
        required_unless_present = "input",
        conflicts_with = "input"
    )]
    activation: Option<Pick>,
    /// The inputs x, joined by commas
    #[arg(
        long,
        value_name = "X,…",
        value_parser = numbers::parse::<f32>,
        allow_hyphen_values = true,
        required_unless_present = "input",
        conflicts_with = "input"
    )]
    at: Option<Numbers<f32>>,
    /// ∂L/∂y, one number for each y: also print the gradient dx = ∂L/∂x that it causes
    #[arg(
        long,
        value_name = "G,…",
        value_parser = numbers::parse::<f32>,
        allow_hyphen_values = true,
        conflicts_with = "input"
    )]
    upstream: Option<Numbers<f32>>,
    /// A case from a JSON file, or from stdin if FILE is `-`
    #[arg(long, value_name = "FILE")]
    input: Option<PathBuf>,
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

fn parse_pick(text: &str) -> Result<Pick, PickError> {
    Kind::Activation.parse(text)
}

/// What is asked: an activation, its inputs, and the gradient that reaches its outputs.
struct Question {
    pick: Pick,
    x: Nested<f32>,
    upstream: Option<Nested<f32>>,
}

impl Question {
    fn new(args: Args) -> Result<(Self, Format), Failure> {
        let list = |numbers: Numbers<f32>| Nested::List(numbers.0);
        let question = match (args.input, args.activation, args.at) {
            (Some(path), ..) => {
                let answers = ["kind", "y", "dy_dx", "dx", "source"];
                let case = Case::read(&path, Kind::Activation, &["x", "upstream"], &answers)?;
                let (x, upstream) = (case.required("x")?, case.optional("upstream")?);
                Self { pick: case.pick, x, upstream }
            }
            (None, Some(pick), Some(at)) => {
                Self { pick, x: list(at), upstream: args.upstream.map(list) }
            }
            _ => return Err(Failure::input("give an activation and --at, or --input")),
        };
        Ok((question, args.format))
    }
}

#[derive(Serialize)]
struct Answer<'a> {
    name: &'static str,
    params: Map<String, Value>,
    x: &'a Nested<f32>,
    #[serde(flatten)]
    evaluated: &'a Evaluated,
}

/// Runs the command.
///
/// # Errors
/// Bad input, or stdout cannot be written.
pub fn run(args: Args) -> Result<ExitCode, Failure> {
    let (question, format) = Question::new(args)?;
    let Question { pick, x, upstream } = &question;
    let evaluated = evaluate(pick, x, upstream.as_ref()).map_err(Failure::input)?;
    let mut out = output::stdout();
    match format {
        Format::Json => {
            let params = describe::params(pick);
            let answer = Answer { name: pick.key(), params, x, evaluated: &evaluated };
            output::write_json(&mut out, &answer)?;
        }
        Format::Text => write_text(&mut out, &question, &evaluated)?,
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// The formula and a table; a table for each sample where one is seen as a whole.
fn write_text(
    out: &mut impl Write,
    question: &Question,
    evaluated: &Evaluated,
) -> std::io::Result<()> {
    let Question { pick, x, upstream } = question;
    let entry = catalog::activation(pick);
    let page = Page::stdout();
    writeln!(out, "{}", page.heading(&format!("{} ({pick})", entry.card.title)))?;
    for line in entry.card.formula.lines().chain([entry.traits.derivative]) {
        writeln!(out, "  {line}")?;
    }
    let split = |values: &Nested<f32>| {
        if entry.rowwise { values.rows() } else { vec![values.flat()] }
    };
    let names = if entry.rowwise { ("xᵢ", "yᵢ") } else { ("x", "f(x)") };
    let columns: Vec<_> = [
        (names.0, Some(x)),
        (names.1, Some(&evaluated.y)),
        ("f′(x)", evaluated.dy_dx.as_ref()),
        ("upstream", upstream.as_ref()),
        ("dx", evaluated.dx.as_ref()),
    ]
    .into_iter()
    .filter_map(|(heading, values)| Some((heading, split(values?))))
    .collect();
    if entry.rowwise {
        let note = "It sees all numbers of a sample together";
        let detail = if upstream.is_some() {
            "dx is ∂L/∂x where upstream is ∂L/∂y."
        } else {
            "--upstream gives the gradient that reaches x."
        };
        writeln!(out)?;
        for line in wrap(&format!("{note}, so each table is one sample; {detail}"), page.width) {
            writeln!(out, "{line}")?;
        }
    }
    let samples = columns.first().map_or(0, |(_, samples)| samples.len());
    for sample in 0..samples {
        writeln!(out)?;
        let cells = |numbers: &Vec<f32>| numbers.iter().copied().map(shortest).collect();
        let columns: Vec<_> =
            columns.iter().map(|(heading, samples)| (*heading, cells(&samples[sample]))).collect();
        for line in table(&columns) {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}
