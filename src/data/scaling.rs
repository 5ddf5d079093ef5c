//! How the numbers of a column stand to those of its source.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How the numbers of a column stand to those of its source.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scaling {
    /// They are the same and stay so.
    AsIs,
    /// They are the same until [`super::Dataset::split`] standardises them.
    Pending,
    /// They are `(source − offset) / unit`.
    By {
        /// The source's number that has become 0.
        offset: f64,
        /// The distance in the source that has become 1.
        unit: f64,
    },
}

/// The scale of real-valued targets in training.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetScale {
    /// They are standardised by the training rows, if their source does not forbid it.
    Standardised,
    /// They are the source's own numbers.
    Raw,
}

impl fmt::Display for TargetScale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Standardised => "standardised",
            Self::Raw => "raw",
        })
    }
}

impl Scaling {
    /// The scaling that gives `column` a mean of 0 and a (population) standard deviation of 1. That
    /// of a constant column counts as 1, so that it becomes 0. NaN stands for a missing number and is
    /// left out.
    ///
    /// Numbers are taken relative to the first and to the largest, so that neither an offset far
    /// larger than the differences nor squares too large or small for an `f64` cost digits.
    #[must_use]
    pub fn standardising(column: &[f64]) -> Self {
        let known = || column.iter().copied().filter(|x| !x.is_nan());
        let Some(first) = known().next() else { return Self::By { offset: 0.0, unit: 1.0 } };
        if known().all(|x| x == first) {
            return Self::By { offset: first, unit: 1.0 };
        }
        let largest = known().fold(0.0, |largest: f64, x| largest.max(x.abs()));
        let scale = inverse_magnitude(largest);
        let difference = |x: f64| x * scale - first * scale;
        let count = known().count() as f64;
        let shift = known().map(difference).sum::<f64>() / count;
        let squares = known().map(|x| difference(x) - shift).map(|d| d * d);
        let deviation = libm::sqrt(squares.sum::<f64>() / count);
        let offset = (first * scale + shift) / scale;
        // Not rounded to 0 where the numbers are subnormal.
        Self::By { offset, unit: (deviation / scale).max(f64::from_bits(1)) }
    }

    /// The number for training behind the source's number `x`. It is finite: what lies farther from
    /// the mean than an `f32` reaches is cut off there, and a missing number, NaN, is the mean.
    #[must_use]
    pub fn apply(self, x: f64) -> f32 {
        let scaled = match self {
            Self::AsIs | Self::Pending => x,
            Self::By { offset, unit } => {
                let difference = x - offset;
                if difference.is_finite() { difference / unit } else { x / unit - offset / unit }
            }
        };
        if scaled.is_nan() {
            return 0.0;
        }
        scaled.clamp(f64::from(f32::MIN), f64::from(f32::MAX)) as f32
    }

    /// The source's number behind `x`.
    #[must_use]
    pub fn undo(self, x: f64) -> f64 {
        match self {
            Self::AsIs | Self::Pending => x,
            Self::By { offset, unit } => x.mul_add(unit, offset),
        }
    }

    /// The distance in the source that is 1 here.
    #[must_use]
    pub const fn unit(self) -> f64 {
        match self {
            Self::AsIs | Self::Pending => 1.0,
            Self::By { unit, .. } => unit,
        }
    }
}

/// A power of two that takes numbers up to `largest` to within ±2, as far as there is one.
fn inverse_magnitude(largest: f64) -> f64 {
    let exponent = (largest.to_bits() >> 52) as i64 - 1023;
    let inverse = (-exponent).clamp(-1022, 1023);
    f64::from_bits(((inverse + 1023) as u64) << 52)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scaling_can_be_undone() {
        assert_eq!(Scaling::By { offset: 10.0, unit: 4.0 }.undo(0.5), 12.0);
        assert_eq!(Scaling::AsIs.undo(0.5), 0.5);
    }

    /// Columns of which a single-precision or naive computation leaves nothing, and the standardised
    /// numbers of 0, 1, 2, 3, which all of them are but for offset and unit.
    #[test]
    fn too_early_into_f32() {
        let expected = [-1.341_640_786, -0.447_213_595, 0.447_213_595, 1.341_640_786];
        for (offset, unit) in [
            (0.0, 1.0),
            (1.7e9, 1.0),
            (1e9, 1e-3),
            (-4e15, 8.0),
            (0.0, 1e-300),
            (0.0, 1e300),
            (0.0, -5e307),
            (-8.8e307, 5.8e307),
            (0.0, 5e-320),
            (1.0, 1e-12),
        ] {
            let column: Vec<f64> = (0..4).map(|i| f64::from(i) * unit + offset).collect();
            let scaling = Scaling::standardising(&column);
            for (x, expected) in column.iter().zip(expected) {
                let found = f64::from(scaling.apply(*x)) * unit.signum();
                assert!((found - expected).abs() < 1e-3, "{offset} {unit}: {found} {expected}");
                let back = scaling.undo(f64::from(scaling.apply(*x)));
                let error = (back - x).abs();
                assert!(error <= 1e-6 * unit.abs().max(1e-318) + 1e-15 * offset.abs());
            }
        }
    }

    #[test]
    fn constant_columns_become_0_and_far_outliers_stay_finite() {
        for x in [0.0, 0.1, 1e300, -5e-324] {
            let scaling = Scaling::standardising(&[x; 7]);
            assert_eq!(scaling, Scaling::By { offset: x, unit: 1.0 });
            assert_eq!(scaling.apply(x), 0.0);
        }
        assert_eq!(Scaling::standardising(&[0.0, 1.0]).apply(-1e300), f32::MIN);
        let missing = Scaling::standardising(&[f64::NAN, 4.0, 8.0, f64::NAN]);
        assert_eq!(missing, Scaling::By { offset: 6.0, unit: 2.0 });
        assert_eq!([f64::NAN, 8.0].map(|x| missing.apply(x)), [0.0, 1.0]);
        assert_eq!(Scaling::standardising(&[f64::NAN]).apply(f64::NAN), 0.0);
        let last_digit = [1e15, 1e15 + 0.125, 1e15, 1e15 + 0.125];
        let scaling = Scaling::standardising(&last_digit);
        assert_eq!(scaling.apply(last_digit[1]) - scaling.apply(last_digit[0]), 2.0);
    }
}
