//! `gradlab layer`: one recurrent layer forward and backward, on numbers from a file.

mod case;

use std::path::PathBuf;
use std::process::ExitCode;

use self::case::Given;
use super::failure::Failure;
use super::output;

const EXAMPLES: &str = "\
Examples:
  gradlab layer --input case.json

with {\"name\": \"gru\", \"x\": …, \"weight_ih\": …, \"weight_hh\": …, \"bias_ih\": …, \
\"bias_hh\": …, \"upstream_last\": …, \"upstream_all\": …} in case.json.";

/// Take a sequence through one recurrent layer, and gradients back through time
///
/// A case has a name (rnn, gru or lstm), params if there are any, x (samples × steps × features) and
/// the tensors weight_ih, weight_hh, bias_ih and bias_hh as PyTorch lays them out, a gate after
/// another. The answer is JSON: `output`, the state after every step (samples × steps × units);
/// where the case has `upstream_last` (samples × units), `gradients_last`, those of the sum of its
/// product with the last state; where it has `upstream_all` (samples × steps × units),
/// `gradients_all`, those of the sum of its product with all states: each with x and the tensors.
/// What else a case of that form says of the answer is passed over.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The file with the case, in JSON; - is stdin
    #[arg(long, value_name = "FILE")]
    input: PathBuf,
}

/// Runs the command.
///
/// # Errors
/// If the file cannot be read or is no such case.
pub fn run(args: Args) -> Result<ExitCode, Failure> {
    let answer = Given::read(&args.input)?.answer();
    output::write_json(&mut output::stdout(), &answer)?;
    Ok(ExitCode::SUCCESS)
}
