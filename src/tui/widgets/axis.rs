//! Axes: from numbers to places between 0 and 1, with ticks at round numbers.

use super::format;

/// How an axis spreads its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Evenly.
    Linear,
    /// By powers of ten; numbers of 0 and less have no place.
    Log,
    /// Evenly, with shares of 1 shown as percentages.
    Percent,
}

impl Scale {
    /// The scale of a loss with these values: linear, although a logarithmic one is wanted, where
    /// most of them are below 0 and would have no place on it.
    pub fn of_loss(wanted_log: bool, values: impl IntoIterator<Item = f64>) -> Self {
        let (mut count, mut negative) = (0, 0);
        for value in values {
            count += 1;
            negative += usize::from(value < 0.0);
        }
        if wanted_log && 2 * negative <= count { Self::Log } else { Self::Linear }
    }

    /// The scale in words, which depends on whether a logarithmic one was wanted.
    #[must_use]
    pub const fn name(self, wanted_log: bool) -> &'static str {
        match (self, wanted_log) {
            (Self::Log, _) => "log",
            (Self::Linear, true) => "linear, for losses below 0",
            (Self::Linear, false) => "linear",
            (Self::Percent, _) => "",
        }
    }
}

/// A labelled place on an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// Where it is, from 0 to 1.
    pub place: f64,
    /// What stands beside it.
    pub label: String,
}

/// A finite, non-empty range of numbers on a scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    scale: Scale,
    /// Bounds; of the decimal logarithm on a logarithmic scale.
    low: f64,
    high: f64,
}

/// Bounds are held here, so that no difference overflows.
const HUGE: f64 = 1e300;

impl Axis {
    /// Spans `values`, widened to round numbers so that the axis rests while values come in.
    /// Those that have no place are left out.
    pub fn fit(scale: Scale, values: impl IntoIterator<Item = f64>) -> Self {
        let bounds = values
            .into_iter()
            .filter(|&value| has_place(scale, value))
            .map(|value| value.clamp(-HUGE, HUGE))
            .fold(None, |bounds, value| match bounds {
                None => Some((value, value)),
                Some((low, high)) => Some((value.min(low), value.max(high))),
            });
        let (low, high) = match (scale, bounds) {
            (Scale::Log, bounds) => round_decades(bounds.unwrap_or((0.1, 1.0))),
            (Scale::Linear, bounds) => round_range(bounds.unwrap_or((0.0, 1.0))),
            (Scale::Percent, bounds) => {
                let (low, high) = bounds.unwrap_or((0.0, 1.0));
                let start = [0.9, 0.5].into_iter().find(|start| low >= *start).unwrap_or(0.0);
                (start.min(low), high.max(1.0))
            }
        };
        Self { scale, low, high }
    }

    /// From 0 to `last` or a round number little above, so that a growing run seldom moves it.
    #[must_use]
    pub fn steps(last: f64) -> Self {
        const ROUND: [f64; 10] = [1.2, 1.6, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0];
        let last = if last.is_finite() { last.clamp(1.0, HUGE) } else { 1.0 };
        let power = 10f64.powf(last.log10().floor());
        let mantissa = last / power;
        let round = ROUND.into_iter().find(|round| *round >= mantissa * 0.999_999).unwrap_or(10.0);
        let high = if mantissa <= 1.000_001 { power } else { round * power };
        Self { scale: Scale::Linear, low: 0.0, high }
    }

    /// Exactly from `low` to `high`, in either order. Bounds without a place fall back to [`Axis::fit`].
    #[must_use]
    pub fn exact(scale: Scale, low: f64, high: f64) -> Self {
        let fitted = Self::fit(scale, [low, high]);
        let on_scale = |value: f64| match scale {
            Scale::Log => value.log10(),
            Scale::Linear | Scale::Percent => value.clamp(-HUGE, HUGE),
        };
        let (low, high) = (low.min(high), low.max(high));
        let spread = on_scale(high) - on_scale(low);
        if has_place(scale, low) && has_place(scale, high) && spread > 0.0 {
            Self { low: on_scale(low), high: on_scale(high), ..fitted }
        } else {
            fitted
        }
    }

    /// Its bounds on a linear scale.
    #[must_use]
    pub const fn bounds(&self) -> (f64, f64) {
        (self.low, self.high)
    }

    /// Where `value` lies, from 0 to 1 within the bounds; nothing for numbers without a place.
    #[must_use]
    pub fn place(&self, value: f64) -> Option<f64> {
        has_place(self.scale, value).then(|| self.share(value))
    }

    /// Where a bound of a band lies: on the edge when it is infinite or not on the scale.
    #[must_use]
    pub fn edge(&self, value: f64) -> f64 {
        if self.scale == Scale::Log && value <= 0.0 { 0.0 } else { self.share(value) }
    }

    fn share(&self, value: f64) -> f64 {
        let value = if self.scale == Scale::Log { value.log10() } else { value.clamp(-HUGE, HUGE) };
        (value - self.low) / (self.high - self.low)
    }

    /// At most `most` ticks, but up to two where one would not say how long the axis is.
    #[must_use]
    pub fn ticks(&self, most: usize) -> Vec<Tick> {
        match self.scale {
            Scale::Log => self.log_ticks(most),
            Scale::Linear | Scale::Percent => self.linear_ticks(most),
        }
    }

    fn linear_ticks(&self, most: usize) -> Vec<Tick> {
        if most == 0 {
            return Vec::new();
        }
        let span = self.high - self.low;
        let bounds = |step: f64| {
            ((self.low / step - 1e-9).ceil() as i64, (self.high / step + 1e-9).floor() as i64)
        };
        let mut step = round_up(span / most as f64);
        if bounds(step).0 >= bounds(step).1 {
            step = round_up(step * 0.4);
        }
        let (first, last) = bounds(step);
        let stride = ((last - first + 1).max(1) as usize).div_ceil(most.max(2)) as i64;
        let aligned = first + (-first).rem_euclid(stride);
        let (first, label_step) =
            if aligned + stride <= last { (aligned, step * stride as f64) } else { (first, step) };
        (first..=last)
            .step_by(stride as usize)
            .map(|i| {
                let value = i as f64 * step;
                let label = match self.scale {
                    Scale::Percent => format!("{:.0}%", value * 100.0),
                    _ => format::tick(value, label_step),
                };
                Tick { place: (value - self.low) / span, label }
            })
            .collect()
    }

    fn log_ticks(&self, most: usize) -> Vec<Tick> {
        let within = |exponent: &f64| (self.low - 1e-9..=self.high + 1e-9).contains(exponent);
        let decades: Vec<f64> = whole(self.low.floor(), self.high.ceil()).filter(within).collect();
        let marks: Vec<(f64, String)> = if decades.len() >= 2 {
            let stride = decades.len().div_ceil(most.max(2));
            decades.into_iter().step_by(stride).map(|e| (e, format!("1e{e:.0}"))).collect()
        } else {
            let ticks: Vec<_> = whole(self.low.floor(), self.high.ceil())
                .flat_map(|e| [1.0f64, 2.0, 5.0].map(|m| (e + m.log10(), format!("{m:.0}e{e:.0}"))))
                .filter(|(exponent, _)| within(exponent))
                .collect();
            let stride = ticks.len().saturating_sub(1).div_ceil(most.max(2) - 1).max(1);
            ticks.into_iter().step_by(stride).collect()
        };
        let place = |exponent: f64| (exponent - self.low) / (self.high - self.low);
        marks.into_iter().map(|(e, label)| Tick { place: place(e), label }).collect()
    }
}

fn has_place(scale: Scale, value: f64) -> bool {
    value.is_finite() && (scale != Scale::Log || value > 0.0)
}

fn whole(from: f64, to: f64) -> impl Iterator<Item = f64> {
    (from as i32..=to as i32).map(f64::from)
}

/// The least of 1, 2 and 5 times a power of ten that is no less than `value`.
fn round_up(value: f64) -> f64 {
    let power = 10f64.powf(value.max(1e-305).log10().floor());
    let round = [1.0, 2.0, 5.0, 10.0].into_iter().find(|m| m * power >= value * (1.0 - 1e-9));
    round.unwrap_or(10.0) * power
}

/// A linear range widened to ticks.
fn round_range((low, high): (f64, f64)) -> (f64, f64) {
    let least = (low.abs().max(high.abs()) * 1e-6).max(1e-290);
    let step = round_up(((high - low) / 8.0).max(least));
    let (first, last) = ((low / step).floor(), (high / step).ceil());
    if first < last {
        (first * step, last * step)
    } else {
        ((first - 1.0) * step, (last + 1.0) * step)
    }
}

/// A range of positive numbers as decimal logarithms, widened to 1, 2 or 5 times a power of ten.
fn round_decades((low, high): (f64, f64)) -> (f64, f64) {
    let marks = |value: f64| {
        let decade = value.log10().floor();
        (decade, [0.0, 2f64.log10(), 5f64.log10(), 1.0].map(|mantissa| decade + mantissa))
    };
    let below = |value: f64, strict: f64| {
        let (decade, marks) = marks(value);
        let fits = |mark: &f64| *mark <= value.log10() + 1e-9 - strict;
        marks.into_iter().rev().find(fits).unwrap_or(decade - 5f64.log10().mul_add(-1.0, 1.0))
    };
    let above = |value: f64, strict: f64| {
        let (decade, marks) = marks(value);
        let fits = |mark: &f64| *mark >= value.log10() - 1e-9 + strict;
        marks.into_iter().find(fits).unwrap_or(decade + 1.0 + 2f64.log10())
    };
    let (first, last) = (below(low, 0.0), above(high, 0.0));
    if last - first > 1e-6 { (first, last) } else { (below(low, 2e-9), above(high, 2e-9)) }
}

#[cfg(test)]
mod tests {
    use super::super::testing::NASTY;
    use super::*;

    fn labels(axis: Axis, most: usize) -> Vec<String> {
        axis.ticks(most).into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn ticks_are_round() {
        let linear = |low, high| Axis::exact(Scale::Linear, low, high);
        for (axis, most, expected) in [
            (linear(0.0, 12_000.0), 4, vec!["0", "5k", "10k"]),
            (linear(0.0, 1.0), 6, vec!["0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
            (linear(-3.0, 3.0), 4, vec!["-2", "0", "2"]),
            (Axis::exact(Scale::Log, 1e-3, 1.0), 9, vec!["1e-3", "1e-2", "1e-1", "1e0"]),
            (Axis::exact(Scale::Log, 1e-6, 1.0), 4, vec!["1e-6", "1e-4", "1e-2", "1e0"]),
            (Axis::exact(Scale::Log, 0.1, 0.6), 9, vec!["1e-1", "2e-1", "5e-1"]),
            (Axis::fit(Scale::Percent, [0.3]), 3, vec!["0%", "50%", "100%"]),
            (linear(0.0, 1.0), 0, vec![]),
        ] {
            assert_eq!(labels(axis, most), expected, "{axis:?}");
        }
    }

    #[test]
    fn fitting_rounds_outward() {
        for (scale, values, low, high) in [
            (Scale::Linear, vec![0.13, 0.88], 0.1, 0.9),
            (Scale::Linear, vec![-1.0, f64::NAN, 9.0, f64::INFINITY], -2.0, 10.0),
            (Scale::Log, vec![0.03, 0.9, 0.0, -4.0], 0.02, 1.0),
            (Scale::Log, vec![0.5], 0.2, 1.0),
            (Scale::Percent, vec![0.93, 0.99], 0.9, 1.0),
            (Scale::Percent, vec![], 0.0, 1.0),
        ] {
            let axis = Axis::fit(scale, values);
            assert!(axis.share(low).abs() < 1e-6, "{axis:?}: {low}");
            assert!((axis.share(high) - 1.0).abs() < 1e-6, "{axis:?}: {high}");
        }
    }

    #[test]
    fn a_growing_run_seldom_moves_its_axis() {
        for (last, high) in [(0.0, 1.0), (1000.0, 1000.0), (1001.0, 1200.0), (12_400.0, 16_000.0)] {
            assert!((Axis::steps(last).high - high).abs() < 1e-6, "{last}");
        }
    }

    #[test]
    fn nasty_bounds_still_make_an_axis() {
        for scale in [Scale::Linear, Scale::Log, Scale::Percent] {
            for a in NASTY {
                for b in NASTY {
                    for axis in [Axis::exact(scale, a, b), Axis::fit(scale, [a, b]), Axis::steps(a)]
                    {
                        assert!(axis.low < axis.high, "{axis:?} from {a} and {b}");
                        assert!(axis.low.is_finite() && axis.high.is_finite(), "{axis:?}");
                        for most in [0, 1, 2, 5, 100] {
                            let ticks = axis.ticks(most);
                            assert!(ticks.len() <= most.max(2), "{axis:?} {most}: {ticks:?}");
                            assert!(
                                ticks.iter().all(|t| (-0.01..=1.01).contains(&t.place)),
                                "{axis:?} {ticks:?}"
                            );
                        }
                    }
                }
            }
        }
    }
}
