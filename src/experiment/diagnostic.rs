//! Errors and warnings about an experiment, with their places.

use std::fmt;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::Experiment;
use super::span::{Line, Span};
use crate::text::visible;

/// An error or a warning about an experiment: what, where, and what would be right.
///
/// Displayed over several lines, without a word for its severity:
/// ```text
/// there is no activation called `rellu`
///   --> two.toml:12:14
///    |
/// 12 | activation = "rellu"
///    |              ^^^^^^^
///    = help: did you mean `relu`?
/// ```
#[derive(Clone, Debug)]
pub struct Diagnostic {
    message: String,
    span: Option<Span>,
    help: Option<String>,
    /// The experiment that it is about, where only its parts do not go together.
    refused: Option<Box<Experiment>>,
}

/// The result of reading a part of an experiment.
pub(super) type Result<T> = std::result::Result<T, Diagnostic>;

impl Diagnostic {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), span: None, help: None, refused: None }
    }

    pub(super) fn at(self, span: &Span) -> Self {
        Self { span: Some(span.clone()), ..self }
    }

    /// Itself, at `span` unless it has a place outside of the source called `name`.
    pub(super) fn not_in(self, name: &str, span: &Span) -> Self {
        let elsewhere = self.span.as_ref().is_some_and(|own| own.name() != name);
        if elsewhere { self } else { self.at(span) }
    }

    /// Itself, with words before its message.
    pub(super) fn after(self, words: &str) -> Self {
        Self { message: format!("{words}{}", self.message), ..self }
    }

    pub(super) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    pub(super) fn about(self, experiment: Experiment) -> Self {
        Self { refused: Some(Box::new(experiment)), ..self }
    }

    /// The experiment whose parts do not go together, if each by itself is right.
    pub(super) fn refused(&self) -> Option<&Experiment> {
        self.refused.as_deref()
    }

    /// The mistake, in one line.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The remedy, if it is known.
    #[must_use]
    pub fn advice(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// The line and the column (in characters) where it stands, from 1.
    #[must_use]
    pub fn position(&self) -> Option<(usize, usize)> {
        self.span.as_ref()?.line().map(|line| (line.number, line.column))
    }
}

impl std::error::Error for Diagnostic {}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", printable(&self.message))?;
        let line = self.span.as_ref().and_then(Span::line);
        let number = line.as_ref().map_or_else(String::new, |line| line.number.to_string());
        let gutter = " ".repeat(number.len().max(1));
        if let Some(span) = &self.span {
            write!(f, "\n{gutter}--> {}", printable(span.name()))?;
        }
        if let Some(line) = line {
            let [before, marked, after] = window(&line);
            write!(f, ":{}:{}", line.number, line.column)?;
            write!(f, "\n{gutter} |\n{number} | {before}{marked}{after}")?;
            let carets = "^".repeat(marked.width().max(1));
            write!(f, "\n{gutter} | {}{carets}", " ".repeat(before.width()))?;
        }
        if let Some(help) = &self.help {
            write!(f, "\n{gutter} = help: {}", printable(help))?;
        }
        Ok(())
    }
}

/// The widest piece of a line that is shown: with its number it fits a terminal of 80 columns, so
/// that a long recipe does not wrap and leave the carets astray.
const COLUMNS: usize = 70;

/// The three parts of a line, cut to [`COLUMNS`] together.
fn window(line: &Line<'_>) -> [String; 3] {
    let [before, marked, after] = [line.before, line.marked, line.after].map(printable);
    let marked = cut(marked.chars(), COLUMNS / 2);
    let spare = COLUMNS.saturating_sub(before.width() + marked.width());
    let after = cut(after.chars(), spare.max(COLUMNS / 5));
    let room = COLUMNS.saturating_sub(marked.width() + after.width());
    let before = cut(before.chars().rev(), room).chars().rev().collect();
    [before, marked, after]
}

/// As many of `text` as fit into `columns`, with an ellipsis if that is not all.
fn cut(text: impl Iterator<Item = char> + Clone, columns: usize) -> String {
    let all: String = text.clone().collect();
    if all.width() <= columns {
        return all;
    }
    let mut left = columns.saturating_sub(1);
    text.take_while(|c| {
        let width = c.width().unwrap_or(0);
        let fits = width <= left;
        left = left.saturating_sub(width);
        fits
    })
    .chain(['…'])
    .collect()
}

/// The text on one line, with nothing in it that would move the cursor or change a terminal's state.
fn printable(text: &str) -> String {
    visible(&text.replace('\t', " ")).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, range: std::ops::Range<usize>) -> Vec<String> {
        let span = Span::whole("x.toml", text).at(range);
        Diagnostic::new("wrong").at(&span).to_string().lines().map(str::to_owned).collect()
    }

    #[test]
    fn points_at_the_place_with_wide_characters_and_tabs() {
        let text = "a = 1\n\tb = \"数据\" # 列\n";
        let start = text.find('数').unwrap();
        let lines = shown(text, start..start + "数据".len());
        assert_eq!(
            lines,
            ["wrong", " --> x.toml:2:7", "  |", "2 |  b = \"数据\" # 列", "  |       ^^^^"]
        );
    }

    #[test]
    fn empty_and_multi_line_places_still_get_a_caret() {
        assert_eq!(shown("a = \r\nb = 1", 4..4)[3..], ["1 | a = ", "  |     ^"]);
        assert_eq!(shown("a = [\n1]", 4..8)[4], "  |     ^");
        assert_eq!(shown("a = 1", 5..5)[4], "  |      ^");
        assert_eq!(shown("", 3..9)[4], "  | ^");
        assert_eq!(shown("é", 1..1)[4], "  | ^");
    }

    #[test]
    fn long_lines_are_cut_around_the_place() {
        let text = "x".repeat(200) + "HERE" + &"y".repeat(200);
        let lines = shown(&text, 200..204);
        let column = lines[3].chars().position(|c| c == 'H').unwrap();
        assert!(lines[3].width() < 80 && lines[3].contains("HERE"), "{}", lines[3]);
        assert_eq!(lines[4].find('^'), Some(column));
        assert!(lines[4].ends_with(" ^^^^"));
    }

    #[test]
    fn escape_sequences_do_not_reach_the_terminal() {
        let span = Span::whole("\u{1b}[2J", "a\u{1b}[31m").at(0..1);
        let text = Diagnostic::new("\u{7}").at(&span).help("\u{9b}").to_string();
        assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text:?}");
    }
}
