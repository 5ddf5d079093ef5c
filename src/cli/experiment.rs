//! The experiment that a command is about.

use super::failure::Failure;
use super::memory::Limit;
use super::output::say;
use crate::experiment::{Experiment, Script, load_script};
use crate::train::memory::{Estimate, Watched};

/// How an experiment is named, and what is to be different in it.
#[derive(Debug, clap::Args)]
pub struct Chosen {
    /// A preset, a .toml file or a recipe
    pub experiment: String,
    #[command(flatten)]
    changes: Changes,
}

/// As [`Chosen`], for a run that may be edited in its middle.
#[derive(Debug, clap::Args)]
pub struct ChosenScript {
    #[command(flatten)]
    chosen: Chosen,
    #[command(flatten)]
    edits: Edits,
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

/// What is to be different from later steps on.
#[derive(Debug, Default, clap::Args)]
pub struct Edits {
    /// Change a live setting after STEP steps, as in --edit 5000:optimizer=sgd:lr=0.05; may be repeated
    #[arg(long = "edit", value_name = "STEP:PATH=VALUE")]
    edits: Vec<String>,
}

impl Chosen {
    /// How much memory may be taken.
    #[must_use]
    pub const fn memory(&self) -> Limit {
        self.changes.memory()
    }

    /// Loads it for a command that is of a single experiment, and says on stderr what is unusual about
    /// it.
    ///
    /// # Errors
    /// Bad input: what is wrong, where, and what would be right.
    pub fn load(&self, command: &str) -> Result<Experiment, Failure> {
        let script = self.changes.load(&self.experiment, &Edits::default())?;
        script.without_edits().cloned().ok_or_else(|| {
            Failure::input(format!(
                "`{command}` is of one experiment, and `{}` is edited in the middle of its run; \
                 leave its edits out, or lay them over its start by --set",
                self.experiment
            ))
        })
    }
}

impl ChosenScript {
    /// The experiment as it is named.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.chosen.experiment
    }

    /// How much memory may be taken.
    #[must_use]
    pub const fn memory(&self) -> Limit {
        self.chosen.memory()
    }

    /// Loads it, and says on stderr what is unusual about it.
    ///
    /// # Errors
    /// As [`Chosen::load`].
    pub fn load(&self) -> Result<Script, Failure> {
        self.chosen.changes.load(&self.chosen.experiment, &self.edits)
    }
}

impl Changes {
    /// Whether nothing is to be different.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.overrides.is_empty() && self.seed.is_none()
    }

    /// How much memory may be taken.
    #[must_use]
    pub const fn memory(&self) -> Limit {
        self.memory
    }

    /// Sets how much memory may be taken where no flag says so.
    pub fn set_usual_memory(&mut self, bytes: Option<u64>) {
        self.memory.set_usual(bytes);
    }

    /// Loads the experiment called `name` with the changes and the edits, and says on stderr what is
    /// unusual about it.
    ///
    /// # Errors
    /// As [`Chosen::load`].
    pub fn load(&self, name: &str, edits: &Edits) -> Result<Script, Failure> {
        self.memory.apply();
        let seed = self.seed.map(|seed| format!("seed={seed}"));
        let overrides: Vec<&String> = self.overrides.iter().chain(&seed).collect();
        let loaded = load_script(name, &overrides, &edits.edits)?;
        for warning in loaded.warnings {
            say(format_args!("warning: {warning}"));
        }
        self.memory.check(&Estimate::of_script(&loaded.script, Watched::No))?;
        Ok(loaded.script)
    }
}
