//! Text for a terminal: width, wrapping, emphasis.

use std::io::{self, IsTerminal};

use clap::builder::styling::Style;
use unicode_width::UnicodeWidthStr;

use crate::spec::{Param, Value};
use crate::text::truncate;

/// Text is never set wider than this, for the sake of the eye.
const WIDEST: usize = 80;
/// Narrower than this it is cut off rather than broken into splinters.
const NARROWEST: usize = 30;
/// A value is cut to so many columns.
const LONGEST: usize = 30;

/// What text is set for.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// Columns.
    pub width: usize,
    /// Whether headings may be emphasised.
    pub styled: bool,
}

impl Page {
    /// Stdout: as wide as its terminal, if it is one; plain if it is none or if `NO_COLOR` is set.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "nothing is written")]
    pub fn stdout() -> Self {
        if !io::stdout().is_terminal() {
            return Self { width: WIDEST, styled: false };
        }
        // Some terminals say 0 for "unknown".
        let size = crossterm::terminal::size().ok().filter(|(columns, _)| *columns > 0);
        let columns = size.map_or(WIDEST, |(columns, _)| columns.into());
        let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let dumb = set("TERM").is_none_or(|term| term == "dumb");
        Self { width: columns.clamp(NARROWEST, WIDEST), styled: !dumb && set("NO_COLOR").is_none() }
    }

    /// `text` as a heading.
    #[must_use]
    pub fn heading(self, text: &str) -> String {
        if !self.styled {
            return text.to_owned();
        }
        let bold = Style::new().bold();
        format!("{bold}{text}{bold:#}")
    }

    /// `label` in a column of its own, `text` wrapped beside it; a line each.
    #[must_use]
    pub fn beside(self, label: &str, column: usize, text: &str) -> Vec<String> {
        let mut label = label;
        wrap(text, self.width.saturating_sub(column))
            .iter()
            .map(|line| format!("{}{line}", pad(std::mem::take(&mut label), column)))
            .collect()
    }
}

/// Breaks `text` between words into lines of at most `width` columns; a longer word has a line of
/// its own. There is always one line.
#[must_use]
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.len() - 1;
        let line = &mut lines[last];
        if line.is_empty() {
            line.push_str(word);
        } else if line.width() + 1 + word.width() <= width {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

/// `text` followed by blanks up to `width` columns.
#[must_use]
pub fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// The default of a parameter, cut where it is a long list.
pub fn default(param: &Param) -> String {
    cut(&Value::from(param.default).to_string())
}

/// A value, cut where it is a long list.
pub fn cut(value: &str) -> String {
    truncate(value, LONGEST)
}

/// A width that holds each of `labels`, with a gap of two behind it.
pub fn column<'a>(labels: impl IntoIterator<Item = &'a str>) -> usize {
    labels.into_iter().map(UnicodeWidthStr::width).max().unwrap_or(0) + 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wraps_between_words_by_columns_not_bytes() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("∇L ∇L ∇L", 5), ["∇L ∇L", "∇L"]);
        assert_eq!(wrap("unbreakable a", 4), ["unbreakable", "a"]);
        assert_eq!(wrap("", 4), [""]);
    }

    #[test]
    fn sets_text_beside_its_label() {
        let page = Page { width: 14, styled: false };
        assert_eq!(page.beside("lr", 4, "learning rate size"), ["lr  learning", "    rate size"]);
    }

    #[test]
    fn emphasis_only_where_it_is_wanted() {
        assert_eq!(Page { width: 80, styled: false }.heading("Adam"), "Adam");
        assert_eq!(Page { width: 80, styled: true }.heading("Adam"), "\u{1b}[1mAdam\u{1b}[0m");
    }
}
