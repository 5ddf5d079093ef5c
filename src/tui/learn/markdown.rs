//! A little Markdown: paragraphs, lists, **bold**, *italic* and `code`, in lines of a given width.

use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

use crate::tui::theme::Theme;
use crate::tui::widgets::format;

/// `text` in lines of at most `width` columns, with an empty one between paragraphs.
pub fn lines(text: &str, width: usize, theme: Theme) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for paragraph in text.split("\n\n").map(str::trim).filter(|it| !it.is_empty()) {
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        for item in items(paragraph) {
            lines.extend(wrapped(&words(&item, theme), width));
        }
    }
    lines
}

/// The items of a list, or the paragraph as one.
fn items(paragraph: &str) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    for line in paragraph.lines().map(str::trim) {
        match items.last_mut() {
            Some(item) if !line.starts_with("- ") => {
                item.push(' ');
                item.push_str(line);
            }
            _ => items.push(line.replacen("- ", "• ", usize::from(line.starts_with("- ")))),
        }
    }
    items
}

/// Words, each of pieces in one style.
fn words(text: &str, theme: Theme) -> Vec<Vec<Span<'static>>> {
    let mut words: Vec<Vec<Span<'static>>> = vec![Vec::new()];
    let mut style = (false, false, false);
    let mut piece = String::new();
    let mut rest = text;
    let flush = |piece: &mut String, style, words: &mut Vec<Vec<Span<'static>>>| {
        if !piece.is_empty()
            && let Some(word) = words.last_mut()
        {
            word.push(Span::styled(std::mem::take(piece), styled(style, theme)));
        }
    };
    while let Some(c) = rest.chars().next() {
        let mark =
            if rest.starts_with("**") && !style.2 { 2 } else { usize::from("*`".contains(c)) };
        let in_code = style.2 && c != '`';
        if mark > 0 && !in_code && (c == '`' || is_mark(rest, mark, text)) {
            flush(&mut piece, style, &mut words);
            match (c, mark) {
                ('`', _) => style.2 = !style.2,
                (_, 2) => style.0 = !style.0,
                _ => style.1 = !style.1,
            }
            rest = &rest[mark..];
            continue;
        }
        if c == ' ' {
            flush(&mut piece, style, &mut words);
            words.push(Vec::new());
        } else {
            piece.push(c);
        }
        rest = &rest[c.len_utf8()..];
    }
    flush(&mut piece, style, &mut words);
    words.retain(|word| !word.is_empty());
    words
}

/// Whether the stars at the start of `rest` mark something up: one that stands alone multiplies.
fn is_mark(rest: &str, mark: usize, text: &str) -> bool {
    let before = text[..text.len() - rest.len()].chars().next_back();
    let after = rest[mark..].chars().next();
    let blank = |c: Option<char>| c.is_none_or(char::is_whitespace);
    !(blank(before) && blank(after))
}

fn styled((bold, italic, code): (bool, bool, bool), theme: Theme) -> Style {
    let mut style = if code { theme.accent() } else { theme.text() };
    if bold {
        style = style.add_modifier(Modifier::BOLD);
    }
    if italic {
        style = style.add_modifier(Modifier::ITALIC);
    }
    style
}

/// Words in lines; one that is longer than a line is broken within.
fn wrapped(words: &[Vec<Span<'static>>], width: usize) -> Vec<Line<'static>> {
    let width = width.max(1);
    let mut lines = vec![Line::default()];
    for word in words {
        let size: usize = word.iter().map(Span::width).sum();
        let used = lines.last().map_or(0, Line::width);
        if used > 0 && used + 1 + size > width {
            lines.push(Line::default());
        } else if used > 0
            && let Some(line) = lines.last_mut()
        {
            line.push_span(" ");
        }
        if size <= width {
            if let Some(line) = lines.last_mut() {
                line.spans.extend(word.iter().cloned());
            }
            continue;
        }
        let whole: String = word.iter().map(|span| span.content.as_ref()).collect();
        let style = word.first().map_or(Style::new(), |span| span.style);
        for part in format::wrap(&whole, width) {
            if lines.last().is_some_and(|line| line.width() > 0) {
                lines.push(Line::default());
            }
            if let Some(line) = lines.last_mut() {
                line.push_span(Span::styled(part, style));
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::theme::Depth;

    fn shown(text: &str, width: usize) -> Vec<String> {
        lines(text, width, Theme::new(Depth::None)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn marks_vanish_and_lines_break_between_words() {
        assert_eq!(shown("A **bold word** and `x*y`.", 12), ["A bold word", "and x*y."]);
        assert_eq!(shown("one\ntwo\n\nthree", 20), ["one two", "", "three"]);
        assert_eq!(shown("- a\n- b c\nd", 20), ["• a", "• b c d"]);
        assert_eq!(shown("2 * 3 * 4", 20), ["2 * 3 * 4"]);
        assert_eq!(shown("incomprehensible", 6), ["incomp", "rehens", "ible"]);
        assert!(shown("", 0).is_empty() && !shown("a b", 0).is_empty());
    }

    #[test]
    fn styles_are_those_of_their_marks() {
        let theme = Theme::new(Depth::True);
        let line = &lines("a **b** *c*", 20, theme)[0];
        let style = |text: &str| line.spans.iter().find(|it| it.content == text).unwrap().style;
        assert!(style("b").add_modifier.contains(Modifier::BOLD));
        assert!(style("c").add_modifier.contains(Modifier::ITALIC));
        assert_eq!(style("a"), theme.text());
    }
}
