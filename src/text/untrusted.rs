//! A text that anyone may have written.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{csv_cell, docstring, markdown, visible, visible_lines, xml};

/// A text from outside: a title, the name of an arm, an error that quotes either.
///
/// It does not implement `Display`, so that it cannot be printed as it is; each way to show it names
/// the place.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Untrusted(String);

impl Untrusted {
    /// The text as it is: to be compared, parsed, or written by something that escapes it.
    #[must_use]
    pub fn raw(&self) -> &str {
        &self.0
    }

    /// Returns true if there is no text.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes the text away.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// The text for a line on a terminal.
    #[must_use]
    pub fn on_terminal(&self) -> Cow<'_, str> {
        visible(&self.0)
    }

    /// The text for lines on a terminal.
    #[must_use]
    pub fn on_lines(&self) -> Cow<'_, str> {
        visible_lines(&self.0)
    }

    /// The text between the tags or in the attributes of XML, HTML or SVG.
    #[must_use]
    pub fn in_xml(&self) -> String {
        xml(&self.0)
    }

    /// The text in a line or a table of Markdown.
    #[must_use]
    pub fn in_markdown(&self) -> String {
        markdown(&self.0)
    }

    /// The text in a cell of a CSV file, before it is quoted.
    #[must_use]
    pub fn in_csv(&self) -> Cow<'_, str> {
        csv_cell(&self.0)
    }

    /// The text within a docstring of Python.
    #[must_use]
    pub fn in_docstring(&self) -> String {
        docstring(&self.0)
    }
}

impl From<String> for Untrusted {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Untrusted {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl PartialEq<str> for Untrusted {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Untrusted {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}
