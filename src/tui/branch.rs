//! The names of branches: a branch is known by its edits.

use crate::train::timeline::{BranchView, TimelineView};
use crate::tui::widgets::format;

/// Its edits, each with its step: `layer 1 relu → tanh @5,000, all lr 0.01 → 0.001 @8,000`. One without
/// edits is a start, told of by what its settings differ in from the present branch's.
#[must_use]
pub fn name(branch: &BranchView, timeline: &TimelineView) -> String {
    let edits: Vec<_> = branch
        .script
        .changes()
        .flat_map(|(step, changes)| {
            let at = format::thousands(step as f64);
            changes.into_iter().map(move |change| format!("{} @{at}", change.text))
        })
        .collect();
    let start = timeline
        .present()
        .map(|present| crate::experiment::changes(present.script.start(), branch.script.start()));
    let start = start.into_iter().flatten().map(|change| change.text);
    let all: Vec<_> = start.chain(edits).collect();
    match all.len() {
        0 if branch.from > 0 => format!("as it was @{}", format::thousands(branch.from as f64)),
        0 => "from the start, without edits".to_owned(),
        _ => all.join(", "),
    }
}
