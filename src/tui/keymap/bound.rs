//! Other keys than those of the tables, by the user's configuration.

use std::sync::OnceLock;

use super::{Action, Context, EVERYWHERE, Key, name};

/// Actions with the keys that they have in place of their own.
pub type Bound = Vec<(Action, Vec<Key>)>;

/// Set once, before the workbench opens.
static BOUND: OnceLock<Bound> = OnceLock::new();

/// Gives actions other keys, for as long as the program runs. Only the first call counts.
pub fn bind(bound: Bound) {
    // A second call would change keys under the user's hands.
    let _ = BOUND.set(bound);
}

/// The keys that the user has given to `action`, if any.
pub(super) fn of(action: Action) -> Option<&'static [Key]> {
    among(BOUND.get()?, action)
}

fn among(bound: &Bound, action: Action) -> Option<&[Key]> {
    bound.iter().find(|(known, _)| *known == action).map(|(_, keys)| keys.as_slice())
}

/// Two actions that would have the same key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The key.
    pub key: Key,
    /// What it was given to.
    pub action: Action,
    /// What has it already, as help has it.
    pub holder: &'static str,
    /// Where that is.
    pub place: &'static str,
}

impl std::fmt::Display for Conflict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { key, holder, place, .. } = self;
        write!(f, "`{}` is taken ({place}): {holder}", name(*key))
    }
}

/// The first key that `bound` gives to an action although another one has it in one of `contexts`, or it
/// leads to a screen by one of `tabs`.
#[must_use]
pub fn conflict(
    bound: &Bound,
    contexts: &[&'static Context],
    tabs: &[(Key, &'static str)],
) -> Option<Conflict> {
    for (action, keys) in bound {
        if let Some((key, holder)) = tabs.iter().find(|(key, _)| keys.contains(key)) {
            let (key, action) = (*key, *action);
            return Some(Conflict { key, action, holder, place: "Screens" });
        }
    }
    for context in contexts {
        let elsewhere = if context.takes_text { &[][..] } else { EVERYWHERE.rows };
        let rows = || context.rows.iter().chain(elsewhere);
        let here = |action: &Action| rows().any(|row| row.action == *action);
        for (action, keys) in bound.iter().filter(|(action, _)| here(action)) {
            for key in keys {
                let holder = rows().find(|row| {
                    let keys = among(bound, row.action).unwrap_or(row.keys);
                    row.action != *action && keys.contains(key)
                });
                if let Some(row) = holder {
                    let (key, place) = (*key, context.title);
                    return Some(Conflict { key, action: *action, holder: row.help, place });
                }
            }
        }
    }
    None
}
