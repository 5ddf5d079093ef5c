//! The contenders of a comparison: the `[compare]` table of an experiment, and its counterpart on the
//! command line.

use std::fmt;
use std::str::FromStr;

use crate::catalog::Kind;
use crate::spec::{Pick, Plain, nearest};
use crate::text::Untrusted;

mod grid;
pub mod keys;

pub use grid::{Grid, Rates};

/// The contenders and the terms of a comparison. It bears on no number of the experiment's own run.
#[derive(Clone, Debug, PartialEq)]
pub struct CompareSpec {
    /// Contenders by optimizer: each goes to all layers.
    pub optimizers: Vec<Pick>,
    /// Contenders by activation: each goes to all hidden layers. With optimizers as well, every
    /// pair is an arm.
    pub activations: Vec<Pick>,
    /// Contenders that neither list can say, such as mixes of optimizers by layer.
    pub arms: Vec<ArmSpec>,
    /// The learning rates that each arm is tuned over.
    pub rates: Rates,
    /// Paths of the settings that are searched for each arm; if there are any, they take the place of the
    /// rates.
    pub tune: Vec<String>,
    /// Settings that are tried for each arm if they are searched, its own among them; at least 1.
    pub trials: usize,
    /// Fresh seeds on which each arm is run at its best rate; at least 1.
    pub seeds: usize,
    /// Seeds on which each rate is tried; at least 1.
    pub tuning_seeds: usize,
    /// The result that counts as solved, if any does.
    pub target: Option<Target>,
    /// Steps of each run, if not the experiment's own budget.
    pub steps: Option<u64>,
}

impl CompareSpec {
    /// The most settings that are tried for an arm.
    pub const MOST_TRIALS: usize = 1000;

    /// The number of settings that are tried for each arm in any case.
    #[must_use]
    pub const fn candidates(&self) -> usize {
        if self.tune.is_empty() { self.rates.points() } else { self.trials }
    }

    /// The number of arms that it comes to.
    #[must_use]
    pub const fn arms_count(&self) -> usize {
        let (optimizers, activations) = (self.optimizers.len(), self.activations.len());
        let pairs = match (optimizers, activations) {
            (0, n) | (n, 0) => n,
            _ => optimizers * activations,
        };
        self.arms.len() + pairs
    }
}

impl Default for CompareSpec {
    fn default() -> Self {
        Self {
            optimizers: Vec::new(),
            activations: Vec::new(),
            arms: Vec::new(),
            rates: Rates::default(),
            tune: Vec::new(),
            trials: 20,
            seeds: 16,
            tuning_seeds: 5,
            target: None,
            steps: None,
        }
    }
}

/// A contender as a name and what is laid over the experiment for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArmSpec {
    /// Its name; one line.
    pub name: Untrusted,
    /// Overrides as `--set` takes them: `layers.1.optimizer=sgd:lr=0.1`.
    pub set: Vec<String>,
}

/// A number that an evaluation gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Metric {
    /// Mean loss over the training rows.
    TrainLoss,
    /// Mean loss over the rows held out.
    TestLoss,
    /// Share of training rows in the right class.
    TrainAccuracy,
    /// Share of rows held out in the right class.
    TestAccuracy,
}

impl Metric {
    /// All of them.
    pub const ALL: [Self; 4] =
        [Self::TestLoss, Self::TestAccuracy, Self::TrainLoss, Self::TrainAccuracy];

    /// As it is typed, and as it is called in results.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::TrainLoss => "train_loss",
            Self::TestLoss => "test_loss",
            Self::TrainAccuracy => "train_accuracy",
            Self::TestAccuracy => "test_accuracy",
        }
    }

    /// Returns true if it is a share, for which more is better.
    #[must_use]
    pub const fn is_accuracy(self) -> bool {
        matches!(self, Self::TrainAccuracy | Self::TestAccuracy)
    }
}

/// The result that counts as solved: `test_loss<0.1` or `test_accuracy>0.95`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Target {
    /// The number looked at.
    pub metric: Metric,
    /// A loss must fall below this, an accuracy rise above it.
    pub value: f64,
}

impl Target {
    /// Returns true if `value` of the metric meets it.
    #[must_use]
    pub fn met(&self, value: f64) -> bool {
        if self.metric.is_accuracy() { value > self.value } else { value < self.value }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.metric.is_accuracy() { '>' } else { '<' };
        write!(f, "{}{sign}{}", self.metric.key(), Plain(self.value))
    }
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let at = text.find(['<', '>']).ok_or_else(|| {
            format!("`{text}` is no target; write test_loss<0.1 or test_accuracy>0.95")
        })?;
        let (name, sign, value) = (text[..at].trim(), &text[at..=at], text[at + 1..].trim());
        let keys = || Metric::ALL.iter().map(|metric| metric.key());
        let metric =
            Metric::ALL.into_iter().find(|metric| metric.key() == name).ok_or_else(|| {
                let help = nearest(name, keys()).map_or_else(
                    || format!("there are {}", keys().collect::<Vec<_>>().join(", ")),
                    |name| format!("did you mean `{name}`?"),
                );
                format!("a target cannot be over `{name}`; {help}")
            })?;
        if (sign == ">") != metric.is_accuracy() {
            let right = if metric.is_accuracy() { "rises above `>`" } else { "falls below `<`" };
            return Err(format!("`{}` gets better as it {right} a value", metric.key()));
        }
        let value: f64 = value
            .parse()
            .ok()
            .filter(|x: &f64| x.is_finite())
            .ok_or_else(|| format!("`{value}` in the target `{text}` is not a number"))?;
        if metric.is_accuracy() && !(0.0..1.0).contains(&value) {
            return Err(format!("an accuracy above {value} cannot be; it is a share, 0 to 1"));
        }
        Ok(Self { metric, value })
    }
}

/// Reads several picks joined by commas. What follows a comma and is `key=value` belongs to the
/// pick before it: `sgd,sgd:momentum=0.9,nesterov=true,adam` are three.
///
/// # Errors
/// The first pick that is wrong, and how.
pub fn parse_picks(kind: Kind, text: &str) -> Result<Vec<Pick>, String> {
    split_picks(text)
        .iter()
        .map(|pick| match pick.as_str() {
            "" => Err(format!("`{text}` names no {} between two commas", kind.noun())),
            pick => kind.parse(pick).map_err(|error| error.to_string()),
        })
        .collect()
}

/// The texts of the picks in a list.
pub(super) fn split_picks(text: &str) -> Vec<String> {
    let mut picks: Vec<String> = Vec::new();
    for piece in text.split(',') {
        match picks.last_mut() {
            Some(last) if is_parameter(piece) => {
                // A parameter without a colon before it is left for the pick's own error.
                *last += if last.contains(':') { "," } else { ":" };
                *last += piece;
            }
            _ => picks.push(piece.to_owned()),
        }
    }
    picks
}

/// Returns true if it is `key=value` and not `name:key=value`.
fn is_parameter(piece: &str) -> bool {
    match (piece.find('='), piece.find(':')) {
        (Some(equals), Some(colon)) => equals < colon,
        (equals, _) => equals.is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_separate_picks_and_their_parameters() {
        let text = "sgd,sgd:momentum=0.9,nesterov=true,adam:lr=0.02,betas=0.9:0.99,lion";
        let picks = parse_picks(Kind::Optimizer, text).unwrap();
        let shown: Vec<_> = picks.iter().map(ToString::to_string).collect();
        assert_eq!(
            shown,
            ["sgd", "sgd:momentum=0.9,nesterov=true", "adam:lr=0.02,betas=0.9:0.99", "lion"]
        );
        for (wrong, part) in [
            ("sgd,,adam", "names no optimizer"),
            ("sgd,adamm", "did you mean `adam`?"),
            ("adam:lrr=1", "did you mean `lr`?"),
            ("lr=0.1", "lr=0.1"),
        ] {
            let error = parse_picks(Kind::Optimizer, wrong).unwrap_err();
            assert!(error.contains(part), "{error}");
        }
    }

    #[test]
    fn targets_point_the_right_way() {
        let target: Target = "test_loss<0.1".parse().unwrap();
        assert!(target.met(0.09) && !target.met(0.1) && !target.met(f64::NAN));
        let target: Target = "test_accuracy > 0.95".parse().unwrap();
        assert!(target.met(0.96) && !target.met(0.95));
        assert_eq!(target.to_string(), "test_accuracy>0.95");
        for (wrong, part) in [
            ("test_loss", "is no target"),
            ("test_los<1", "did you mean `test_loss`?"),
            ("test_loss>1", "falls below"),
            ("test_accuracy>95", "it is a share"),
            ("test_loss<x", "not a number"),
        ] {
            let error = wrong.parse::<Target>().unwrap_err();
            assert!(error.contains(part), "{error}");
        }
    }
}
