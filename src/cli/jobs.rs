//! `gradlab jobs`: the script that spreads a comparison over a scheduler.

mod script;

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use self::script::{HYPERQUEUE, Job, PARALLEL, SLURM};
use super::compare::Shared;
use super::failure::{Failure, written};
use super::late::Late;
use super::{Cli, Command, output};
use crate::compare::Plan;
use crate::compare::shards::Share;
use crate::export::file;
use crate::text::{is_unprintable, shell_word};

const EXAMPLES: &str = "\
Examples:
  gradlab jobs --for slurm --shards 100 --out jobs.sh -- \\
    compare digits --optimizers sgd,adam,lion --out digits
  gradlab jobs --for parallel --shards 8 -- compare spirals --out spirals

The script shares out the runs that try rates, chooses the rates once all are \
done, shares out those that judge the arms, and merges them into \
DIR/ranking.json. Started again, it runs what is missing. Its options go to \
sbatch, hq submit or parallel, as in `sh jobs.sh --partition=short`; the program \
is $GRADLAB, or gradlab.";

/// Write the script that spreads a comparison over a scheduler
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// What is to start the shards
    #[arg(long = "for", value_enum, value_name = "SCHEDULER")]
    scheduler: Scheduler,
    /// Shards of each wave: every one is a task and a file
    #[arg(long, value_name = "N", default_value_t = 16)]
    shards: usize,
    /// Write the script into this file
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// The comparison: compare EXPERIMENT … --out DIR
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

/// What starts the shards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Scheduler {
    /// Slurm: job arrays
    Slurm,
    /// HyperQueue: task arrays
    Hyperqueue,
    /// GNU parallel: this machine, or others by SSH
    Parallel,
}

/// Runs the command.
///
/// # Errors
/// If there is no such comparison, it cannot be shared, or the script cannot be written.
pub fn run(args: Args) -> Result<ExitCode, Failure> {
    Share::new(1, args.shards).map_err(Failure::input)?;
    let words =
        args.command.iter().map(|word| word.to_str().filter(|it| !it.contains(is_unprintable)));
    let words = words.collect::<Option<Vec<&str>>>().ok_or_else(|| {
        Failure::input("the command holds characters that a script cannot; rename its files")
    })?;
    let whole = std::iter::once("gradlab").chain(words.iter().copied());
    let parsed = Cli::try_parse_from(whole).map_err(|error| {
        let text = error.to_string();
        let line = text.lines().next().unwrap_or_default();
        Failure::input(line.trim_start_matches("error: ").to_owned())
    })?;
    let Some(Command::Compare(Late(compared))) = parsed.command else {
        return Err(Failure::input("only `compare` can be shared, as in `-- compare spirals …`"));
    };
    if compared.is_shard() {
        return Err(Failure::input("leave out --shard and --wave; the script says them"));
    }
    let Shared { plan, folder, jobs, .. } = compared.shared()?;
    let mut command: Vec<String> = words.iter().map(|word| shell_word(word).into_owned()).collect();
    if jobs.is_none() {
        command.push("--jobs=1".to_owned());
    }
    let job = Job {
        command: command.join(" "),
        folder: shell_word(&folder.to_string_lossy()).into_owned(),
        shards: args.shards,
        cores: jobs.unwrap_or(1),
        tuning: plan.tuning_trials().len(),
        judging: most_judging(&plan),
    };
    let text = job.script(match args.scheduler {
        Scheduler::Slurm => SLURM,
        Scheduler::Hyperqueue => HYPERQUEUE,
        Scheduler::Parallel => PARALLEL,
    });
    if let Some(path) = &args.out {
        written(path, file::write(path, text))?;
    } else {
        let mut out = output::stdout();
        out.write_all(text.as_bytes())?;
        out.flush()?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Runs that judge arms, at most: those of an arm whose settings are searched are also at its defaults.
fn most_judging(plan: &Plan) -> usize {
    let last = plan.arms.iter().map(|arm| *arm.candidates.start().end());
    plan.judging_trials(&last.collect::<Vec<_>>()).len()
}
