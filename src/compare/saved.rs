//! Races that are kept, each in a folder of its own, so that they can be opened again.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use super::plan::Plan;
use super::record::PROTOCOL;
use super::results::Results;
use super::standing::Ranking;
use super::store::{EXPERIMENT, Store, StoreError, files, records};
use crate::experiment::{parse_script, script_to_portable_toml};
use crate::hash::fnv1a;
use crate::text::Untrusted;

/// The most races kept in a folder; of more, those are removed that were used longest ago.
pub const MOST: usize = 50;

/// Characters of a race's name in that of its folder, at most.
const LONGEST: usize = 40;

/// A race that is kept.
#[derive(Clone, Debug)]
pub struct SavedRace {
    /// What it is on.
    pub name: Untrusted,
    /// When it was used last.
    pub used: SystemTime,
    /// How far it is, or why it cannot be opened.
    pub state: Result<Progress, String>,
}

/// How far a race is.
#[derive(Clone, Debug)]
pub struct Progress {
    /// What is run. A race of it finds its finished runs again.
    pub plan: Arc<Plan>,
    /// Finished runs.
    pub done: usize,
    /// All of them.
    pub total: usize,
    /// The name of the arm in the first place, once there is one.
    pub first: Option<Untrusted>,
}

/// Opens the folder of `plan` among `races`, made if it is not there: equal races meet in one. The
/// oldest races are removed if there are too many.
///
/// # Errors
/// As [`Store::create`].
pub fn keep(races: &Path, plan: &Plan) -> Result<Store, StoreError> {
    let folder = folder(races, plan);
    let store = Store::create(&folder, &plan.base)?;
    for (old, _) in folders(races).into_iter().skip(MOST) {
        if old != folder {
            remove(&old);
        }
    }
    Ok(store)
}

/// The races kept in the folder `races`, those used last first.
#[must_use]
pub fn list(races: &Path) -> Vec<SavedRace> {
    let read = |(folder, used): (PathBuf, SystemTime)| {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        match progress(&folder) {
            Ok(state) => SavedRace { name: state.plan.base.start().name(), used, state: Ok(state) },
            Err(reason) => SavedRace { name: name.into(), used, state: Err(reason) },
        }
    };
    folders(races).into_iter().map(read).collect()
}

/// The folder of a race: a name to read, and a hash of all that decides what is run.
fn folder(races: &Path, plan: &Plan) -> PathBuf {
    let mut name = String::new();
    for c in plan.base.start().name().raw().chars().take(LONGEST) {
        if c.is_ascii_alphanumeric() {
            name.push(c.to_ascii_lowercase());
        } else if !name.ends_with('-') {
            name.push('-');
        }
    }
    let hash = fnv1a(script_to_portable_toml(&plan.base).as_bytes());
    races.join(format!("{}-{hash:016x}", name.trim_matches('-')))
}

/// All folders of races, and when each was used last; the latest first.
fn folders(races: &Path) -> Vec<(PathBuf, SystemTime)> {
    let Ok(entries) = fs::read_dir(races) else { return Vec::new() };
    let used = |folder: PathBuf| {
        let modified = |path: &PathBuf| fs::metadata(path)?.modified();
        let own = modified(&folder.join(EXPERIMENT)).ok()?;
        let results = files(&folder).ok()?.iter().filter_map(|path| modified(path).ok()).max();
        Some((folder, results.map_or(own, |it| it.max(own))))
    };
    let mut folders: Vec<_> =
        entries.flatten().map(|entry| entry.path()).filter_map(used).collect();
    folders.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    folders
}

/// Removes a race's folder, unless it is in use. What else the user has put there stays.
fn remove(folder: &Path) {
    // A folder that cannot be removed is only a little in the way.
    if Store::open(folder).is_err() {
        return;
    }
    for path in files(folder).unwrap_or_default() {
        let _ = fs::remove_file(path);
    }
    let _ = fs::remove_file(folder.join(EXPERIMENT));
    let _ = fs::remove_dir(folder);
}

fn progress(folder: &Path) -> Result<Progress, String> {
    let plan = plan(folder)?;
    let mut records = records(folder).map_err(|error| error.to_string())?;
    if !records.is_empty() && records.values().all(|record| record.protocol != PROTOCOL) {
        return Err(
            "a version of this program kept it that split data and tuned rates in another \
                    way: race it anew"
                .to_owned(),
        );
    }
    let mut results = Results::default();
    // Each result may tell what else is wanted.
    loop {
        let wanted = plan.wanted(&results);
        let before = results.len();
        for trial in wanted {
            if results.get(trial).is_none()
                && let Some(record) = records.remove(&plan.key(trial))
            {
                results.insert(trial, Arc::new(record));
            }
        }
        if results.len() == before {
            break;
        }
    }
    let ranking = Ranking::of(&plan, &results);
    let first = ranking.standings.first().filter(|it| it.test_loss.is_some());
    Ok(Progress {
        done: ranking.done,
        total: ranking.total,
        first: first.map(|it| plan.arms[it.arm].name.clone()),
        plan: Arc::new(plan),
    })
}

/// The plan of the comparison in `folder`.
///
/// # Errors
/// If it holds none, or one that is not valid.
pub(super) fn plan(folder: &Path) -> Result<Plan, String> {
    let text = crate::file::read_text(&folder.join(EXPERIMENT), crate::file::LONGEST_TEXT)
        .map_err(|error| error.to_string())?;
    let loaded = parse_script(EXPERIMENT, &text, folder).map_err(|error| error.to_string())?;
    let spec = loaded.script.start().compare.clone();
    let spec = spec.ok_or_else(|| format!("{EXPERIMENT} asks for no comparison"))?;
    Plan::new(loaded.script, &spec)
}

#[cfg(test)]
mod tests;
