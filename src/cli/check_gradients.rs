//! `gradlab check-gradients`: backward against central differences.

use std::io::Write;
use std::process::ExitCode;

use serde_json::json;

use super::experiment::Chosen;
use super::failure::Failure;
use super::output::{self, Format};
use crate::train::Problem;
use crate::train::gradients::{Comparison, TOLERANCE, check};

const EXAMPLES: &str = "\
Examples:
  gradlab check-gradients spirals
  gradlab check-gradients moons/8-gelu/8-softmax/2-softmax --format json";

/// Hold backward against central differences, layer by layer
///
/// Both are computed in f64 by the very code that training runs in f32, at the experiment's start,
/// on its first batch, for at most 200 elements of each tensor. An activation with a kink may
/// differ where a sample lies right on it. Ends with 1 if a gradient is wrong.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    #[command(flatten)]
    chosen: Chosen,
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Runs the command.
///
/// # Errors
/// If the experiment is not valid or its data cannot be read.
pub fn run(args: Args) -> Result<ExitCode, Failure> {
    let experiment = args.chosen.load("check-gradients")?;
    let problem = Problem::load(&experiment).map_err(|error| Failure::Input(error.into()))?;
    let comparisons = check(&experiment, &problem);
    let passes = comparisons.iter().all(Comparison::passes);
    let mut out = output::stdout();
    match args.format {
        Format::Json => {
            let tensors: Vec<_> = comparisons
                .iter()
                .map(|c| {
                    json!({
                        "layer": c.layer + 1,
                        "activation": experiment.layers[c.layer].activation.to_string(),
                        "tensor": c.tensor,
                        "tried": c.tried,
                        "elements": c.elements,
                        "absolute": c.absolute,
                        "relative": c.relative,
                        "passes": c.passes(),
                    })
                })
                .collect();
            let report = json!({"passes": passes, "tolerance": TOLERANCE, "tensors": tensors});
            output::write_json(&mut out, &report)?;
        }
        Format::Text => {
            writeln!(out, "layer  activation     tensor       tried   largest relative error")?;
            for c in &comparisons {
                let activation = experiment.layers[c.layer].activation.key();
                let tried = format!("{}/{}", c.tried, c.elements);
                let verdict = if c.passes() { "ok" } else { "WRONG" };
                writeln!(
                    out,
                    "{:>5}  {activation:<13}  {:<7} {tried:>10}   {:>22.1e}  {verdict}",
                    c.layer + 1,
                    c.tensor,
                    c.relative
                )?;
            }
        }
    }
    out.flush()?;
    Ok(if passes { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
