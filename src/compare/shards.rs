//! A comparison in shards, over as many machines as it takes, which share nothing but a folder.
//!
//! ```text
//!                tune-00001-of-00007.jsonl ┐                  judge-00001-of-00007.jsonl ┐
//! experiment.toml          …               ├─▶ rates.json ─▶            …                ├─▶ merge
//!                tune-00007-of-00007.jsonl ┘                  judge-00007-of-00007.jsonl ┘
//! ```
//! The first wave tries all rates of all arms, the second one judges each arm at its best. The trials of a
//! wave are dealt out to its shards one by one, so that each gets some of every arm. A shard writes one
//! file: a [`Header`], and a line a run. It has `.part` at the end of its name until the shard is whole.
//! Every file says by [`Plan::hash`] which comparison it is of.
//!
//! Nothing waits and nothing is shared but files that are whole: a shard that was killed goes on with the
//! runs that it had finished, one that is whole is left alone, and one that is being written is refused.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::plan::Plan;
use super::saved;
use super::store::EXPERIMENT;
use super::trial::Trial;
use crate::experiment::script_to_portable_toml;

mod choice;
mod file;
mod merge;

pub use choice::{RATES, choose};
pub use file::{Header, Opened, ShardFile};
pub use merge::{Merged, merge};

/// The most shards of a wave.
pub const MOST: usize = 99_999;

/// A half of the runs of a comparison: the second one needs the results of the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wave {
    /// Trying all rates of all arms.
    Tune,
    /// Judging each arm at its best rate.
    Judge,
}

impl Wave {
    /// Both, in their order.
    pub const ALL: [Self; 2] = [Self::Tune, Self::Judge];

    /// Its name in commands and files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tune => "tune",
            Self::Judge => "judge",
        }
    }
}

/// One of several shards: `3/7`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    index: usize,
    count: usize,
}

impl Share {
    /// Shard `index` of `count`, counted from 1.
    ///
    /// # Errors
    /// If there is no such shard.
    pub fn new(index: usize, count: usize) -> Result<Self, String> {
        if count == 0 || count > MOST {
            return Err(format!("there can be 1 to {MOST} shards, not {count}"));
        }
        if index == 0 || index > count {
            return Err(format!("there is no shard {index} of {count}; they go from 1 to {count}"));
        }
        Ok(Self { index, count })
    }

    /// Its number, from 1.
    #[must_use]
    pub const fn index(self) -> usize {
        self.index
    }

    /// The number of shards.
    #[must_use]
    pub const fn count(self) -> usize {
        self.count
    }

    /// Its part of all trials of a wave.
    #[must_use]
    pub fn of(self, trials: &[Trial]) -> Vec<Trial> {
        trials.iter().skip(self.index - 1).step_by(self.count).copied().collect()
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

impl FromStr for Share {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no shard; write I/N as in 3/7");
        let (index, count) = text.split_once('/').ok_or_else(wrong)?;
        let number = |text: &str| text.parse().map_err(|_| wrong());
        Self::new(number(index)?, number(count)?)
    }
}

/// Makes `folder` the one of the comparison `plan`, unless it is that already, and returns the plan as
/// every shard and the merge read it from there.
///
/// # Errors
/// If it cannot be made, or is the folder of another comparison.
pub fn claim(folder: &Path, plan: &Plan) -> Result<Plan, String> {
    let failed = |error: std::io::Error| format!("cannot use `{}`: {error}", folder.display());
    std::fs::create_dir_all(folder).map_err(failed)?;
    let path = folder.join(EXPERIMENT);
    if !path.exists() {
        crate::file::write(&path, script_to_portable_toml(&plan.base)).map_err(failed)?;
    }
    let own = saved::plan(folder).map_err(|error| format!("`{}`: {error}", path.display()))?;
    if own.hash() == plan.hash() {
        return Ok(own);
    }
    Err(format!(
        "`{}` is the folder of another comparison, or of another version of this program; name another \
         folder",
        folder.display()
    ))
}

/// The plan of the comparison whose folder `folder` is.
///
/// # Errors
/// If it holds none.
pub fn claimed(folder: &Path) -> Result<Plan, String> {
    saved::plan(folder)
        .map_err(|error| format!("`{}` holds no comparison: {error}", folder.display()))
}

/// The files of shards in `folder`, whole or not, with the names that they have once they are whole.
pub(super) fn files(folder: &Path) -> std::io::Result<Vec<(String, PathBuf)>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let whole = name.strip_suffix(crate::file::PART).unwrap_or(&name);
        if file::shard_of(whole).is_some() {
            files.push((whole.to_owned(), path));
        }
    }
    Ok(files)
}

#[cfg(test)]
pub(super) mod tests;
