//! Folders that results go into.

use std::path::Path;

use anyhow::Context;

use super::failure::Failure;
use crate::experiment::{Experiment, parse_toml, to_portable_toml};

/// Makes `folder`, so that no work is lost for want of it, unless it holds what came of another
/// experiment: then that would be lost. What is to be compared may differ.
///
/// # Errors
/// Either.
pub fn claim(folder: &Path, experiment: &Experiment) -> Result<(), Failure> {
    std::fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder `{}`", folder.display()))
        .map_err(Failure::Input)?;
    let Ok(text) = std::fs::read_to_string(folder.join("experiment.toml")) else { return Ok(()) };
    let base = |it: &Experiment| to_portable_toml(&Experiment { compare: None, ..it.clone() });
    let same = |text: &str| {
        let loaded = parse_toml("experiment.toml", text, folder);
        loaded.is_ok_and(|loaded| base(&loaded.experiment) == base(experiment))
    };
    if same(&text) {
        return Ok(());
    }
    Err(Failure::input(format!(
        "`{}` holds the results of another experiment; name another folder",
        folder.display()
    )))
}
