//! Tables whose keys are known beforehand: those of walks and lessons.

use super::diagnostic::{Diagnostic, Result};
use super::node::{Kind, Node, Table};
use crate::spec::nearest;

/// The table at `node` with no other keys than `known`.
///
/// # Errors
/// If it is no table or has another key.
pub(super) fn table<'a>(node: &'a Node, name: &str, known: &[&str]) -> Result<&'a Table> {
    let Kind::Table(table) = &node.kind else {
        let message = format!("a {name} must be a table, not {}", node.kind.noun());
        return Err(Diagnostic::new(message).at(&node.span));
    };
    match table.entries.iter().find(|entry| !known.contains(&entry.key.as_str())) {
        None => Ok(table),
        Some(entry) => {
            let help = nearest(&entry.key, known.iter().copied()).map_or_else(
                || format!("the keys of a {name} are {}", known.join(", ")),
                |name| format!("did you mean `{name}`?"),
            );
            let message = format!("unknown key `{}`", entry.key);
            Err(Diagnostic::new(message).at(&entry.key_span).help(help))
        }
    }
}

/// The value under `key` in `table`, which stands at `node`.
///
/// # Errors
/// If it is missing.
pub(super) fn require<'a>(node: &Node, table: &'a Table, key: &str) -> Result<&'a Node> {
    let missing = || Diagnostic::new(format!("`{key}` is missing")).at(&node.span);
    table.get(key).map(|entry| &entry.value).ok_or_else(missing)
}

/// The items of the list at `node`, under `key`.
///
/// # Errors
/// If it is no list.
pub(super) fn list<'a>(node: &'a Node, key: &str) -> Result<&'a [Node]> {
    match &node.kind {
        Kind::Array(items) => Ok(items),
        other => {
            let message = format!("`{key}` must be a list, not {}", other.noun());
            Err(Diagnostic::new(message).at(&node.span))
        }
    }
}
