//! What a run prints while it goes and when it ends.

use std::fmt;
use std::io::{BufWriter, StdoutLock, Write};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use serde::Serialize;
use serde_json::{Value, json};

use super::metrics::{CSV_HEADING, Metrics, csv_row};
use super::{End, Format, diagnosis};
use crate::cli::failure::Failure;
use crate::cli::output;
use crate::data::Target;
use crate::experiment::{Change, Script, brief_script_recipe};
use crate::text::Printable;
use crate::train::problem::Head;
use crate::train::{Row, Session};

/// Rows of a table for reading.
const ROWS: u64 = 20;

/// What is printed sooner than this after the last flush is flushed together with what follows.
const TOGETHER: Duration = Duration::from_millis(20);

/// Prints a run.
pub struct Report {
    format: Format,
    out: Printable<BufWriter<StdoutLock<'static>>>,
    /// When what had been printed was last flushed.
    flushed: Instant,
    /// Text rows are printed every so many steps.
    every: u64,
    /// It goes on for a time, not for a number of steps.
    timed: bool,
    /// Real values are predicted, not classes.
    values: bool,
    bar: ProgressBar,
}

/// An evaluation with the time it came at; its columns are those of [`csv_row`], and the time.
#[derive(Serialize)]
struct Timed {
    step: u64,
    epoch: f64,
    train_loss: f64,
    test_loss: f64,
    train_accuracy: Option<f64>,
    test_accuracy: Option<f64>,
    seconds: f64,
    lr: f64,
    train_rmse: Option<f64>,
    test_rmse: Option<f64>,
}

impl Timed {
    const fn new(row: &Row, seconds: f64) -> Self {
        let Row { step, epoch, train_loss, test_loss, train_accuracy, test_accuracy, .. } = *row;
        let Row { lr, train_rmse, test_rmse, .. } = *row;
        Self {
            step,
            epoch,
            train_loss,
            test_loss,
            train_accuracy,
            test_accuracy,
            seconds,
            lr,
            train_rmse,
            test_rmse,
        }
    }
}

impl Report {
    pub fn new(format: Format, session: &Session, time: Option<Duration>) -> Result<Self, Failure> {
        // It draws on stderr, and nothing where that is no terminal.
        let bar = ProgressBar::with_draw_target(
            time.is_none().then_some(session.until),
            ProgressDrawTarget::stderr_with_hz(10),
        );
        let template = if time.is_none() {
            " {bar:24} {human_pos} of {human_len} steps   {speed}   {eta} left"
        } else {
            " {spinner} {human_pos} steps   {speed}   {elapsed}"
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            let speed = |state: &ProgressState, out: &mut dyn fmt::Write| {
                let _ = write!(out, "{:.0} steps/s", state.per_sec());
            };
            bar.set_style(style.with_key("speed", speed));
        }
        let timed = time.is_some();
        let every = spacing(session, timed);
        let values = matches!(session.engine().problem().head, Head::Values(_));
        let (out, flushed) = (output::stdout(), Instant::now());
        let mut report = Self { format, out, flushed, every, timed, values, bar };
        match format {
            Format::Text => report.print(&heading(report.values))?,
            Format::Csv => report.print(CSV_HEADING)?,
            Format::Json => {}
        }
        Ok(report)
    }

    /// Shows how far the run is.
    pub fn progress(&self, step: u64) {
        self.bar.set_position(step);
    }

    /// Takes up a run that has come to `step` before.
    pub fn go_on(&self, step: u64) {
        self.bar.set_position(step);
        self.bar.reset_eta();
    }

    /// Prints an evaluation.
    pub fn row(&mut self, row: &Row, seconds: f64) -> Result<(), Failure> {
        match self.format {
            Format::Text if row.step.is_multiple_of(self.every) => {
                self.print(&text_row(row, self.values))
            }
            Format::Text => Ok(()),
            Format::Csv => self.print(&csv_row(row)),
            Format::Json => self.print_json(&Timed::new(row, seconds)),
        }
    }

    /// Prints the last edit that was made.
    pub fn edit(&mut self, session: &Session, metrics: &Metrics) -> Result<(), Failure> {
        let Some((step, changes)) = metrics.edits.last() else { return Ok(()) };
        self.every = spacing(session, self.timed);
        if !self.timed {
            self.bar.set_length(session.until);
        }
        match self.format {
            Format::Text => self.print(&format!("{step:>10}  {}", in_words(changes).join(", "))),
            Format::Json => self.print_json(&json!({ "edit": edit_json(*step, changes) })),
            Format::Csv => {
                let words = in_words(changes).join(", ");
                self.flush()?;
                self.bar.suspend(|| output::say(format_args!("step {step}: {words}")));
                Ok(())
            }
        }
    }

    /// Prints how the run ended; returns it.
    pub fn finish(
        &mut self,
        (script, session): (&Script, &Session),
        metrics: &Metrics,
        end: &End,
        seconds: f64,
    ) -> Result<Value, Failure> {
        self.bar.finish_and_clear();
        let mut summary = summary((script, session), metrics, end, seconds);
        summary["diagnosis"] = diagnosis::json(metrics);
        match self.format {
            Format::Csv => {}
            Format::Json => self.print_json(&json!({ "summary": summary }))?,
            Format::Text => {
                if let Some(row) = metrics.last.filter(|row| !row.step.is_multiple_of(self.every)) {
                    self.print(&text_row(&row, self.values))?;
                }
                self.print(&text_end(session, metrics, end, seconds))?;
            }
        }
        self.flush()?;
        if self.format != Format::Json {
            diagnosis::say_all(metrics);
        }
        Ok(summary)
    }

    fn print_json(&mut self, value: &impl Serialize) -> Result<(), Failure> {
        output::write_json(&mut self.out, value)?;
        self.flush_in_time()
    }

    fn print(&mut self, line: &str) -> Result<(), Failure> {
        writeln!(self.out, "{line}")?;
        self.flush_in_time()
    }

    /// Flushes what was printed, so that whoever reads along sees it, but not more often than they can see.
    fn flush_in_time(&mut self) -> Result<(), Failure> {
        if self.flushed.elapsed() >= TOGETHER { self.flush() } else { Ok(()) }
    }

    /// Writes what was printed to stdout, with the bar out of the way.
    fn flush(&mut self) -> Result<(), Failure> {
        let out = &mut self.out;
        self.bar.suspend(|| out.flush())?;
        self.flushed = Instant::now();
        Ok(())
    }
}

/// Steps between two rows for reading: as many of the evaluations as make about [`ROWS`].
fn spacing(session: &Session, timed: bool) -> u64 {
    let steps = if timed { session.engine().experiment().train.steps } else { session.until };
    let interval = session.eval_every();
    interval * (steps / interval).div_ceil(ROWS).max(1)
}

fn in_words(changes: &[Change]) -> Vec<&str> {
    changes.iter().map(|change| change.text.as_str()).collect()
}

/// An edit as it stands in JSON.
fn edit_json(step: u64, changes: &[Change]) -> Value {
    json!({ "step": step, "changes": in_words(changes) })
}

/// The columns of [`text_row`].
fn heading(values: bool) -> String {
    let score = if values { "rmse" } else { "acc" };
    format!(
        "{:>10}{:>10}{:>13}{:>13}{:>12}{:>11}",
        "step",
        "epoch",
        "train loss",
        "test loss",
        format!("train {score}"),
        format!("test {score}")
    )
}

/// One evaluation for reading: losses, and accuracies or, of real `values`, errors in their units.
fn text_row(row: &Row, values: bool) -> String {
    let dash = || "–".to_owned();
    let percent =
        |share: Option<f64>| share.map_or_else(dash, |share| format!("{:.1}%", share * 100.0));
    let error = |rmse: Option<f64>| rmse.map_or_else(dash, loss);
    let [train, test] = if values {
        [row.train_rmse, row.test_rmse].map(error)
    } else {
        [row.train_accuracy, row.test_accuracy].map(percent)
    };
    format!(
        "{:>10}{:>10.1}{:>13}{:>13}{train:>12}{test:>11}",
        row.step,
        row.epoch,
        loss(row.train_loss),
        loss(row.test_loss),
    )
}

fn loss(loss: f64) -> String {
    if loss != 0.0 && (loss.abs() < 1e-3 || loss.abs() >= 1e5) {
        format!("{loss:.3e}")
    } else {
        format!("{loss:.5}")
    }
}

fn text_end(session: &Session, metrics: &Metrics, end: &End, seconds: f64) -> String {
    let steps = session.engine().step_count();
    let speed = steps as f64 / seconds.max(1e-9);
    let did = format!("{steps} steps in {seconds:.2} s, {speed:.0} steps/s");
    let how = match end {
        End::Finished => format!("finished: {did}"),
        End::Interrupted(_) => format!("interrupted: {did}"),
        End::Diverged(divergence) => format!(
            "diverged at {divergence}; try a smaller learning rate\n{did} with finite numbers"
        ),
    };
    let errors = metrics.last.and_then(|row| Some((row.train_rmse?, row.test_rmse?)));
    match (errors, &session.engine().problem().split.train.target) {
        (Some((train, test)), Target::Values { names, .. }) => {
            let (train, test) = (loss(train), loss(test));
            let names = names.join(", ");
            format!(
                "root-mean-square error of {names} in own units: {train} train, {test} test\n{how}"
            )
        }
        _ => how,
    }
}

fn summary(
    (script, session): (&Script, &Session),
    metrics: &Metrics,
    end: &End,
    seconds: f64,
) -> Value {
    let engine = session.engine();
    let Metrics { last, best, edits, .. } = metrics;
    let edits: Vec<_> = edits.iter().map(|(step, changes)| edit_json(*step, changes)).collect();
    let divergence = match end {
        End::Diverged(d) => json!({
            "step": d.step,
            "layer": d.layer.map(|layer| layer + 1),
            "quantity": d.quantity.to_string(),
            "last_finite_step": d.last_finite_step,
        }),
        End::Finished | End::Interrupted(_) => Value::Null,
    };
    let status = match end {
        End::Finished => "finished",
        End::Interrupted(_) => "interrupted",
        End::Diverged(_) => "diverged",
    };
    json!({
        "status": status,
        "steps": engine.step_count(),
        "epochs": engine.epoch(),
        "train_loss": last.as_ref().map(|row| row.train_loss),
        "test_loss": last.as_ref().map(|row| row.test_loss),
        "train_accuracy": last.as_ref().and_then(|row| row.train_accuracy),
        "test_accuracy": last.as_ref().and_then(|row| row.test_accuracy),
        "train_rmse": last.as_ref().and_then(|row| row.train_rmse),
        "test_rmse": last.as_ref().and_then(|row| row.test_rmse),
        "best_test_loss": best.as_ref().map(|row| row.test_loss),
        "best_step": best.as_ref().map(|row| row.step),
        "divergence": divergence,
        "seed": engine.experiment().seed,
        "recipe": brief_script_recipe(script),
        "edits": edits,
        "seconds": seconds,
        "steps_per_s": engine.step_count() as f64 / seconds.max(1e-9),
    })
}
