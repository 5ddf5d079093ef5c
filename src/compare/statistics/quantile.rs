//! Quantiles.

/// Median and quartiles.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quartiles {
    /// A quarter of the values lies below.
    pub low: f64,
    /// Half of them do.
    pub median: f64,
    /// Three quarters do.
    pub high: f64,
}

impl Quartiles {
    /// Of these values in any order; none of none.
    #[must_use]
    pub fn of(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut sorted: Vec<f64> = values.into_iter().collect();
        sorted.sort_by(f64::total_cmp);
        let at = |q| quantile(&sorted, q);
        Some(Self { low: at(0.25)?, median: at(0.5)?, high: at(0.75)? })
    }
}

/// The quantile of ascending values by linear interpolation between them: type 7 of Hyndman and
/// Fan (1996), the default of numpy and R. Between a finite value and an infinite one lies the
/// infinite one. None of no values.
#[must_use]
pub fn quantile(sorted: &[f64], q: f64) -> Option<f64> {
    let place = q * (sorted.len().checked_sub(1)?) as f64;
    let (below, share) = (place.floor(), place.fract());
    let low = *sorted.get(below as usize)?;
    let Some(&high) = sorted.get(below as usize + 1).filter(|_| share > 0.0) else {
        return Some(low);
    };
    // The difference of two infinite values would not be a number.
    Some(if high.is_infinite() || low == high { high } else { (high - low).mul_add(share, low) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quartiles_are_those_of_numpy() {
        // numpy.quantile([3.1, 0.2, 8.8, 1.5, 2.2, 9.4], [.25, .5, .75])
        let got = Quartiles::of([3.1, 0.2, 8.8, 1.5, 2.2, 9.4]).unwrap();
        let expected = [1.675, 2.65, 7.375];
        for (got, expected) in [got.low, got.median, got.high].iter().zip(expected) {
            assert!((got - expected).abs() < 1e-12, "{got} {expected}");
        }
        // numpy.quantile([4, 1, 3, 2, 5], [.25, .5, .75])
        let got = Quartiles::of([4.0, 1.0, 3.0, 2.0, 5.0]).unwrap();
        assert_eq!(got, Quartiles { low: 2.0, median: 3.0, high: 4.0 });
        // numpy.quantile([0.7], [.25, .5, .75]), numpy.quantile([1, 2], …)
        assert_eq!(Quartiles::of([0.7]).unwrap().median, 0.7);
        let got = Quartiles::of([2.0, 1.0]).unwrap();
        assert_eq!(got, Quartiles { low: 1.25, median: 1.5, high: 1.75 });
        assert_eq!(Quartiles::of([]), None);
    }

    #[test]
    fn misses_are_infinite_and_never_undefined() {
        let inf = f64::INFINITY;
        let got = Quartiles::of([inf, 1.0, inf, 2.0]).unwrap();
        assert_eq!(got, Quartiles { low: 1.75, median: inf, high: inf });
        let got = Quartiles::of([inf, inf, inf]).unwrap();
        assert_eq!(got, Quartiles { low: inf, median: inf, high: inf });
        let got = Quartiles::of([1.0, 2.0, inf]).unwrap();
        assert_eq!((got.low, got.median, got.high), (1.5, 2.0, inf));
    }
}
