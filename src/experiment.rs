//! Everything that decides a run, validated: data, layers, optimizers, loss, seed and budget.
//!
//! It is written as TOML (a preset is one) or as a one-line recipe. Both are read into one tree of
//! values that know their place, overrides are laid over it, and one validator makes an
//! [`Experiment`] of it or says what is wrong, where, and what would be right:
//! `text → tree (toml, recipe, overlay) → validate → Experiment → text`.

use std::path::PathBuf;

use crate::catalog;
use crate::data::{self, Dataset, Task};
use crate::optim::schedule::Scheduler;
use crate::rng::{Purpose, stream};
use crate::spec::Pick;

mod check;
mod compare;
mod diagnostic;
mod dial;
mod diff;
mod edit;
mod limit;
mod load;
mod node;
mod overrides;
mod pick;
pub mod preset;
mod recipe;
mod span;
mod toml;
mod validate;

pub use compare::{ArmSpec, CompareSpec, Metric, Rates, Target, parse_picks};
pub use diagnostic::Diagnostic;
pub use diff::{Change, changes};
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
    /// The seed of all its randomness.
    pub seed: u64,
    /// What there is to learn.
    pub data: DataSpec,
    /// How it is trained.
    pub train: TrainSpec,
    /// The optimizer of every layer that has none of its own.
    pub optimizer: Pick,
    /// How the rates change in the course of the run: what it makes of the default optimizer's rate
    /// happens to every layer's own, in proportion.
    pub schedule: Pick,
    /// Hidden layers, then the output layer; never empty.
    pub layers: Vec<LayerSpec>,
    /// What it is meant to be compared over; bears on none of its own numbers.
    pub compare: Option<CompareSpec>,
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
            DataSource::Named(pick) => catalog::dataset(pick).task(pick),
            DataSource::Csv { task, .. } => *task,
        }
    }

    /// Inputs of the network.
    #[must_use]
    pub fn features(&self) -> usize {
        match &self.source {
            DataSource::Named(pick) => catalog::dataset(pick).features(),
            DataSource::Csv { features, .. } => *features,
        }
    }

    /// All of it, as generated from `seed` or read from its file.
    ///
    /// # Errors
    /// If its file cannot be read.
    pub fn load(&self, seed: u64) -> Result<Dataset, data::csv::Error> {
        match &self.source {
            DataSource::Named(pick) => {
                Ok(catalog::dataset(pick).load(pick, &mut stream(seed, Purpose::Data)))
            }
            DataSource::Csv { path, target, .. } => data::csv::load(path, target),
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
    /// The largest size of each element of the gradients; none if 0. It comes before
    /// [`TrainSpec::clip_norm`].
    pub clip_value: f64,
    /// λ of a penalty λ·Σ|w| on the weights, not on biases; none if 0. Penalties steer the training:
    /// the losses that are shown are those of the data alone.
    pub l1: f64,
    /// λ of a penalty ½·λ·Σw² on the weights, whose gradient is λ·w as with `weight_decay` in
    /// `torch.optim`, but not on biases; none if 0.
    pub l2: f64,
    /// Share of the weights, times their learning rate, lost at each step whatever the optimizer, as
    /// AdamW has it (Loshchilov & Hutter 2019), but not of the biases; none if 0. It is not called
    /// `weight_decay` since optimizers have a parameter of that name, which in a recipe would be
    /// taken for this one.
    pub decoupled_decay: f64,
    /// η of normal noise of variance η/(1 + t)^0.55 added to the gradients of step t, after clipping
    /// (Neelakantan et al. 2015); none if 0.
    pub gradient_noise: f64,
    /// β of an exponential moving average of all parameters, at which the network is evaluated and
    /// predicts; none if 0.
    pub ema: f64,
}

impl TrainSpec {
    /// Training that lowers `loss`, with the default settings.
    #[must_use]
    pub const fn new(loss: Pick) -> Self {
        Self {
            loss,
            batch_size: 32,
            steps: 10_000,
            eval_every: 0,
            clip_norm: 0.0,
            clip_value: 0.0,
            l1: 0.0,
            l2: 0.0,
            decoupled_decay: 0.0,
            gradient_noise: 0.0,
            ema: 0.0,
        }
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
    /// What normalises what goes into the activation.
    pub norm: Option<Pick>,
    /// The share of outputs that is set to 0 in training: 0 or more, less than 1.
    pub dropout: f64,
    /// What their weights start from; the one that suits the activation if none.
    pub init: Option<Pick>,
    /// What moves their weights, if not the experiment's default.
    pub optimizer: Option<Pick>,
}

impl LayerSpec {
    /// A layer with nothing but these.
    #[must_use]
    pub const fn new(units: usize, activation: Pick) -> Self {
        Self { units, activation, norm: None, dropout: 0.0, init: None, optimizer: None }
    }

    /// Trained numbers beside the weights: a bias for each unit, and what its normalisation learns.
    fn vectors(&self) -> usize {
        let learnt = self.norm.as_ref().map_or(0, |pick| {
            let tensors = catalog::norm(pick).build::<f32>(pick).tensors(self.units);
            tensors.iter().filter(|it| it.is_trained()).map(|it| it.value.len()).sum()
        });
        self.units + learnt
    }

    /// The initializer in force.
    #[must_use]
    pub fn initializer(&self) -> Pick {
        self.init.clone().unwrap_or_else(|| catalog::suitable_initializer(&self.activation))
    }

    /// Numbers that the next layer sees: as many as units, but fewer after a gated activation.
    #[must_use]
    pub fn outputs(&self) -> usize {
        catalog::activation(&self.activation).build::<f32>(&self.activation).outputs(self.units)
    }
}

impl Experiment {
    /// Its title, or what its data is called.
    #[must_use]
    pub fn name(&self) -> String {
        if self.title.is_empty() { self.data.label() } else { self.title.clone() }
    }

    /// The optimizer in force at layer `index`.
    #[must_use]
    pub fn optimizer_of(&self, index: usize) -> &Pick {
        self.layers[index].optimizer.as_ref().unwrap_or(&self.optimizer)
    }

    /// The schedule at work from the start of the run.
    #[must_use]
    pub fn scheduler(&self) -> Scheduler {
        let rule = catalog::schedule(&self.schedule).build(&self.schedule);
        Scheduler::new(rule, self.optimizer.number("lr"), self.train.steps)
    }

    /// Whether its schedule goes by the number of steps, so that there must be one.
    #[must_use]
    pub fn paced_by_steps(&self) -> bool {
        catalog::schedule(&self.schedule).paced_by_steps(&self.schedule)
    }

    /// Outputs of the network.
    #[must_use]
    pub fn outputs(&self) -> usize {
        self.layers.last().map_or(0, LayerSpec::outputs)
    }

    /// Weights and biases of the network, with what its normalisations learn.
    #[must_use]
    pub fn parameters(&self) -> usize {
        let mut inputs = self.data.features();
        let mut count = 0;
        for layer in &self.layers {
            count += inputs * layer.units + layer.vectors();
            inputs = layer.outputs();
        }
        count
    }
}
