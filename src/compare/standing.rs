//! The ranking, worked out anew from whatever is known.

use std::ops::RangeInclusive;

use super::arm::Arm;
use super::plan::Plan;
use super::record::Record;
use super::results::Results;
use super::statistics::{Quartiles, fewest_blocks};
use super::trial::{Phase, Trial};
use crate::experiment::{Metric, Target};
use crate::spec::Value;

pub use paired::{Counts, Paired};

mod paired;

/// The part of a range, on its scale, within which a search has ended at its edge.
const OUTERMOST: f64 = 0.05;

/// All that the results say at present.
#[derive(Clone, Debug)]
pub struct Ranking {
    /// Every arm, the best first; those without any result last.
    pub standings: Vec<Standing>,
    /// Runs finished.
    pub done: usize,
    /// Runs all in all.
    pub total: usize,
    /// What the pairs of arms come to; none while fewer than two have final runs.
    pub paired: Option<Paired>,
}

/// One arm at present.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// Index of the arm.
    pub arm: usize,
    /// Whether the numbers are of tuning runs, on validation rows, for want of final ones.
    pub provisional: bool,
    /// Whether all its runs are done.
    pub complete: bool,
    /// Its best candidate, and the learning rate of that.
    pub best: Option<(i32, f64)>,
    /// The end of a grid of rates at which that is, if a better one may lie beyond.
    pub edge: Option<Edge>,
    /// Loss on the test rows at the end of its runs. An infinite one is of diverged runs.
    pub test_loss: Option<Quartiles>,
    /// The same of its runs at its defaults, if settings are searched.
    pub defaults: Option<Quartiles>,
    /// Share of test rows in the right class.
    pub test_accuracy: Option<Quartiles>,
    /// Loss on the training rows.
    pub train_loss: Option<Quartiles>,
    /// Computing time of a run's steps.
    pub seconds: Option<Quartiles>,
    /// The same by the clock on the wall.
    pub wall_seconds: Option<Quartiles>,
    /// How fast it met the target, if there is one.
    pub to_target: Option<ToTarget>,
    /// Runs that diverged, tuning included, of all finished ones.
    pub diverged: (usize, usize),
    /// The confidence set of its rank; none while there are no pairs.
    pub rank_set: Option<(usize, usize)>,
    /// The arms that it is significantly worse than.
    pub worse_than: Vec<usize>,
    /// How it stands to the first arm; none for the first itself and while there are no pairs.
    pub versus: Option<Versus>,
    /// Its results by candidate.
    pub sensitivity: Vec<Sensitivity>,
}

/// An end of a grid of rates, or of the range of a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// The smallest.
    Low,
    /// The largest.
    High,
}

/// How soon the target was met. A run that never met it counts as infinitely slow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ToTarget {
    /// Runs that met it.
    pub reached: usize,
    /// Of so many.
    pub of: usize,
    /// Steps of the first evaluation that met it.
    pub steps: Quartiles,
    /// Seconds spent on steps until then.
    pub seconds: Quartiles,
}

/// An arm against the first one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Versus {
    /// Seed by seed.
    pub counts: Counts,
    /// The p of their difference, adjusted for all pairs.
    pub p: f64,
    /// What follows.
    pub verdict: Verdict,
}

/// What a comparison with the first arm comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The same numbers on every seed.
    Same,
    /// The difference may be chance.
    Tie,
    /// It is worse, and not by chance.
    Worse,
    /// It is better, and not by chance, though its median is not.
    Better,
    /// Not even a difference on every seed could be told from chance with so few.
    TooFewSeeds,
}

/// One candidate of one arm in the first round of tuning that tried it on all its seeds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sensitivity {
    /// Its place.
    pub candidate: i32,
    /// Its learning rate.
    pub lr: f64,
    /// The final loss on the validation rows; none before the first result.
    pub loss: Option<Quartiles>,
    /// Runs that diverged.
    pub diverged: usize,
    /// Of so many finished.
    pub of: usize,
}

impl Ranking {
    /// The ranking of `plan` by `results`: by the median test loss of the final runs, and as long
    /// as an arm has none, by the median validation loss of its best candidate so far. Of equals the
    /// arm that was named first comes first.
    #[must_use]
    pub fn of(plan: &Plan, results: &Results) -> Self {
        let mut standings: Vec<_> =
            (0..plan.arms.len()).map(|arm| standing(plan, results, arm)).collect();
        let loss = |s: &Standing| s.test_loss.map_or(f64::INFINITY, |loss| loss.median);
        standings.sort_by(|a, b| {
            let missing = (a.test_loss.is_none()).cmp(&b.test_loss.is_none());
            missing.then(loss(a).total_cmp(&loss(b))).then(a.arm.cmp(&b.arm))
        });
        let paired = Paired::of(plan, results);
        if let Some(paired) = &paired {
            compare(paired, &mut standings);
        }
        Self { standings, done: results.len(), total: plan.total(results), paired }
    }

    /// Returns true if all runs are done.
    #[must_use]
    pub const fn complete(&self) -> bool {
        self.done == self.total
    }
}

/// The runs by which an arm stands at present: its final ones, else those of its best candidate so far.
#[must_use]
pub fn decisive<'a>(plan: &Plan, results: &'a Results, arm: usize) -> Vec<(Trial, &'a Record)> {
    let finals = |(trial, _): &(Trial, _)| trial.phase == Phase::Final;
    let plain = |(trial, record): (Trial, &'a std::sync::Arc<Record>)| (trial, &**record);
    let found: Vec<_> = results.of_arm(arm).filter(finals).map(plain).collect();
    if !found.is_empty() {
        return found;
    }
    let Some((phase, candidate)) = best(plan, results, arm) else { return Vec::new() };
    results.of_candidate(arm, phase, candidate).map(plain).collect()
}

/// The candidate that an arm's final runs have, or the best one so far, and the phase that says so.
fn best(plan: &Plan, results: &Results, arm: usize) -> Option<(Phase, i32)> {
    let mut runs = results.of_arm(arm).filter(|(trial, _)| trial.phase != Phase::Defaults);
    let (last, _) = runs.next_back()?;
    if last.phase == Phase::Final {
        return Some((Phase::Final, last.candidate));
    }
    let tried: Vec<i32> = plan.tried(arm, results).collect();
    Some((last.phase, results.best_candidates(arm, last.phase, &tried)[0]))
}

fn standing(plan: &Plan, results: &Results, arm: usize) -> Standing {
    let tried = plan.tried(arm, results);
    let best = best(plan, results, arm);
    let searched = plan.arms[arm].candidates.search().is_some();
    let runs = decisive(plan, results, arm);
    let of = |metric| Quartiles::of(runs.iter().map(|(_, record)| record.last(metric)));
    let all = results.of_arm(arm).map(|(_, record)| record.diverged.is_some());
    let (diverged, finished) = all.fold((0, 0), |(d, n), bad| (d + usize::from(bad), n + 1));
    let classes = runs.iter().any(|(_, r)| r.points.iter().any(|p| p.test_accuracy.is_some()));
    Standing {
        arm,
        provisional: !matches!(best, Some((Phase::Final, _))),
        complete: finished == plan.runs(arm, results),
        best: best.map(|(_, candidate)| (candidate, plan.arms[arm].rate(candidate))),
        edge: best.filter(|_| !searched).and_then(|(_, rate)| edge(rate, &tried)),
        test_loss: of(Metric::TestLoss),
        defaults: if searched { defaults(results, arm) } else { None },
        test_accuracy: of(Metric::TestAccuracy).filter(|_| classes),
        train_loss: of(Metric::TrainLoss),
        seconds: Quartiles::of(runs.iter().map(|(_, record)| record.seconds)),
        wall_seconds: Quartiles::of(runs.iter().map(|(_, record)| record.wall_seconds)),
        to_target: plan.target.and_then(|target| to_target(&runs, target)),
        diverged: (diverged, finished),
        rank_set: None,
        worse_than: Vec::new(),
        versus: None,
        sensitivity: tried.map(|candidate| sensitivity(plan, results, arm, candidate)).collect(),
    }
}

/// Loss on the test rows of an arm at its defaults, which may be its best candidate.
fn defaults(results: &Results, arm: usize) -> Option<Quartiles> {
    let runs = results.of_arm(arm).filter(|(trial, _)| {
        trial.phase == Phase::Defaults || trial.phase == Phase::Final && trial.candidate == 0
    });
    Quartiles::of(runs.map(|(_, record)| record.last(Metric::TestLoss)))
}

fn edge(rate: i32, tried: &RangeInclusive<i32>) -> Option<Edge> {
    match rate {
        _ if tried.start() == tried.end() => None,
        rate if rate == *tried.start() => Some(Edge::Low),
        rate if rate == *tried.end() => Some(Edge::High),
        _ => None,
    }
}

fn to_target(runs: &[(Trial, &Record)], target: Target) -> Option<ToTarget> {
    let reached: Vec<_> = runs.iter().map(|(_, record)| record.reached(target)).collect();
    let or_never = |x: Option<f64>| x.unwrap_or(f64::INFINITY);
    Some(ToTarget {
        reached: reached.iter().flatten().count(),
        of: reached.len(),
        steps: Quartiles::of(reached.iter().map(|p| or_never(p.map(|p| p.step as f64))))?,
        seconds: Quartiles::of(reached.iter().map(|p| or_never(p.map(|p| p.seconds))))?,
    })
}

fn sensitivity(plan: &Plan, results: &Results, arm: usize, candidate: i32) -> Sensitivity {
    let runs: Vec<_> = results.of_candidate(arm, Phase::Tuning(0), candidate).collect();
    Sensitivity {
        candidate,
        lr: plan.arms[arm].rate(candidate),
        loss: results.validation(arm, Phase::Tuning(0), candidate),
        diverged: runs.iter().filter(|(_, record)| record.diverged.is_some()).count(),
        of: runs.len(),
    }
}

impl Standing {
    /// The best median validation loss of the first candidate, of the first two, and so on, as far as they
    /// have been tried. Since the beginning of a search is a search by itself, it is what a comparison with
    /// so many trials would have gone by.
    #[must_use]
    pub fn best_so_far(&self) -> Vec<f64> {
        let losses = self.sensitivity.iter().map_while(|tried| tried.loss);
        let best = losses.scan(f64::INFINITY, |best, loss| {
            *best = best.min(loss.median);
            Some(*best)
        });
        best.collect()
    }
}

/// Tells each arm how it stands.
fn compare(paired: &Paired, standings: &mut [Standing]) {
    let first = standings.first().map_or(0, |standing| standing.arm);
    for standing in standings {
        let arm = standing.arm;
        standing.rank_set = paired.rank_set(arm);
        standing.worse_than = paired.worse_than(arm);
        let pair = paired.pair(arm, first);
        standing.versus = pair.map(|(counts, p)| {
            let verdict = if counts.better + counts.worse == 0 {
                Verdict::Same
            } else if paired.pairwise.blocks < fewest_blocks() {
                Verdict::TooFewSeeds
            } else if standing.worse_than.contains(&first) {
                Verdict::Worse
            } else if paired.worse_than(first).contains(&arm) {
                Verdict::Better
            } else {
                Verdict::Tie
            };
            Versus { counts, p, verdict }
        });
    }
}

/// The settings of the best trial of a search whose values are in the outermost part of their ranges. Those
/// of the first trial are the defaults, wherever they lie.
pub(super) fn near_ends(plan: &Plan, arm: usize, candidate: i32) -> impl Iterator<Item = Warning> {
    let search = plan.arms[arm].candidates.search().filter(|_| candidate > 0);
    let settings = search.into_iter().flat_map(move |search| search.settings(candidate));
    settings.flat_map(move |(place, value)| {
        let values = match value {
            Value::Number(number) => std::slice::from_ref(number),
            Value::List(list) => list,
            _ => &[],
        };
        values.iter().filter_map(move |&value| {
            let edge = match place.param?.search?.place(value) {
                share if share < OUTERMOST => Edge::Low,
                share if share > 1.0 - OUTERMOST => Edge::High,
                _ => return None,
            };
            Some(Warning::NearEnd { arm, setting: place.to_string(), value, edge })
        })
    })
}

/// What a reader must know before trusting a ranking.
#[derive(Clone, Debug, PartialEq)]
pub enum Warning {
    /// So many of all runs are done.
    Incomplete {
        /// Finished runs.
        done: usize,
        /// All of them.
        total: usize,
    },
    /// The best rate is at an end of the grid.
    AtEdge {
        /// Index of the arm.
        arm: usize,
        /// Which end.
        edge: Edge,
        /// The rate.
        lr: f64,
    },
    /// A setting of the best trial of a search lies near an end of its range.
    NearEnd {
        /// Index of the arm.
        arm: usize,
        /// The path of the setting.
        setting: String,
        /// Its value.
        value: f64,
        /// Which end.
        edge: Edge,
    },
    /// So many final runs diverged that even the better quartile is infinite.
    AlwaysDiverged {
        /// Index of the arm.
        arm: usize,
    },
    /// No run of any arm met the target.
    TargetNeverMet(Target),
    /// Its optimizer looks at a batch several times a step, so that its steps cost more.
    MorePasses {
        /// Index of the arm.
        arm: usize,
    },
    /// An edit that comes after its runs have ended.
    Unreached {
        /// Index of the arm.
        arm: usize,
        /// The step of the first such edit.
        step: u64,
    },
    /// There is one seed only.
    OneSeed,
    /// So many seeds can tell nothing apart.
    TooFewSeeds {
        /// As it is.
        seeds: usize,
        /// With so many it could.
        needed: usize,
    },
}

impl Ranking {
    /// What a reader must know before trusting this ranking, most important first.
    #[must_use]
    pub fn warnings(&self, plan: &Plan) -> Vec<Warning> {
        let mut list = Vec::new();
        if !self.complete() {
            list.push(Warning::Incomplete { done: self.done, total: self.total });
        }
        let others = self.standings.len().saturating_sub(1);
        let (seeds, needed) = (plan.seeds.len(), fewest_blocks());
        if seeds == 1 {
            list.push(Warning::OneSeed);
        } else if others > 0 && seeds < needed {
            list.push(Warning::TooFewSeeds { seeds, needed });
        }
        for standing in self.standings.iter().filter(|standing| standing.test_loss.is_some()) {
            let arm = standing.arm;
            if !standing.provisional && standing.test_loss.is_some_and(|q| q.low.is_infinite()) {
                list.push(Warning::AlwaysDiverged { arm });
            } else if let (false, Some(edge), Some((_, lr))) =
                (standing.provisional, standing.edge, standing.best)
            {
                list.push(Warning::AtEdge { arm, edge, lr });
            } else if let (false, Some((candidate, _))) = (standing.provisional, standing.best) {
                list.extend(near_ends(plan, arm, candidate));
            }
        }
        if plan.budget.is_none() {
            let unreached = |(arm, it): (usize, &Arm)| {
                let edit = it.script.edits().iter().find(|edit| edit.step >= plan.steps)?;
                Some(Warning::Unreached { arm, step: edit.step })
            };
            list.extend(plan.arms.iter().enumerate().filter_map(unreached));
            let reevaluates = |arm: &usize| plan.arms[*arm].reevaluates();
            list.extend(
                (0..plan.arms.len()).filter(reevaluates).map(|arm| Warning::MorePasses { arm }),
            );
        }
        let missed = |s: &Standing| s.to_target.is_none_or(|to_target| to_target.reached == 0);
        if let Some(target) = plan.target.filter(|_| self.standings.iter().all(missed)) {
            list.push(Warning::TargetNeverMet(target));
        }
        list
    }
}
