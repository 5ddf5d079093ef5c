//! From what a user names to a [`Walk`].

use std::path::Path;

use super::{Walk, preset, read};
use crate::experiment::diagnostic::Result;
use crate::experiment::load::contents;

/// The walk that `argument` names: a file if it ends in `.toml` or exists, else a preset.
///
/// # Errors
/// The mistake, its place, and what would be right.
pub fn load(argument: &str) -> Result<Walk> {
    let path = Path::new(argument);
    let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
    if extension == "toml" || path.is_file() {
        let text = contents(path, &|stem| preset::find(stem).map(|walk| walk.name).ok())?;
        return read::parse(argument, &text);
    }
    preset::find(argument)?.read()
}
