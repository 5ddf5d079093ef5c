//! Wilcoxon's signed ranks over all pairs, with Holm's correction.

/// The arms that each arm is significantly worse than.
pub fn worse_than(values: &[Vec<f64>], level: f64) -> Vec<Vec<usize>> {
    let arms = values.first().map_or(0, Vec::len);
    let pairs = (0..arms).flat_map(|i| (i + 1..arms).map(move |j| (i, j)));
    let mut tested: Vec<(f64, usize, usize)> = pairs
        .map(|(i, j)| {
            let differences: Vec<f64> = values.iter().map(|row| row[i] - row[j]).collect();
            let (p, first_is_larger) = signed_ranks(&differences);
            if first_is_larger { (p, i, j) } else { (p, j, i) }
        })
        .collect();
    tested.sort_by(|a, b| a.0.total_cmp(&b.0));
    let count = tested.len();
    let mut worse_than = vec![Vec::new(); arms];
    for (place, (p, worse, better)) in tested.into_iter().enumerate() {
        if p * (count - place) as f64 > level {
            break;
        }
        worse_than[worse].push(better);
    }
    worse_than
}

/// The exact two-sided p of paired differences, and whether they are rather positive. Those of 0 are left
/// out; equal ones share their ranks.
fn signed_ranks(differences: &[f64]) -> (f64, bool) {
    let mut sorted: Vec<f64> = differences.iter().copied().filter(|d| *d != 0.0).collect();
    sorted.sort_by(|a, b| a.abs().total_cmp(&b.abs()));
    // Twice the ranks, so that shared ones are whole.
    let mut ranks = vec![0; sorted.len()];
    let mut start = 0;
    while start < sorted.len() {
        let same = sorted[start..].iter().take_while(|d| d.abs() == sorted[start].abs()).count();
        ranks[start..start + same].fill(2 * start + same + 1);
        start += same;
    }
    let total: usize = ranks.iter().sum();
    let positive: usize =
        ranks.iter().zip(&sorted).filter(|(_, d)| **d > 0.0).map(|it| *it.0).sum();
    // Of all ways to choose the signs, those that come to each sum.
    let mut ways = vec![0.0; total + 1];
    ways[0] = 1.0;
    for rank in &ranks {
        for sum in (*rank..=total).rev() {
            ways[sum] += ways[sum - rank];
        }
    }
    let all: f64 = ways.iter().sum();
    let tail: f64 = ways[positive.max(total - positive)..].iter().sum();
    ((2.0 * tail / all).min(1.0), 2 * positive > total)
}
