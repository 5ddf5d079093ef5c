//! The runs of comparisons as tidy tables: one row a run, with the settings that were searched for it, and
//! one row a point. All that depends on
//! the clock is in the columns called `seconds` and `wall_seconds`.

use csv::Writer;

use super::Comparison;
use crate::compare::{Plan, Record, Trial, letter};
use crate::text::Untrusted;

const RUN: [&str; 16] = [
    "experiment",
    "arm",
    "name",
    "phase",
    "lr",
    "seed",
    "status",
    "steps",
    "epochs",
    "train_loss",
    "test_loss",
    "train_accuracy",
    "test_accuracy",
    "settings",
    "wall_seconds",
    "seconds",
];
const POINT: [&str; 13] = [
    "experiment",
    "arm",
    "name",
    "phase",
    "lr",
    "seed",
    "step",
    "epoch",
    "train_loss",
    "test_loss",
    "train_accuracy",
    "test_accuracy",
    "seconds",
];

/// `runs.csv`: the end of each run. In tuning, "test" are the validation rows.
///
/// # Errors
/// Of writing, which into memory cannot fail.
pub fn runs(comparisons: &[Comparison<'_>]) -> csv::Result<Vec<u8>> {
    let mut table = Writer::from_writer(Vec::new());
    table.write_record(RUN)?;
    for (plan, name, trial, record) in comparisons.iter().flat_map(finished) {
        let last = record.points.last();
        let status = if record.diverged.is_some() { "diverged" } else { "finished" };
        let mut row = head(name, trial, record);
        row.push(status.to_owned());
        row.push(last.map_or(0, |point| point.step).to_string());
        row.push(last.map_or(0.0, |point| point.epoch).to_string());
        // The last finite numbers of a diverged run are not what it came to.
        let end = last.filter(|_| record.diverged.is_none());
        row.push(loss(end.map(|point| point.train_loss)));
        row.push(loss(end.map(|point| point.test_loss)));
        row.push(share(end.and_then(|point| point.train_accuracy)));
        row.push(share(end.and_then(|point| point.test_accuracy)));
        row.push(plan.arms[trial.arm].assignments(trial.candidate).join(" "));
        row.push(record.wall_seconds.to_string());
        row.push(record.seconds.to_string());
        table.write_record(row)?;
    }
    table.into_inner().map_err(|error| error.into_error().into())
}

/// `points.csv`: every evaluation of each run.
///
/// # Errors
/// As [`runs`].
pub fn points(comparisons: &[Comparison<'_>]) -> csv::Result<Vec<u8>> {
    let mut table = Writer::from_writer(Vec::new());
    table.write_record(POINT)?;
    for (_, name, trial, record) in comparisons.iter().flat_map(finished) {
        let head = head(name, trial, record);
        for point in &record.points {
            let own = [
                point.step.to_string(),
                point.epoch.to_string(),
                loss(Some(point.train_loss)),
                loss(Some(point.test_loss)),
                share(point.train_accuracy),
                share(point.test_accuracy),
                point.seconds.to_string(),
            ];
            table.write_record(head.iter().chain(&own))?;
        }
    }
    table.into_inner().map_err(|error| error.into_error().into())
}

/// The runs in an order that does not depend on when they finished.
fn finished<'a>(
    it: &Comparison<'a>,
) -> impl Iterator<Item = (&'a Plan, &'a Untrusted, Trial, &'a Record)> {
    let Comparison { plan, name, results, .. } = *it;
    let of_arm = move |arm| results.of_arm(arm).map(move |(t, record)| (plan, name, t, &**record));
    (0..plan.arms.len()).flat_map(of_arm)
}

fn head(name: &Untrusted, trial: Trial, record: &Record) -> Vec<String> {
    vec![
        name.in_csv().into_owned(),
        letter(trial.arm),
        record.arm.in_csv().into_owned(),
        trial.phase.name().to_owned(),
        record.lr.to_string(),
        record.seed.to_string(),
    ]
}

/// A loss; `inf` if it is no finite number, which R, pandas and numpy read.
fn loss(loss: Option<f64>) -> String {
    loss.unwrap_or(f64::INFINITY).to_string()
}

fn share(share: Option<f64>) -> String {
    share.map_or_else(String::new, |share| share.to_string())
}
