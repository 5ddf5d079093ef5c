//! A folder of results that others fill, on the Compare screen or in print.

use std::path::Path;
use std::process::ExitCode;

use super::{Format, print};
use crate::cli::config::Config;
use crate::cli::failure::Failure;
use crate::cli::look::{LinkArgs, Look};
use crate::cli::memory::Limit;
use crate::cli::output::{is_interactive, say};
use crate::cli::workbench::open_within;
use crate::compare::{FolderWatch, Ranking};
use crate::experiment::Experiment;
use crate::export::comparison::{Comparison, Summary};
use crate::train::memory::{Estimate, Watched};
use crate::train::timeline;
use crate::tui::runner::{Memory, Opening};

/// Shows how far the comparison in `folder` is.
///
/// # Errors
/// If there is none, its files cannot be read or are of another, or stdout cannot be written.
pub fn run(folder: &Path, format: Format, limit: Limit) -> Result<ExitCode, Failure> {
    let watch = FolderWatch::open(folder).map_err(Failure::input)?;
    if format == Format::default() && is_interactive() {
        return open(watch, limit);
    }
    let (name, plan, results) = (watch.name(), watch.plan(), watch.results());
    let ranking = Ranking::of(plan, results);
    say(format_args!("note: {} of {} runs are done", ranking.done, ranking.total));
    let comparisons = [Comparison { name, plan, results, ranking: &ranking }];
    print(format, &comparisons, &Summary::of(&comparisons))?;
    Ok(ExitCode::SUCCESS)
}

/// Opens the workbench with it.
fn open(watch: FolderWatch, limit: Limit) -> Result<ExitCode, Failure> {
    let plain = |it: &Experiment| Experiment { compare: None, ..it.clone() };
    let script = watch.plan().base.map(plain);
    limit.check(&Estimate::of_script(&script, Watched::Live))?;
    let memory = Memory { limit: limit.bytes(), keyframes: timeline::bound(limit.bytes()) };
    let opening = Opening::Watching(Box::new(script), Box::new(watch));
    open_within(opening, (Look::default(), LinkArgs::default()), memory, Config::load()?)
}
