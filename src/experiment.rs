//! Everything that decides a run, validated: data, layers, optimizers, loss, seed and budget.

use std::path::PathBuf;

use crate::catalog;
use crate::spec::Pick;

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
    },
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
}

impl Experiment {
    /// The optimizer in force at layer `index`.
    #[must_use]
    pub fn optimizer_of(&self, index: usize) -> &Pick {
        self.layers[index].optimizer.as_ref().unwrap_or(&self.optimizer)
    }
}
