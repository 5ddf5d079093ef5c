//! Numbers that are read from the last row: three rows high.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::put;

/// Rows of a number.
pub const ROWS: u16 = 3;
/// Columns of a character, with the air behind it.
const WIDE: u16 = 4;

/// The characters that there are, each with its five rows of three points, the first in the highest bit.
const GLYPHS: [(char, u16); 16] = [
    ('0', 0b111_101_101_101_111),
    ('1', 0b010_110_010_010_111),
    ('2', 0b111_001_111_100_111),
    ('3', 0b111_001_111_001_111),
    ('4', 0b101_101_111_001_001),
    ('5', 0b111_100_111_001_111),
    ('6', 0b111_100_111_101_111),
    ('7', 0b111_001_001_010_010),
    ('8', 0b111_101_111_101_111),
    ('9', 0b111_101_111_001_111),
    ('.', 0b000_000_000_000_010),
    (',', 0b000_000_000_010_100),
    ('-', 0b000_000_111_000_000),
    ('%', 0b101_001_010_100_101),
    ('e', 0b000_111_101_110_011),
    ('k', 0b101_101_110_101_101),
];

/// Columns that a text takes.
#[must_use]
pub fn width(text: &str) -> u16 {
    WIDE.saturating_mul(text.chars().count() as u16).saturating_sub(1)
}

/// Writes `text` from the upper left of `area`, as far as there is room; what is no number leaves a gap.
pub fn draw(text: &str, style: Style, area: Rect, buf: &mut Buffer) {
    for (index, c) in text.chars().enumerate() {
        let Some((_, points)) = GLYPHS.iter().find(|(known, _)| *known == c) else { continue };
        let left = area.x.saturating_add(WIDE.saturating_mul(index as u16));
        if left.saturating_add(WIDE - 1) > area.right() {
            return;
        }
        for row in 0..ROWS {
            for column in 0..3 {
                let lit = |half: u16| {
                    let line = 2 * row + half;
                    line < 5 && points >> (14 - (3 * line + column)) & 1 == 1
                };
                let block = match (lit(0), lit(1)) {
                    (true, true) => "█",
                    (true, false) => "▀",
                    (false, true) => "▄",
                    (false, false) => continue,
                };
                put(buf, area, left + column, area.y.saturating_add(row), block, style);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{picture, survives_every_size};
    use super::*;
    use ratatui::widgets::Widget;

    struct Number(&'static str);

    impl Widget for &Number {
        fn render(self, area: Rect, buf: &mut Buffer) {
            draw(self.0, Style::new(), area, buf);
        }
    }

    #[test]
    fn any_size() {
        survives_every_size(&Number("-12,345.67e89%"));
        survives_every_size(&Number("NaN"));
    }

    #[test]
    fn digits_are_legible() {
        let shown = picture(&Number("0.5"), 12, 3);
        assert_eq!(shown, ["█▀█     █▀▀", "█ █     ▀▀█", "▀▀▀  ▀  ▀▀▀"]);
        assert_eq!(width("0.5"), 11);
    }
}
