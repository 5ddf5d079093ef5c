//! A folder of results that other processes fill: shards of a comparison, or one that is under way.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::plan::Plan;
use super::record::Record;
use super::results::Results;
use super::shards::{self, Header};
use super::store;
use super::trial::Trial;
use crate::text::Untrusted;

/// A folder of results as far as it has been read. Nothing in it is written or locked.
#[derive(Debug)]
pub struct FolderWatch {
    folder: PathBuf,
    plan: Arc<Plan>,
    hash: String,
    name: Untrusted,
    results: Results,
    /// The keys of trials that were looked for.
    keys: HashMap<Trial, String>,
    /// Records that were read before their trial was known to be wanted.
    spare: HashMap<String, Record>,
    /// Bytes of whole lines that were read of each file.
    read: HashMap<String, u64>,
}

impl FolderWatch {
    /// The comparison whose folder `folder` is, with all that is there.
    ///
    /// # Errors
    /// If it holds none, or files of another.
    pub fn open(folder: &Path) -> Result<Self, String> {
        let plan = shards::claimed(folder)?;
        let mut watch = Self {
            folder: folder.to_owned(),
            hash: plan.hash(),
            name: plan.base.start().name(),
            plan: Arc::new(plan),
            results: Results::default(),
            keys: HashMap::new(),
            spare: HashMap::new(),
            read: HashMap::new(),
        };
        watch.refresh()?;
        Ok(watch)
    }

    /// What is run.
    #[must_use]
    pub const fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    /// What it is called.
    #[must_use]
    pub const fn name(&self) -> &Untrusted {
        &self.name
    }

    /// The runs that were found.
    #[must_use]
    pub const fn results(&self) -> &Results {
        &self.results
    }

    /// Reads what has come since. Returns whether there are more runs.
    ///
    /// # Errors
    /// If a file cannot be read or is of another comparison.
    pub fn refresh(&mut self) -> Result<bool, String> {
        let failed =
            |path: &Path, error: &io::Error| format!("cannot read `{}`: {error}", path.display());
        let files = files(&self.folder).map_err(|error| failed(&self.folder, &error))?;
        for (name, path) in files {
            match self.read(&name, &path) {
                Ok(()) => {}
                // It has been renamed, since its shard is whole: it is read under its new name.
                Err(Unreadable::Io(error)) if error.kind() == io::ErrorKind::NotFound => {}
                Err(Unreadable::Io(error)) => return Err(failed(&path, &error)),
                Err(Unreadable::Foreign(reason)) => {
                    return Err(format!("`{}` {reason}", path.display()));
                }
            }
        }
        Ok(self.take_in())
    }

    /// Reads the lines that a file has more than before. `name` is what it is called once it is whole.
    fn read(&mut self, name: &str, path: &Path) -> Result<(), Unreadable> {
        let mut file: File = crate::file::open(path)?;
        let before = self.read.get(name).copied().unwrap_or(0);
        let length = file.metadata()?.len();
        // One that is shorter has been begun anew.
        let from = if length < before { 0 } else { before };
        if length == from {
            return Ok(());
        }
        file.seek(SeekFrom::Start(from))?;
        let mut text = Vec::new();
        file.read_to_end(&mut text)?;
        let mut lines: &[u8] = &text;
        let mut header = 0;
        if from == 0 && !name.starts_with(store::PREFIX) {
            header = text.iter().position(|byte| *byte == b'\n').map_or(0, |end| end + 1);
            lines = &text[header..];
            if header > 0 {
                self.check(&text[..header])?;
            }
        }
        let foreign = |line| Unreadable::Foreign(format!("is no file of results at line {line}"));
        let (records, whole) = Record::parse_lines(lines).map_err(foreign)?;
        self.spare.extend(records.into_iter().map(|record| (record.key.clone(), record)));
        self.read.insert(name.to_owned(), from + (header + whole) as u64);
        Ok(())
    }

    /// Sees to it that the first line of a shard is of this comparison.
    fn check(&mut self, line: &[u8]) -> Result<(), Unreadable> {
        let header: Option<Header> = serde_json::from_slice(line).ok();
        let header = header.filter(|header| header.plan == self.hash).ok_or_else(|| {
            Unreadable::Foreign(
                "is of another comparison, or of another version of this program".to_owned(),
            )
        })?;
        self.name = header.name;
        Ok(())
    }

    /// Puts the records that are wanted with the results.
    fn take_in(&mut self) -> bool {
        let before = self.results.len();
        // Each result may tell what else is wanted.
        loop {
            let known = self.results.len();
            for trial in self.plan.wanted(&self.results) {
                if self.results.get(trial).is_some() {
                    continue;
                }
                let key = self.keys.entry(trial).or_insert_with(|| self.plan.key(trial));
                if let Some(record) = self.spare.remove(key) {
                    self.results.insert(trial, Arc::new(record));
                }
            }
            if self.results.len() == known {
                return known > before;
            }
        }
    }
}

/// Why a file cannot be read.
enum Unreadable {
    Io(io::Error),
    Foreign(String),
}

impl From<io::Error> for Unreadable {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// The files of results in a folder, with the names that they have once they are whole.
fn files(folder: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    let named = |path: PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        (name, path)
    };
    let mut files: Vec<_> = store::files(folder)?.into_iter().map(named).collect();
    files.extend(shards::files(folder)?);
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests;
