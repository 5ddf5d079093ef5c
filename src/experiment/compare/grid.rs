//! Log-spaced grids of learning rates.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use crate::spec::Plain;

/// The most learning rates.
const MOST_RATES: usize = 99;

/// The word for a grid that extends itself.
const AUTO: &str = "auto";

/// Points of a grid that extends itself, before it does.
const FIRST: usize = 7;

/// The farthest point of a grid that extends itself from the arm's own rate: nearly nine decades.
const REACH: i32 = 13;

/// Points where runs are shared among machines that know nothing of each other's results.
const FIXED: usize = 13;

/// Decades between two points around an arm's own rate.
const DECADES: f64 = 2.0 / 3.0;

/// The learning rates that arms are tuned over.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Rates {
    /// Seven around each arm's own rate, four decades, and more of them as long as the best one is at
    /// an end.
    #[default]
    Auto,
    /// So many around each arm's own rate, four decades to seven points.
    Around(usize),
    /// The same for all arms: `low:high:points`.
    Span {
        /// The smallest; more than 0.
        low: f64,
        /// The largest; more than `low`.
        high: f64,
        /// At least 2.
        points: usize,
    },
}

/// The learning rates of one arm. Each has a place, which stays the same however far the grid reaches:
/// 0 is the arm's own rate, or the lowest of a grid that is the same for all arms.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    /// Ascending; never empty.
    rates: Vec<f64>,
    /// The place of the first.
    lowest: i32,
    /// The places that are tried in any case.
    start: (i32, i32),
}

impl Grid {
    /// The rate at a place of [`Grid::reach`].
    #[must_use]
    pub fn rate(&self, place: i32) -> f64 {
        self.rates[(place - self.lowest) as usize]
    }

    /// The places that are tried in any case.
    #[must_use]
    pub fn start(&self) -> RangeInclusive<i32> {
        self.start.0..=self.start.1
    }

    /// All places that may be tried.
    #[must_use]
    pub fn reach(&self) -> RangeInclusive<i32> {
        self.lowest..=self.lowest + self.rates.len() as i32 - 1
    }

    /// The number of rates that are tried in any case.
    #[must_use]
    pub const fn points(&self) -> usize {
        (self.start.1 - self.start.0 + 1) as usize
    }

    /// Whether it reaches farther than it starts.
    #[must_use]
    pub fn extends(&self) -> bool {
        self.reach() != self.start()
    }

    /// Without what leaves the numbers; none if it starts there.
    fn within_the_numbers(mut self) -> Option<Self> {
        let numbers = |rate: f64| rate.is_finite() && rate > 0.0;
        if !self.start().all(|place| numbers(self.rate(place))) {
            return None;
        }
        let before = self.rates.iter().take_while(|rate| !numbers(**rate)).count();
        self.rates.drain(..before);
        self.lowest += before as i32;
        let inside = self.rates.iter().take_while(|rate| numbers(**rate)).count();
        self.rates.truncate(inside);
        Some(self)
    }
}

impl Rates {
    /// The number of rates that are tried for each arm in any case.
    #[must_use]
    pub const fn points(self) -> usize {
        match self {
            Self::Auto => FIRST,
            Self::Around(points) | Self::Span { points, .. } => points,
        }
    }

    /// The grid for an arm whose own rate is `own`; none if it leaves the numbers. Rates in between are
    /// rounded to three digits, so that a wider grid meets the same ones again.
    #[must_use]
    pub fn grid(self, own: f64) -> Option<Grid> {
        let points = self.points() as i32;
        let grid = match self {
            Self::Auto => {
                let rates = (-REACH..=REACH).map(|place| around(own, f64::from(place)));
                let start = (-(points / 2), points / 2);
                Grid { rates: rates.collect(), lowest: -REACH, start }
            }
            Self::Around(_) => {
                let lowest = -(points / 2);
                // Half a step aside where there is no point in the middle.
                let shift = if points % 2 == 0 { 0.5 } else { 0.0 };
                let rates = (lowest..lowest + points).map(|k| around(own, f64::from(k) + shift));
                Grid { rates: rates.collect(), lowest, start: (lowest, lowest + points - 1) }
            }
            Self::Span { low, high, .. } => {
                let (from, to) = (libm::log10(low), libm::log10(high));
                let last = points - 1;
                let between = |i: i32| short(power((to - from).mul_add(at(i, last), from)));
                let rate = |i| match i {
                    0 => low,
                    i if i == last => high,
                    i => between(i),
                };
                let mut rates: Vec<f64> = (0..points).map(rate).collect();
                rates.dedup();
                let end = rates.len() as i32 - 1;
                Grid { rates, lowest: 0, start: (0, end) }
            }
        };
        grid.within_the_numbers()
    }

    /// The grid for runs that are shared among machines: one that extends itself would need the results
    /// of others.
    #[must_use]
    pub const fn fixed(self) -> Self {
        match self {
            Self::Auto => Self::Around(FIXED),
            given => given,
        }
    }

    /// The same grid with two more points at each end.
    #[must_use]
    pub fn wider(self) -> Self {
        match self {
            Self::Auto | Self::Around(_) => Self::Around(self.points() + 4),
            Self::Span { low, high, points } => {
                let ratio = libm::log10(high / low) / (points - 1) as f64;
                let reach = power(2.0 * ratio);
                Self::Span {
                    low: short(low / reach),
                    high: short(high * reach),
                    points: points + 4,
                }
            }
        }
    }
}

fn power(exponent: f64) -> f64 {
    libm::pow(10.0, exponent)
}

fn at(i: i32, last: i32) -> f64 {
    f64::from(i) / f64::from(last)
}

/// The rate so many steps of a grid from an arm's own.
fn around(own: f64, steps: f64) -> f64 {
    if steps == 0.0 { own } else { short(own * power(steps * DECADES)) }
}

/// A number to three digits.
fn short(x: f64) -> f64 {
    format!("{x:.2e}").parse().unwrap_or(x)
}

impl fmt::Display for Rates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str(AUTO),
            Self::Around(points) => write!(f, "{points}"),
            Self::Span { low, high, points } => {
                write!(f, "{}:{}:{points}", Plain(*low), Plain(*high))
            }
        }
    }
}

impl FromStr for Rates {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "`{text}` is no grid of learning rates; write LOW:HIGH:POINTS as in 1e-4:1:9, a \
                 number of points around each arm's own rate, 1 to {MOST_RATES}, or {AUTO}"
            )
        };
        let count = |text: &str, least: usize| {
            text.parse().ok().filter(|n| (least..=MOST_RATES).contains(n)).ok_or_else(wrong)
        };
        let rate = |text: &str| {
            text.parse().ok().filter(|x: &f64| x.is_finite() && *x > 0.0).ok_or_else(wrong)
        };
        match text.split(':').collect::<Vec<_>>()[..] {
            [AUTO] => Ok(Self::Auto),
            [points] => Ok(Self::Around(count(points, 1)?)),
            [low, high, points] => {
                let (low, high) = (rate(low)?, rate(high)?);
                if low >= high {
                    return Err(format!(
                        "the grid `{text}` does not rise; write the smaller rate first"
                    ));
                }
                Ok(Self::Span { low, high, points: count(points, 2)? })
            }
            _ => Err(wrong()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(rates: Rates, own: f64) -> Vec<f64> {
        let grid = rates.grid(own).unwrap();
        grid.start().map(|place| grid.rate(place)).collect()
    }

    #[test]
    fn grids_are_log_spaced_and_keep_their_ends() {
        let rates: Rates = "1e-4:1:9".parse().unwrap();
        let expected = [1e-4, 3.16e-4, 1e-3, 3.16e-3, 1e-2, 3.16e-2, 0.1, 0.316, 1.0];
        assert_eq!(of(rates, 5.0), expected);
        let around = [1e-5, 4.64e-5, 2.15e-4, 0.001, 0.00464, 0.0215, 0.1];
        assert_eq!(of(Rates::Auto, 0.001), around);
        assert_eq!(of(Rates::Around(7), 0.001), around);
        assert_eq!(of(Rates::Around(1), 0.02), [0.02]);
        assert_eq!(of(Rates::Around(2), 1.0), [0.464, 2.15]);
        assert_eq!(rates.to_string(), "1e-4:1:9".replace("1e-4", "0.0001"));
        assert_eq!("auto".parse(), Ok(Rates::Auto));
        for wrong in ["", "0", "1:2", "0:1:3", "1:0.1:3", "1:2:1", "1:2:100", "a", "1:inf:3"] {
            assert!(wrong.parse::<Rates>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_wider_grid_holds_the_old_one() {
        for rates in [
            Rates::Auto,
            Rates::Around(7),
            "1e-4:1:9".parse().unwrap(),
            "0.01:0.1:2".parse().unwrap(),
        ] {
            let (old, new) = (of(rates, 0.01), of(rates.wider(), 0.01));
            assert_eq!(new.len(), old.len() + 4);
            assert_eq!(new[2..new.len() - 2], old[..], "{rates}");
        }
    }

    #[test]
    fn places_do_not_depend_on_the_reach() {
        let grids = [Rates::Auto, Rates::Around(7), Rates::Around(13)];
        let [auto, seven, thirteen] = grids.map(|rates| rates.grid(0.01).unwrap());
        assert!(auto.extends() && !seven.extends() && !thirteen.extends());
        assert_eq!((auto.start(), auto.reach()), (-3..=3, -13..=13));
        for place in -3..=3 {
            assert_eq!(auto.rate(place), seven.rate(place));
            assert_eq!(auto.rate(place), thirteen.rate(place));
        }
        // What leaves the numbers is not reached for, and may not be where it starts.
        let small = Rates::Auto.grid(1e-319).unwrap();
        assert!(small.reach().all(|place| small.rate(place) > 0.0), "{small:?}");
        assert_eq!(small.start(), -3..=3);
        assert_eq!(Rates::Auto.grid(1e308), None);
    }
}
