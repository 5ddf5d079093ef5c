//! `gradlab merge`: the shards of a comparison as one.

use std::path::PathBuf;
use std::process::ExitCode;

use super::compare::{Format, WaveArg, print};
use super::failure::Failure;
use super::output::say;
use crate::compare::Ranking;
use crate::compare::shards::{RATES, choose, claimed, merge};
use crate::export::comparison::{Comparison, Summary};

const EXAMPLES: &str = "\
Examples:
  gradlab merge digits
  gradlab merge digits --format json > digits.json
  gradlab merge digits --wave tune

DIR is the folder that `gradlab compare --wave … --shard … --out DIR` filled. What \
is missing is told by its numbers. All statistics are worked out anew, as if one \
machine had run all: the result is the same but for times.";

/// Merge the shards of a comparison into its ranking
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The folder of the comparison
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// After the first wave: choose the rates for the second one, and print nothing
    #[arg(long, value_enum)]
    wave: Option<WaveArg>,
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Runs the command.
///
/// # Errors
/// If shards are missing or of another comparison, or stdout cannot be written.
pub fn run(args: Args) -> Result<ExitCode, Failure> {
    if args.wave == Some(WaveArg::Tune) {
        let plan = claimed(&args.folder).map_err(Failure::input)?;
        choose(&args.folder, &plan).map_err(Failure::input)?;
        say(format_args!("note: the rates for the wave judge are in `{RATES}`"));
        return Ok(ExitCode::SUCCESS);
    }
    let merged = merge(&args.folder).map_err(Failure::input)?;
    let ranking = Ranking::of(&merged.plan, &merged.results);
    let comparisons = [Comparison {
        name: &merged.name,
        plan: &merged.plan,
        results: &merged.results,
        ranking: &ranking,
    }];
    print(args.format, &comparisons, &Summary::of(&comparisons))?;
    Ok(ExitCode::SUCCESS)
}
