//! Everything that decides a run, validated: data, layers, optimizers, loss, seed and budget.
//!
//! It is written as TOML (a preset is one) or as a one-line recipe. Both are read into one tree of
//! values that know their place, overrides are laid over it, and one validator makes an
//! [`Experiment`] of it or says what is wrong, where, and what would be right:
//! `text → tree (toml, recipe, overlay) → validate → Experiment → text`.

use std::path::PathBuf;

use crate::catalog;
use crate::data::{self, Task};
use crate::spec::Pick;

mod change;
mod diagnostic;
mod edit;
mod fit;
mod limit;
mod load;
mod node;
mod overlay;
mod pick;
pub mod preset;
mod recipe;
mod source;
mod toml;
mod validate;

pub use change::{Change, changes};
pub use diagnostic::Diagnostic;
pub use load::{Loaded, load, load_with, parse_recipe, parse_toml, to_portable_toml};
pub use recipe::write::{short_recipe, to_recipe};
pub use toml::write::to_toml;

/// One experiment. Two that are equal give the same numbers, bit for bit.
#[derive(Clone, Debug, PartialEq)]
pub struct Experiment {
    /// What it is called; may be empty.
    pub title: String,
    /// What to look at, for a reader; may be empty.
    pub about: String,
    /// The root of all chance in it.
    pub seed: u64,
    /// What there is to learn.
    pub data: DataSpec,
    /// How it is trained.
    pub train: TrainSpec,
    /// The optimizer of every layer that has none of its own.
    pub optimizer: Pick,
    /// Hidden layers, then the output layer; never empty.
    pub layers: Vec<LayerSpec>,
}

/// The data of an experiment.
#[derive(Clone, Debug, PartialEq)]
pub struct DataSpec {
    /// Where it comes from.
    pub source: DataSource,
    /// The share of rows held out, more than 0 and less than 1.
    pub test_fraction: f64,
    /// The seed of generating and splitting, if it is not the experiment's own.
    pub seed: Option<u64>,
}

impl DataSpec {
    /// The share held out when none is asked for.
    pub const TEST_FRACTION: f64 = 0.3;

    /// What is to be predicted.
    #[must_use]
    pub fn task(&self) -> Task {
        match &self.source {
            DataSource::Named(pick) => (catalog::dataset(pick).task)(pick),
            DataSource::Csv { task, .. } => *task,
        }
    }

    /// Inputs of the network.
    #[must_use]
    pub fn features(&self) -> usize {
        match &self.source {
            DataSource::Named(pick) => (catalog::dataset(pick).features)(pick),
            DataSource::Csv { features, .. } => *features,
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

/// Where the data comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum DataSource {
    /// The catalog.
    Named(Pick),
    /// A file of the user's.
    Csv {
        /// The file, relative to the working directory.
        path: PathBuf,
        /// The column to be predicted.
        target: String,
        /// Columns left as inputs, once text is one-hot.
        features: usize,
        /// What there is to predict in it.
        task: Task,
    },
}

impl DataSource {
    /// A CSV file, read once to learn its shape.
    ///
    /// # Errors
    /// If the file cannot be used.
    pub fn csv(path: PathBuf, target: String) -> Result<Self, data::csv::Error> {
        let dataset = data::csv::load(&path, &target)?;
        Ok(Self::Csv { path, target, features: dataset.x.ncols(), task: dataset.task() })
    }
}

/// The training settings of an experiment.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainSpec {
    /// What is lowered.
    pub loss: Pick,
    /// Samples a step; at least 1.
    pub batch_size: usize,
    /// The budget; at least 1.
    pub steps: u64,
    /// Steps between evaluations on both splits; 0 chooses 1/200 of the budget.
    pub eval_every: u64,
    /// The largest norm of all gradients together; none if 0.
    pub clip_norm: f64,
}

impl TrainSpec {
    /// Training that lowers `loss`, with the default settings.
    #[must_use]
    pub const fn new(loss: Pick) -> Self {
        Self { loss, batch_size: 32, steps: 10_000, eval_every: 0, clip_norm: 0.0 }
    }
}

impl TrainSpec {
    /// Steps between evaluations: as asked for, or 1/200 of the budget.
    #[must_use]
    pub fn evaluation_interval(&self) -> u64 {
        match self.eval_every {
            0 => self.steps.div_ceil(200).max(1),
            every => every,
        }
    }
}

/// A layer of an experiment.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerSpec {
    /// Neurons; at least 1.
    pub units: usize,
    /// What they output.
    pub activation: Pick,
    /// What their weights start from; the one that suits the activation if none.
    pub init: Option<Pick>,
    /// What moves their weights, if not the experiment's default.
    pub optimizer: Option<Pick>,
}

impl LayerSpec {
    /// The initializer in force.
    #[must_use]
    pub fn initializer(&self) -> Pick {
        self.init.clone().unwrap_or_else(|| catalog::suitable_initializer(&self.activation))
    }

    /// Numbers that the next layer sees: as many as units, but fewer after a gated activation.
    #[must_use]
    pub fn outputs(&self) -> usize {
        (catalog::activation(&self.activation).f32)(&self.activation).outputs(self.units)
    }
}

impl Experiment {
    /// The optimizer in force at layer `index`.
    #[must_use]
    pub fn optimizer_of(&self, index: usize) -> &Pick {
        self.layers[index].optimizer.as_ref().unwrap_or(&self.optimizer)
    }

    /// Outputs of the network.
    #[must_use]
    pub fn outputs(&self) -> usize {
        self.layers.last().map_or(0, LayerSpec::outputs)
    }

    /// Weights and biases of the network.
    #[must_use]
    pub fn parameters(&self) -> usize {
        let mut inputs = self.data.features();
        let mut count = 0;
        for layer in &self.layers {
            count += (inputs + 1) * layer.units;
            inputs = layer.outputs();
        }
        count
    }
}
