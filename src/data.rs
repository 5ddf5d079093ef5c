//! Data sets: generators, built-in tables and the user's own, and how they are split and batched.

use std::ops::Deref;

use ndarray::Array2;

use crate::rng::Stream;
use crate::spec::{Base, Pick};

pub mod batch;
pub mod csv;
mod features;
mod generator;
mod scaling;
mod split;
mod table;

pub use batch::{Batcher, Samples};
pub use features::{Features, FeaturesError, SETS as FEATURE_SETS};
pub use generator::{Painted, Point, painted};
pub use scaling::{Scaling, TargetScale};
pub use split::{Part, Split};

use generator::generator;
use table::table;

/// Every data set that can be picked, in the order in which it is shown.
pub static TABLE: &[Entry] = &[
    generator::<generator::Spirals>(),
    generator::<generator::Circles>(),
    generator::<generator::Xor>(),
    generator::<generator::Moons>(),
    generator::<generator::Blobs>(),
    generator::<generator::Checkerboard>(),
    generator::<generator::Painted>(),
    generator::<generator::Sine>(),
    generator::<generator::Plane>(),
    generator::<generator::Valley>(),
    generator::<generator::Adding>(),
    generator::<generator::Recall>(),
    generator::<generator::Parity>(),
    generator::<generator::Wave>(),
    generator::<generator::Words>(),
    table::<table::Iris>(),
    table::<table::Wine>(),
    table::<table::BreastCancer>(),
    table::<table::Penguins>(),
    table::<table::Digits>(),
];

/// The note on columns that are standardised.
const STANDARDISED: &str = "numeric features standardised by the training rows";

/// A row of [`TABLE`].
pub struct Entry {
    base: Base,
    loader: fn(&Pick, &mut Stream) -> Dataset,
    task: fn(&Pick) -> Task,
    extent: fn(&Pick) -> Extent,
    schema: fn(&Pick) -> csv::Schema,
}

impl Deref for Entry {
    type Target = Base;
    fn deref(&self) -> &Base {
        &self.base
    }
}

impl Entry {
    /// The data with the parameters picked; generators draw from the stream, tables do not.
    #[must_use]
    pub fn load(&self, pick: &Pick, stream: &mut Stream) -> Dataset {
        (self.loader)(pick, stream)
    }

    /// The quantity that is predicted, known before the data is made.
    #[must_use]
    pub fn task(&self, pick: &Pick) -> Task {
        (self.task)(pick)
    }

    /// The way from a file with a column for each feature to rows such as it has.
    #[must_use]
    pub fn schema(&self, pick: &Pick) -> csv::Schema {
        (self.schema)(pick)
    }

    /// Inputs of a network that learns it, known before the data is made.
    #[must_use]
    pub fn extent(&self, pick: &Pick) -> Extent {
        (self.extent)(pick)
    }
}

/// The numbers of a sample: a sequence of steps of so many features, step after step. What is no
/// sequence is a single step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// Steps.
    pub steps: usize,
    /// Numbers of a step.
    pub features: usize,
}

impl Extent {
    /// That of so many numbers which are no sequence.
    #[must_use]
    pub const fn plain(features: usize) -> Self {
        Self { steps: 1, features }
    }

    /// All numbers.
    #[must_use]
    pub const fn numbers(self) -> usize {
        self.steps * self.features
    }

    /// Whether it is a sequence.
    #[must_use]
    pub const fn is_sequence(self) -> bool {
        self.steps > 1
    }

    /// Whether it is a point of the plane.
    #[must_use]
    pub const fn is_plane(self) -> bool {
        self.steps == 1 && self.features == 2
    }
}

/// What is predicted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// One of this many classes.
    Classes(usize),
    /// This many real values.
    Values(usize),
}

/// Rows with a target each, in the numbers of their source.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    /// What is shown as its name.
    pub name: String,
    /// Inputs: a sample a row, a feature a column. They become `f32` when the data is split, after
    /// they have been standardised.
    pub x: Array2<f64>,
    /// What is to be predicted.
    pub target: Target,
    /// A name for each feature.
    pub features: Vec<String>,
    /// How the numbers of each feature stand to those of its source.
    pub scaling: Vec<Scaling>,
    /// Rows that hold an image, if they do: height and width of its pixels, row after row, each
    /// from 0 to 1.
    pub image: Option<(usize, usize)>,
    /// The inputs that a picture of the plane shows at least, in the units of the source.
    pub shown: Option<(f64, f64)>,
    /// The line of its file on which each row begins, from 1; empty if there is no file.
    pub lines: Vec<usize>,
    /// What the reader should know: rows dropped, columns made one-hot …
    pub notes: Vec<String>,
}

impl Dataset {
    /// Rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.x.nrows()
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What is predicted.
    #[must_use]
    pub fn task(&self) -> Task {
        match &self.target {
            Target::Classes { names, .. } => Task::Classes(names.len()),
            Target::Values { names, .. } => Task::Values(names.len()),
        }
    }

    /// The place of a row for a reader: the line of its file, or its number, from 1.
    #[must_use]
    pub fn place(&self, row: usize) -> String {
        match self.lines.get(row) {
            Some(line) => format!("line {line}"),
            None => format!("row {}", row + 1),
        }
    }
}

/// What is to be predicted for each row.
#[derive(Clone, Debug, PartialEq)]
pub enum Target<F = f64> {
    /// One of several classes.
    Classes {
        /// A class number for each row.
        labels: Vec<usize>,
        /// A name for each class.
        names: Vec<String>,
    },
    /// Real values.
    Values {
        /// A value a column for each row.
        values: Array2<F>,
        /// A name for each column.
        names: Vec<String>,
        /// How the numbers of each column stand to those of its source.
        scaling: Vec<Scaling>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, stream};

    #[test]
    fn each_entry_gives_the_task_and_features_that_it_promises() {
        for entry in TABLE {
            let pick = Pick::new(entry.card);
            let data = entry.load(&pick, &mut stream(1, Purpose::Data));
            let key = entry.card.key;
            assert_eq!(data.name, key);
            assert_eq!(data.task(), entry.task(&pick), "{key}");
            assert_eq!(data.x.ncols(), entry.extent(&pick).numbers(), "{key}");
            assert_eq!(data.features.len(), data.x.ncols(), "{key}");
            assert_eq!(data.scaling.len(), data.x.ncols(), "{key}");
            assert!(data.x.iter().all(|x| x.is_finite()), "{key}");
            match &data.target {
                Target::Classes { labels, names } => {
                    assert_eq!(labels.len(), data.len(), "{key}");
                    assert!(labels.iter().all(|&label| label < names.len()), "{key}");
                }
                Target::Values { values, names, scaling } => {
                    assert_eq!(values.dim(), (data.len(), names.len()), "{key}");
                    assert_eq!(scaling.len(), names.len(), "{key}");
                }
            }
        }
    }

    #[test]
    fn keys_are_unique() {
        for (i, entry) in TABLE.iter().enumerate() {
            assert!(TABLE[..i].iter().all(|other| other.card.key != entry.card.key));
        }
    }
}
