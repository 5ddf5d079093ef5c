//! Writing down what is on the workbench.

use std::fmt::Write as _;
use std::io;
use std::path::PathBuf;

use super::workspace::Workspace;
use crate::experiment::{short_recipe, to_portable_toml};
use crate::export::file;

/// Writes the experiment, with its recipe and the run's log as comments, to a new `.toml` file in
/// the working folder, so that `gradlab FILE` opens it again. Returns the file's name.
///
/// # Errors
/// If no file can be written there.
pub fn save(workspace: &Workspace) -> io::Result<PathBuf> {
    let mut text = to_portable_toml(&workspace.experiment);
    let _ = writeln!(text, "\n# gradlab {}", short_recipe(&workspace.experiment));
    let _ = writeln!(text, "# the run, up to step {}:", workspace.run.step);
    for entry in &workspace.run.log {
        let _ = writeln!(text, "#   step {:>8}  {}", entry.step, entry.text.replace('\n', " "));
    }
    let path = (1..=u32::MAX)
        .map(|n| PathBuf::from(format!("gradlab-{n}.toml")))
        .find(|path| !path.exists())
        .unwrap_or_else(|| PathBuf::from("gradlab.toml"));
    file::write(&path, text.as_bytes())?;
    Ok(path)
}
