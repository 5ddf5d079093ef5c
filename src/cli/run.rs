//! `gradlab run`: training without a screen.

mod diagnosis;
pub mod files;
mod length;
mod metrics;
mod report;
mod resume;

use std::num::NonZeroU64;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use self::length::Length;
pub(super) use self::length::without_steps;
use self::metrics::Metrics;
use self::report::Report;
use self::resume::{Keeper, Left};
use super::experiment::ChosenScript;
use super::failure::{DIVERGED, Failure, signalled};
use super::output::say;
use super::output_dir::claim;
use crate::experiment::{DataSource, Experiment, Script, changes};
use crate::train::diagnosis::Stage;
use crate::train::evaluator::{Evaluated, Evaluator};
use crate::train::memory::{Estimate, Watched};
use crate::train::{Divergence, Problem, Row, Session};

/// The longest run.
pub(super) const MOST_STEPS: u64 = 1_000_000_000_000;

const EXAMPLES: &str = "\
Examples:
  gradlab run spirals
  gradlab run iris --set optimizer=sgd:lr=0.1 --seed 3 --format csv
  gradlab run digits --epochs 20 --out digits-run
  gradlab run moons/8-tanh/2-softmax/optimizer=adam,lr=0.01 --time 5s --format json
  gradlab run spirals --edit 5000:optimizer=sgd:lr=0.05 --edit 5000:layers.1.activation=relu

Every loss is the mean over all rows of its split. A loss on values of your own file is in units of \
their standard deviation (but poisson_nll and bce take them as they are); rmse, the root of the mean \
squared error, is in the target's own units; lr is the rate from there on, under the schedule. With --format json each evaluation is one object \
on a line, each edit {\"edit\": …}, and the last line is {\"summary\": …}. --out writes experiment.toml, metrics.csv, \
summary.json, weights.npz and model.json, by which `gradlab predict` works; the same experiment gives \
the same metrics.csv, byte for byte.

The run is looked at from time to time. What is wrong with it, by the rules of `gradlab list \
diagnoses`, is said at its end, and is \"diagnosis\" in the summary: a list of objects with name, layers, \
text, source, remedy (an assignment for --set, or null), first_step, last_step and at_end.

Ctrl-C ends the run after its present step, with all its results; a second one at once. After that, or \
after it was killed, the same command with the same --out goes on where it was.";

/// Train an experiment and print how it goes
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    #[command(flatten)]
    chosen: ChosenScript,
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

impl End {
    /// How a run that ended so stands.
    const fn stage(&self) -> Stage {
        match self {
            Self::Finished => Stage::Ended,
            Self::Interrupted(_) => Stage::GoesOn,
            Self::Diverged(_) => Stage::Diverged,
        }
    }
}

/// Runs the command.
///
/// # Errors
/// If the experiment is not valid, its data cannot be read, or a result cannot be written.
pub fn run(args: Args) -> Result<ExitCode, Failure> {
    let script = args.chosen.load()?;
    let problem = Problem::load(script.start()).map_err(|error| Failure::Input(error.into()))?;
    // Now, since the file may be gone when the run ends.
    let schema = args.out.as_ref().map(|_| script.start().data.schema()).transpose();
    let schema = schema.map_err(|error| Failure::Input(error.into()))?;
    if let DataSource::Csv { .. } = script.start().data.source {
        for note in &problem.split.train.notes {
            say(format_args!("note: {note}"));
        }
    }
    let script = args.length.applied(script, problem.train.len())?;
    let watched = if args.out.is_some() { Watched::Saved } else { Watched::No };
    args.chosen.memory().check_aloud(&Estimate::of_script(&args.whole(&script), watched))?;
    if let Some(folder) = &args.out {
        claim(folder, &script, &files::NAMES)?;
    }
    let signal = watch_signals()?;
    let fixed = args.end();
    let keeper = args.out.as_ref().map(|folder| Keeper::new(folder, &script));
    let left = keeper.as_ref().map(|keeper| keeper.find(&script, &problem, fixed)).transpose()?;
    let Left { mut session, mut metrics, before } = match left.flatten() {
        Some(left) => left,
        None => Left {
            metrics: Metrics::new(args.out.as_deref())?,
            session: Session::of_script(&script, problem),
            before: Duration::ZERO,
        },
    };
    session.until = fixed.unwrap_or(session.until);
    let mut report = Report::new(args.format, &session, args.length.time)?;
    let begun = Instant::now();
    let evaluator = Evaluator::beside(&session)?;
    let time = args.length.time;
    let mut run = Running { session, evaluator, fixed, time, begun, before, keeper };
    let end = run.train((&mut report, &mut metrics), &signal)?;
    let seconds = run.spent().as_secs_f64();
    let Running { mut session, keeper, .. } = run;
    metrics.examiner.look_at_end(&mut session, end.stage());
    let summary = report.finish((&script, &session), &metrics, &end, seconds)?;
    note_unreached(&script, &session);
    if let (Some(folder), Some(schema)) = (&args.out, schema) {
        files::write(folder, (&script, &session), &mut metrics, &summary, &schema)?;
    }
    if !matches!(end, End::Interrupted(_)) {
        if let Some(keeper) = keeper {
            keeper.remove();
        }
        metrics.remove();
    }
    Ok(match end {
        End::Finished => ExitCode::SUCCESS,
        End::Interrupted(signal) => signalled(signal),
        End::Diverged(_) => ExitCode::from(DIVERGED),
    })
}

impl Args {
    /// The step at which the run ends, whatever its experiment says.
    fn end(&self) -> Option<u64> {
        match self.length.time {
            Some(_) => Some(u64::MAX),
            None => self.until.map(NonZeroU64::get),
        }
    }

    /// The script with as many steps as there may be, for an estimate of memory.
    fn whole(&self, script: &Script) -> Script {
        let steps =
            |it: &Experiment| self.end().map_or(it.train.steps, |end| it.train.steps.max(end));
        script.map(|it| length::of_steps(it, steps(it)))
    }
}

/// Says which edits a run that is over has not come to.
fn note_unreached(script: &Script, session: &Session) {
    let Some(next) = session.next_edit() else { return };
    let steps: Vec<_> = script
        .edits()
        .iter()
        .filter(|edit| edit.step >= next.step)
        .map(|edit| edit.step.to_string())
        .collect();
    let (edits, steps) = (if steps.len() == 1 { "edit at step" } else { "edits at steps" }, steps);
    let (end, steps) = (session.engine().step_count(), steps.join(", "));
    say(format_args!("note: the run ended at step {end}, before the {edits} {steps}"));
}

/// What comes of evaluations: the last one may tell that the last update broke the run.
type Evaluation = Result<Result<(), Box<Divergence>>, Failure>;

/// A run on its way.
struct Running {
    session: Session,
    /// Evaluates what the run need not wait for.
    evaluator: Option<Evaluator>,
    /// The step at which it ends, if that is not for its experiment to say.
    fixed: Option<u64>,
    /// The time that it may take.
    time: Option<Duration>,
    begun: Instant,
    /// The time that was spent before it was killed.
    before: Duration,
    keeper: Option<Keeper>,
}

impl Running {
    /// The time that it has taken.
    fn spent(&self) -> Duration {
        self.before + self.begun.elapsed()
    }

    /// Trains until the run has gone as far as it is to, a signal comes or it diverges.
    fn train(
        &mut self,
        (report, metrics): (&mut Report, &mut Metrics),
        signal: &AtomicUsize,
    ) -> Result<End, Failure> {
        let mut evaluated = if let Some(row) = metrics.last {
            report.go_on(self.session.engine().step_count());
            row.step
        } else {
            if let Err(divergence) = self.evaluate(report, metrics)? {
                return Ok(End::Diverged(divergence));
            }
            self.session.engine().step_count()
        };
        let mut end = loop {
            if let Err(divergence) = self.make_edit(report, metrics)? {
                break End::Diverged(divergence);
            }
            if self.session.finished() {
                if evaluated != self.session.engine().step_count() {
                    // An edit has just ended it.
                    let row = self.session.evaluate();
                    self.take(row, (report, metrics))?;
                }
                break End::Finished;
            }
            while let Some(done) = self.evaluator.as_mut().and_then(Evaluator::poll) {
                self.take_back(done, (report, metrics))?;
            }
            self.keep(report, metrics, false)?;
            let signal = signal.load(Ordering::Relaxed);
            if signal != 0 {
                break End::Interrupted(signal as i32);
            }
            if let Err(divergence) = self.session.train() {
                break End::Diverged(divergence);
            }
            let step = self.session.engine().step_count();
            if step.is_multiple_of(64) {
                report.progress(step);
                if self.time.is_some_and(|time| self.spent() >= time) {
                    self.session.until = step;
                    self.fixed = Some(step);
                }
            }
            if self.session.evaluation_is_due() {
                if let Err(divergence) = self.evaluate(report, metrics)? {
                    break End::Diverged(divergence);
                }
                evaluated = step;
            }
        };
        // The last evaluation is among those that are still under way.
        if let Err(divergence) = self.wait(report, metrics)? {
            end = End::Diverged(divergence);
        }
        if let End::Interrupted(_) = end {
            self.keep(report, metrics, true)?;
        }
        Ok(end)
    }

    /// Evaluates the present state, beside the training where that can go on.
    fn evaluate(&mut self, report: &mut Report, metrics: &mut Metrics) -> Evaluation {
        let look = metrics.examiner.is_due(&self.session);
        match &mut self.evaluator {
            Some(evaluator) if !self.session.awaits_loss() => {
                evaluator.submit(&mut self.session, look);
            }
            _ => {
                let row = match self.session.checked_evaluation() {
                    Ok(row) => row,
                    Err(divergence) => return Ok(Err(divergence)),
                };
                let signs = look.then(|| metrics.examiner.measure(&mut self.session)).flatten();
                // Only now: the two go on at the same time.
                if let Err(divergence) = self.wait(report, metrics)? {
                    return Ok(Err(divergence));
                }
                self.take(row, (report, metrics))?;
                if let Some(signs) = signs {
                    metrics.examiner.see(&signs, Stage::GoesOn);
                }
            }
        }
        Ok(Ok(()))
    }

    /// Takes in an evaluation.
    fn take(
        &self,
        row: Row,
        (report, metrics): (&mut Report, &mut Metrics),
    ) -> Result<(), Failure> {
        metrics.push(&row);
        report.row(&row, self.spent().as_secs_f64())
    }

    /// Takes in an evaluation that was made beside the training.
    fn take_back(
        &self,
        done: Evaluated,
        (report, metrics): (&mut Report, &mut Metrics),
    ) -> Result<(), Failure> {
        self.take(done.row, (report, metrics))?;
        if let Some(signs) = done.looked {
            metrics.examiner.see(&signs, Stage::GoesOn);
        }
        Ok(())
    }

    /// Waits for all evaluations that are under way.
    fn wait(&mut self, report: &mut Report, metrics: &mut Metrics) -> Evaluation {
        while let Some(done) = self.evaluator.as_mut().and_then(Evaluator::wait) {
            if let Err(divergence) = self.session.confirm(&done.row) {
                return Ok(Err(divergence));
            }
            self.take_back(done, (report, metrics))?;
        }
        Ok(Ok(()))
    }

    /// Keeps the state, if it is time to or it is to be kept `now`.
    fn keep(
        &mut self,
        report: &mut Report,
        metrics: &mut Metrics,
        now: bool,
    ) -> Result<(), Failure> {
        let due = self.keeper.as_mut().is_some_and(|keeper| keeper.is_due() || now);
        // The run has not come to its end, so that none of them tells that it is broken.
        if due && self.wait(report, metrics)?.is_ok() {
            let spent = self.spent();
            if let Some(keeper) = &mut self.keeper {
                keeper.keep(&mut self.session, metrics, spent);
            }
        }
        Ok(())
    }

    /// Makes the edit that is due, if there is one. At the end of the run there is none but one that
    /// moves the end.
    fn make_edit(&mut self, report: &mut Report, metrics: &mut Metrics) -> Evaluation {
        let step = self.session.engine().step_count();
        let Some(edit) = self.session.next_edit().filter(|edit| edit.step <= step) else {
            return Ok(Ok(()));
        };
        let (old, steps) = (self.session.engine().experiment(), edit.experiment.train.steps);
        let moves_end = self.fixed.is_none() && steps != old.train.steps && steps > step;
        if self.session.finished() && !moves_end {
            return Ok(Ok(()));
        }
        let changes = changes(old, &edit.experiment);
        if let Err(divergence) = self.wait(report, metrics)? {
            return Ok(Err(divergence));
        }
        self.session.make_due_edit();
        if let Some(end) = self.fixed {
            self.session.until = end;
        }
        metrics.edit(step, changes);
        report.edit(&self.session, metrics).map(Ok)
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
