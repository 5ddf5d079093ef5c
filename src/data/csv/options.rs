//! The settings by which a file is read: what `[data]` says beside its name.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The settings by which a file is read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// The column to be predicted.
    pub target: String,
    /// The meaning of the target.
    pub task: TaskChoice,
    /// Columns left out.
    pub exclude: Vec<String>,
    /// The only columns that are inputs; all, if it is empty.
    pub columns: Vec<String>,
    /// The separator of cells.
    pub delimiter: Delimiter,
    /// True if the first line names the columns.
    pub header: Header,
    /// The treatment of missing cells.
    pub missing: Missing,
    /// The decimal mark.
    pub decimal: Decimal,
}

impl Options {
    /// The settings of a file of which `target` is to be predicted, all others at their defaults.
    #[must_use]
    pub fn new(target: impl Into<String>) -> Self {
        Self { target: target.into(), ..Self::default() }
    }
}

/// A setting that is one of some words.
pub trait Choice: Copy + Default + PartialEq + 'static {
    /// Each word with its value.
    const WORDS: &'static [(&'static str, Self)];

    /// The word of this value.
    #[must_use]
    fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, value)| *value == self).map_or("", |(word, _)| word)
    }

    /// The value of this word.
    #[must_use]
    fn from_word(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(it, _)| *it == word).map(|(_, value)| *value)
    }
}

/// The meaning of a target.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TaskChoice {
    /// Classes if it is text or few whole numbers, else values.
    #[default]
    Auto,
    /// Values.
    Regression,
    /// Classes.
    Classification,
}

impl Choice for TaskChoice {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("auto", Self::Auto),
        ("regression", Self::Regression),
        ("classification", Self::Classification),
    ];
}

/// The presence of a line of names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Header {
    /// The first line, if the target is in it; none, if the target is called `c1`, `c2` and so on.
    #[default]
    Auto,
    /// The first line.
    True,
    /// None: the columns are called `c1`, `c2` and so on.
    False,
}

impl Choice for Header {
    const WORDS: &'static [(&'static str, Self)] =
        &[("auto", Self::Auto), ("true", Self::True), ("false", Self::False)];
}

/// The treatment of missing cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Missing {
    /// Their rows are left out.
    #[default]
    Drop,
    /// A missing number is the mean of the training rows; a missing word is none of the words.
    Mean,
    /// As [`Missing::Mean`], and a feature of its own tells where the cells of a column are missing.
    Category,
}

impl Choice for Missing {
    const WORDS: &'static [(&'static str, Self)] =
        &[("drop", Self::Drop), ("mean", Self::Mean), ("category", Self::Category)];
}

/// The decimal mark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Decimal {
    /// The one that a whole column fits.
    #[default]
    Auto,
    /// `1.5`
    Point,
    /// `1,5`
    Comma,
}

impl Choice for Decimal {
    const WORDS: &'static [(&'static str, Self)] =
        &[("auto", Self::Auto), ("point", Self::Point), ("comma", Self::Comma)];
}

/// The separator of cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Delimiter {
    /// The one that gives rows of equal length.
    #[default]
    Auto,
    /// A character.
    Byte(u8),
    /// Any run of spaces and tabs.
    Whitespace,
}

impl Delimiter {
    /// The words for delimiters.
    pub const WORDS: &'static [(&'static str, Self)] = &[
        ("auto", Self::Auto),
        ("comma", Self::Byte(b',')),
        ("semicolon", Self::Byte(b';')),
        ("tab", Self::Byte(b'\t')),
        ("pipe", Self::Byte(b'|')),
        ("colon", Self::Byte(b':')),
        ("whitespace", Self::Whitespace),
    ];

    /// The delimiter in words, for an error or a note.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Whitespace => "white space".to_owned(),
            Self::Byte(b'\t') => "tabs".to_owned(),
            Self::Byte(byte) => format!("`{}`", char::from(byte)),
            Self::Auto => "`,`".to_owned(),
        }
    }

    /// The delimiter of this word or character; none of what may stand in a cell without quotes:
    /// letters, digits, signs, points, line ends and quotes.
    #[must_use]
    pub fn from_word(text: &str) -> Option<Self> {
        if let Some((_, found)) = Self::WORDS.iter().find(|(word, _)| *word == text) {
            return Some(*found);
        }
        match text.as_bytes() {
            [b' '] => Some(Self::Whitespace),
            [b'"' | b'.' | b'-' | b'+' | b'\n' | b'\r' | 0] => None,
            [byte] if byte.is_ascii() && !byte.is_ascii_alphanumeric() => Some(Self::Byte(*byte)),
            _ => None,
        }
    }
}

impl fmt::Display for Delimiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (Self::WORDS.iter().find(|(_, it)| it == self), self) {
            (Some((word, _)), _) => f.pad(word),
            (None, Self::Byte(byte)) => write!(f, "{}", char::from(*byte)),
            (None, _) => Ok(()),
        }
    }
}

impl From<Delimiter> for String {
    fn from(delimiter: Delimiter) -> Self {
        delimiter.to_string()
    }
}

impl TryFrom<String> for Delimiter {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Self::from_word(&text).ok_or_else(|| format!("`{text}` is no delimiter"))
    }
}
