//! The names of branches: a branch is known by its edits.

use crate::train::timeline::{BranchView, TimelineView};
use crate::tui::widgets::format;

/// Its edits, each with its step: `layer 1 relu → tanh @5,000, all lr 0.01 → 0.001 @8,000`. One without
/// edits is a start, told of by what its settings differ in from the present branch's.
#[must_use]
pub fn name(branch: &BranchView, timeline: &TimelineView) -> String {
    let all = parts(branch, timeline);
    match all.len() {
        0 if branch.from > 0 => format!("as it was @{}", format::thousands(branch.from as f64)),
        0 => "from the start, without edits".to_owned(),
        _ => all.join(", "),
    }
}

/// The names of several branches beside each other: without the edits that all of them begin with.
#[must_use]
pub fn names(branches: &[&BranchView], timeline: &TimelineView) -> Vec<String> {
    let parts: Vec<_> = branches.iter().map(|branch| parts(branch, timeline)).collect();
    let shared = parts.first().map_or(0, |first| {
        let by_all = |at: &usize| parts.iter().all(|it| it.get(*at) == Some(&first[*at]));
        (0..first.len()).take_while(by_all).count()
    });
    let name = |(branch, parts): (&&BranchView, &Vec<String>)| match &parts[shared..] {
        [] if shared > 0 => "no further edit".to_owned(),
        [] => name(branch, timeline),
        rest => rest.join(", "),
    };
    branches.iter().zip(&parts).map(name).collect()
}

/// What the start differs in from that of the present branch, and the edits.
fn parts(branch: &BranchView, timeline: &TimelineView) -> Vec<String> {
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
    start.chain(edits).collect()
}
