//! The results of a comparison in a folder: one record a line, appended as runs finish.
//!
//! All files `results*.jsonl` of the folder are read, and one of them is written, which no other
//! program can write at the same time. Whatever ends the program, all lines but the last are whole,
//! and a torn last one is dropped when the folder is opened again.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::record::Record;
use crate::experiment::{Script, Target, script_to_portable_toml};

/// The file that finished runs are appended to.
pub const RESULTS: &str = "results.jsonl";

/// What the names of all files of results begin with.
pub(super) const PREFIX: &str = "results";

/// The file that says what is compared.
pub const EXPERIMENT: &str = "experiment.toml";

/// An open folder of results.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    file: File,
    /// Bytes of the file that are whole lines.
    len: u64,
    /// Lines that could not be written yet.
    pending: Vec<u8>,
    course: Course,
    kept: HashMap<String, Record>,
}

/// The evaluations of a run that are kept.
#[derive(Clone, Copy, Debug)]
pub(super) enum Course {
    /// All of them.
    Whole,
    /// What a ranking goes by, with this target.
    Ends(Option<Target>),
}

/// Why a folder of results cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The system says no.
    #[error("cannot use `{path}`: {source}")]
    Io {
        /// The file.
        path: String,
        /// What it says.
        source: io::Error,
    },
    /// Another comparison has it open.
    #[error("another comparison is writing `{0}`; wait for it or choose another folder")]
    Busy(String),
    /// It holds something else.
    #[error("line {line} of `{path}` is no result of this program; move the file away")]
    Foreign {
        /// The file.
        path: String,
        /// Counted from 1.
        line: usize,
    },
}

impl StoreError {
    pub(super) fn io(path: &Path) -> impl Fn(io::Error) -> Self + use<> {
        let path = path.display().to_string();
        move |source| Self::Io { path: path.clone(), source }
    }
}

impl Store {
    /// Opens the results in `folder` for a comparison on `script`, and writes the script beside
    /// them. Makes the folder if it is not there.
    ///
    /// # Errors
    /// As [`Store::open`], or if the script cannot be written.
    pub fn create(folder: &Path, script: &Script) -> Result<Self, StoreError> {
        fs::create_dir_all(folder).map_err(StoreError::io(folder))?;
        let store = Self::open(folder)?;
        let path = folder.join(EXPERIMENT);
        let text = script_to_portable_toml(script);
        crate::file::write(&path, text).map_err(StoreError::io(&path))?;
        Ok(store)
    }

    /// Opens the results in `folder`.
    ///
    /// # Errors
    /// If a file cannot be read or written, is in use, or holds something else.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join(RESULTS);
        let failed = StoreError::io(&path);
        let mut options = OpenOptions::new();
        let file = options.read(true).append(true).create(true).open(&path).map_err(&failed)?;
        // A device may have no end.
        file.metadata().and_then(|found| crate::file::require_file(&found)).map_err(&failed)?;
        // A file system without locks is no reason not to work.
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            return Err(StoreError::Busy(path.display().to_string()));
        }
        let mut kept = HashMap::new();
        for other in files(folder).map_err(StoreError::io(folder))? {
            if other != path {
                let file = crate::file::open(&other).map_err(StoreError::io(&other))?;
                read(&other, &file, &mut kept)?;
            }
        }
        let len = read(&path, &file, &mut kept)?;
        if file.metadata().map_err(&failed)?.len() > len {
            file.set_len(len).map_err(&failed)?;
        }
        Ok(Self { path, file, len, pending: Vec::new(), course: Course::Whole, kept })
    }

    /// The store that appends to `file`, which is open at `path`, is locked and holds `len` bytes of whole
    /// lines and the records `kept`.
    pub(super) fn of_file(
        (path, file, len): (PathBuf, File, u64),
        kept: HashMap<String, Record>,
        course: Course,
    ) -> Self {
        Self { path, file, len, pending: Vec::new(), course, kept }
    }

    /// Takes out the record of this key, if the folder held it when it was opened.
    pub fn take(&mut self, key: &str) -> Option<Record> {
        self.kept.remove(key)
    }

    /// Records that nobody has taken.
    #[must_use]
    pub fn kept(&self) -> usize {
        self.kept.len()
    }

    /// Adds a record, in one piece. One that cannot be written is tried again with the next.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn append(&mut self, record: &Record) -> Result<(), StoreError> {
        let failed = StoreError::io(&self.path);
        let line = match self.course {
            Course::Whole => record.to_line(),
            Course::Ends(target) => record.without_course(target).to_line(),
        };
        self.pending.extend(line.map_err(|error| failed(error.into()))?);
        if let Err(error) = self.file.write_all(&self.pending) {
            // A part of a line would be taken for the beginning of the next.
            let _ = self.file.set_len(self.len);
            return Err(failed(error));
        }
        self.len += self.pending.len() as u64;
        self.pending.clear();
        Ok(())
    }
}

/// The records in `folder`, by key, without keeping anyone from writing to it.
///
/// # Errors
/// If a file cannot be read or holds something else.
pub(super) fn records(folder: &Path) -> Result<HashMap<String, Record>, StoreError> {
    let mut records = HashMap::new();
    for path in files(folder).map_err(StoreError::io(folder))? {
        let file = crate::file::open(&path).map_err(StoreError::io(&path))?;
        read(&path, &file, &mut records)?;
    }
    Ok(records)
}

/// The files of results in `folder`, by name.
pub(super) fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(PREFIX) && name.ends_with(".jsonl") {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}

/// Adds the records of a file to `records`. Returns how many of its bytes are whole lines.
fn read(
    path: &Path,
    mut file: &File,
    records: &mut HashMap<String, Record>,
) -> Result<u64, StoreError> {
    let mut text = Vec::new();
    file.read_to_end(&mut text).map_err(StoreError::io(path))?;
    let foreign = |line| StoreError::Foreign { path: path.display().to_string(), line };
    let (found, whole) = Record::parse_lines(&text).map_err(foreign)?;
    records.extend(found.into_iter().map(|record| (record.key.clone(), record)));
    Ok(whole as u64)
}

#[cfg(test)]
mod tests;
