//! From what a user names to a [`Lesson`].

use std::path::Path;

use super::{Lesson, preset, read};
use crate::experiment::diagnostic::Result;
use crate::experiment::load::contents;

/// The lesson that `argument` names: a file if it ends in `.toml` or exists, else one that comes with
/// the program.
///
/// # Errors
/// The mistake, its place, and what would be right.
pub fn load(argument: &str) -> Result<Lesson> {
    let path = Path::new(argument);
    let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
    if extension == "toml" || path.is_file() {
        let text = contents(path, &|stem| preset::find(stem).map(|lesson| lesson.name).ok())?;
        return read::parse(argument, &text);
    }
    preset::find(argument)?.read()
}
