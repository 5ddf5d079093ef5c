//! A few numbers in one line of eighth blocks.

use super::blocks::UP;

/// `values` in at most so many columns, from 0 to `full`: of neighbours that share a column the largest.
/// What is above stands as high as `full`, what is not finite leaves a gap.
#[must_use]
pub fn sparkline(values: &[f64], columns: usize, full: f64) -> String {
    let columns = columns.min(values.len());
    let block = |column: usize| {
        let part = &values[column * values.len() / columns..(column + 1) * values.len() / columns];
        let largest = part.iter().copied().filter(|x| x.is_finite()).fold(f64::NAN, f64::max);
        let eighths = (largest / full * 8.0).clamp(0.0, 8.0);
        if eighths.is_nan() { UP[0] } else { UP[(eighths.round() as usize).max(1)] }
    };
    (0..columns).map(block).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heights_are_shares_of_the_full_one() {
        assert_eq!(sparkline(&[0.0, 1.0, 2.0, 4.0, 9.0], 8, 4.0), "▁▂▄██");
        assert_eq!(sparkline(&[1.0, 4.0, 2.0, 1.0], 2, 4.0), "█▄");
        assert_eq!(sparkline(&[f64::NAN, 2.0, f64::INFINITY], 9, 4.0), " ▄ ");
        assert_eq!(sparkline(&[1.0], 0, 4.0) + &sparkline(&[], 5, 4.0), "");
        assert_eq!(sparkline(&[1.0], 1, 0.0), "█");
        assert_eq!(sparkline(&[1.0], 1, f64::NAN), " ");
    }
}
