//! Where a parameter is searched for a good value.

/// The values among which a search looks, and the scale on which they lie evenly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SearchRange {
    /// The smallest value.
    pub low: f64,
    /// The largest one; more than `low`.
    pub high: f64,
    /// The scale.
    pub scale: SearchScale,
}

/// The scale on which the values of a search lie evenly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchScale {
    /// The value itself.
    Linear,
    /// Its logarithm, for rates and penalties.
    Log,
    /// The logarithm of its distance from 1, for decay factors such as momentum and β₂.
    OneMinusLog,
}

impl SearchScale {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Linear => "linear",
            Self::Log => "log",
            Self::OneMinusLog => "one-minus-log",
        }
    }
}

impl SearchRange {
    /// A range on a linear scale.
    #[must_use]
    pub const fn linear(low: f64, high: f64) -> Self {
        Self { low, high, scale: SearchScale::Linear }
    }

    /// A range on a logarithmic scale; `low` is more than 0.
    #[must_use]
    pub const fn log(low: f64, high: f64) -> Self {
        Self { low, high, scale: SearchScale::Log }
    }

    /// A range of decay factors by the logarithm of their distance from 1; `high` is less than 1.
    #[must_use]
    pub const fn one_minus_log(low: f64, high: f64) -> Self {
        Self { low, high, scale: SearchScale::OneMinusLog }
    }

    /// The value at a place from 0, its low end, to 1. It has three digits, or its distance from 1 has, so
    /// that it can be typed.
    #[must_use]
    pub fn at(self, place: f64) -> f64 {
        let between = |from: f64, to: f64| (to - from).mul_add(place, from);
        let log = |from, to| libm::pow(10.0, between(libm::log10(from), libm::log10(to)));
        let value = match self.scale {
            SearchScale::Linear => three_digits(between(self.low, self.high)),
            SearchScale::Log => three_digits(log(self.low, self.high)),
            SearchScale::OneMinusLog => {
                one_less(three_digits(log(1.0 - self.low, 1.0 - self.high)))
            }
        };
        value.clamp(self.low, self.high)
    }

    /// The place of a value: the inverse of [`SearchRange::at`], less than 0 or more than 1 outside.
    #[must_use]
    pub fn place(self, value: f64) -> f64 {
        let scaled = |x: f64| match self.scale {
            SearchScale::Linear => x,
            SearchScale::Log => libm::log10(x),
            SearchScale::OneMinusLog => -libm::log10(1.0 - x),
        };
        let [low, high, value] = [self.low, self.high, value].map(scaled);
        (value - low) / (high - low)
    }
}

fn three_digits(x: f64) -> f64 {
    format!("{x:.2e}").parse().unwrap_or(x)
}

/// 1 − `x`, of no more digits than it takes.
fn one_less(x: f64) -> f64 {
    let decimals = 2 - libm::floor(libm::log10(x)) as i32;
    let text = format!("{:.*}", decimals.clamp(0, 20) as usize, 1.0 - x);
    text.parse().unwrap_or(1.0 - x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_spread_by_the_scale() {
        let at = |range: SearchRange| [0.0, 0.25, 0.5, 0.75, 1.0].map(|place| range.at(place));
        assert_eq!(at(SearchRange::linear(-1.0, 3.0)), [-1.0, 0.0, 1.0, 2.0, 3.0]);
        assert_eq!(at(SearchRange::log(1e-4, 1.0)), [1e-4, 1e-3, 0.01, 0.1, 1.0]);
        assert_eq!(at(SearchRange::one_minus_log(0.0, 0.9999)), [0.0, 0.9, 0.99, 0.999, 0.9999]);
        for range in [
            SearchRange::linear(-1.0, 3.0),
            SearchRange::log(1e-4, 1.0),
            SearchRange::one_minus_log(0.0, 0.9999),
        ] {
            for place in [0.0, 0.1, 0.5, 0.93, 1.0] {
                assert!((range.place(range.at(place)) - place).abs() < 2e-3, "{range:?} {place}");
            }
        }
        // Three digits of the value, or of its distance from 1.
        assert_eq!(SearchRange::log(1e-4, 1.0).at(0.3), 0.00158);
        assert_eq!(SearchRange::one_minus_log(0.0, 0.999).at(0.7), 0.99206);
    }
}
