//! Text from outside and the places where it is shown.
//!
//! Titles, names of arms and columns, cells, paths and arguments may hold anything: sequences that a
//! terminal acts on, characters that reorder or hide others, quotes, markup, formulas. Each format
//! has a function here that makes any text harmless in it and keeps it readable, and what is not
//! printable looks the same in all of them: `\u{1b}`. [`Untrusted`] is a text that can be shown in
//! no other way, and [`Printable`] a writer that lets nothing else through.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

mod formats;
pub mod json;
mod printable;
mod untrusted;

pub use formats::{csv_cell, docstring, markdown, markdown_code, shell_word, toml_string, xml};
pub use printable::Printable;
pub use untrusted::Untrusted;

/// The most characters without width, such as accents, that are left behind one another: more are
/// found in no script, but can be piled over the lines above.
pub const MOST_MARKS: usize = 4;

/// Returns true if a terminal, an editor or a reader would be misled by `c`: a control character, a
/// separator of lines or paragraphs, one that sets the direction of text, one that is not seen, or no
/// character at all.
#[must_use]
pub fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fdd0}'..='\u{fdef}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
        || c as u32 & 0xfffe == 0xfffe
}

/// `text` on one line, with all that is not printable spelled out: `\n`, `\u{1b}`.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    spelled(text, is_unprintable)
}

/// As [`visible`], over as many lines as it has; tabs stay as well.
#[must_use]
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    spelled(text, |c| c != '\n' && c != '\t' && is_unprintable(c))
}

/// `text`, cut to at most `max` columns; a cut shows as `…`.
#[must_use]
pub fn truncate(text: &str, max: usize) -> String {
    if text.width() <= max {
        return text.to_owned();
    }
    let mut used = 1;
    let fits = |c: &char| {
        used += c.width().unwrap_or(0);
        used <= max
    };
    let mut cut: String = text.chars().take_while(fits).collect();
    if max > 0 {
        cut.push('…');
    }
    cut
}

/// `text` with the characters that are `hidden`, and marks beyond [`MOST_MARKS`], spelled out.
fn spelled(text: &str, hidden: impl Fn(char) -> bool) -> Cow<'_, str> {
    let mut marks = 0;
    let is_hidden = |c: char| {
        marks = if !c.is_control() && c.width() == Some(0) { marks + 1 } else { 0 };
        marks > MOST_MARKS || hidden(c)
    };
    replaced(text, is_hidden, |c| c.escape_default().to_string())
}

/// `text` with each character that is `hidden` as `spell` writes it.
fn replaced(
    text: &str,
    mut hidden: impl FnMut(char) -> bool,
    spell: impl Fn(char) -> String,
) -> Cow<'_, str> {
    let mut out: Option<String> = None;
    for (at, c) in text.char_indices() {
        if hidden(c) {
            out.get_or_insert_with(|| text[..at].to_owned()).push_str(&spell(c));
        } else if let Some(out) = &mut out {
            out.push(c);
        }
    }
    out.map_or(Cow::Borrowed(text), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_printable_is_spelled_out() {
        for (text, shown) in [
            ("tanh × 0.1, 日本 é", "tanh × 0.1, 日本 é"),
            ("\u{1b}[31mred\u{7}", "\\u{1b}[31mred\\u{7}"),
            ("a\nb\tc\r", "a\\nb\\tc\\r"),
            ("\u{7f}\u{80}\u{9b}31m", "\\u{7f}\\u{80}\\u{9b}31m"),
            ("\u{202e}txt.exe\u{2069}", "\\u{202e}txt.exe\\u{2069}"),
            ("a\u{200b}b\u{feff}\u{2028}", "a\\u{200b}b\\u{feff}\\u{2028}"),
            ("\u{fffe}\u{10ffff}\u{e0041}", "\\u{fffe}\\u{10ffff}\\u{e0041}"),
        ] {
            assert_eq!(visible(text), shown);
        }
        assert_eq!(visible_lines("a\n\tb\r\u{1b}"), "a\n\tb\\r\\u{1b}");
    }

    #[test]
    fn accents_stay_and_floods_of_them_do_not() {
        let vietnamese = "e\u{302}\u{301}";
        assert_eq!(visible(vietnamese), vietnamese);
        let flood = format!("e{}", "\u{301}".repeat(6));
        let left = "\u{301}".repeat(MOST_MARKS);
        assert_eq!(visible(&flood), format!("e{left}\\u{{301}}\\u{{301}}"));
    }
}
