//! Data sets: generators, built-in tables and the user's own, and how they are split.

use ndarray::Array2;

/// Rows with a target each.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    /// What is shown as its name.
    pub name: String,
    /// Inputs: a sample a row, a feature a column.
    pub x: Array2<f32>,
    /// What is to be predicted.
    pub target: Target,
    /// A name for each feature.
    pub features: Vec<String>,
    /// Rows that hold an image, if they do: height and width of its pixels.
    pub image: Option<(usize, usize)>,
    /// What the reader should know: rows dropped, columns made one-hot …
    pub notes: Vec<String>,
}

/// What is to be predicted for each row.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
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
        values: Array2<f32>,
        /// A name for each column.
        names: Vec<String>,
    },
}

/// A data set in two parts.
#[derive(Clone, Debug, PartialEq)]
pub struct Split {
    /// What training sees.
    pub train: Dataset,
    /// What is held out.
    pub test: Dataset,
}

/// A row of [`TABLE`].
pub struct Entry {
    /// Its description.
    pub card: &'static crate::spec::Card,
    /// Makes it; generators draw from the stream.
    pub load: fn(&crate::spec::Pick, &mut crate::rng::Stream) -> Dataset,
}

/// Every data set that can be picked, in the order in which it is shown.
pub static TABLE: &[Entry] = &[];
