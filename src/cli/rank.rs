//! `gradlab rank`: rank sets for results made anywhere.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use self::results::{Direction, Given};
use super::case::Fields;
use super::failure::Failure;
use super::output::{self, Format, say};
use super::text::{Page, pad, wrap};
use crate::compare::statistics::{ALPHA, Pairwise};
use crate::export::comparison::{number, rank_set, sentence};

mod results;

const AFTER_HELP: &str = "\
Examples:
  gradlab rank results.csv
  gradlab rank accuracies.csv --higher --format json
  gradlab rank --input case.json

FILE.csv has the columns arm, seed and value, and may have task; others are passed over:
  arm,seed,value
  adam,1,0.031
  sgd,1,0.054
Each seed counts on which every arm has a value. Losses are compared by their logarithms, floored at \
1e-8, unless some are negative; an empty cell, nan or inf is a diverged run and counts as the worst \
value of its task. With several tasks each task counts once, by its mean over the seeds.

FILE.json holds one case, a row for each seed with the logarithm of each arm's loss:
  {\"log_loss\": [[-3.1, -2.9], [-3.4, -3.0], …]}

`gradlab explain rank` tells what a rank set is.";

/// Rank arms by results made anywhere, with confidence sets
///
/// All pairs of arms are compared by the paired t of their values, whose chance is told by flipping the
/// signs of whole seeds, adjusted for all pairs by the step-down maximum (Romano & Wolf 2005). The
/// confidence set of a rank goes from 1 + the arms that an arm is significantly worse than to all arms
/// less those that are significantly worse than it (Mogstad et al. 2024).
///
/// JSON has pairs, t, adjusted_p, worse_than, rank_sets and verdict; of a CSV file also arms, their
/// names in the order of these numbers.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// Results as CSV
    #[arg(value_name = "FILE.csv", required_unless_present = "input", conflicts_with = "input")]
    file: Option<PathBuf>,
    /// Values are scores: the higher, the better
    #[arg(long, conflicts_with = "input")]
    higher: bool,
    /// A case from a JSON file, or from stdin if FILE is `-`
    #[arg(long, value_name = "FILE")]
    input: Option<PathBuf>,
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// The seed of sampled signs.
const SEED: u64 = 0;

#[derive(Serialize)]
struct Answer<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    arms: Option<&'a [String]>,
    pairs: &'a [(usize, usize)],
    t: &'a [f64],
    adjusted_p: &'a [f64],
    worse_than: &'a [Vec<usize>],
    rank_sets: &'a [(usize, usize)],
    verdict: &'a str,
}

/// Runs the command.
///
/// # Errors
/// Bad input, or stdout cannot be written.
pub fn run(args: Args) -> Result<ExitCode, Failure> {
    let direction = if args.higher { Direction::HigherIsBetter } else { Direction::LowerIsBetter };
    let given = match (&args.file, &args.input) {
        (Some(path), None) => Given::read(path, direction)?,
        (None, Some(path)) => case(path)?,
        _ => return Err(Failure::input("give a CSV file, or a case by --input")),
    };
    for note in &given.notes {
        say(format_args!("note: {note}"));
    }
    let found = Pairwise::of(&given.values, SEED);
    let order = given.order();
    let verdict = sentence(&found, &given.names, &order, given.block);
    let mut out = output::stdout();
    match args.format {
        Format::Json => {
            let answer = Answer {
                arms: args.file.is_some().then_some(&given.names),
                pairs: &found.pairs,
                t: &found.t,
                adjusted_p: &found.adjusted_p,
                worse_than: &found.worse_than,
                rank_sets: &found.rank_sets,
                verdict: &verdict,
            };
            output::write_json(&mut out, &answer)?;
        }
        Format::Text => write_page(&mut out, (&given, &found), &order, &verdict)?,
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// The case in a JSON file.
fn case(path: &Path) -> Result<Given, Failure> {
    let answers =
        ["pairs", "t", "adjusted_p", "alpha", "worse_than", "rank_sets", "name", "source"];
    let case = Fields::read(path, &["log_loss"], &answers)?;
    let values = case.required::<f64>("log_loss")?.rows();
    let arms = values.first().map_or(0, Vec::len);
    if values.iter().flatten().any(|value| !value.is_finite()) {
        return Err(case.wrong("`log_loss` holds a number that is not finite"));
    }
    let names = (1..=arms).map(|arm| format!("arm {arm}")).collect();
    Ok(Given::of_logarithms(names, values))
}

fn write_page(
    out: &mut impl Write,
    (given, found): (&Given, &Pairwise),
    order: &[usize],
    verdict: &str,
) -> io::Result<()> {
    let width = given.names.iter().map(|name| name.width()).max().unwrap_or(0).max(3);
    let heading = Page::stdout().heading(&format!(
        "{}  {:>7}  {:>9}  worse than",
        pad("arm", width),
        "rank",
        given.average
    ));
    writeln!(out, "  {heading}")?;
    for &arm in order {
        let rank = rank_set(Some(found.rank_sets[arm]));
        let better: Vec<&str> =
            found.worse_than[arm].iter().map(|arm| given.names[*arm].as_str()).collect();
        let better = if better.is_empty() { "–".to_owned() } else { better.join(", ") };
        let name = pad(&given.names[arm], width);
        let median = number(given.medians[arm]);
        writeln!(out, "  {name}  {rank:>7}  {median:>9}  {better}")?;
    }
    writeln!(out)?;
    for line in wrap(verdict, 78) {
        writeln!(out, "  {line}")?;
    }
    let level = 100.0 * (1.0 - ALPHA);
    writeln!(out, "  Ranks: {level:.0} % confidence sets, all of which hold together.")
}
