//! An axis: its name, its range, and whether it is logarithmic.

use std::ops::Range;

use crate::spec::Plain;

/// Places on a logarithmic axis are logarithms.
#[derive(Debug)]
pub struct Axis {
    title: String,
    log: bool,
    /// Whether there are values that a logarithm has no place for: they lie at the lower end.
    floor: bool,
    low: f64,
    high: f64,
}

impl Axis {
    /// An axis that shows all finite ones of `values`; none if there are none.
    pub fn linear(title: &'static str, values: impl IntoIterator<Item = f64>) -> Option<Self> {
        Self::over(title, false, values)
    }

    /// A logarithmic one, with values of 0 at its lower end; linear if a value is below 0, or none
    /// above.
    pub fn log(title: &'static str, values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let values: Vec<f64> = values.into_iter().filter(|x| x.is_finite()).collect();
        let positive = values.iter().copied().filter(|x| *x > 0.0);
        if values.iter().any(|x| *x < 0.0) || positive.clone().count() == 0 {
            return Self::over(title, false, values);
        }
        let axis = Self::over(title, true, positive.map(libm::log10))?;
        if values.iter().all(|x| *x > 0.0) {
            return Some(axis);
        }
        // Room below the least positive value, so that it is not taken for 0.
        let low = axis.low - 0.08 * (axis.high - axis.low);
        Some(Self { title: format!("{title} (0 at the lower edge)"), floor: true, low, ..axis })
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
        Some(Self {
            title: title.to_owned(),
            log,
            floor: false,
            low: low - zero * span,
            high: high + 0.04 * span,
        })
    }

    pub fn title(&self) -> &str {
        &self.title
    }

    pub const fn range(&self) -> Range<f64> {
        self.low..self.high
    }

    /// Where `x` is; nowhere if it is not finite or off the axis.
    pub fn place(&self, x: f64) -> Option<f64> {
        if self.floor && x == 0.0 {
            return Some(self.low);
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn losses_of_zero_lie_at_the_lower_end_of_a_logarithmic_axis() {
        let axis = Axis::log("loss", [0.0, 1e-4, 1.0, f64::NAN]).unwrap();
        assert_eq!(axis.place(0.0), Some(axis.low));
        let least = axis.place(1e-4).unwrap();
        assert!(least > axis.low && axis.place(1.0).unwrap() > least);
        assert_eq!(axis.title(), "loss (0 at the lower edge)");
        assert_eq!(axis.place(f64::NAN), None);
        assert_eq!(Axis::log("loss", [0.1, 1.0]).unwrap().place(0.0), None);
    }

    #[test]
    fn losses_below_zero_make_the_axis_linear() {
        let axis = Axis::log("loss", [-2.0, 0.0, 1.0]).unwrap();
        assert_eq!([-2.0, 0.0, 1.0].map(|x| axis.place(x)), [Some(-2.0), Some(0.0), Some(1.0)]);
        assert!(Axis::log("loss", [0.0, 0.0]).unwrap().place(0.0).is_some());
        assert!(Axis::log("loss", [f64::NAN]).is_none());
    }
}
