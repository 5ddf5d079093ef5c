//! Two factors at once: which share of all variance is due to each, to both together, and to neither.

use rand::RngExt;

use super::quantile;
use crate::rng::{self, Purpose};

/// Resamples of an interval.
const RESAMPLES: usize = 2000;

/// Shares of the variance of values in the cells of a table, by the two-way analysis of variance of a
/// balanced design: the sums of squares of rows, columns, their interaction and the rest, as shares of
/// their total (η²).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shares {
    /// Due to the rows.
    pub rows: f64,
    /// Due to the columns.
    pub columns: f64,
    /// Due to the two together, beyond what each does.
    pub interaction: f64,
    /// Within the cells: due to the seeds.
    pub rest: f64,
}

impl Shares {
    /// The shares of `values[row][column][seed]`; none if there is no variance, or cells differ in size.
    #[must_use]
    pub fn of(values: &[Vec<Vec<f64>>]) -> Option<Self> {
        let seeds = values.first()?.first()?.len();
        let all: Vec<usize> = (0..seeds).collect();
        Self::on(values, &all)
    }

    /// As [`Shares::of`], on these seeds.
    fn on(values: &[Vec<Vec<f64>>], seeds: &[usize]) -> Option<Self> {
        let (rows, columns) = (values.len(), values.first()?.len());
        let even = |row: &Vec<Vec<f64>>| {
            row.len() == columns
                && row.iter().all(|cell| seeds.iter().all(|seed| cell.len() > *seed))
        };
        if columns == 0 || seeds.is_empty() || !values.iter().all(even) {
            return None;
        }
        let mean = |items: &mut dyn Iterator<Item = f64>| {
            let (sum, count) = items.fold((0.0, 0_usize), |(sum, count), x| (sum + x, count + 1));
            sum / count as f64
        };
        let cell =
            |row: usize, column: usize| seeds.iter().map(move |seed| values[row][column][*seed]);
        let cells: Vec<Vec<f64>> =
            (0..rows).map(|r| (0..columns).map(|c| mean(&mut cell(r, c))).collect()).collect();
        let of_row: Vec<f64> = cells.iter().map(|row| mean(&mut row.iter().copied())).collect();
        let of_column: Vec<f64> =
            (0..columns).map(|c| mean(&mut cells.iter().map(|row| row[c]))).collect();
        let grand = mean(&mut of_row.iter().copied());
        let each = seeds.len() as f64;
        let square = |x: f64| x * x;
        let by_row: f64 = of_row.iter().map(|m| square(m - grand)).sum();
        let by_column: f64 = of_column.iter().map(|m| square(m - grand)).sum();
        let (mut both, mut within) = (0.0, 0.0);
        for r in 0..rows {
            for c in 0..columns {
                both += square(cells[r][c] - of_row[r] - of_column[c] + grand);
                within += cell(r, c).map(|x| square(x - cells[r][c])).sum::<f64>();
            }
        }
        let sums =
            [by_row * columns as f64 * each, by_column * rows as f64 * each, both * each, within];
        let total: f64 = sums.iter().sum();
        let [rows, columns, interaction, rest] = sums.map(|sum| sum / total);
        (total > 0.0 && total.is_finite()).then_some(Self { rows, columns, interaction, rest })
    }

    fn parts(self) -> [f64; 4] {
        [self.rows, self.columns, self.interaction, self.rest]
    }

    /// The ends of the 95 % intervals of rows, columns, interaction and rest, by the percentiles of seeds
    /// drawn again with replacement, the same in every cell.
    #[must_use]
    pub fn intervals(values: &[Vec<Vec<f64>>], seed: u64) -> Option<[(f64, f64); 4]> {
        let count = values.first()?.first()?.len();
        let mut stream = rng::stream(seed, Purpose::Seeds);
        let mut drawn: [Vec<f64>; 4] = Default::default();
        for _ in 0..RESAMPLES {
            let seeds: Vec<usize> = (0..count).map(|_| stream.random_range(0..count)).collect();
            if let Some(shares) = Self::on(values, &seeds) {
                drawn.iter_mut().zip(shares.parts()).for_each(|(all, part)| all.push(part));
            }
        }
        let mut ends = [(0.0, 0.0); 4];
        for (ends, all) in ends.iter_mut().zip(&mut drawn) {
            all.sort_by(f64::total_cmp);
            *ends = (quantile(all, 0.025)?, quantile(all, 0.975)?);
        }
        Some(ends)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three rows, two columns, four seeds.
    fn planted() -> Vec<Vec<Vec<f64>>> {
        vec![
            vec![vec![1.0, 1.2, 0.9, 1.1], vec![2.0, 2.4, 1.8, 2.1]],
            vec![vec![1.5, 1.4, 1.7, 1.6], vec![3.5, 3.2, 3.9, 3.6]],
            vec![vec![0.2, 0.1, 0.4, 0.3], vec![0.9, 0.8, 1.3, 0.6]],
        ]
    }

    #[test]
    fn shares_are_those_of_statsmodels() {
        // statsmodels 0.15: anova_lm(ols("y ~ C(a) * C(b)", data).fit(), typ=2); sum_sq / sum_sq.sum().
        let shares = Shares::of(&planted()).unwrap();
        for (share, expected) in shares.parts().into_iter().zip(STATSMODELS) {
            assert!((share - expected).abs() < 1e-11, "{shares:?}");
        }
        let intervals = Shares::intervals(&planted(), 1).unwrap();
        for ((low, high), share) in intervals.into_iter().zip(shares.parts()) {
            assert!(low <= share + 0.05 && high >= share - 0.05 && low < high, "{intervals:?}");
        }
    }

    #[test]
    fn what_has_no_variance_has_no_shares() {
        assert_eq!(Shares::of(&[vec![vec![1.0, 1.0]], vec![vec![1.0, 1.0]]]), None);
        assert_eq!(Shares::of(&[]), None);
        assert_eq!(Shares::of(&[vec![vec![1.0, 2.0]], vec![vec![1.0]]]), None);
        let only_rows = Shares::of(&[vec![vec![1.0], vec![1.0]], vec![vec![2.0], vec![2.0]]]);
        assert_eq!(only_rows.unwrap().parts(), [1.0, 0.0, 0.0, 0.0]);
    }

    const STATSMODELS: [f64; 4] =
        [0.569_512_250_764, 0.328_648_993_932, 0.070_903_864_580, 0.030_934_890_724];
}
