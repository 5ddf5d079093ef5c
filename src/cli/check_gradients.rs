//! `gradlab check-gradients`: backward against central differences.

use std::io::Write;
use std::process::ExitCode;

use serde_json::json;

use super::experiment::Chosen;
use super::failure::Failure;
use super::output::{self, Format};
use crate::experiment::{Experiment, LayerSpec};
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
    refuse_truncated(&experiment)?;
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
                        "kind": experiment.layers[c.layer].kind.to_string(),
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
            writeln!(
                out,
                "layer  {:<13}  {:<12} {:>9}   largest relative error",
                "activation", "tensor", "tried"
            )?;
            for c in &comparisons {
                let activation = experiment.layers[c.layer].name();
                let tried = format!("{}/{}", c.tried, c.elements);
                let verdict = if c.passes() { "ok" } else { "WRONG" };
                writeln!(
                    out,
                    "{:>5}  {activation:<13}  {:<12} {tried:>9}   {:>22.1e}  {verdict}",
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

/// Gradients that are cut off on their way back are not those of the loss.
fn refuse_truncated(experiment: &Experiment) -> Result<(), Failure> {
    let truncated = |layer: &LayerSpec| layer.kind.number_if_any("bptt").is_some_and(|it| it > 0.0);
    match experiment.layers.iter().position(truncated) {
        None => Ok(()),
        Some(index) => {
            let (number, window) = (index + 1, experiment.layers[index].kind.number("bptt"));
            Err(Failure::input(format!(
                "layer {number} cuts gradients off after {window} steps back, which no difference of \
                 losses does: use --set layers.{number}.kind.bptt=0"
            )))
        }
    }
}
