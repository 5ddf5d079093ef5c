//! Wilcoxon's signed-rank test, exact.
//!
//! Two arms share their seeds, so that each seed gives one difference. If neither arm were better,
//! each difference might as well have had the other sign; the test asks how many of the 2ⁿ ways to
//! choose the signs are at least as one-sided as what was seen. No distribution is assumed, and no
//! approximation made.

use super::ALPHA;

/// The outcome of the test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SignedRank {
    /// Differences that are not zero: only they count.
    pub pairs: usize,
    /// The sum of the ranks of the positive ones.
    pub positive: f64,
    /// The two-sided p; 1 if there are no differences.
    pub p: f64,
}

/// Tests whether `differences` lie to one side of zero. Zeros are left out, equal sizes share the
/// mean of their ranks, and p is that of the ranks as they are (Pratt's and Cureton's variants are
/// not used). An infinite difference outranks all finite ones; what is not a number counts as zero.
///
/// As scipy's `wilcoxon(d, zero_method="wilcox", method="exact")` where no sizes are equal; where
/// some are, as its exhaustive `PermutationMethod`.
#[must_use]
pub fn signed_rank(differences: &[f64]) -> SignedRank {
    let mut pairs: Vec<f64> =
        differences.iter().copied().filter(|d| !d.is_nan() && *d != 0.0).collect();
    pairs.sort_by(|a, b| a.abs().total_cmp(&b.abs()));
    let ranks = doubled_ranks(&pairs);
    let positive: usize =
        pairs.iter().zip(&ranks).filter(|(d, _)| **d > 0.0).map(|(_, rank)| rank).sum();
    let chances = distribution(&ranks);
    let lower: f64 = chances[..=positive].iter().sum();
    let upper: f64 = chances[positive..].iter().sum();
    let p = (2.0 * lower.min(upper)).min(1.0);
    SignedRank { pairs: pairs.len(), positive: positive as f64 / 2.0, p }
}

/// Twice the rank of each, from the smallest: a whole number also where ranks are shared.
fn doubled_ranks(sorted: &[f64]) -> Vec<usize> {
    let mut ranks = Vec::with_capacity(sorted.len());
    for group in sorted.chunk_by(|a, b| a.abs() == b.abs()) {
        let (first, last) = (ranks.len() + 1, ranks.len() + group.len());
        ranks.resize(last, first + last);
    }
    ranks
}

/// The chance of each sum of the ranks if every sign is a fair coin's.
fn distribution(ranks: &[usize]) -> Vec<f64> {
    let mut chances = vec![0.0; ranks.iter().sum::<usize>() + 1];
    chances[0] = 1.0;
    let mut reached = 0;
    for &rank in ranks {
        reached += rank;
        for sum in (0..=reached).rev() {
            let with = if sum >= rank { chances[sum - rank] } else { 0.0 };
            chances[sum] = f64::midpoint(chances[sum], with);
        }
    }
    chances
}

/// The smallest p that so many pairs can give: all differences on one side.
#[must_use]
pub fn smallest_p(pairs: usize) -> f64 {
    libm::pow(2.0, 1.0 - pairs as f64).min(1.0)
}

/// The least number of pairs with which each of so many comparisons can be found significant.
#[must_use]
pub fn seeds_needed(comparisons: usize) -> usize {
    (1..64).find(|&n| smallest_p(n) * comparisons as f64 <= ALPHA).unwrap_or(64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p_is_that_of_scipy() {
        // scipy.stats.wilcoxon(d, method="exact"): statistic is the smaller rank sum.
        for (differences, positive, p) in [
            (&[1.2, 0.3, 2.5, 0.9, 1.7][..], 15.0, 0.0625),
            (&[1.2, -0.3, 2.5, 0.9, 1.7], 14.0, 0.125),
            (&[0.8, -1.1, 0.5, 2.0, -0.2, 1.4, 0.9, 3.1], 30.0, 0.109_375),
            (&[-1.0, -2.0, -3.0, -4.0, -5.0, -6.0, -7.0, -8.0], 0.0, 0.007_812_5),
            (
                &[
                    6.0, 8.0, 14.0, 16.0, 23.0, 24.0, 28.0, 29.0, 41.0, -48.0, 49.0, 56.0, 60.0,
                    -67.0, 75.0,
                ],
                96.0,
                0.041_259_765_625,
            ),
        ] {
            let got = signed_rank(differences);
            assert_eq!((got.pairs, got.positive), (differences.len(), positive));
            assert!((got.p - p).abs() < 1e-12, "{got:?} {p}");
        }
    }

    #[test]
    fn equal_sizes_share_ranks_as_in_an_exhaustive_permutation_test() {
        // scipy.stats.wilcoxon(d, method=scipy.stats.PermutationMethod(n_resamples=10**6))
        for (differences, positive, p) in [
            (&[1.0, 1.0, -1.0, 2.0, 3.0][..], 13.0, 0.25),
            (&[0.5, 0.5, 0.5, -0.5, 1.0, 2.0], 18.5, 0.15625),
            (&[2.0, 2.0, 2.0, 2.0], 10.0, 0.125),
        ] {
            let got = signed_rank(differences);
            assert_eq!(got.positive, positive);
            assert!((got.p - p).abs() < 1e-12, "{got:?} {p}");
        }
    }

    #[test]
    fn zeros_do_not_count_and_two_failures_are_alike() {
        let none = signed_rank(&[0.0; 5]);
        assert_eq!((none.pairs, none.p), (0, 1.0));
        let inf = f64::INFINITY;
        let got = signed_rank(&[inf - inf, inf, inf, 0.2, 0.1]);
        assert_eq!((got.pairs, got.positive, got.p), (4, 10.0, 0.125));
        assert_eq!(signed_rank(&[]).p, 1.0);
    }

    #[test]
    fn so_many_seeds_are_needed() {
        assert_eq!([1, 5, 6].map(smallest_p), [1.0, 0.0625, 0.03125]);
        // 2⁻⁵ = 0.031 for one comparison; 4 × 2⁻⁷ = 0.031 for four.
        assert_eq!([1, 2, 4, 8].map(seeds_needed), [6, 7, 8, 9]);
        let all = signed_rank(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]);
        assert_eq!(all.p, smallest_p(7));
    }

    #[test]
    fn chance_alone_is_found_significant_no_more_often_than_it_should() {
        use crate::rng::{Purpose, normal, stream};
        let mut stream = stream(5, Purpose::Data);
        let found = (0..2000)
            .filter(|_| {
                let differences: Vec<f64> = (0..10).map(|_| normal(&mut stream)).collect();
                signed_rank(&differences).p <= ALPHA
            })
            .count();
        // The exact size of this test at n = 10 is 50/1024 = 0.0488.
        assert!((60..=140).contains(&found), "{found} of 2000");
    }
}
