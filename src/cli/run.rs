//! `gradlab run`: training without a screen.

pub mod files;
mod metrics;
mod report;
mod resume;

use std::num::NonZeroU64;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use self::metrics::Metrics;
use self::report::Report;
use self::resume::{Keeper, Left};
use super::experiment::Chosen;
use super::failure::{DIVERGED, Failure, signalled};
use super::output::say;
use super::output_dir::claim;
use crate::experiment::{DataSource, Experiment, Script};
use crate::train::memory::{Estimate, Watched};
use crate::train::{Divergence, Problem, Session};

/// The longest run.
pub(super) const MOST_STEPS: u64 = 1_000_000_000_000;

const EXAMPLES: &str = "\
Examples:
  gradlab run spirals
  gradlab run iris --set optimizer=sgd:lr=0.1 --seed 3 --format csv
  gradlab run digits --epochs 20 --out digits-run
  gradlab run moons/8-tanh/2-softmax/optimizer=adam,lr=0.01 --time 5s --format json

Every loss is the mean over all rows of its split. A loss on values of your own file is in units of
their standard deviation (but poisson_nll and bce take them as they are); rmse, the root of the mean
squared error, is in the target's own units; lr is the rate from there on, under the schedule. With --format json each evaluation is one object
on a line, and the last line is {\"summary\": …}. --out writes experiment.toml, metrics.csv,
summary.json, weights.npz and model.json, by which `gradlab predict` works; the same experiment gives
the same metrics.csv, byte for byte.

Ctrl-C ends the run after its present step, with all its results; a second one at once. After that, or
after it was killed, the same command with the same --out goes on where it was.";

/// Train an experiment and print how it goes
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    #[command(flatten)]
    chosen: Chosen,
    #[command(flatten)]
    length: Length,
    /// Stop after step N, whatever the length of the experiment's schedule
    #[arg(long, value_name = "N", conflicts_with = "time")]
    until: Option<NonZeroU64>,
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Write experiment, metrics, summary and weights into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// How long to train, if not for the experiment's own steps.
#[derive(Clone, Copy, Debug, clap::Args)]
#[group(multiple = false)]
struct Length {
    /// So many steps
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=MOST_STEPS))]
    steps: Option<u64>,
    /// So many passes over the training rows
    #[arg(long, value_name = "N")]
    epochs: Option<NonZeroU64>,
    /// So long, as in 20s, 1.5m or 500ms; a schedule still goes by the experiment's own steps
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    time: Option<Duration>,
}

/// How results are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For reading
    #[default]
    Text,
    /// One JSON object a line
    Json,
    /// Comma-separated, one evaluation a row
    Csv,
}

pub(super) fn parse_duration(text: &str) -> Result<Duration, String> {
    let units = [("ms", 1e-3), ("s", 1.0), ("m", 60.0), ("h", 3600.0)];
    units
        .iter()
        .find_map(|(suffix, unit)| Some((text.strip_suffix(suffix)?.parse::<f64>().ok()?, unit)))
        .map(|(count, unit)| count * unit)
        .filter(|seconds| *seconds > 0.0 && *seconds < 1e8)
        .map(Duration::from_secs_f64)
        .ok_or_else(|| "must be a number with its unit, as in 500ms, 20s, 1.5m or 2h".to_owned())
}

/// How a run ended.
#[derive(Debug)]
pub(super) enum End {
    Finished,
    Interrupted(i32),
    Diverged(Box<Divergence>),
}

/// Whether `experiment` can be run for a time instead of a number of steps.
///
/// # Errors
/// If its schedule needs that number.
pub fn without_steps(experiment: &Experiment) -> Result<(), Failure> {
    if experiment.paced_by_steps() {
        let name = experiment.schedule.key();
        return Err(Failure::input(format!(
            "the schedule `{name}` goes by the number of steps, which a time does not give; use \
             --steps, or --set schedule=none"
        )));
    }
    Ok(())
}

/// Runs the command.
///
/// # Errors
/// If the experiment is not valid, its data cannot be read, or a result cannot be written.
pub fn run(args: Args) -> Result<ExitCode, Failure> {
    let mut experiment = args.chosen.load()?;
    let problem = Problem::load(&experiment).map_err(|error| Failure::Input(error.into()))?;
    // Now, since the file may be gone when the run ends.
    let schema = args.out.as_ref().map(|_| experiment.data.schema()).transpose();
    let schema = schema.map_err(|error| Failure::Input(error.into()))?;
    if let DataSource::Csv { .. } = experiment.data.source {
        for note in &problem.split.train.notes {
            say(format_args!("note: {note}"));
        }
    }
    let rows = problem.train.len() as u64;
    let per_epoch = rows.div_ceil(experiment.train.batch_size as u64);
    if let Some(epochs) = args.length.epochs {
        let steps = epochs.get().checked_mul(per_epoch).filter(|steps| *steps <= MOST_STEPS);
        experiment.train.steps = steps.ok_or_else(|| {
            let most = MOST_STEPS / per_epoch.max(1);
            Failure::input(format!("{epochs} epochs are too many; at most {most} are possible"))
        })?;
    }
    if let Some(steps) = args.length.steps {
        experiment.train.steps = steps;
    }
    if args.length.time.is_some() {
        without_steps(&experiment)?;
    }
    let watched = if args.out.is_some() { Watched::Saved } else { Watched::No };
    let mut whole = experiment.clone();
    whole.train.steps = if args.length.time.is_some() {
        u64::MAX
    } else {
        experiment.train.steps.max(args.until.map_or(0, NonZeroU64::get))
    };
    args.chosen.memory().check_aloud(&Estimate::of(&whole, watched))?;
    if let Some(folder) = &args.out {
        claim(folder, &experiment, &files::NAMES)?;
    }
    let signal = watch_signals()?;
    let until = match (args.length.time, args.until) {
        (Some(_), _) => u64::MAX,
        (None, Some(until)) => until.get(),
        (None, None) => experiment.train.steps,
    };
    let mut keeper =
        args.out.as_ref().map(|folder| Keeper::new(folder, Script::from(experiment.clone())));
    let left = keeper.as_ref().map(|keeper| keeper.find(&problem, until)).transpose()?.flatten();
    let Left { mut session, mut metrics, before } = match left {
        Some(left) => left,
        None => {
            let metrics = Metrics::new(args.out.as_deref())?;
            let mut session = Session::new(&experiment, problem);
            session.until = until;
            Left { session, metrics, before: Duration::ZERO }
        }
    };
    let mut report = Report::new(args.format, &session, args.length.time)?;
    let begun = Instant::now();
    let spent = || before + begun.elapsed();
    let recorder = (&mut report, &mut metrics, keeper.as_mut());
    let end = train(&mut session, recorder, (args.length.time, &spent), &signal)?;
    let summary = report.finish(&session, &metrics, &end, spent().as_secs_f64())?;
    if let (Some(folder), Some(schema)) = (&args.out, schema) {
        files::write(folder, &session, &mut metrics, &summary, &schema)?;
    }
    if !matches!(end, End::Interrupted(_)) {
        keeper.map(Keeper::remove);
        metrics.remove();
    }
    Ok(match end {
        End::Finished => ExitCode::SUCCESS,
        End::Interrupted(signal) => signalled(signal),
        End::Diverged(_) => ExitCode::from(DIVERGED),
    })
}

/// Trains until the run has gone as far as it is to, a signal comes or it diverges.
fn train(
    session: &mut Session,
    (report, metrics, mut keeper): (&mut Report, &mut Metrics, Option<&mut Keeper>),
    (time, spent): (Option<Duration>, &dyn Fn() -> Duration),
    signal: &AtomicUsize,
) -> Result<End, Failure> {
    let mut evaluated = if let Some(row) = metrics.last {
        report.go_on(session.engine().step_count());
        row
    } else {
        let row = session.evaluate();
        metrics.push(&row);
        report.row(&row, 0.0)?;
        row
    };
    loop {
        if session.finished() {
            return Ok(End::Finished);
        }
        let signal = signal.load(Ordering::Relaxed);
        if signal != 0 {
            if let Some(keeper) = keeper {
                keeper.keep(session, metrics, spent());
            }
            return Ok(End::Interrupted(signal as i32));
        }
        let mut row = match session.step() {
            Ok((_, row)) => row,
            Err(divergence) => return Ok(End::Diverged(divergence)),
        };
        let step = session.engine().step_count();
        if step.is_multiple_of(64) {
            report.progress(step);
            if time.is_some_and(|time| spent() >= time) {
                session.until = step;
                if row.is_none() && evaluated.step != step {
                    row = Some(session.evaluate());
                }
            }
        }
        if let Some(row) = row {
            metrics.push(&row);
            report.row(&row, spent().as_secs_f64())?;
            evaluated = row;
        }
        if let Some(keeper) = &mut keeper {
            keeper.step(session, metrics, spent);
        }
    }
}

/// A cell that holds the number of the signal that asked the program to end, or 0. A second signal
/// ends it at once, however long a step takes.
pub(super) fn watch_signals() -> Result<Arc<AtomicUsize>, Failure> {
    let asked = Arc::new(AtomicUsize::new(0));
    #[cfg(unix)]
    {
        use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
        use signal_hook::flag;
        let twice = Arc::new(AtomicBool::new(false));
        for signal in [SIGHUP, SIGINT, SIGTERM] {
            flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&twice))?;
            flag::register(signal, Arc::clone(&twice))?;
            let number = usize::try_from(signal).unwrap_or(0);
            flag::register_usize(signal, Arc::clone(&asked), number)?;
        }
    }
    Ok(asked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_units() {
        assert_eq!(parse_duration("20s"), Ok(Duration::from_secs(20)));
        assert_eq!(parse_duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(parse_duration("1.5m"), Ok(Duration::from_secs(90)));
        for wrong in ["", "20", "s", "-1s", "0s", "nans", "infs", "1e99h"] {
            assert!(parse_duration(wrong).is_err(), "{wrong}");
        }
    }
}
