//! Everything that decides a run, validated: data, layers, optimizers, loss, seed and budget.
//!
//! It is written as TOML (a preset is one) or as a one-line recipe. Both are read into one tree of
//! values that know their place, overrides are laid over it, and one validator makes an
//! [`Experiment`] of it or says what is wrong, where, and what would be right:
//! `text → tree (toml, recipe, overrides) → validate → Experiment → text`. Every value that has a path
//! is a row of one table, [`settings`], which readers, writers, edits and differences go by.

use crate::catalog;
use crate::data::{Extent, TargetScale};
use crate::optim::schedule::Scheduler;
use crate::spec::Pick;
use crate::text::Untrusted;

mod check;
mod compare;
pub mod course;
mod data_spec;
mod diagnostic;
mod diff;
mod edit;
pub mod entries;
mod joint;
mod keys;
mod layer_spec;
pub mod lesson;
mod load;
mod node;
mod overrides;
mod pick;
pub mod preset;
mod recipe;
mod script;
pub mod settings;
pub mod shelf;
mod span;
mod toml;
mod train_spec;
mod validate;
pub mod walk;
mod wording;

pub use check::Issue;
pub use compare::keys as compare_keys;
pub use compare::{ArmSpec, CompareSpec, Grid, Metric, Rates, Target, parse_picks};
pub use data_spec::{DataSource, DataSpec};
pub use diagnostic::Diagnostic;
pub use diff::{Change, assignments, changes};
pub use edit::Refused;
pub use joint::Offer;
pub use layer_spec::LayerSpec;
pub use load::{
    LoadedScript, csv_options, load, load_script, load_with, parse_recipe, parse_script,
    parse_script_recipe, parse_toml, script_to_portable_toml, to_portable_toml,
};
pub use recipe::parse_arm;
pub use recipe::write::{brief_recipe, short_recipe, to_recipe};
pub use script::write::{
    brief_script_recipe, script_to_recipe, script_to_toml, short_script_recipe,
};
pub use script::{Edit, NotLive, Script};
pub use toml::write::to_toml;
pub use train_spec::TrainSpec;
pub use validate::Loaded;

/// One experiment. Two that are equal give the same numbers, bit for bit.
#[derive(Clone, Debug, PartialEq)]
pub struct Experiment {
    /// Its name; may be empty.
    pub title: Untrusted,
    /// A description for a reader; may be empty.
    pub about: Untrusted,
    /// Seed of all randomness that has no seed of its own.
    pub seed: u64,
    /// The data to learn.
    pub data: DataSpec,
    /// The training settings.
    pub train: TrainSpec,
    /// The optimizer of every layer that has none of its own.
    pub optimizer: Pick,
    /// The course of the learning rates over the run: what it makes of the default optimizer's rate
    /// happens to every layer's own, in proportion.
    pub schedule: Pick,
    /// Hidden layers, then the output layer; never empty.
    pub layers: Vec<LayerSpec>,
    /// The contenders that it is meant to be compared over; bears on none of its own numbers.
    pub compare: Option<CompareSpec>,
}

impl Experiment {
    /// An experiment of these data and layers, with everything else at its default.
    #[must_use]
    pub fn new(source: DataSource, layers: Vec<LayerSpec>) -> Self {
        let data = DataSpec::new(source);
        let outputs = LayerSpec::outputs_of(&layers, data.extent()).numbers();
        Self {
            title: Untrusted::default(),
            about: Untrusted::default(),
            seed: 0,
            train: TrainSpec::new(check::suitable_loss(data.task(), outputs)),
            data,
            optimizer: check::standard(catalog::Kind::Optimizer, "adam"),
            schedule: check::standard(catalog::Kind::Schedule, "none"),
            layers,
            compare: None,
        }
    }

    /// Its title, or what its data is called.
    #[must_use]
    pub fn name(&self) -> Untrusted {
        if self.title.is_empty() { self.data.label().into() } else { self.title.clone() }
    }

    /// What of its output layer and loss can be trained together, but hardly goes together, if
    /// anything.
    #[must_use]
    pub fn unusual(&self) -> Option<Issue> {
        check::unusual(self)
    }

    /// The seed of generating and splitting the data.
    #[must_use]
    pub fn data_seed(&self) -> u64 {
        self.data.seed.unwrap_or(self.seed)
    }

    /// The seed of the initial weights.
    #[must_use]
    pub fn init_seed(&self) -> u64 {
        self.train.init_seed.unwrap_or(self.seed)
    }

    /// The seed of batches, dropout and noise in training.
    #[must_use]
    pub fn batch_seed(&self) -> u64 {
        self.train.batch_seed.unwrap_or(self.seed)
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

    /// Returns true if its schedule goes by the number of steps, so that there must be one.
    #[must_use]
    pub fn paced_by_steps(&self) -> bool {
        catalog::schedule(&self.schedule).paced_by_steps(&self.schedule)
    }

    /// The scale of real-valued targets that its loss wants.
    #[must_use]
    pub fn target_scale(&self) -> TargetScale {
        let raw = catalog::loss(&self.train.loss).targets.are_raw();
        if raw { TargetScale::Raw } else { TargetScale::Standardised }
    }

    /// Outputs of the network.
    #[must_use]
    pub fn outputs(&self) -> usize {
        if self.layers.is_empty() { 0 } else { self.inputs_of(self.layers.len()).numbers() }
    }

    /// The inputs of layer `index`: the data, or what the layers before hand on.
    #[must_use]
    pub fn inputs_of(&self, index: usize) -> Extent {
        LayerSpec::outputs_of(&self.layers[..index], self.data.extent())
    }

    /// Weights and biases of the network, with what its normalisations learn.
    #[must_use]
    pub fn parameters(&self) -> usize {
        let mut inputs = self.data.extent();
        let mut count = 0;
        for layer in &self.layers {
            let layout = layer.layout(inputs);
            count += layout.iter().map(|(_, _, (rows, columns))| rows * columns).sum::<usize>();
            inputs = layer.outputs(inputs);
        }
        count
    }
}

/// The number to 12 digits: 0.07 × 0.1 is shown as 0.007, as a person would write it.
fn rounded(x: f64) -> f64 {
    format!("{x:.11e}").parse().unwrap_or(x)
}
