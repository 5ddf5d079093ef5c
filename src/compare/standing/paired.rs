//! All arms against each other, on the final runs of the seeds that all of them have.

use crate::compare::plan::Plan;
use crate::compare::record::Record;
use crate::compare::results::Results;
use crate::compare::statistics::{Block, Pairwise, Scale};
use crate::compare::trial::Phase;
use crate::experiment::Metric;

/// The seed of sampled signs.
const SEED: u64 = 0;

/// What all pairs of arms that have final runs come to.
#[derive(Clone, Debug, PartialEq)]
pub struct Paired {
    /// The arms, ascending.
    pub arms: Vec<usize>,
    /// What they come to, by their places in `arms`.
    pub pairwise: Pairwise,
    /// The test losses, seed by seed.
    losses: Vec<Vec<f64>>,
}

/// Seeds on which one arm had the smaller loss, the larger one, and the same as another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// The smaller loss.
    pub better: usize,
    /// The larger one.
    pub worse: usize,
    /// The same.
    pub equal: usize,
}

impl Paired {
    /// What `results` come to at present; none with fewer than two arms that have final runs, or before
    /// all of them have one of the same seed.
    ///
    /// It is the logarithm of the test loss that is compared, the loss of a seed being at most the
    /// largest that an arm had there before its first step, which a diverged run counts as. Losses
    /// that may be negative are compared as they are.
    #[must_use]
    pub fn of(plan: &Plan, results: &Results) -> Option<Self> {
        let finals = |arm: usize, seed: u64| {
            let mut runs = results.of_arm(arm);
            let run = runs.find(|(trial, _)| trial.phase == Phase::Final && trial.seed == seed);
            run.map(|(_, record)| &**record)
        };
        let arms: Vec<usize> = (0..plan.arms.len())
            .filter(|arm| plan.seeds.iter().any(|seed| finals(*arm, *seed).is_some()))
            .collect();
        if arms.len() < 2 {
            return None;
        }
        let row = |&seed: &u64| arms.iter().map(|arm| finals(*arm, seed)).collect();
        let rows: Vec<Vec<&Record>> = plan.seeds.iter().filter_map(row).collect();
        if rows.is_empty() {
            // The first final runs may be of different seeds.
            return None;
        }
        let block = |records: &Vec<&Record>| Block {
            values: records.iter().map(|record| record.last(Metric::TestLoss)).collect(),
            cap: largest_start(records),
        };
        let blocks: Vec<Block> = rows.iter().map(block).collect();
        let losses: Vec<Vec<f64>> = blocks.iter().map(|block| block.values.clone()).collect();
        let scale = Scale::of_losses(losses.iter().flatten().copied());
        Some(Self { pairwise: Pairwise::of(&scale.compared(&blocks), SEED), arms, losses })
    }

    fn place(&self, arm: usize) -> Option<usize> {
        self.arms.iter().position(|it| *it == arm)
    }

    /// The confidence set of the rank of `arm`.
    #[must_use]
    pub fn rank_set(&self, arm: usize) -> Option<(usize, usize)> {
        self.place(arm).map(|place| self.pairwise.rank_sets[place])
    }

    /// The arms that `arm` is significantly worse than.
    #[must_use]
    pub fn worse_than(&self, arm: usize) -> Vec<usize> {
        let better = self.place(arm).map_or(&[][..], |place| &self.pairwise.worse_than[place]);
        better.iter().map(|place| self.arms[*place]).collect()
    }

    /// How `arm` did beside `other` on each seed, and the adjusted p of the pair; none if they are no
    /// pair.
    #[must_use]
    pub fn pair(&self, arm: usize, other: usize) -> Option<(Counts, f64)> {
        let (a, b) = (self.place(arm)?, self.place(other)?);
        let pair = self.pairwise.pairs.iter().position(|it| *it == (a.min(b), a.max(b)))?;
        let count = |of: fn(&f64, &f64) -> bool| {
            self.losses.iter().filter(|row| of(&row[a], &row[b])).count()
        };
        let (better, worse) = (count(|a, b| a < b), count(|a, b| a > b));
        let equal = self.losses.len() - better - worse;
        Some((Counts { better, worse, equal }, self.pairwise.adjusted_p[pair]))
    }
}

/// The largest loss that an arm had before its first step.
fn largest_start(records: &[&Record]) -> Option<f64> {
    let start = |record: &&Record| record.points.first().map(|point| point.test_loss);
    records.iter().filter_map(start).filter(|loss| loss.is_finite()).reduce(f64::max)
}
