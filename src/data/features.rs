//! Features: what a network is given of a point of the plane beside, or in place of, its two numbers.
//!
//! They are made of the columns as they are trained on: those of a CSV file are standardised before.

use std::f64::consts::TAU;
use std::fmt;
use std::str::FromStr;

use ndarray::{ArcArray2, Array2};
use serde::{Deserialize, Serialize};

use crate::spec::nearest;

/// A feature: its name, and its value at a point.
struct Feature {
    key: &'static str,
    at: fn(f64, f64) -> f64,
}

const fn feature(key: &'static str, at: fn(f64, f64) -> f64) -> Feature {
    Feature { key, at }
}

/// All features, in the order in which a network has them.
static TABLE: [Feature; 9] = [
    feature("x1", |x1, _| x1),
    feature("x2", |_, x2| x2),
    feature("x1^2", |x1, _| x1 * x1),
    feature("x2^2", |_, x2| x2 * x2),
    feature("x1x2", |x1, x2| x1 * x2),
    feature("sin_x1", |x1, _| libm::sin(x1)),
    feature("sin_x2", |_, x2| libm::sin(x2)),
    feature("sin_2pi_x1", |x1, _| libm::sin(TAU * x1)),
    feature("sin_2pi_x2", |_, x2| libm::sin(TAU * x2)),
];

/// The sets that the arrow keys go through; any other is typed.
pub static SETS: [&str; 6] = [
    "x1+x2",
    "x1^2+x2^2",
    "x1x2",
    "x1+x2+x1^2+x2^2+x1x2",
    "x1+x2+sin_2pi_x1+sin_2pi_x2",
    "x1+x2+x1^2+x2^2+x1x2+sin_x1+sin_x2",
];

/// The features that a network is given, in the order of the table: a bit for each. Data that are no
/// points of the plane have the plain ones, which are the columns as they are.
///
/// ```
/// # use gradlab::data::Features;
/// let features: Features = "x1x2+x1".parse().unwrap();
/// assert_eq!(features.to_string(), "x1+x1x2");
/// assert_eq!(features.input(1, |column| [2.0, 3.0][column]), 6.0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Features(u16);

impl Default for Features {
    /// The two columns as they are.
    fn default() -> Self {
        Self(0b11)
    }
}

impl Features {
    /// Returns true if they are the columns of the data as they are.
    #[must_use]
    pub fn are_plain(&self) -> bool {
        *self == Self::default()
    }

    /// The names that there are, in order.
    #[must_use]
    pub fn all_names() -> Vec<&'static str> {
        TABLE.iter().map(|feature| feature.key).collect()
    }

    /// Their names; none if they are plain, since columns have names of their own.
    #[must_use]
    pub fn names(self) -> Vec<String> {
        if self.are_plain() {
            return Vec::new();
        }
        self.chosen().map(|feature| feature.key.to_owned()).collect()
    }

    /// The number of inputs that they make of rows of so many columns.
    #[must_use]
    pub fn count(self, columns: usize) -> usize {
        if self.are_plain() { columns } else { self.0.count_ones() as usize }
    }

    /// Input `index` of the network for a row whose numbers `column` gives.
    pub fn input(self, index: usize, column: impl Fn(usize) -> f32) -> f32 {
        if self.are_plain() {
            return column(index);
        }
        let [x1, x2] = [0, 1].map(|index| f64::from(column(index)));
        self.chosen().nth(index).map_or(0.0, |feature| value(feature, (x1, x2)))
    }

    /// The inputs of the network for all `rows`.
    #[must_use]
    pub fn inputs(self, rows: &ArcArray2<f32>) -> ArcArray2<f32> {
        if self.are_plain() {
            return rows.clone();
        }
        let features: Vec<_> = self.chosen().collect();
        let mut inputs = Array2::zeros((rows.nrows(), features.len()));
        for (row, mut inputs) in rows.rows().into_iter().zip(inputs.rows_mut()) {
            let point = (f64::from(row[0]), f64::from(row[1]));
            for (input, feature) in inputs.iter_mut().zip(&features) {
                *input = value(feature, point);
            }
        }
        inputs.into_shared()
    }

    fn chosen(self) -> impl Iterator<Item = &'static Feature> {
        TABLE.iter().enumerate().filter(move |(bit, _)| self.0 >> bit & 1 == 1).map(|(_, it)| it)
    }
}

/// A feature of a point; what an `f32` does not reach is cut off there, as it is when columns are
/// scaled.
fn value(feature: &Feature, (x1, x2): (f64, f64)) -> f32 {
    (feature.at)(x1, x2).clamp(f64::from(f32::MIN), f64::from(f32::MAX)) as f32
}

impl fmt::Display for Features {
    /// As they are typed: `x1+x2+x1x2`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.chosen().map(|feature| feature.key).collect();
        f.pad(&names.join("+"))
    }
}

/// Why a text names no features.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}: {help}")]
pub struct FeaturesError {
    /// The mistake.
    pub message: String,
    /// What would be right.
    pub help: String,
}

impl FromStr for Features {
    type Err = FeaturesError;

    fn from_str(text: &str) -> Result<Self, FeaturesError> {
        let wrong = |message: String, help: String| Err(FeaturesError { message, help });
        let all = || format!("there are {}; several are joined by +", Self::all_names().join(", "));
        let mut bits = 0;
        for name in text.split('+').map(str::trim) {
            let Some(bit) = TABLE.iter().position(|feature| feature.key == name) else {
                let near = nearest(name, TABLE.iter().map(|feature| feature.key));
                let near = near.map_or_else(String::new, |near| format!("did you mean `{near}`? "));
                return wrong(format!("there is no feature `{name}`"), near + &all());
            };
            if bits >> bit & 1 == 1 {
                return wrong(format!("`{name}` is named twice"), "name it once".to_owned());
            }
            bits |= 1 << bit;
        }
        Ok(Self(bits))
    }
}

impl TryFrom<String> for Features {
    type Error = FeaturesError;
    fn try_from(text: String) -> Result<Self, FeaturesError> {
        text.parse()
    }
}

impl From<Features> for String {
    fn from(features: Features) -> Self {
        features.to_string()
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    fn features(text: &str) -> Features {
        text.parse().unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn each_has_the_value_that_its_name_says() {
        let (x1, x2) = (0.3_f64, -0.7_f64);
        for (name, value) in [
            ("x1", x1),
            ("x2", x2),
            ("x1^2", 0.09),
            ("x2^2", 0.49),
            ("x1x2", -0.21),
            ("sin_x1", 0.295_520_206_661_339_6),
            ("sin_x2", -0.644_217_687_237_691),
            ("sin_2pi_x1", 0.951_056_516_295_153_5),
            ("sin_2pi_x2", 0.951_056_516_295_153_5),
        ] {
            let given = features(name).input(0, |column| [x1 as f32, x2 as f32][column]);
            assert!((f64::from(given) - value).abs() < 1e-6, "{name}: {given}");
        }
    }

    #[test]
    fn a_row_at_a_time_and_all_rows_are_the_same() {
        let rows = array![[0.25_f32, -3.5], [f32::MAX, f32::MIN], [0.0, -0.0]].into_shared();
        for set in SETS.iter().copied().chain(Features::all_names()) {
            let features = features(set);
            let inputs = features.inputs(&rows);
            assert_eq!(inputs.dim(), (3, features.count(2)), "{set}");
            assert_eq!(features.to_string(), set);
            for ((row, index), input) in inputs.indexed_iter() {
                assert!(input.is_finite());
                assert_eq!(features.input(index, |column| rows[(row, column)]), *input);
            }
        }
    }

    #[test]
    fn the_plain_ones_are_the_columns_whatever_their_number() {
        let plain = features("x2+x1");
        assert!(plain.are_plain() && plain.names().is_empty());
        assert_eq!((plain.count(64), plain.input(40, |column| column as f32)), (64, 40.0));
    }

    #[test]
    fn what_is_no_feature_is_refused_with_the_ones_there_are() {
        for (text, expected) in [
            ("", "there is no feature ``"),
            ("x1+x3", "there is no feature `x3`: did you mean `x1`?"),
            ("x1+x1", "`x1` is named twice"),
            ("sin_x", "did you mean `sin_x1`?"),
        ] {
            let error = text.parse::<Features>().unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
