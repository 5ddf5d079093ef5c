//! The results file: one record a line, appended as runs finish.
//!
//! Whatever ends the program, all lines but the last are whole, and a torn last one is dropped when
//! the file is opened again.

use std::collections::HashMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::record::Record;

/// An open results file. While it is open no other program can open it as well.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    file: File,
    kept: HashMap<String, Record>,
}

/// Why a results file cannot be used.
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

impl Store {
    /// Opens the results file `path`, made if it is not there, and reads what it holds.
    ///
    /// # Errors
    /// If it cannot be read or written, is in use, or holds something else.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let shown = || path.display().to_string();
        let failed = |source| StoreError::Io { path: shown(), source };
        let mut options = OpenOptions::new();
        let mut file = options.read(true).append(true).create(true).open(path).map_err(failed)?;
        // A file system without locks is no reason not to work.
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            return Err(StoreError::Busy(shown()));
        }
        let mut text = Vec::new();
        file.read_to_end(&mut text).map_err(failed)?;
        let whole = text.iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
        if whole < text.len() {
            file.set_len(whole as u64).map_err(failed)?;
            file.seek(SeekFrom::End(0)).map_err(failed)?;
        }
        let mut kept = HashMap::new();
        for (index, line) in text[..whole].split(|&byte| byte == b'\n').enumerate() {
            if line.is_empty() {
                continue;
            }
            let record: Record = serde_json::from_slice(line)
                .map_err(|_| StoreError::Foreign { path: shown(), line: index + 1 })?;
            kept.insert(record.key.clone(), record);
        }
        Ok(Self { path: path.to_owned(), file, kept })
    }

    /// Takes out the record of this key, if the file held it when it was opened.
    pub fn take(&mut self, key: &str) -> Option<Record> {
        self.kept.remove(key)
    }

    /// Records that nobody has taken.
    #[must_use]
    pub fn kept(&self) -> usize {
        self.kept.len()
    }

    /// Adds a record, in one piece.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn append(&mut self, record: &Record) -> Result<(), StoreError> {
        let line = serde_json::to_vec(record).map_err(io::Error::from).and_then(|mut line| {
            line.push(b'\n');
            self.file.write_all(&line)
        });
        line.map_err(|source| StoreError::Io { path: self.path.display().to_string(), source })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(key: &str) -> Record {
        Record {
            key: key.to_owned(),
            arm: "adam".to_owned(),
            phase: "tuning".to_owned(),
            lr: 0.1,
            seed: 1,
            diverged: None,
            points: Vec::new(),
            seconds: 0.0,
        }
    }

    #[test]
    fn a_torn_last_line_is_dropped_and_the_rest_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("results.jsonl");
        let mut store = Store::open(&path).unwrap();
        store.append(&record("a")).unwrap();
        store.append(&record("b")).unwrap();
        drop(store);
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, &whole[..whole.len() - 9]).unwrap();
        let mut store = Store::open(&path).unwrap();
        assert_eq!(store.kept(), 1);
        assert_eq!(store.take("a"), Some(record("a")));
        assert_eq!(store.take("b"), None);
        store.append(&record("b")).unwrap();
        drop(store);
        assert_eq!(std::fs::read(&path).unwrap(), whole);
    }

    #[test]
    fn what_is_not_ours_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("results.jsonl");
        let mut store = Store::open(&path).unwrap();
        store.append(&record("a")).unwrap();
        let error = Store::open(&path).unwrap_err().to_string();
        assert!(error.starts_with("another comparison is writing"), "{error}");
        drop(store);
        std::fs::write(&path, "{}\n").unwrap();
        let error = Store::open(&path).unwrap_err().to_string();
        assert!(error.starts_with("line 1 of"), "{error}");
        assert_eq!(std::fs::read(&path).unwrap(), b"{}\n");
        assert!(Store::open(&folder.path().join("none/results.jsonl")).is_err());
    }
}
