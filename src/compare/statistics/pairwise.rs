//! All contenders against each other.

use super::ALPHA;
use crate::rng::{self, Purpose};
use rand::Rng;

/// Signs of blocks are enumerated up to so many ways, and sampled as often beyond.
const FLIPS: u64 = 1 << 16;
/// Relative distance at which two statistics count as equal: the same number by another order of sums.
const SAME: f64 = 1e-9;

/// All pairs of some arms, compared block by block: on the same seeds, or on the same experiments.
///
/// For each pair there is the paired t of its differences. If two arms are alike, the sign of a whole
/// block is as good as the other: signs are flipped for all pairs at once, so that what pairs have to do
/// with each other is kept. p is adjusted by the step-down maximum of |t| over the pairs that are not
/// yet told apart (Romano & Wolf 2005): the chance of even one false find stays below the level.
#[derive(Clone, Debug, PartialEq)]
pub struct Pairwise {
    /// Both arms of each pair, the lower one first.
    pub pairs: Vec<(usize, usize)>,
    /// The paired t of each: positive where the first arm's values are larger. 0 if there are no
    /// differences, infinite if all are the same.
    pub t: Vec<f64>,
    /// The adjusted p of each.
    pub adjusted_p: Vec<f64>,
    /// The arms that each arm is significantly worse than: its values are larger.
    pub worse_than: Vec<Vec<usize>>,
    /// The confidence set of each arm's rank (Mogstad et al. 2024), its ends included: all such sets
    /// together hold at 95 %.
    pub rank_sets: Vec<(usize, usize)>,
    /// Blocks.
    pub blocks: usize,
}

/// The fewest blocks on which anything can be told apart.
#[must_use]
pub fn fewest_blocks() -> usize {
    // Of the signs of n blocks 2^(n−1) differ by more than all signs at once.
    1 + libm::log2(1.0 / ALPHA).ceil() as usize
}

impl Pairwise {
    /// Compares the arms, whose `values` stand block by block, each block with one of every arm; smaller
    /// is better. `seed` is that of the sampled signs.
    #[must_use]
    pub fn of(values: &[Vec<f64>], seed: u64) -> Self {
        let arms = values.first().map_or(0, Vec::len);
        let pairs: Vec<_> = (0..arms).flat_map(|i| (i + 1..arms).map(move |j| (i, j))).collect();
        let differences = |&(i, j): &(usize, usize)| values.iter().map(move |row| row[i] - row[j]);
        let t: Vec<f64> = pairs.iter().map(|pair| paired_t(differences(pair))).collect();
        let norms: Vec<f64> =
            pairs.iter().map(|pair| differences(pair).map(|d| d * d).sum::<f64>().sqrt()).collect();
        let adjusted_p = step_down(values, (&pairs, &norms), seed);
        let mut worse_than = vec![Vec::new(); arms];
        for ((&(i, j), &t), &p) in pairs.iter().zip(&t).zip(&adjusted_p) {
            if p <= ALPHA {
                let (worse, better) = if t > 0.0 { (i, j) } else { (j, i) };
                worse_than[worse].push(better);
            }
        }
        for better in &mut worse_than {
            better.sort_unstable();
        }
        let rank_sets = (0..arms).map(|arm| {
            let below = worse_than.iter().filter(|better| better.contains(&arm)).count();
            (1 + worse_than[arm].len(), arms - below)
        });
        Self {
            rank_sets: rank_sets.collect(),
            blocks: values.len(),
            pairs,
            t,
            adjusted_p,
            worse_than,
        }
    }

    /// Whether `arm` is significantly worse than none.
    #[must_use]
    pub fn leads(&self, arm: usize) -> bool {
        self.worse_than[arm].is_empty()
    }
}

/// Student's t of paired differences.
fn paired_t(differences: impl Iterator<Item = f64> + Clone) -> f64 {
    let count = differences.clone().count() as f64;
    let mean = differences.clone().sum::<f64>() / count;
    let squares: f64 = differences.map(|d| (d - mean).powi(2)).sum();
    if mean == 0.0 || count < 2.0 {
        return 0.0;
    }
    mean / (squares / (count - 1.0) / count).sqrt()
}

/// The adjusted p of each pair. |t| grows with |Σ d| ÷ ‖d‖, whose denominator no sign bears on: that is
/// what is compared.
fn step_down(
    values: &[Vec<f64>],
    (pairs, norms): (&[(usize, usize)], &[f64]),
    seed: u64,
) -> Vec<f64> {
    // What a block adds to all arms is in no difference, but would round.
    let rows: Vec<Vec<f64>> = values
        .iter()
        .map(|row| {
            let mean = row.iter().sum::<f64>() / row.len().max(1) as f64;
            row.iter().map(|x| x - mean).collect()
        })
        .collect();
    let arms = rows.first().map_or(0, Vec::len);
    let statistics = |signs: &dyn Fn(usize) -> bool, sums: &mut Vec<f64>, all: &mut Vec<f64>| {
        sums.clear();
        sums.resize(arms, 0.0);
        for (block, row) in rows.iter().enumerate() {
            let sign = if signs(block) { -1.0 } else { 1.0 };
            sums.iter_mut().zip(row).for_each(|(sum, x)| *sum += sign * x);
        }
        all.clear();
        all.extend(pairs.iter().zip(norms).map(|(&(i, j), norm)| {
            if *norm > 0.0 { (sums[i] - sums[j]).abs() / norm } else { 0.0 }
        }));
    };
    let (mut sums, mut observed) = (Vec::new(), Vec::new());
    statistics(&|_| false, &mut sums, &mut observed);
    let mut order: Vec<usize> = (0..pairs.len()).collect();
    order.sort_by(|&a, &b| observed[b].total_cmp(&observed[a]));
    let mut reached = vec![0_u64; pairs.len()];
    let mut flipped = Vec::with_capacity(pairs.len());
    let ways = each_way(rows.len(), seed, |signs| {
        statistics(signs, &mut sums, &mut flipped);
        let mut largest = 0.0_f64;
        for (place, &pair) in order.iter().enumerate().rev() {
            largest = largest.max(flipped[pair]);
            reached[place] += u64::from(largest >= observed[pair] * (1.0 - SAME));
        }
    });
    let mut adjusted = vec![1.0; pairs.len()];
    let mut least = 0.0_f64;
    for (place, &pair) in order.iter().enumerate() {
        least = least.max(reached[place] as f64 / ways as f64);
        adjusted[pair] = least;
    }
    adjusted
}

/// Calls `see` with signs of `blocks` blocks, whether each is flipped: with all that differ by more than
/// all of them at once, or with the unflipped ones and a sample. Returns how often.
fn each_way(blocks: usize, seed: u64, mut see: impl FnMut(&dyn Fn(usize) -> bool)) -> u64 {
    let free = blocks.saturating_sub(1);
    if free < 64 && 1 << free <= FLIPS {
        for way in 0..1_u64 << free {
            see(&|block| block > 0 && way >> (block - 1) & 1 == 1);
        }
        return 1 << free;
    }
    let mut stream = rng::stream(seed, Purpose::Signs);
    see(&|_| false);
    let mut words = vec![0_u64; blocks.div_ceil(64)];
    for _ in 1..FLIPS {
        for word in &mut words {
            *word = stream.next_u64();
        }
        see(&|block| words[block / 64] >> (block % 64) & 1 == 1);
    }
    FLIPS
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of `arms` values by a fixed rule, in no order.
    fn noise(blocks: usize, arms: usize) -> Vec<Vec<f64>> {
        let value = |block: usize, arm: usize| ((block * 7919 + arm * 104_729) as f64).sin();
        (0..blocks).map(|block| (0..arms).map(|arm| value(block, arm)).collect()).collect()
    }

    #[test]
    fn an_arm_that_is_always_worse_is_told_apart_whatever_the_others_are() {
        for arms in [3, 8, 20] {
            let mut values = noise(8, arms);
            for row in &mut values {
                row[1] += 20.0;
            }
            let found = Pairwise::of(&values, 0);
            assert_eq!(found.rank_sets[1], (arms, arms), "{arms} arms");
            assert!(!found.leads(1) && found.worse_than[1].len() == arms - 1);
        }
    }

    #[test]
    fn a_constant_difference_is_the_surest_and_none_at_all_is_none() {
        let values: Vec<Vec<f64>> =
            (0..6).map(|i| vec![f64::from(i), f64::from(i) + 1.0, f64::from(i)]).collect();
        let found = Pairwise::of(&values, 0);
        assert_eq!(found.t, [f64::NEG_INFINITY, 0.0, f64::INFINITY]);
        assert_eq!(found.adjusted_p, [1.0 / 32.0, 1.0, 1.0 / 32.0]);
        assert_eq!(found.rank_sets, [(1, 2), (3, 3), (1, 2)]);
    }

    #[test]
    fn with_too_few_blocks_nothing_is_told_apart() {
        assert_eq!(fewest_blocks(), 6);
        for blocks in [0, 1, 2, 5] {
            let values: Vec<Vec<f64>> = (0..blocks).map(|_| vec![0.0, 100.0]).collect();
            let found = Pairwise::of(&values, 0);
            assert!(found.adjusted_p.iter().all(|p| *p > ALPHA), "{found:?}");
        }
        assert_eq!(Pairwise::of(&vec![vec![0.0, 1.0]; 6], 0).worse_than[1], [0]);
    }

    #[test]
    fn sampled_signs_say_about_what_all_of_them_say() {
        let mut values = noise(17, 3);
        for row in &mut values {
            row[2] += 0.6;
        }
        let all = Pairwise::of(&values, 0);
        values.push(vec![0.0; 3]);
        let sampled = Pairwise::of(&values, 0);
        assert_eq!(sampled, Pairwise::of(&values, 0));
        for (all, sampled) in all.adjusted_p.iter().zip(&sampled.adjusted_p) {
            assert!((all - sampled).abs() < 0.01, "{all} and {sampled}");
        }
    }
}
