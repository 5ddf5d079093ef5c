//! Writing down what is on the workbench.

use std::fmt::Write as _;
use std::io;
use std::path::PathBuf;

use super::workspace::Workspace;
use crate::experiment::{script_to_portable_toml, short_script_recipe};
use crate::export::file;

/// Writes what was run up to the moment shown, edits included, with its recipe and the log as comments,
/// to a new `.toml` file in the working folder, so that `gradlab FILE` runs it again. Returns the file's
/// name.
///
/// # Errors
/// If no file can be written there.
pub fn save(workspace: &Workspace) -> io::Result<PathBuf> {
    let script = workspace.script();
    let mut text = script_to_portable_toml(&script);
    let _ = writeln!(text, "\n# gradlab {}", short_script_recipe(&script));
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
