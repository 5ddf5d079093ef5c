//! Claims that are often made of activations and optimizers, put to the test: what is stated, what counts
//! for it and against it, and the comparisons that decide. No verdict is written down: each follows from runs.

use std::sync::Arc;

use crossbeam_channel::{Receiver, bounded, select};

use super::{Ending, Event, PROTOCOL, Plan, Race, Results};
use crate::hash::fnv1a;

mod duel;
mod evidence;
mod judge;
mod table;
mod two_way;

pub use evidence::{Evidence, Figures, Finding, Judged, Judgement};
pub use judge::{Judge, Progress, Told};
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
/// Seeds on which each rate is tried, none of those.
const TUNING_SEEDS: usize = 5;

impl Claim {
    /// Runs its comparisons by `jobs` runs at a time, and judges by them; `told` hears how far that is, and
    /// of each comparison before its first run. None if `stop` said so, or whoever held its other end is gone.
    ///
    /// # Errors
    /// If one of them cannot be run.
    pub fn judge(
        &'static self,
        jobs: usize,
        stop: &Receiver<()>,
        told: &mut dyn FnMut(&Progress),
    ) -> Result<Option<Judged>, String> {
        let mut progress = Progress::default();
        for duel in self.duels {
            let evidence = duel.run(jobs, stop, &mut |runs| {
                progress.runs = runs;
                told(&progress);
            })?;
            let Some(evidence) = evidence else { return Ok(None) };
            progress.evidence.push(evidence);
        }
        Ok(Some(Judged::of(self, progress.evidence)))
    }
}

impl Duel {
    /// A hash of all that decides what is run and what it is measured by: where it is equal, so are all
    /// figures.
    fn hash(&self) -> String {
        let version = env!("CARGO_PKG_VERSION");
        let text = format!("gradlab {version} {PROTOCOL}\n{SEEDS} {TUNING_SEEDS} {self:?}");
        format!("{:016x}", fnv1a(text.as_bytes()))
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

/// All results of `plan`; none if `stop` said so. `told` hears how many runs are done, of how many as far as
/// is known.
fn raced(
    plan: &Arc<Plan>,
    jobs: usize,
    stop: &Receiver<()>,
    told: &mut dyn FnMut((usize, usize)),
) -> Result<Option<Results>, String> {
    let (wake, _woken) = bounded(1);
    // When it is dropped, its runs are given up.
    let race = Race::start(Arc::clone(plan), jobs, None, &wake);
    let mut results = Results::default();
    told((0, plan.total(&results)));
    loop {
        let event = select! {
            recv(race.events) -> event => event,
            recv(stop) -> _ => return Ok(None),
        };
        match event {
            Ok(Event::NotKept(_)) => {}
            Ok(Event::Finished { trial, record, .. }) => {
                results.insert(trial, record);
                told((results.len(), plan.total(&results)));
            }
            Ok(Event::Ended(Ending::Failed(reason))) => return Err(reason),
            Ok(Event::Ended(_)) | Err(_) => return Ok(Some(results)),
        }
    }
}

#[cfg(test)]
mod tests;
