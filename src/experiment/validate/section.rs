//! One table of an experiment while it is read.

use super::read;
use crate::experiment::compare::keys;
use crate::experiment::diagnostic::{Diagnostic, Result};
use crate::experiment::node::{Entry, Kind, Node, Table};
use crate::experiment::settings;
use crate::experiment::span::Span;
use crate::spec::nearest;

/// The keys of each of `[[compare.arms]]`.
pub const ARM: [&str; 2] = ["name", "set"];
/// The key of what is edited in the middle of the run.
pub const EDITS: &str = "edits";
/// The keys of each of `[[edits]]`.
pub const EDIT: [&str; 2] = ["step", "set"];
/// Parameters of optimizers that are looked for elsewhere.
const OF_OPTIMIZERS: [&str; 2] = ["lr", "weight_decay"];

/// The keys of the experiment itself.
pub fn root_keys() -> Vec<&'static str> {
    let own = settings::Section::Root.rows().map(|row| row.key);
    own.chain(["train", "layers", "compare", EDITS]).collect()
}

/// The keys of `[train]` or of each of `[[layers]]`.
pub fn keys_of(section: settings::Section) -> Vec<&'static str> {
    section.rows().map(|row| row.key).collect()
}

/// The keys of `[data]`, if it is a file or a named data set with these parameters.
pub fn data_keys(params: Option<&[&'static str]>) -> Vec<&'static str> {
    let rows = settings::Section::Data.rows();
    let shared = rows.filter(|row| params.is_none() || !row.kind.is_of_csv()).map(|row| row.key);
    let name = params.map(|_| "name");
    name.into_iter().chain(shared).chain(params.unwrap_or_default().iter().copied()).collect()
}

/// The keys of `[compare]`.
pub fn compare_keys() -> Vec<&'static str> {
    keys::KEYS.iter().map(|key| key.key).collect()
}

/// The sections with their keys, to tell where a key belongs that was given elsewhere.
fn homes() -> [(&'static str, Vec<&'static str>); 7] {
    [
        ("at the top, before the first `[…]`", root_keys()),
        ("under `[data]`", data_keys(None)),
        ("under `[train]`", keys_of(settings::Section::Train)),
        ("under `[[layers]]`", keys_of(settings::Section::Layers)),
        ("under `[optimizer]`", OF_OPTIMIZERS.to_vec()),
        ("under `[compare]`", compare_keys()),
        ("under `[[edits]]`", EDIT.to_vec()),
    ]
}

/// A table of known keys.
pub struct Section<'a> {
    node: &'a Node,
    table: &'a Table,
}

impl<'a> Section<'a> {
    /// The table at `node`, under the key `name`.
    ///
    /// # Errors
    /// If it is no table, or has a key that is none of `known`.
    pub fn open(node: &'a Node, name: &str, known: &[&str]) -> Result<Self> {
        Self::new(node, name)?.with_only(known)
    }

    /// The table at `node`, under the key `name`, whatever its keys.
    ///
    /// # Errors
    /// If it is no table.
    pub fn new(node: &'a Node, name: &str) -> Result<Self> {
        let Kind::Table(table) = &node.kind else {
            let message = format!("`{name}` must be a table, not {}", node.kind.noun());
            return Err(Diagnostic::new(message).at(&node.span));
        };
        Ok(Self { node, table })
    }

    /// Itself.
    ///
    /// # Errors
    /// If it has a key that is none of `known`.
    pub fn with_only(self, known: &[&str]) -> Result<Self> {
        match self.table.entries.iter().find(|entry| !known.contains(&entry.key.as_str())) {
            Some(entry) => Err(unknown(entry, known)),
            None => Ok(self),
        }
    }

    /// True if it has no key at all.
    pub fn is_empty(&self) -> bool {
        self.table.entries.is_empty()
    }

    /// The entry of `key`, if it is given.
    pub fn entry(&self, key: &str) -> Option<&'a Entry> {
        self.table.get(key)
    }

    /// The value of `key`, if it is given.
    pub fn get(&self, key: &str) -> Option<&'a Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The value of `key`.
    pub fn require(&self, key: &str) -> Result<&'a Node> {
        self.get(key)
            .ok_or_else(|| Diagnostic::new(format!("`{key}` is missing")).at(&self.node.span))
    }

    /// The place of the value of `key`, or of the table.
    pub fn span(&self, key: &str) -> &'a Span {
        &self.get(key).unwrap_or(self.node).span
    }

    /// A text.
    pub fn text(&self, key: &str) -> Result<Option<String>> {
        self.get(key).map(|node| read::text(node, key)).transpose()
    }
}

fn unknown(entry: &Entry, known: &[&str]) -> Diagnostic {
    let key = entry.key.as_str();
    let homes = homes();
    let of_file = settings::Section::Data.rows().any(|row| row.key == key && row.kind.is_of_csv());
    if of_file && known.contains(&"name") {
        let help = format!("`{key}` is for a CSV file, which takes the place of `name`: csv = …");
        return Diagnostic::new(format!("unknown key `{key}`")).at(&entry.key_span).help(help);
    }
    let home = homes.iter().find(|(_, keys)| keys.contains(&key));
    let help = match (home, nearest(key, known.iter().copied())) {
        (Some((home, _)), _) => format!("`{key}` belongs {home}"),
        (None, Some(name)) => format!("did you mean `{name}`?"),
        (None, None) => {
            // A key of another section may be meant.
            let elsewhere = homes.iter().find_map(|(home, keys)| {
                let name = nearest(key, keys.iter().copied())?;
                Some(format!("did you mean `{name}` {home}?"))
            });
            elsewhere.unwrap_or_else(|| format!("the keys here are {}", known.join(", ")))
        }
    };
    Diagnostic::new(format!("unknown key `{key}`")).at(&entry.key_span).help(help)
}
