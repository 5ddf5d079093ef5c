//! A comparison before anything has run: its arms, their candidates and seeds, and which trial comes next.
//!
//! Where rows do not follow from the seed, all trials have the data's seed of the plan's base: so the test
//! rows are the same for all of them, and none is ever a tuning row of another. Validation rows are drawn
//! by the seed of the run from the rest.

use std::fmt::Write as _;
use std::ops::RangeInclusive;
use std::time::Duration;

use rand::Rng;

use super::arm::{self, Arm};
use super::record::PROTOCOL;
use super::results::Results;
use super::trial::{Phase, Trial};
use crate::data::{Task, csv};
use crate::experiment::{
    CompareSpec, DataSource, Experiment, Rates, Script, Target, script_to_portable_toml,
    script_to_toml,
};
use crate::hash::fnv1a;
use crate::rng::{Purpose, stream};
use crate::text::Untrusted;

/// The share of the training rows on which rates are judged.
pub const VALIDATION: f64 = 0.2;

/// Evaluations in a run, at most: what is recorded of it stays small.
pub const EVALUATIONS: u64 = 100;

/// A comparison before anything has run. Equal plans give equal results.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What is compared on, as it is without any arm, and what is asked for.
    pub base: Script,
    /// The contenders; two or more, unless only rates are compared.
    pub arms: Vec<Arm>,
    /// On these each candidate is tried, judged by the validation rows.
    pub tuning_seeds: Vec<u64>,
    /// On these each arm is run at its best candidate, judged by the test rows. None is among the
    /// tuning seeds.
    pub seeds: Vec<u64>,
    /// Steps of each run; with a time budget, what the evaluations of a run are spread by.
    pub steps: u64,
    /// The grid of learning rates, if no settings are searched.
    pub rates: Rates,
    /// Paths of the settings that are searched.
    pub tune: Vec<String>,
    /// What counts as solved.
    pub target: Option<Target>,
    /// Time that all arms share equally. Without it every run has the same number of steps.
    pub budget: Option<Budget>,
    /// A hash of the user's file, if the data is one: other rows give other results.
    file: Option<u64>,
}

/// Time for a whole comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// By the clock.
    pub wall: Duration,
    /// Runs at a time; at least 1.
    pub jobs: usize,
}

impl Budget {
    /// The time that each of `runs` may take for all of them to be done within `share` of it.
    fn each(self, share: f64, runs: usize) -> Duration {
        let waves = runs.div_ceil(self.jobs.max(1)).max(1);
        self.wall.mul_f64(share / waves as f64)
    }
}

/// The experiment with the seed that splits its data written down, if that is all that the seed does to
/// its data.
fn with_one_split(experiment: &Experiment) -> Experiment {
    let mut experiment = experiment.clone();
    if !experiment.data.is_drawn() {
        experiment.data.seed = Some(experiment.data_seed());
    }
    experiment
}

/// Sees to it that something differs between two seeds.
///
/// # Errors
/// If every seed is set apart.
fn all_fixed(experiment: &Experiment) -> Result<(), String> {
    let Experiment { data, train, .. } = experiment;
    match (data.seed, train.init_seed, train.batch_seed) {
        (Some(_), Some(_), Some(_)) => {
            Err("data, weights and batches have seeds of their own, so \
             that all runs of an arm would be the same: set train.init_seed or train.batch_seed to \
             auto"
                .to_owned())
        }
        _ => Ok(()),
    }
}

/// Sees to it that all runs have the same number of steps.
///
/// # Errors
/// If an edit gives another.
fn all_of_one_length(base: &Script) -> Result<(), String> {
    let steps = |it: &Experiment| it.train.steps;
    let mut pairs = base.pairs();
    let edit = pairs.find(|(before, edit)| steps(before) != steps(&edit.experiment));
    edit.map_or(Ok(()), |(_, edit)| {
        let step = edit.step;
        Err(format!(
            "the edit at step {step} is of `train.steps`, and all runs of a comparison have the same \
             number of steps: leave it out"
        ))
    })
}

/// The experiment without its comparison, with so many steps if they are given, and not evaluated more
/// often than is recorded.
fn of_length(experiment: &Experiment, steps: Option<u64>) -> Experiment {
    let mut experiment = Experiment { compare: None, ..experiment.clone() };
    let train = &mut experiment.train;
    train.steps = steps.unwrap_or(train.steps);
    let least = train.steps.div_ceil(EVALUATIONS).max(1);
    train.eval_every = train.eval_every.max(least);
    experiment
}

impl Plan {
    /// The comparison that `spec` asks for on `base`, whose edits hold for every arm.
    ///
    /// # Errors
    /// If there is nothing to compare, or an arm is not valid or changes what must be the same for
    /// all.
    pub fn new(base: impl Into<Script>, spec: &CompareSpec) -> Result<Self, String> {
        let base: Script = base.into();
        all_of_one_length(&base)?;
        let base = base.map(|it| with_one_split(&of_length(it, spec.steps)));
        let experiment = base.start();
        all_fixed(experiment)?;
        let arms = arm::arms(&base, spec)?;
        let classes = matches!(experiment.data.task(), Task::Classes(_));
        if let Some(target) = spec.target.filter(|target| target.metric.is_accuracy() && !classes) {
            return Err(format!("the target {target} is of classes, which the data does not have"));
        }
        let file = match &experiment.data.source {
            DataSource::Csv { path, .. } => csv::content_hash(path).ok(),
            DataSource::Named(_) => None,
        };
        let (seeds, tuning_seeds) = seeds(experiment.seed, spec.seeds, spec.tuning_seeds);
        Ok(Self {
            arms,
            steps: experiment.train.steps,
            base: base.map(|it| Experiment { compare: Some(spec.clone()), ..it.clone() }),
            tuning_seeds,
            seeds,
            rates: spec.rates,
            tune: spec.tune.clone(),
            target: spec.target,
            budget: None,
            file,
        })
    }

    /// The learning rate of a trial.
    #[must_use]
    pub fn rate(&self, trial: Trial) -> f64 {
        self.arms[trial.arm].rate(trial.candidate)
    }

    /// What a trial runs: a final one is what `gradlab run` makes of it.
    #[must_use]
    pub fn script(&self, trial: Trial) -> Script {
        self.arms[trial.arm].at(trial.candidate).with_seed(trial.seed)
    }

    /// The key by which a result is found again: equal for two trials only if they are of arms of one name
    /// and give the same numbers. It does not depend on which other rates, seeds or arms there are.
    #[must_use]
    pub fn key(&self, trial: Trial) -> String {
        let mut text = format!("gradlab {} {PROTOCOL}\n", env!("CARGO_PKG_VERSION"));
        let arm = &self.arms[trial.arm];
        let _ = writeln!(text, "{} {:?} {:?}", arm.name.raw(), trial.phase, self.limit(trial));
        if let Some(file) = self.file {
            let _ = writeln!(text, "file {file:016x}");
        }
        let (title, about) = (Untrusted::default(), Untrusted::default());
        let plain = |it: &Experiment| Experiment {
            title: title.clone(),
            about: about.clone(),
            ..it.clone()
        };
        text += &script_to_toml(&self.script(trial).map(plain));
        format!("{:016x}", fnv1a(text.as_bytes()))
    }

    /// Computing time of a trial, if time is what is limited: half of all goes to the rounds of
    /// tuning in equal parts, half to the final runs.
    #[must_use]
    pub fn limit(&self, trial: Trial) -> Option<Duration> {
        let (budget, arms) = (self.budget?, self.arms.len());
        Some(match trial.phase {
            Phase::Defaults | Phase::Final => budget.each(0.5, arms * self.seeds.len()),
            Phase::Tuning(round) => {
                let rounds: Vec<usize> = halved(self.arms[trial.arm].candidates.points()).collect();
                budget.each(0.5 / rounds.len() as f64, arms * rounds.get(round)?)
            }
        })
    }

    /// The places of the candidates of an arm that are to be tried, as far as `results` tell: a
    /// grid goes on where the best one is at an end.
    #[must_use]
    pub fn tried(&self, arm: usize, results: &Results) -> RangeInclusive<i32> {
        let candidates = &self.arms[arm].candidates;
        let (mut tried, reach) = (candidates.start(), candidates.reach());
        let loss = |place| {
            let found = results.validation(arm, Phase::Tuning(0), place);
            found.map_or(f64::INFINITY, |loss| loss.median)
        };
        // A rate that is no better than its neighbour promises nothing beyond it.
        let promises = |end, inside| loss(end).is_infinite() || loss(end) < loss(inside);
        while candidates.extends() && self.budget.is_none() {
            let (low, high) = (*tried.start(), *tried.end());
            let places: Vec<i32> = tried.clone().collect();
            if !self.is_tuned(arm, &places, results) {
                break;
            }
            let best = results.best_candidates(arm, Phase::Tuning(0), &places)[0];
            if best == low && low > *reach.start() && promises(low, low + 1) {
                tried = low - 1..=high;
            } else if best == high && high < *reach.end() && promises(high, high - 1) {
                tried = low..=high + 1;
            } else {
                break;
            }
        }
        tried
    }

    /// The trials that tune an arm over these candidates where time is not limited: none for a single one.
    fn tuning<'a>(&'a self, arm: usize, candidates: &'a [i32]) -> impl Iterator<Item = Trial> + 'a {
        let seeds: &[u64] = if candidates.len() > 1 { &self.tuning_seeds } else { &[] };
        let phase = Phase::Tuning(0);
        let of = move |seed| {
            candidates.iter().map(move |&candidate| Trial { arm, phase, candidate, seed })
        };
        seeds.iter().flat_map(move |seed| of(*seed))
    }

    /// Whether all of these trials are done.
    fn is_tuned(&self, arm: usize, candidates: &[i32], results: &Results) -> bool {
        self.tuning(arm, candidates).all(|trial| results.get(trial).is_some())
    }

    /// The trials that judge an arm at this candidate, and at its defaults if its settings are searched and
    /// others are better.
    fn judging(&self, arm: usize, candidate: i32) -> impl Iterator<Item = Trial> {
        let searched = self.arms[arm].candidates.search().is_some();
        let defaults = (searched && candidate != 0).then_some((Phase::Defaults, 0));
        let phases = [(Phase::Final, candidate)].into_iter().chain(defaults);
        phases.flat_map(move |(phase, candidate)| {
            self.seeds.iter().map(move |&seed| Trial { arm, phase, candidate, seed })
        })
    }

    /// All trials that tune arms, over the candidates that are tried in any case.
    #[must_use]
    pub fn tuning_trials(&self) -> Vec<Trial> {
        let candidates = |arm: usize| self.arms[arm].candidates.start().collect::<Vec<i32>>();
        let of = |arm| self.tuning(arm, &candidates(arm)).collect::<Vec<_>>();
        let mut trials: Vec<Trial> = (0..self.arms.len()).flat_map(of).collect();
        trials.sort();
        trials
    }

    /// All trials that judge arms, each at its candidate among `candidates`.
    #[must_use]
    pub fn judging_trials(&self, candidates: &[i32]) -> Vec<Trial> {
        let of = |(arm, &candidate): (usize, &i32)| self.judging(arm, candidate);
        candidates.iter().enumerate().flat_map(of).collect()
    }

    /// The candidate that each arm is judged at by the results of all [`Plan::tuning_trials`].
    #[must_use]
    pub fn best_candidates(&self, results: &Results) -> Vec<i32> {
        let best = |arm: usize| {
            let places: Vec<i32> = self.arms[arm].candidates.start().collect();
            results.best_candidates(arm, Phase::Tuning(0), &places)[0]
        };
        (0..self.arms.len()).map(best).collect()
    }

    /// A hash of all that decides what is run: where it is equal, so are all results.
    #[must_use]
    pub fn hash(&self) -> String {
        let file = self.file.unwrap_or_default();
        let version = env!("CARGO_PKG_VERSION");
        let base = script_to_portable_toml(&self.base);
        let text = format!("gradlab {version} {PROTOCOL}\n{file:016x}\n{base}");
        format!("{:016x}", fnv1a(text.as_bytes()))
    }

    /// Runs of one arm, all in all, as far as `results` tell.
    #[must_use]
    pub fn runs(&self, arm: usize, results: &Results) -> usize {
        let tried: Vec<i32> = self.tried(arm, results).collect();
        let tuning = if self.budget.is_some() {
            halved(tried.len()).sum()
        } else {
            self.tuning(arm, &tried).count()
        };
        // Until the tuning is done it is unlikely that the defaults are the best.
        let tuned = self.budget.is_some() || self.is_tuned(arm, &tried, results);
        let best = match &tried[..] {
            [only] => *only,
            _ if tuned => results.best_candidates(arm, Phase::Tuning(0), &tried)[0],
            [.., last] => *last,
            [] => 0,
        };
        tuning + self.judging(arm, best).count()
    }

    /// Runs, all in all, as far as `results` tell.
    #[must_use]
    pub fn total(&self, results: &Results) -> usize {
        (0..self.arms.len()).map(|arm| self.runs(arm, results)).sum()
    }

    /// Every trial that is known to be wanted, in the order in which they are best run: the arms
    /// in turn, so that a first ranking soon stands; those that depend on the outcome of others
    /// once these are in `results`.
    #[must_use]
    pub fn wanted(&self, results: &Results) -> Vec<Trial> {
        let lanes: Vec<_> = (0..self.arms.len()).map(|arm| self.lane(arm, results)).collect();
        let longest = lanes.iter().map(Vec::len).max().unwrap_or(0);
        let turn = |place| lanes.iter().filter_map(move |lane| lane.get(place).copied());
        (0..longest).flat_map(turn).collect()
    }

    /// The trials of one arm, as far as they are known.
    fn lane(&self, arm: usize, results: &Results) -> Vec<Trial> {
        let mut trials: Vec<Trial> = Vec::new();
        let mut left = self.arms[arm].candidates.ordered(self.tried(arm, results));
        for round in 0.. {
            if left.len() == 1 {
                break;
            }
            let phase = Phase::Tuning(round);
            if self.budget.is_some() {
                // Each round on a seed that no rate has been chosen by.
                let seed = self.tuning_seeds[round % self.tuning_seeds.len()];
                let of = |&candidate: &i32| Trial { arm, phase, candidate, seed };
                trials.extend(left.iter().map(of));
            } else {
                trials.extend(self.tuning(arm, &left));
            }
            if trials.iter().any(|trial| results.get(*trial).is_none()) {
                return trials;
            }
            let count = if self.budget.is_some() { left.len().div_ceil(2) } else { 1 };
            left = results.best_candidates(arm, phase, &left);
            left.truncate(count);
        }
        trials.extend(self.judging(arm, left[0]));
        trials
    }
}

/// Rates in each round of halving, until one is left.
fn halved(rates: usize) -> impl Iterator<Item = usize> {
    let half = |&left: &usize| Some(left.div_ceil(2)).filter(|&left| left > 1);
    std::iter::successors(Some(rates).filter(|&rates| rates > 1), half)
}

/// Seeds for final runs and for tuning, all different. More of them begin with the same ones, and
/// those of different master seeds have nothing in common, as consecutive ones would.
fn seeds(master: u64, finals: usize, tuning: usize) -> (Vec<u64>, Vec<u64>) {
    let mut stream = stream(master, Purpose::Seeds);
    let mut drawn: Vec<u64> = Vec::new();
    let mut draw = || loop {
        // Of 32 bits: short enough to type.
        let seed = u64::from(stream.next_u32());
        if !drawn.contains(&seed) {
            drawn.push(seed);
            return seed;
        }
    };
    let pairs: Vec<_> = (0..finals.max(tuning)).map(|_| (draw(), draw())).collect();
    let finals = pairs.iter().take(finals).map(|pair| pair.0).collect();
    (finals, pairs.iter().take(tuning).map(|pair| pair.1).collect())
}

#[cfg(test)]
mod tests;
