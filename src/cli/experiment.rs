//! The experiment that a command works on.

use std::io::{self, Write};

use super::failure::Failure;
use crate::experiment::{self, Experiment};

/// What is laid over the experiment that was named.
#[derive(Debug, Default, clap::Args)]
pub struct Overrides {
    /// Change a setting, as in train.batch_size=64 or layers.1.activation=relu
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// The root of all chance
    #[arg(long)]
    pub seed: Option<u64>,
}

/// Loads the experiment called `name`; says on stderr what is unusual about it.
///
/// # Errors
/// What is wrong with it, where, and what would be right.
pub fn load(name: &str, overrides: &Overrides) -> Result<Experiment, Failure> {
    let mut settings = overrides.set.clone();
    settings.extend(overrides.seed.map(|seed| format!("seed={seed}")));
    let loaded = experiment::load_with(name, &settings)?;
    for warning in &loaded.warnings {
        // A note that nobody reads is no reason to stop.
        let _ = writeln!(io::stderr(), "warning: {warning}");
    }
    Ok(loaded.experiment)
}
