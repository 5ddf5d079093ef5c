//! What is kept of one run.

use serde::{Deserialize, Serialize};

use crate::experiment::{Metric, Target};
use crate::text::{Untrusted, json};
use crate::train::Row;

/// The version of how trials are made: by which seeds data is drawn and split, what time is, and how often
/// a run is evaluated. Results of another are not mixed with its own.
pub const PROTOCOL: u32 = 3;

/// One finished run, as it stands on its line of the results file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// By what it is found again.
    pub key: String,
    /// The [`PROTOCOL`] that it was made by; the first one did not say so.
    #[serde(default = "first_protocol")]
    pub protocol: u32,
    /// The arm's name.
    pub arm: Untrusted,
    /// `tuning` or `final`.
    pub phase: String,
    /// The learning rate.
    pub lr: f64,
    /// The seed of all its randomness.
    pub seed: u64,
    /// Why and where it diverged, if it did.
    pub diverged: Option<Untrusted>,
    /// Its evaluations, from the start on.
    pub points: Vec<Point>,
    /// Time of its thread on the processor spent on its steps, evaluations left out.
    pub seconds: f64,
    /// The same by the clock on the wall.
    #[serde(default)]
    pub wall_seconds: f64,
}

const fn first_protocol() -> u32 {
    1
}

/// One evaluation of a run. Losses and shares are over all rows; in tuning, "test" are the
/// validation rows, and the test rows are never looked at.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Steps done.
    pub step: u64,
    /// Passes over the training rows.
    pub epoch: f64,
    /// Mean loss over the training rows; infinite if it is no finite number.
    #[serde(with = "finite")]
    pub train_loss: f64,
    /// Mean loss over the rows held out; infinite if it is no finite number.
    #[serde(with = "finite")]
    pub test_loss: f64,
    /// Share of training rows in the right class.
    pub train_accuracy: Option<f64>,
    /// Share of rows held out in the right class.
    pub test_accuracy: Option<f64>,
    /// Time of the thread on the processor spent on steps so far.
    pub seconds: f64,
}

impl Point {
    /// An evaluation after so much time.
    #[must_use]
    pub fn new(row: &Row, seconds: f64) -> Self {
        let loss = |loss: f64| if loss.is_finite() { loss } else { f64::INFINITY };
        Self {
            step: row.step,
            epoch: row.epoch,
            train_loss: loss(row.train_loss),
            test_loss: loss(row.test_loss),
            train_accuracy: row.train_accuracy,
            test_accuracy: row.test_accuracy,
            seconds,
        }
    }

    /// One of its numbers; an accuracy that does not exist is not a number.
    #[must_use]
    pub fn get(&self, metric: Metric) -> f64 {
        match metric {
            Metric::TrainLoss => self.train_loss,
            Metric::TestLoss => self.test_loss,
            Metric::TrainAccuracy => self.train_accuracy.unwrap_or(f64::NAN),
            Metric::TestAccuracy => self.test_accuracy.unwrap_or(f64::NAN),
        }
    }
}

impl Record {
    /// The records on the whole lines of a results file, and the bytes that those lines take. A torn
    /// last line is left out, and so are empty ones.
    ///
    /// # Errors
    /// The number of the first line that is no record, from 1.
    pub fn parse_lines(bytes: &[u8]) -> Result<(Vec<Self>, usize), usize> {
        let whole = bytes.iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
        let lines = bytes[..whole].split(|&byte| byte == b'\n').enumerate();
        let records = lines
            .filter(|(_, line)| !line.is_empty())
            .map(|(index, line)| serde_json::from_slice(line).map_err(|_| index + 1));
        Ok((records.collect::<Result<_, _>>()?, whole))
    }

    /// Its line of a results file, with the end of the line.
    ///
    /// # Errors
    /// Of writing JSON, which into memory cannot fail.
    pub fn to_line(&self) -> serde_json::Result<Vec<u8>> {
        let line = serde_json::to_string(self)?;
        Ok((json::printable(&line).into_owned() + "\n").into_bytes())
    }

    /// The same with no more of its evaluations than the first, the last and the first that meets
    /// `target`: all that a ranking goes by.
    #[must_use]
    pub fn without_course(&self, target: Option<Target>) -> Self {
        let reached = target.and_then(|target| self.reached(target)).map(|point| point.step);
        let last = self.points.len().saturating_sub(1);
        let kept = |(index, point): &(usize, &Point)| {
            *index == 0 || *index == last || Some(point.step) == reached
        };
        let points = self.points.iter().enumerate().filter(kept).map(|(_, point)| *point);
        Self { points: points.collect(), ..self.clone() }
    }

    /// The metric at the end. A diverged run has an infinite loss, and no sample right.
    #[must_use]
    pub fn last(&self, metric: Metric) -> f64 {
        match self.points.last() {
            Some(point) if self.diverged.is_none() => point.get(metric),
            _ if metric.is_accuracy() => 0.0,
            _ => f64::INFINITY,
        }
    }

    /// The first evaluation that meets the target.
    #[must_use]
    pub fn reached(&self, target: Target) -> Option<&Point> {
        self.points.iter().find(|point| target.met(point.get(target.metric)))
    }
}

/// A loss on its way to and from JSON, which has no infinity.
mod finite {
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
    pub fn serialize<S: Serializer>(x: &f64, out: S) -> Result<S::Ok, S::Error> {
        if x.is_finite() { out.serialize_f64(*x) } else { out.serialize_none() }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
        Ok(Option::<f64>::deserialize(from)?.unwrap_or(f64::INFINITY))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_survives_its_line_bit_for_bit() {
        let point = Point {
            step: 3,
            epoch: 0.1 + 0.2,
            train_loss: 1.0 / 3.0,
            test_loss: f64::INFINITY,
            train_accuracy: Some(2.0 / 3.0),
            test_accuracy: None,
            seconds: 5e-324,
        };
        let record = Record {
            key: "k".to_owned(),
            protocol: PROTOCOL,
            arm: "adam".into(),
            phase: "final".to_owned(),
            lr: 0.1,
            seed: u64::MAX,
            diverged: None,
            points: vec![point; 2],
            seconds: 0.123_456_789_012_345_68,
            wall_seconds: 0.5,
        };
        let line = serde_json::to_string(&record).unwrap();
        assert!(line.contains("\"test_loss\":null"), "{line}");
        assert_eq!(serde_json::from_str::<Record>(&line).unwrap(), record);
        let (start, end) = line.split_once(&format!(",\"protocol\":{PROTOCOL}")).unwrap();
        let old: Record = serde_json::from_str(&format!("{start}{end}")).unwrap();
        assert_eq!(old, Record { protocol: 1, ..record.clone() });
        assert_eq!(record.last(Metric::TrainLoss), 1.0 / 3.0);
        let diverged = Record { diverged: Some("step 4".into()), ..record };
        assert_eq!(diverged.last(Metric::TrainLoss), f64::INFINITY);
        assert_eq!(diverged.last(Metric::TestAccuracy), 0.0);
        let target = Target { metric: Metric::TrainLoss, value: 0.5 };
        assert_eq!(diverged.reached(target).unwrap().step, 3);
    }
}
