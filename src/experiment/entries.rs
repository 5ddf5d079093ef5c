//! Plain values of a TOML file with their places, for files that are no experiments.

use super::diagnostic::{Diagnostic, Result};
use super::node::{Kind, Node};
use super::span::Span;
use super::toml;

/// A value of a file.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A text.
    Text(String),
    /// A whole number.
    Whole(i128),
    /// A number.
    Real(f64),
    /// True or false.
    Flag(bool),
    /// Texts.
    Texts(Vec<String>),
}

/// A key with its value, and where both stand.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The table in which it stands; empty for the topmost.
    pub section: String,
    /// Its name.
    pub key: String,
    /// Its value.
    pub value: Value,
    key_span: Span,
    value_span: Span,
}

impl Entry {
    /// An error about the key.
    #[must_use]
    pub fn wrong_key(&self, message: impl Into<String>, help: impl Into<String>) -> Diagnostic {
        Diagnostic::new(message).at(&self.key_span).help(help)
    }

    /// An error about the value.
    #[must_use]
    pub fn wrong_value(&self, message: impl Into<String>, help: impl Into<String>) -> Diagnostic {
        Diagnostic::new(message).at(&self.value_span).help(help)
    }
}

/// The values of a TOML text called `name`, in their order. Tables within tables have none.
///
/// # Errors
/// The mistake and its place.
pub fn read(name: &str, text: &str) -> Result<Vec<Entry>> {
    let root = toml::read(name, text)?;
    let mut entries = Vec::new();
    add(&root, "", &mut entries)?;
    Ok(entries)
}

fn add(node: &Node, section: &str, entries: &mut Vec<Entry>) -> Result<()> {
    let Kind::Table(table) = &node.kind else { return Ok(()) };
    for entry in &table.entries {
        let value = &entry.value;
        if matches!(value.kind, Kind::Table(_)) && section.is_empty() {
            add(value, &entry.key, entries)?;
            continue;
        }
        entries.push(Entry {
            section: section.to_owned(),
            key: entry.key.clone(),
            value: plain(value)?,
            key_span: entry.key_span.clone(),
            value_span: value.span.clone(),
        });
    }
    Ok(())
}

fn plain(node: &Node) -> Result<Value> {
    Ok(match &node.kind {
        Kind::Text(text) | Kind::Word(text) => Value::Text(text.clone()),
        Kind::Integer(whole) => Value::Whole(*whole),
        Kind::Float(real) => Value::Real(*real),
        Kind::Flag(flag) => Value::Flag(*flag),
        Kind::Array(items) => {
            let texts = items.iter().map(|item| match &item.kind {
                Kind::Text(text) => Ok(text.clone()),
                other => {
                    let message = format!("a list here holds texts, not {}", other.noun());
                    Err(Diagnostic::new(message).at(&item.span))
                }
            });
            Value::Texts(texts.collect::<Result<_>>()?)
        }
        Kind::Table(_) => {
            return Err(
                Diagnostic::new("a table within a table has no meaning here").at(&node.span)
            );
        }
    })
}
