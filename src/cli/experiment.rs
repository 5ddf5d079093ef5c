//! The experiment that a command is about.

use std::io::{self, Write};

use super::failure::Failure;
use crate::experiment::{Experiment, load_with};

/// How an experiment is named, and what is to be different in it.
#[derive(Debug, clap::Args)]
pub struct Chosen {
    /// A preset, a .toml file or a recipe
    experiment: String,
    /// Lay a value over the experiment's own, as in --set layers.1.activation=relu; may be repeated
    #[arg(long = "set", value_name = "KEY=VALUE")]
    overrides: Vec<String>,
}

impl Chosen {
    /// Loads it, and says on stderr what is unusual about it.
    ///
    /// # Errors
    /// Bad input: what is wrong, where, and what would be right.
    pub fn load(&self) -> Result<Experiment, Failure> {
        let loaded = load_with(&self.experiment, &self.overrides)?;
        for warning in loaded.warnings {
            // A note that nobody reads is no reason to stop.
            let _ = writeln!(io::stderr(), "warning: {warning}");
        }
        Ok(loaded.experiment)
    }
}
