//! `state.safetensors`: a checkpoint that says of which script it is.

use serde::{Deserialize, Serialize};

use crate::experiment::{Edit, Script, script_to_portable_toml};
use crate::hash::fnv1a;
use crate::train::engine::{Checkpoint, FormatError};

/// The script of a checkpoint.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Tag {
    /// How many edits it has.
    edits: usize,
    /// The hash of its text.
    script: String,
}

impl Tag {
    fn of(script: &Script) -> Self {
        let hash = fnv1a(script_to_portable_toml(script).as_bytes());
        Self { edits: script.edits().len(), script: format!("{hash:016x}") }
    }
}

/// The edits of `script` that `checkpoint`, a state on its way, has seen.
fn seen<'a>(script: &'a Script, checkpoint: &Checkpoint) -> &'a [Edit] {
    let at = checkpoint.step();
    // That of its very step may be still to come.
    let made = |edit: &Edit| {
        edit.step < at || edit.step == at && *edit.experiment == *checkpoint.experiment()
    };
    &script.edits()[..script.edits().partition_point(made)]
}

/// The bytes of a file with `checkpoint`, a state on the way of `script`.
///
/// # Errors
/// As [`Checkpoint::to_bytes`].
pub fn to_bytes(script: &Script, checkpoint: &Checkpoint) -> Result<Vec<u8>, FormatError> {
    let tag = serde_json::to_string(&Tag::of(&beginning(script, seen(script, checkpoint))));
    checkpoint.to_bytes_with(&tag.map_err(|error| FormatError::Malformed(error.to_string()))?)
}

/// The checkpoint in `bytes` with the number of edits of `script` that it has seen, if it is a state
/// of that script at `step` or before.
pub fn on_the_way(bytes: &[u8], script: &Script, step: u64) -> Option<(Checkpoint, usize)> {
    let (checkpoint, note) = Checkpoint::from_bytes_with(bytes).ok()?;
    let tag: Tag = serde_json::from_str(&note).ok()?;
    let seen = script.edits().get(..tag.edits)?;
    let at = checkpoint.step();
    let to_come = script.edits().get(tag.edits);
    let fits = at <= step
        && seen.last().is_none_or(|edit| edit.step <= at)
        && to_come.is_none_or(|edit| edit.step >= at)
        && Tag::of(&beginning(script, seen)) == tag;
    fits.then_some((checkpoint, tag.edits))
}

/// The script with the first of its edits only.
fn beginning(script: &Script, edits: &[Edit]) -> Script {
    // Edits stand at ascending steps, so all after this one go.
    edits
        .last()
        .map_or_else(|| Script::from(script.start().clone()), |last| script.until(last.step))
}
