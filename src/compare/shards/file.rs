//! The file of a shard.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Share, Wave};
use crate::compare::plan::Plan;
use crate::compare::record::Record;
use crate::compare::store::{Course, Store, StoreError};
use crate::text::{Untrusted, json};

/// The longest line that is read: a record without its course is far shorter.
const LONGEST: usize = 1 << 20;

/// The first line of a shard's file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// [`Plan::hash`] of the comparison.
    pub plan: String,
    /// The wave's name.
    pub wave: String,
    /// The shard's number, from 1.
    pub shard: usize,
    /// The number of shards.
    pub of: usize,
    /// What the comparison is called.
    pub name: Untrusted,
}

impl Header {
    fn new(plan: &Plan, name: &Untrusted, wave: Wave, share: Share) -> Self {
        Self {
            plan: plan.hash(),
            wave: wave.name().to_owned(),
            shard: share.index(),
            of: share.count(),
            name: name.clone(),
        }
    }
}

/// The name of the file of a shard.
pub(super) fn file_name(wave: Wave, share: Share) -> String {
    format!("{}-{:05}-of-{:05}.jsonl", wave.name(), share.index(), share.count())
}

/// The shard whose file has this name, if it is one.
pub(super) fn shard_of(name: &str) -> Option<(Wave, Share)> {
    let (wave, rest) = name.strip_suffix(".jsonl")?.split_once('-')?;
    let (index, count) = rest.split_once("-of-")?;
    let wave = Wave::ALL.into_iter().find(|it| it.name() == wave)?;
    let share = Share::new(index.parse().ok()?, count.parse().ok()?).ok()?;
    (file_name(wave, share) == name).then_some((wave, share))
}

/// The outcome of opening a shard for writing.
#[derive(Debug)]
pub enum Opened {
    /// All of its runs are done.
    Whole,
    /// It is to be run: its file, and the store that keeps its runs in it.
    Unfinished(ShardFile, Store),
}

/// The file of a shard that is being run; nobody else can run it at the same time.
#[derive(Debug)]
pub struct ShardFile {
    part: PathBuf,
    whole: PathBuf,
    /// The same as the store's: the lock holds until both are closed.
    file: File,
}

impl ShardFile {
    /// Opens the shard in `folder`; what it holds from an earlier time is kept.
    ///
    /// # Errors
    /// If another process runs it, or its file cannot be used or is of another comparison.
    pub fn open(
        folder: &Path,
        (plan, name): (&Plan, &Untrusted),
        wave: Wave,
        share: Share,
    ) -> Result<Opened, StoreError> {
        let whole = folder.join(file_name(wave, share));
        if whole.exists() {
            return Ok(Opened::Whole);
        }
        let part = crate::file::part(&whole);
        let failed = StoreError::io(&part);
        let mut options = OpenOptions::new();
        let mut file = options.read(true).append(true).create(true).open(&part).map_err(&failed)?;
        file.metadata().and_then(|found| crate::file::require_file(&found)).map_err(&failed)?;
        // A file system without locks is no reason not to work.
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            return Err(StoreError::Busy(part.display().to_string()));
        }
        // Another process may have finished it since.
        if whole.exists() {
            let _ = fs::remove_file(&part);
            return Ok(Opened::Whole);
        }
        let header = Header::new(plan, name, wave, share);
        let foreign = |line| StoreError::Foreign { path: part.display().to_string(), line };
        let mut kept = HashMap::new();
        let lines = lines(&file, |record| {
            kept.insert(record.key.clone(), record);
        });
        let mut len = match lines.map_err(|error| error.of(&part))? {
            // Not even its first line was written.
            (None, _) => 0,
            (Some(found), _) if found.plan != header.plan => return Err(foreign(1)),
            (Some(_), len) => len,
        };
        file.set_len(len).map_err(&failed)?;
        if len == 0 {
            let line = serde_json::to_string(&header).map_err(|error| failed(error.into()))?;
            let line = json::printable(&line).into_owned() + "\n";
            file.write_all(line.as_bytes()).map_err(&failed)?;
            len = line.len() as u64;
        }
        let same = file.try_clone().map_err(&failed)?;
        let store = Store::of_file((part.clone(), same, len), kept, Course::Ends(plan.target));
        Ok(Opened::Unfinished(Self { part, whole, file }, store))
    }

    /// Gives the file the name that says that it is whole.
    ///
    /// # Errors
    /// If that is not possible.
    pub fn finish(self) -> Result<(), StoreError> {
        let Self { part, whole, file } = self;
        file.sync_all().and_then(|()| fs::rename(&part, &whole)).map_err(StoreError::io(&part))
    }
}

/// Why the lines of a shard's file cannot be read.
pub(super) enum Unreadable {
    Io(io::Error),
    /// The number of a line that is none of this program's, from 1.
    Foreign(usize),
}

impl Unreadable {
    pub fn of(self, path: &Path) -> StoreError {
        match self {
            Self::Io(error) => StoreError::io(path)(error),
            Self::Foreign(line) => StoreError::Foreign { path: path.display().to_string(), line },
        }
    }
}

/// Reads a shard's file line by line: shows each record to `see`, and returns the header, if even that is
/// there, and the bytes of whole lines. A torn last line is left out.
pub(super) fn lines(
    file: &File,
    mut see: impl FnMut(Record),
) -> Result<(Option<Header>, u64), Unreadable> {
    let mut reader = BufReader::new(file);
    let (mut header, mut whole, mut line) = (None, 0, Vec::new());
    for number in 1.. {
        line.clear();
        let mut limited = io::Read::take(&mut reader, LONGEST as u64);
        let read = limited.read_until(b'\n', &mut line).map_err(Unreadable::Io)?;
        if line.last() != Some(&b'\n') {
            if read == LONGEST {
                return Err(Unreadable::Foreign(number));
            }
            break;
        }
        let foreign = |_| Unreadable::Foreign(number);
        if header.is_none() {
            header = Some(serde_json::from_slice(&line).map_err(foreign)?);
        } else {
            see(serde_json::from_slice(&line).map_err(foreign)?);
        }
        whole += read as u64;
    }
    Ok((header, whole))
}
