//! Folders that results go into.

use std::io;
use std::path::Path;

use anyhow::Context;

use super::failure::Failure;
use crate::experiment::{Experiment, Script, parse_script, script_to_portable_toml};
use crate::file;

/// Makes `folder`, so that no work is lost for want of it, unless it holds what came of another
/// experiment: then that would be lost. What is to be compared may differ.
///
/// # Errors
/// Either; or if there is something odd in the place of a file that will be written.
pub fn claim(folder: &Path, script: &Script, names: &[&str]) -> Result<(), Failure> {
    std::fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder `{}`", folder.display()))
        .map_err(Failure::Input)?;
    for path in names.iter().map(|name| folder.join(name)) {
        if let Ok(found) = path.metadata() {
            file::require_file(&found)
                .with_context(|| format!("cannot write `{}`", path.display()))
                .map_err(Failure::Input)?;
        }
    }
    let path = folder.join("experiment.toml");
    let text = match file::read_text(&path, file::LONGEST_TEXT) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => {
            let context = format!("cannot read `{}`", path.display());
            return Err(Failure::Input(anyhow::Error::new(error).context(context)));
        }
    };
    let base = |script: &Script| {
        let plain = script.map(|it| Experiment { compare: None, ..it.clone() });
        script_to_portable_toml(&plain)
    };
    let same = |text: &str| {
        let loaded = parse_script("experiment.toml", text, folder);
        loaded.is_ok_and(|loaded| base(&loaded.script) == base(script))
    };
    if same(&text) {
        return Ok(());
    }
    Err(Failure::input(format!(
        "`{}` holds the results of another experiment; name another folder",
        folder.display()
    )))
}
