//! How far the lessons have been taken, and the file in which that is kept.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::file;

/// How far every lesson has been taken.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Progress {
    /// By the names of the lessons.
    lessons: BTreeMap<String, Reached>,
}

/// How far a lesson has been taken.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reached {
    /// The index of the page it was left on.
    pub page: usize,
    /// The index of the last page it was seen on.
    pub farthest: usize,
    /// Whether it was taken to its end.
    pub done: bool,
    /// What was measured on named pages.
    pub measured: BTreeMap<String, f64>,
}

impl Progress {
    /// Reads it from the file at `path`; there may be none yet.
    ///
    /// # Errors
    /// If there is one that cannot be read.
    pub fn read(path: &Path) -> io::Result<Self> {
        match file::read_text(path, file::LONGEST_TEXT) {
            Ok(text) => serde_json::from_str(&text).map_err(io::Error::from),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error),
        }
    }

    /// Writes it into the file at `path`.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        file::write(path, serde_json::to_string_pretty(self)? + "\n")
    }

    /// How far the lesson called `name` has been taken; none if it was never begun.
    #[must_use]
    pub fn of(&self, name: &str) -> Option<&Reached> {
        self.lessons.get(name)
    }

    /// All lessons that were begun, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Reached)> {
        self.lessons.iter().map(|(name, reached)| (name.as_str(), reached))
    }

    /// Takes in how far the lesson called `name` has been taken.
    pub fn set(&mut self, name: &str, reached: Reached) {
        self.lessons.insert(name.to_owned(), reached);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_reads_back_and_is_never_half_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state/lessons.json");
        assert_eq!(Progress::read(&path).unwrap(), Progress::default());
        let mut progress = Progress::default();
        let measured = BTreeMap::from([("linear.step".to_owned(), 1000.0)]);
        progress.set("one", Reached { page: 3, farthest: 4, done: false, measured });
        progress.write(&path).unwrap();
        assert_eq!(Progress::read(&path).unwrap(), progress);
        std::fs::write(&path, "{\"lessons\": {\"one\": {\"page\": 1}}}").unwrap();
        assert!(Progress::read(&path).is_err());
    }
}
