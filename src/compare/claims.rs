//! Claims that are often made of activations and optimizers, put to the test: what is stated, what counts
//! for it and against it, and the comparisons that decide. No verdict is written down: each follows from runs.

use std::sync::Arc;

use super::statistics::{ALPHA, Pairwise, Quartiles};
use super::{Ending, Event, Plan, Race, Results, decisive};
use crate::experiment::{ArmSpec, CompareSpec, Rates, Script, load};

mod table;
mod two_way;

pub use table::CLAIMS;
pub use two_way::{Factors, TwoWay};

/// A claim.
#[derive(Debug)]
pub struct Claim {
    /// The name under which it is picked.
    pub name: &'static str,
    /// What it says.
    pub statement: &'static str,
    /// What would count for it.
    pub supports: &'static str,
    /// What would count against it.
    pub contradicts: &'static str,
    /// The comparisons that decide.
    pub duels: &'static [Duel],
}

/// A comparison of two arms, of which the first is better if the claim holds.
#[derive(Debug)]
pub struct Duel {
    /// What is compared on, in words.
    pub task: &'static str,
    /// The experiment.
    pub experiment: &'static str,
    /// The two arms, each with what is laid over the experiment.
    pub arms: [(&'static str, &'static [&'static str]); 2],
    /// What they are compared by.
    pub by: Measure,
    /// The learning rates that each is tuned over: points around its own, or `LOW:HIGH:POINTS`.
    pub rates: &'static str,
}

/// The number that two arms are compared by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Measure {
    /// The loss over the test rows at the end.
    TestLoss,
    /// The share of training rows in the right class at the end: what can be expressed.
    TrainAccuracy,
    /// Steps until the training loss is below this.
    StepsTo(f64),
}

impl Measure {
    /// Its name in a sentence.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::TestLoss => "test loss".to_owned(),
            Self::TrainAccuracy => "share of wrong training rows".to_owned(),
            Self::StepsTo(loss) => format!("steps to a training loss of {loss}"),
        }
    }
}

/// Fresh seeds of each comparison.
const SEEDS: usize = 16;
/// Seeds on which each rate is tried.
const TUNING_SEEDS: usize = 5;

/// The outcome of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The first arm is better, and not by chance.
    For,
    /// The second arm is better, and not by chance.
    Against,
    /// The two cannot be told apart.
    Open,
}

/// What the comparisons of a claim come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// All of them speak for it.
    Holds,
    /// Some speak for it, others do not.
    HoldsHere,
    /// None speaks for it, and some against it.
    DoesNotHold,
    /// Nothing can be told.
    Undecided,
}

impl Judgement {
    /// What findings come to.
    #[must_use]
    pub fn of(findings: &[Finding]) -> Self {
        let any = |finding| findings.contains(&finding);
        match (any(Finding::For), any(Finding::Against), any(Finding::Open)) {
            (true, false, false) => Self::Holds,
            (true, _, _) => Self::HoldsHere,
            (false, true, _) => Self::DoesNotHold,
            (false, false, _) => Self::Undecided,
        }
    }

    /// The words for it.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::HoldsHere => "holds here",
            Self::DoesNotHold => "does not hold",
            Self::Undecided => "undecided",
        }
    }
}

/// A comparison with its outcome.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// What was compared.
    pub duel: &'static Duel,
    /// The outcome.
    pub finding: Finding,
    /// The chance of such a difference between equals.
    pub p: f64,
    /// What each arm came to, in the units of its measure; infinite for runs that never got there.
    pub values: [Quartiles; 2],
    /// Seeds.
    pub seeds: usize,
}

impl Evidence {
    /// What values of both arms come to, seed by seed; smaller is better. None without any.
    #[must_use]
    pub fn of(duel: &'static Duel, first: &[f64], second: &[f64]) -> Option<Self> {
        // A run that never gets there is worse than any that does, by as much as the worst of all.
        let worst =
            first.iter().chain(second).filter(|x| x.is_finite()).fold(1e-8, |a: f64, b| a.max(*b));
        let scale = |x: &f64| logarithm(if x.is_finite() { *x } else { 10.0 * worst });
        let rows: Vec<Vec<f64>> =
            first.iter().zip(second).map(|(a, b)| vec![scale(a), scale(b)]).collect();
        let pairwise = Pairwise::of(&rows, 0);
        let (t, p) = (*pairwise.t.first()?, *pairwise.adjusted_p.first()?);
        let finding = match p <= ALPHA {
            true if t < 0.0 => Finding::For,
            true if t > 0.0 => Finding::Against,
            _ => Finding::Open,
        };
        let quartiles = |values: &[f64]| Quartiles::of(values.iter().copied());
        let values = [quartiles(first)?, quartiles(second)?];
        Some(Self { duel, finding, p, values, seeds: rows.len() })
    }
}

/// A claim with what its comparisons came to.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The claim.
    pub claim: &'static Claim,
    /// What follows.
    pub judgement: Judgement,
    /// Why.
    pub evidence: Vec<Evidence>,
}

impl Claim {
    /// Runs its comparisons by `jobs` runs at a time, and judges by them; `told` hears of each before it
    /// is run.
    ///
    /// # Errors
    /// If one of them cannot be run.
    pub fn judge(
        &'static self,
        jobs: usize,
        told: &mut dyn FnMut(&'static Duel),
    ) -> Result<Judged, String> {
        let mut evidence = Vec::new();
        for duel in self.duels {
            told(duel);
            evidence.push(duel.run(jobs)?);
        }
        let findings: Vec<_> = evidence.iter().map(|it| it.finding).collect();
        Ok(Judged { claim: self, judgement: Judgement::of(&findings), evidence })
    }
}

impl Duel {
    /// What is run for it.
    ///
    /// # Errors
    /// If its experiment or an arm is not valid, which a test sees to.
    pub fn plan(&self) -> Result<Plan, String> {
        let experiment = load(self.experiment).map_err(|error| error.to_string())?.experiment;
        let arm = |(name, set): &(&str, &[&str])| ArmSpec {
            name: (*name).into(),
            set: set.iter().map(|it| (*it).to_owned()).collect(),
        };
        let spec = CompareSpec {
            arms: self.arms.iter().map(arm).collect(),
            rates: self.rates.parse::<Rates>()?,
            seeds: SEEDS,
            tuning_seeds: TUNING_SEEDS,
            ..CompareSpec::default()
        };
        Plan::new(Script::from(experiment), &spec)
    }

    /// Runs it.
    fn run(&'static self, jobs: usize) -> Result<Evidence, String> {
        let plan = Arc::new(self.plan()?);
        let results = raced(&plan, jobs)?;
        let values = |arm: usize| -> Vec<f64> {
            let runs = decisive(&plan, &results, arm).into_iter();
            runs.map(|(_, record)| value(self.by, &record.points)).collect()
        };
        let missing = || format!("{}: there are no results", self.task);
        Evidence::of(self, &values(0), &values(1)).ok_or_else(missing)
    }
}

/// What the evaluations of a run come to; smaller is better.
fn value(by: Measure, points: &[super::Point]) -> f64 {
    match by {
        Measure::TestLoss => points.last().map_or(f64::INFINITY, |point| point.test_loss),
        Measure::TrainAccuracy => {
            let right = points.last().and_then(|point| point.train_accuracy).unwrap_or(0.0);
            // Half of a row in a thousand, so that no row wrong is no infinite ratio.
            (1.0 - right).max(5e-4)
        }
        Measure::StepsTo(loss) => points
            .iter()
            .find(|point| point.train_loss <= loss)
            .map_or(f64::INFINITY, |point| point.step as f64),
    }
}

/// The logarithm of a loss or of steps, by which they are compared: a ratio counts as much wherever it is.
fn logarithm(value: f64) -> f64 {
    libm::log(value.max(1e-8))
}

/// All results of `plan`.
fn raced(plan: &Arc<Plan>, jobs: usize) -> Result<Results, String> {
    let (wake, _woken) = crossbeam_channel::bounded(1);
    let race = Race::start(Arc::clone(plan), jobs, None, &wake);
    let mut results = Results::default();
    for event in &race.events {
        match event {
            Event::Started(_) | Event::NotKept(_) => {}
            Event::Finished { trial, record, .. } => results.insert(trial, record),
            Event::Ended(Ending::Failed(reason)) => return Err(reason),
            Event::Ended(_) => break,
        }
    }
    Ok(results)
}

#[cfg(test)]
mod tests;
