//! What can be searched for some arms.

use super::Arm;
use crate::compare::search::searched;
use crate::experiment::settings::{self, Named, look_up};
use crate::spec::nearest;

/// Sees to it that every path names a setting that one of `arms` is searched over, and that every
/// candidate of theirs is a valid experiment.
///
/// # Errors
/// The first that does not, with the nearest name, or the arm whose settings do not go together.
pub fn check(arms: &[Arm], paths: &[String]) -> Result<(), String> {
    for path in paths {
        let has = |arm: &Arm| searched(arm.script.start(), path).is_some();
        if !arms.iter().any(has) {
            return Err(unsearchable(arms, path));
        }
    }
    for arm in arms {
        arm.check_candidates()?;
    }
    Ok(())
}

/// Why `path` cannot be searched in any of `arms`.
fn unsearchable(arms: &[Arm], path: &str) -> String {
    let starts = || arms.iter().map(|arm| arm.script.start());
    let known: Vec<String> = {
        let mut known: Vec<String> =
            starts().flat_map(|start| settings::of(start).map(|setting| setting.path())).collect();
        known.sort();
        known.dedup();
        known.retain(|path| starts().any(|start| searched(start, path).is_some()));
        known
    };
    let near = nearest(path, known.iter().map(String::as_str));
    let hint = near.map_or_else(
        || format!("there are {}", known.join(", ")),
        |near| format!("did you mean `{near}`?"),
    );
    let there = starts().any(|start| settings::find(start, path).is_ok());
    match look_up(path) {
        Some(Named::Row(_)) => format!(
            "`{path}` cannot be tuned: only parameters that say where they are searched can; {hint}"
        ),
        Some(Named::Param(..)) if there => {
            format!("`{path}` cannot be tuned: it does not say where it is searched; {hint}")
        }
        Some(Named::Param(..)) => format!("no arm has the setting `{path}`; {hint}"),
        None => format!("there is no setting `{path}` to tune; {hint}"),
    }
}
