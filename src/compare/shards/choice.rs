//! The rates at which arms are judged, once all shards that tune them are whole.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::Wave;
use super::merge::gather;
use crate::compare::plan::Plan;
use crate::compare::results::Results;

/// The file that says at which rates the arms are judged, so that not every shard has to read all others.
pub const RATES: &str = "rates.json";

#[derive(Serialize, Deserialize)]
struct Choice {
    /// [`Plan::hash`] of the comparison.
    plan: String,
    /// The place of each arm's best rate on its grid.
    places: Vec<i32>,
}

/// The place of the rate at which each arm of the comparison in `folder` is judged, as its file says or else
/// as follows from all shards of the first wave. Writes the file if there is none.
///
/// # Errors
/// If shards are missing or are of another comparison, or the file cannot be used.
pub fn choose(folder: &Path, plan: &Plan) -> Result<Vec<i32>, String> {
    let path = folder.join(RATES);
    let failed = |error: std::io::Error| format!("cannot use `{}`: {error}", path.display());
    if path.exists() {
        let text = crate::file::read_text(&path, crate::file::LONGEST_TEXT).map_err(failed)?;
        return read(&text, plan)
            .ok_or_else(|| format!("`{}` is of another comparison", path.display()));
    }
    let mut results = Results::default();
    let tuning = plan.tuning_trials();
    if !tuning.is_empty() {
        gather(folder, plan, Wave::Tune, &tuning, &mut results)?;
    }
    let places = plan.best_candidates(&results);
    let choice = Choice { plan: plan.hash(), places };
    let text = serde_json::to_string(&choice).map_err(|error| error.to_string())? + "\n";
    crate::file::write(&path, text).map_err(failed)?;
    Ok(choice.places)
}

/// The places in the text of the file, if they are ones of the grids of `plan`.
fn read(text: &str, plan: &Plan) -> Option<Vec<i32>> {
    let found: Choice = serde_json::from_str(text).ok()?;
    let on_grid =
        |(arm, place): (&crate::compare::Arm, &i32)| arm.candidates.start().contains(place);
    let right = found.plan == plan.hash()
        && found.places.len() == plan.arms.len()
        && plan.arms.iter().zip(&found.places).all(on_grid);
    right.then_some(found.places)
}
