//! An axis: its name, its range, and whether it is logarithmic.

use std::ops::Range;

use crate::spec::Plain;

/// Places on a logarithmic axis are logarithms.
#[derive(Debug)]
pub struct Axis {
    title: &'static str,
    log: bool,
    low: f64,
    high: f64,
}

impl Axis {
    /// An axis that shows all finite ones of `values`; none if there are none.
    pub fn linear(title: &'static str, values: impl IntoIterator<Item = f64>) -> Option<Self> {
        Self::over(title, false, values)
    }

    /// A logarithmic one; linear if a value is not above 0.
    pub fn log(title: &'static str, values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let values: Vec<f64> = values.into_iter().filter(|x| x.is_finite()).collect();
        if values.iter().any(|x| *x <= 0.0) {
            return Self::over(title, false, values);
        }
        Self::over(title, true, values.into_iter().map(libm::log10))
    }

    fn over(title: &'static str, log: bool, places: impl IntoIterator<Item = f64>) -> Option<Self> {
        let places = places.into_iter().filter(|x| x.is_finite());
        let (low, high) = places
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
        if low > high {
            return None;
        }
        let span = if high > low { high - low } else { low.abs().max(0.1) };
        let zero = if !log && low == 0.0 { 0.0 } else { 0.04 };
        Some(Self { title, log, low: low - zero * span, high: high + 0.04 * span })
    }

    pub const fn title(&self) -> &'static str {
        self.title
    }

    pub const fn range(&self) -> Range<f64> {
        self.low..self.high
    }

    /// Where `x` is; nowhere if it is not finite or off the axis.
    pub fn place(&self, x: f64) -> Option<f64> {
        let place = if self.log { libm::log10(x) } else { x };
        (place.is_finite() && (self.low..=self.high).contains(&place)).then_some(place)
    }

    /// Where `x` is, or the end that is nearest to it.
    pub fn clamped(&self, x: f64) -> f64 {
        let place = if self.log { libm::log10(x.max(f64::MIN_POSITIVE)) } else { x };
        place.clamp(self.low, self.high)
    }

    /// What is written at a place.
    pub fn label(&self, place: f64) -> String {
        let x = if self.log { libm::pow(10.0, place) } else { place };
        // To three digits, without zeros behind them.
        Plain(format!("{x:.2e}").parse().unwrap_or(x)).to_string()
    }
}
