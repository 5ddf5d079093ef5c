//! The experiment that a command is about.

use super::failure::Failure;
use super::memory::Limit;
use super::output::say;
use crate::experiment::{Experiment, load_with};
use crate::train::memory::{Estimate, Watched};

/// How an experiment is named, and what is to be different in it.
#[derive(Debug, clap::Args)]
pub struct Chosen {
    /// A preset, a .toml file or a recipe
    pub experiment: String,
    #[command(flatten)]
    changes: Changes,
}

/// What is to be different in an experiment.
#[derive(Debug, Default, clap::Args)]
pub struct Changes {
    /// Lay a value over the experiment's own, as in --set layers.1.activation=relu; may be repeated
    #[arg(long = "set", value_name = "KEY=VALUE")]
    overrides: Vec<String>,
    /// Another seed, the seed of all its randomness
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    #[command(flatten)]
    memory: Limit,
}

impl Chosen {
    /// How much memory may be taken.
    #[must_use]
    pub const fn memory(&self) -> Limit {
        self.changes.memory()
    }

    /// Loads it, and says on stderr what is unusual about it.
    ///
    /// # Errors
    /// Bad input: what is wrong, where, and what would be right.
    pub fn load(&self) -> Result<Experiment, Failure> {
        self.changes.load(&self.experiment)
    }
}

impl Changes {
    /// How much memory may be taken.
    #[must_use]
    pub const fn memory(&self) -> Limit {
        self.memory
    }

    /// Loads the experiment called `name` with the changes, and says on stderr what is unusual
    /// about it.
    ///
    /// # Errors
    /// As [`Chosen::load`].
    pub fn load(&self, name: &str) -> Result<Experiment, Failure> {
        self.memory.apply();
        let seed = self.seed.map(|seed| format!("seed={seed}"));
        let overrides: Vec<&String> = self.overrides.iter().chain(&seed).collect();
        let loaded = load_with(name, &overrides)?;
        for warning in loaded.warnings {
            say(format_args!("warning: {warning}"));
        }
        self.memory.check(&Estimate::of(&loaded.experiment, Watched::No))?;
        Ok(loaded.experiment)
    }
}
