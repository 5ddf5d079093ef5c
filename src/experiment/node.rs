//! The text before it is known to make sense: a tree of values that know their place.
//!
//! TOML files, recipes and `--set` overrides all become such a tree; [`super::validate`] alone
//! turns it into an [`super::Experiment`].

use super::diagnostic::{Diagnostic, Result};
use super::span::Span;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub span: Span,
    pub kind: Kind,
}

/// The content of a [`Node`].
#[derive(Clone, Debug)]
pub(super) enum Kind {
    Table(Table),
    Array(Vec<Node>),
    Text(String),
    Integer(i128),
    Float(f64),
    Flag(bool),
    /// Text as typed in a recipe or an override: it is read as whatever type is wanted.
    Word(String),
}

impl Kind {
    /// Its name in an error.
    pub const fn noun(&self) -> &'static str {
        match self {
            Self::Table(_) => "a table",
            Self::Array(_) => "a list",
            Self::Text(_) => "a string",
            Self::Integer(_) => "a whole number",
            Self::Float(_) => "a number",
            Self::Flag(_) => "true or false",
            Self::Word(_) => "a word",
        }
    }
}

impl Node {
    /// A word as it is typed.
    pub fn word(text: impl Into<String>, span: Span) -> Self {
        Self { span, kind: Kind::Word(text.into()) }
    }

    /// The node at a dotted path, layers counted from 1, or the innermost one on the way there.
    pub fn find(&self, path: &str) -> &Self {
        let mut node = self;
        for part in path.split('.') {
            let next = match &node.kind {
                Kind::Table(table) => table.get(part).map(|entry| &entry.value),
                Kind::Array(items) => {
                    part.parse().ok().and_then(|n: usize| items.get(n.checked_sub(1)?))
                }
                _ => None,
            };
            match next {
                Some(next) => node = next,
                None => break,
            }
        }
        node
    }
}

/// Keys with their values, in the order in which they were written.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    pub entries: Vec<Entry>,
}

/// A key with its value.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub key: String,
    pub key_span: Span,
    pub value: Node,
}

impl Table {
    /// The entry under `key`.
    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// Adds an entry.
    ///
    /// # Errors
    /// If the key is there already.
    pub fn add(&mut self, key: &str, key_span: Span, value: Node) -> Result<()> {
        if self.get(key).is_some() {
            return Err(Diagnostic::new(format!("`{key}` is given twice")).at(&key_span));
        }
        self.entries.push(Entry { key: key.to_owned(), key_span, value });
        Ok(())
    }

    /// The value under `key`: an empty table, written at `span`, if the key is new.
    pub fn value_mut(&mut self, key: &str, span: Span) -> &mut Node {
        let known = self.entries.iter().position(|entry| entry.key == key);
        let index = known.unwrap_or_else(|| {
            let value = Node { span: span.clone(), kind: Kind::Table(Self::default()) };
            self.entries.push(Entry { key: key.to_owned(), key_span: span, value });
            self.entries.len() - 1
        });
        &mut self.entries[index].value
    }
}
