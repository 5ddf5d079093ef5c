//! An axis for numbers of both signs: evenly spread, or by powers of ten on either side of 0.

use super::axis::{Axis, Scale, Tick};

/// The most decades on one side of 0.
const DECADES: i32 = 8;

/// An axis up which values lie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ValueAxis {
    /// Evenly spread.
    Linear(Axis),
    /// Logarithmically from a smallest size on, and evenly below that.
    Symlog {
        /// The decimal exponent of the smallest size.
        floor: i32,
        /// The least and the greatest place, in decades from 0, of which the first is even.
        ends: (f64, f64),
    },
}

impl ValueAxis {
    /// An even axis over `low` to `high`, widened to round numbers.
    #[must_use]
    pub fn linear(low: f64, high: f64) -> Self {
        Self::Linear(Axis::fit(Scale::Linear, [low, high]))
    }

    /// A symmetric logarithmic axis over `low` to `high` that tells sizes from `smallest` on apart,
    /// widened to powers of ten.
    #[must_use]
    pub fn symlog(low: f64, high: f64, smallest: f64) -> Self {
        let decade = |size: f64| size.abs().clamp(1e-300, 1e300).log10();
        let largest = low.abs().max(high.abs());
        let largest = if largest.is_finite() && largest > 0.0 { largest } else { 1.0 };
        let top = (decade(largest) - 1e-9).ceil() as i32;
        let smallest = if smallest.is_finite() && smallest > 0.0 { smallest } else { largest };
        let floor = (decade(smallest).floor() as i32).clamp(top - DECADES, top - 1);
        let end = |value: f64| {
            let decades = (decade(value) - 1e-9).ceil() - f64::from(floor) + 1.0;
            if value == 0.0 || !value.is_finite() { 0.0 } else { decades.max(1.0) * value.signum() }
        };
        let (low, high) = (end(low.min(0.0)), end(high.max(0.0)));
        Self::Symlog { floor, ends: if low < high { (low, high) } else { (-1.0, 1.0) } }
    }

    /// Where a finite value lies, from 0 to 1 within the bounds; perhaps without end beyond them.
    #[must_use]
    pub fn place(&self, value: f64) -> f64 {
        match self {
            Self::Linear(axis) => axis.place(value).unwrap_or(0.5),
            Self::Symlog { floor, ends: (low, high) } => {
                let share = value / 10f64.powi(*floor);
                let decades = match share.abs() {
                    size if size <= 1.0 => share,
                    _ => (value.abs().log10() - f64::from(*floor) + 1.0) * value.signum(),
                };
                (decades - low) / (high - low)
            }
        }
    }

    /// At most `most` ticks, or two.
    #[must_use]
    pub fn ticks(&self, most: usize) -> Vec<Tick> {
        let (floor, (low, high)) = match self {
            Self::Linear(axis) => return axis.ticks(most),
            Self::Symlog { floor, ends } => (*floor, *ends),
        };
        let place = |decades: f64| (decades - low) / (high - low);
        let exponent = |decades: i32| floor + decades.abs() - 1;
        let all: Vec<i32> = (low as i32..=high as i32).collect();
        // The same distance from 0 on either side, so that 0 keeps its tick.
        let stride = (1..=all.len() as i32)
            .find(|stride| all.iter().filter(|it| *it % stride == 0).count() <= most.max(2));
        let ticks = all.into_iter().filter(|it| it % stride.unwrap_or(1) == 0);
        ticks
            .map(|it| {
                let sign = if it < 0 { "-" } else { "" };
                let label = match it {
                    0 => "0".to_owned(),
                    _ => format!("{sign}1e{}", exponent(it)),
                };
                Tick { place: place(f64::from(it)), label }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::NASTY;
    use super::*;

    fn labels(axis: ValueAxis, most: usize) -> Vec<String> {
        axis.ticks(most).into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn both_sides_of_0_are_alike() {
        let axis = ValueAxis::symlog(-0.03, 0.05, 2e-4);
        assert_eq!(
            labels(axis, 9),
            ["-1e-1", "-1e-2", "-1e-3", "-1e-4", "0", "1e-4", "1e-3", "1e-2", "1e-1"]
        );
        assert_eq!(labels(axis, 5), ["-1e-1", "-1e-3", "0", "1e-3", "1e-1"]);
        assert_eq!(labels(axis, 1), ["0"]);
        assert!((axis.place(0.0) - 0.5).abs() < 1e-12);
        assert!((axis.place(1e-2) + axis.place(-1e-2) - 1.0).abs() < 1e-12);
        assert!((axis.place(0.1) - 1.0).abs() < 1e-9 && axis.place(5e-5) < axis.place(1e-4));
    }

    #[test]
    fn one_side_is_enough_for_values_of_one_sign() {
        let axis = ValueAxis::symlog(0.0, 3.0, 0.02);
        assert_eq!(labels(axis, 9), ["0", "1e-2", "1e-1", "1e0", "1e1"]);
        assert!(axis.place(0.0).abs() < 1e-12);
    }

    #[test]
    fn nasty_bounds_still_make_an_axis() {
        for low in NASTY {
            for high in NASTY {
                for smallest in NASTY {
                    for axis in
                        [ValueAxis::symlog(low, high, smallest), ValueAxis::linear(low, high)]
                    {
                        for most in [0, 1, 2, 5, 50] {
                            let ticks = axis.ticks(most);
                            assert!(ticks.len() <= most.max(2), "{axis:?} {most} {ticks:?}");
                            assert!(
                                ticks.iter().all(|it| (-0.01..=1.01).contains(&it.place)),
                                "{axis:?} {ticks:?}"
                            );
                        }
                        assert!(axis.place(0.0).is_finite() && !axis.place(1e300).is_nan());
                    }
                }
            }
        }
    }
}
