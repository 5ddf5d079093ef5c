//! Places of the pieces of an experiment in its text.

use std::ops::Range;
use std::sync::Arc;

/// A text that an experiment, or a part of it, was read from.
#[derive(Debug)]
pub(super) struct Source {
    /// Its name: a file's path, "recipe", "--set".
    pub name: String,
    /// All of it.
    pub text: String,
}

/// A place in a [`Source`]. Values of one experiment may come from several sources, since
/// overrides are laid over files, so that each place knows its own.
#[derive(Clone, Debug)]
pub(super) struct Span {
    source: Arc<Source>,
    /// Bytes of the text; none for the source as a whole.
    range: Option<Range<usize>>,
}

impl Span {
    /// The source as a whole.
    pub fn whole(name: &str, text: &str) -> Self {
        let source = Source { name: name.to_owned(), text: text.to_owned() };
        Self { source: Arc::new(source), range: None }
    }

    /// Other bytes of the same source.
    pub fn at(&self, range: Range<usize>) -> Self {
        Self { source: Arc::clone(&self.source), range: Some(range) }
    }

    /// The place of `content[part]`, where `content` is the value written here: all of it, quotes
    /// included, if quotes or escapes keep the two from corresponding byte by byte.
    pub fn part(&self, content: &str, part: Range<usize>) -> Self {
        let Some(range) = &self.range else { return self.clone() };
        let start = [0, 1, 3].map(|quotes| range.start + quotes).into_iter().find(|&start| {
            self.source.text.get(start..).is_some_and(|rest| rest.starts_with(content))
        });
        start.map_or_else(|| self.clone(), |start| self.at(start + part.start..start + part.end))
    }

    /// From the beginning of this place to the end of `last`, in the same source.
    pub fn to(&self, last: &Self) -> Self {
        match (&self.range, &last.range) {
            (Some(first), Some(last)) => self.at(first.start..last.end),
            _ => self.clone(),
        }
    }

    /// The byte at which the place begins, to put values into document order.
    pub fn start(&self) -> usize {
        self.range.as_ref().map_or(0, |range| range.start)
    }

    /// The name of the source.
    pub fn name(&self) -> &str {
        &self.source.name
    }

    /// The line on which the place begins.
    pub fn line(&self) -> Option<Line<'_>> {
        let text = self.source.text.as_str();
        let range = self.range.as_ref()?;
        let start = floor(text, range.start);
        let first = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let last = text[start..].find('\n').map_or(text.len(), |newline| start + newline);
        let end = floor(text, range.end).clamp(start, last);
        Some(Line {
            number: 1 + text[..first].matches('\n').count(),
            column: 1 + text[first..start].chars().count(),
            before: &text[first..start],
            marked: &text[start..end],
            after: text[end..last].trim_end_matches('\r'),
        })
    }
}

/// The last character boundary at or before byte `index`.
fn floor(text: &str, index: usize) -> usize {
    (0..=index.min(text.len())).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0)
}

/// One line of a source, in three parts.
pub(super) struct Line<'a> {
    /// Its number, from 1.
    pub number: usize,
    /// The character at which the marked part begins, from 1.
    pub column: usize,
    /// The text before the place,
    pub before: &'a str,
    /// the place itself as far as it is on this line,
    pub marked: &'a str,
    /// and what follows.
    pub after: &'a str,
}
