//! Correction for comparing more than once.

/// Holm's step-down adjustment (1979): each p is multiplied by the number of comparisons whose p
/// is not smaller, so that the chance of even one false find stays below the level, whatever the
/// comparisons have to do with each other. In the order given; never above 1.
#[must_use]
pub fn holm(ps: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..ps.len()).collect();
    order.sort_by(|&a, &b| ps[a].total_cmp(&ps[b]));
    let mut adjusted = vec![1.0; ps.len()];
    let mut least: f64 = 0.0;
    for (place, &index) in order.iter().enumerate() {
        least = least.max(ps[index] * (ps.len() - place) as f64).min(1.0);
        adjusted[index] = least;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adjusted_as_statsmodels_does() {
        // statsmodels.stats.multitest.multipletests([.01, .04, .03, .005], method="holm")[1]
        let got = holm(&[0.01, 0.04, 0.03, 0.005]);
        for (got, expected) in got.iter().zip([0.03, 0.06, 0.06, 0.02]) {
            assert!((got - expected).abs() < 1e-12, "{got} {expected}");
        }
        // multipletests([.5, .6, .02], method="holm")[1]
        let got = holm(&[0.5, 0.6, 0.02]);
        for (got, expected) in got.iter().zip([1.0, 1.0, 0.06]) {
            assert!((got - expected).abs() < 1e-12, "{got} {expected}");
        }
        assert_eq!(holm(&[]), [] as [f64; 0]);
    }
}
