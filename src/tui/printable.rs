//! The last thing before the terminal: cells hold printable text only.

use ratatui::buffer::Buffer;
use unicode_width::UnicodeWidthChar;

use crate::text::{MOST_MARKS, is_unprintable};

/// Replaces each cell that a terminal would act on, or that is piled up with marks, by `�`.
///
/// What is drawn drops control characters by itself, but puts any other character without width,
/// such as one that turns the direction of the line, into the cell before it.
pub fn restrict(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        if !is_printable(cell.symbol()) {
            cell.set_char(char::REPLACEMENT_CHARACTER);
        }
    }
}

fn is_printable(symbol: &str) -> bool {
    if let [byte] = symbol.as_bytes() {
        return !byte.is_ascii_control();
    }
    let marks = symbol.chars().filter(|c| c.width() == Some(0)).count();
    marks <= MOST_MARKS && !symbol.contains(is_unprintable)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::buffer::Cell;
    use ratatui::layout::Rect;
    use ratatui::text::Line;
    use ratatui::widgets::Widget;

    fn drawn(text: &str) -> String {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 12, 1));
        Line::raw(text.to_owned()).render(buffer.area, &mut buffer);
        restrict(&mut buffer);
        let symbols: String = buffer.content.iter().map(Cell::symbol).collect();
        symbols.trim_end().to_owned()
    }

    #[test]
    fn nothing_that_a_terminal_acts_on_is_left_in_a_cell() {
        for text in ["a\u{202e}b", "a\u{200b}b", "a\u{2066}b", "a\u{feff}b", "a\u{200f}b"] {
            assert_eq!(drawn(text), "�b", "{text:?}");
        }
        for text in ["a\u{1b}b", "a\u{9b}b", "a\u{7f}b"] {
            assert_eq!(drawn(text), "ab", "{text:?}");
        }
        assert_eq!(drawn(&format!("e{}x", "\u{301}".repeat(500))), "�x");
        assert_eq!(drawn("日e\u{302}\u{301}x"), "日 e\u{302}\u{301}x");
    }
}
