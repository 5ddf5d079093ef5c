//! The data of an experiment: a data set of the catalog, or a CSV file.

use std::path::PathBuf;
use std::sync::Arc;

use crate::catalog;
use crate::data::csv::{self, Options, Schema};
use crate::data::{Dataset, Extent, Features, Task};
use crate::rng::{Purpose, stream};
use crate::spec::Pick;

/// The data of an experiment.
#[derive(Clone, Debug, PartialEq)]
pub struct DataSpec {
    /// Its origin.
    pub source: DataSource,
    /// What the network is given of points of the plane.
    pub features: Features,
    /// The share of rows held out, more than 0 and less than 1.
    pub test_fraction: f64,
    /// The seed of generating and splitting, if it is not the experiment's own.
    pub seed: Option<u64>,
}

impl DataSpec {
    /// The share held out when none is asked for.
    pub const TEST_FRACTION: f64 = 0.3;

    /// Data from `source`, with the default settings.
    #[must_use]
    pub fn new(source: DataSource) -> Self {
        let features = Features::default();
        Self { source, features, test_fraction: Self::TEST_FRACTION, seed: None }
    }

    /// The targets to be predicted.
    #[must_use]
    pub fn task(&self) -> Task {
        match &self.source {
            DataSource::Named(pick) => catalog::dataset(pick).task(pick),
            DataSource::Csv { task, .. } => *task,
        }
    }

    /// Inputs of the network, and the steps that they are, where a sample is a sequence.
    #[must_use]
    pub fn extent(&self) -> Extent {
        let columns = self.columns();
        if columns.is_plane() {
            Extent::plain(self.features.count(columns.numbers()))
        } else {
            columns
        }
    }

    /// Numbers of a row before features are made of it, and the steps that they are.
    #[must_use]
    pub fn columns(&self) -> Extent {
        match &self.source {
            DataSource::Named(pick) => catalog::dataset(pick).extent(pick),
            DataSource::Csv { features, .. } => Extent::plain(*features),
        }
    }

    /// All of it, as generated from `seed` or read from its file; who asks for a file again shares it.
    ///
    /// # Errors
    /// If its file cannot be read.
    pub fn load(&self, seed: u64) -> Result<Arc<Dataset>, csv::Error> {
        match &self.source {
            DataSource::Named(pick) => {
                Ok(Arc::new(catalog::dataset(pick).load(pick, &mut stream(seed, Purpose::Data))))
            }
            DataSource::Csv { path, options, .. } => csv::load(path, options),
        }
    }

    /// The way from the cells of a file to features, by which other files are read for the network
    /// that learns from it; of a data set of the catalog, that from a column for each feature.
    ///
    /// # Errors
    /// If its file cannot be read.
    pub fn schema(&self) -> Result<Arc<Schema>, csv::Error> {
        match &self.source {
            DataSource::Named(pick) => Ok(Arc::new(catalog::dataset(pick).schema(pick))),
            DataSource::Csv { path, options, .. } => csv::schema(path, options),
        }
    }

    /// A short name for it.
    #[must_use]
    pub fn label(&self) -> String {
        match &self.source {
            DataSource::Named(pick) => pick.key().to_owned(),
            DataSource::Csv { path, .. } => {
                path.file_name().unwrap_or_default().to_string_lossy().into_owned()
            }
        }
    }
}

/// The origin of data.
#[derive(Clone, Debug, PartialEq)]
pub enum DataSource {
    /// A data set of the catalog.
    Named(Pick),
    /// A file of the user's.
    Csv {
        /// The file, relative to the working directory.
        path: PathBuf,
        /// The target, and how the file is read.
        options: Options,
        /// Columns left as inputs, once text is one-hot.
        features: usize,
        /// The targets in it.
        task: Task,
    },
}

impl DataSource {
    /// A CSV file; its shape is learned from its contents.
    ///
    /// # Errors
    /// If the file cannot be used.
    pub fn csv(path: PathBuf, options: Options) -> Result<Self, csv::Error> {
        let dataset = csv::load(&path, &options)?;
        Ok(Self::Csv { path, options, features: dataset.x.ncols(), task: dataset.task() })
    }
}
