//! All shards of a comparison as one, in memory for what a ranking goes by and no more.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use super::file::{Header, file_name, lines, shard_of};
use super::{Share, Wave, claimed};
use crate::compare::plan::Plan;
use crate::compare::record::Record;
use crate::compare::results::Results;
use crate::compare::trial::Trial;
use crate::parallel;
use crate::text::Untrusted;

/// Missing shards that are named one by one, or as ranges.
const NAMED: usize = 10;

/// A comparison whose shards are all there.
#[derive(Debug)]
pub struct Merged {
    /// What it is called.
    pub name: Untrusted,
    /// What was run.
    pub plan: Plan,
    /// The runs, without the courses of their losses.
    pub results: Results,
}

/// Reads all shards of the comparison in `folder`.
///
/// # Errors
/// If some are missing, which are named, or are of another comparison, or cannot be read.
pub fn merge(folder: &Path) -> Result<Merged, String> {
    let plan = claimed(folder)?;
    let mut results = Results::default();
    let tuning = plan.tuning_trials();
    if !tuning.is_empty() {
        gather(folder, &plan, Wave::Tune, &tuning, &mut results)?;
    }
    let judging = plan.judging_trials(&plan.best_candidates(&results));
    let name = gather(folder, &plan, Wave::Judge, &judging, &mut results)?;
    Ok(Merged { name, plan, results })
}

/// Adds the records of a wave, whose trials are `trials`, to `results`. Returns the comparison's name.
///
/// # Errors
/// As [`merge`].
pub(super) fn gather(
    folder: &Path,
    plan: &Plan,
    wave: Wave,
    trials: &[Trial],
    results: &mut Results,
) -> Result<Untrusted, String> {
    let shares = shares(folder, wave)?;
    let hash = plan.hash();
    let read = |share: Share| read(folder, (plan, &hash), wave, share, &share.of(trials));
    let mut name = Untrusted::default();
    // Some at a time, so that their texts do not all have to be in memory.
    for some in shares.chunks(64) {
        for found in parallel::each(some.to_vec(), read) {
            let (header, records) = found?;
            name = header.name;
            for (trial, record) in records {
                results.insert(trial, Arc::new(record));
            }
        }
    }
    Ok(name)
}

/// All shards of a wave, whose files are all there.
fn shares(folder: &Path, wave: Wave) -> Result<Vec<Share>, String> {
    let failed = |error: std::io::Error| format!("cannot read `{}`: {error}", folder.display());
    let mut found: Vec<Share> = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        found.extend(shard_of(&name.to_string_lossy()).filter(|it| it.0 == wave).map(|it| it.1));
    }
    found.sort_by_key(|share| (share.count(), share.index()));
    let name = wave.name();
    let Some(first) = found.first() else {
        return Err(format!("no shard of the wave {name} is finished in `{}`", folder.display()));
    };
    let count = first.count();
    if let Some(other) = found.iter().find(|share| share.count() != count) {
        let other = other.count();
        return Err(format!(
            "`{}` holds shards of the wave {name} both of {count} and of {other}; remove those of one",
            folder.display(),
        ));
    }
    let there: Vec<usize> = found.iter().map(|share| share.index()).collect();
    let missing: Vec<usize> =
        (1..=count).filter(|index| there.binary_search(index).is_err()).collect();
    if missing.is_empty() {
        return Ok(found);
    }
    Err(format!(
        "{} of {count} shards of the wave {name} are missing in `{}`: {}; run them first",
        missing.len(),
        folder.display(),
        ranges(&missing)
    ))
}

/// Ascending numbers as in `3, 5–7`, the first of them if there are many.
fn ranges(numbers: &[usize]) -> String {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for &number in numbers {
        match ranges.last_mut() {
            Some((_, end)) if *end + 1 == number => *end = number,
            _ => ranges.push((number, number)),
        }
    }
    let text = |(from, to): &(usize, usize)| {
        if from == to { from.to_string() } else { format!("{from}–{to}") }
    };
    let mut texts: Vec<String> = ranges.iter().take(NAMED).map(text).collect();
    if ranges.len() > NAMED {
        texts.push("…".to_owned());
    }
    texts.join(", ")
}

/// The header and the records of a shard, which must be those of `trials`.
fn read(
    folder: &Path,
    (plan, hash): (&Plan, &str),
    wave: Wave,
    share: Share,
    trials: &[Trial],
) -> Result<(Header, Vec<(Trial, Record)>), String> {
    let path = folder.join(file_name(wave, share));
    let shown = || format!("`{}`", path.display());
    let file =
        crate::file::open(&path).map_err(|error| format!("cannot read {}: {error}", shown()))?;
    let mut wanted: HashMap<String, Option<Trial>> =
        trials.iter().map(|trial| (plan.key(*trial), Some(*trial))).collect();
    let (mut records, mut others) = (Vec::new(), 0);
    let (header, _) = lines(&file, |record| match wanted.get_mut(&record.key).map(Option::take) {
        Some(Some(trial)) => records.push((trial, record)),
        // The same run again, by two processes where the file system has no locks.
        Some(None) => {}
        None => others += 1,
    })
    .map_err(|error| error.of(&path).to_string())?;
    let header = header.filter(|header| header.plan == hash && others == 0);
    let header = header.ok_or_else(|| {
        format!("{} is of another comparison, or of another version of this program", shown())
    })?;
    let lacking = trials.len() - records.len();
    if lacking > 0 {
        return Err(format!(
            "{} lacks {lacking} of its {} runs; remove it and run the shard again",
            shown(),
            trials.len()
        ));
    }
    Ok((header, records))
}
