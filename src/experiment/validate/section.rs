//! One table of an experiment while it is read.

use crate::experiment::diagnostic::{Diagnostic, Result};
use crate::experiment::limit::Limit;
use crate::experiment::node::{Entry, Kind, Node, Table};
use crate::experiment::span::Span;
use crate::spec::nearest;

/// The keys of an experiment itself.
pub const ROOT: [&str; 9] =
    ["title", "about", "seed", "data", "train", "optimizer", "schedule", "layers", "compare"];
/// The keys of `[data]` where it is a named data set; its parameters stand beside them.
pub const DATA: [&str; 3] = ["name", "test_fraction", "seed"];
/// The keys of `[data]` where it is a file.
pub const CSV: [&str; 4] = ["csv", "target", "test_fraction", "seed"];
/// The keys of `[train]`.
pub const TRAIN: [&str; 11] = [
    "loss",
    "batch_size",
    "steps",
    "eval_every",
    "clip_norm",
    "clip_value",
    "l1",
    "l2",
    "decoupled_decay",
    "gradient_noise",
    "ema",
];
/// The keys of each of `[[layers]]`.
pub const LAYER: [&str; 6] = ["units", "activation", "norm", "dropout", "init", "optimizer"];

/// The keys of `[compare]`.
pub const COMPARE: [&str; 8] =
    ["optimizers", "activations", "arms", "rates", "seeds", "tuning_seeds", "steps", "target"];
/// The keys of each of `[[compare.arms]]`.
pub const ARM: [&str; 2] = ["name", "set"];

/// Where a key belongs that was given elsewhere.
const HOMES: [(&str, &[&str]); 6] = [
    ("at the top, before the first `[…]`", &ROOT),
    ("under `[data]`", &["csv", "target", "test_fraction"]),
    ("under `[train]`", &TRAIN),
    ("under `[[layers]]`", &LAYER),
    ("under `[optimizer]`", &["lr", "weight_decay"]),
    ("under `[compare]`", &["optimizers", "activations", "arms", "rates", "seeds", "tuning_seeds"]),
];

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
        let Kind::Table(table) = &node.kind else {
            let message = format!("`{name}` must be a table, not {}", node.kind.noun());
            return Err(Diagnostic::new(message).at(&node.span));
        };
        match table.entries.iter().find(|entry| !known.contains(&entry.key.as_str())) {
            Some(entry) => Err(unknown(entry, known)),
            None => Ok(Self { node, table }),
        }
    }

    /// Whether it has no key at all.
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
        let Some(node) = self.get(key) else { return Ok(None) };
        match &node.kind {
            Kind::Text(text) | Kind::Word(text) => Ok(Some(text.clone())),
            other => {
                let message = format!("`{key}` must be a string, not {}", other.noun());
                Err(Diagnostic::new(message).at(&node.span))
            }
        }
    }

    /// A whole number.
    pub fn whole(&self, limit: Limit) -> Result<Option<u64>> {
        self.get(limit.key).map(|node| whole(node, limit)).transpose()
    }

    /// A real number.
    pub fn number(&self, limit: Limit) -> Result<Option<f64>> {
        self.get(limit.key).map(|node| number(node, limit)).transpose()
    }
}

/// The whole number at `node`.
pub fn whole(node: &Node, limit: Limit) -> Result<u64> {
    let given = match &node.kind {
        Kind::Integer(n) => Some(*n),
        Kind::Word(word) => word.parse().ok(),
        _ => None,
    };
    let Some(n) = given else { return Err(wrong_type(node, limit, "a whole number")) };
    within(node, limit, n as f64)?;
    u64::try_from(n).map_err(|_| wrong_type(node, limit, "a 64-bit whole number"))
}

fn number(node: &Node, limit: Limit) -> Result<f64> {
    let given = match &node.kind {
        Kind::Integer(n) => Some(*n as f64),
        Kind::Float(x) => Some(*x),
        Kind::Word(word) => word.parse().ok(),
        _ => None,
    };
    let x = given.ok_or_else(|| wrong_type(node, limit, "a number"))?;
    within(node, limit, x)?;
    Ok(x)
}

fn within(node: &Node, limit: Limit, x: f64) -> Result<()> {
    let message = || format!("`{}` cannot be {x}", limit.key);
    limit.check(x).map_err(|right| Diagnostic::new(message()).at(&node.span).help(right))
}

fn wrong_type(node: &Node, limit: Limit, wanted: &str) -> Diagnostic {
    let Limit { key, range } = limit;
    let given = match &node.kind {
        Kind::Word(word) => format!("`{word}`"),
        other => other.noun().to_owned(),
    };
    Diagnostic::new(format!("`{key}` must be {wanted}, not {given}"))
        .at(&node.span)
        .help(format!("it may be {range}"))
}

fn unknown(entry: &Entry, known: &[&str]) -> Diagnostic {
    let key = entry.key.as_str();
    let home = HOMES.iter().find(|(_, keys)| keys.contains(&key));
    let help = match (home, nearest(key, known.iter().copied())) {
        (Some((home, _)), _) => format!("`{key}` belongs {home}"),
        (None, Some(name)) => format!("did you mean `{name}`?"),
        (None, None) => {
            elsewhere(key).unwrap_or_else(|| format!("the keys here are {}", known.join(", ")))
        }
    };
    Diagnostic::new(format!("unknown key `{key}`")).at(&entry.key_span).help(help)
}

/// A key of another section that may be meant.
fn elsewhere(key: &str) -> Option<String> {
    HOMES.iter().find_map(|(home, keys)| {
        nearest(key, keys.iter().copied()).map(|name| format!("did you mean `{name}` {home}?"))
    })
}
