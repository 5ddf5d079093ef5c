//! A drawn screen as plain text.

use ratatui::buffer::Buffer;
use unicode_width::UnicodeWidthStr;

/// The text of a screen, one line a row, without trailing spaces.
#[must_use]
pub fn buffer_to_text(buffer: &Buffer) -> String {
    let mut text = String::new();
    for row in buffer.content().chunks(buffer.area.width.max(1) as usize) {
        let start = text.len();
        let mut covered = 0;
        for cell in row {
            if covered == 0 {
                text.push_str(cell.symbol());
                covered = cell.symbol().width().max(1);
            }
            covered -= 1;
        }
        let end = start + text[start..].trim_end().len();
        text.truncate(end);
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::layout::Rect;

    #[test]
    fn trims_rows_and_counts_wide_characters_once() {
        assert_eq!(buffer_to_text(&Buffer::with_lines(["a b  ", "日本x", ""])), "a b\n日本x\n\n");
    }

    #[test]
    fn an_empty_screen_is_no_text() {
        assert_eq!(buffer_to_text(&Buffer::empty(Rect::ZERO)), "");
    }
}
