//! Small pictures with what they show and what they are taken for.

use ratatui::{buffer::Buffer, layout::Rect, style::Style, widgets::Widget};

use super::{format, put};
use crate::tui::theme::{Depth, Theme};

/// One picture in grey.
#[derive(Clone, Copy, Debug)]
pub struct Picture<'a> {
    /// Lightness from 0 to 1, row by row from the upper left.
    pub pixels: &'a [f64],
    /// What it shows.
    pub truth: &'a str,
    /// What it is taken for.
    pub predicted: &'a str,
}

/// Pictures side by side, as many as there is room for.
///
/// ```text
/// ▄▀▀█▄     ▀█
///   ▄█▀      █
///  7 ✓       1 → 7 ✗
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Pictures<'a> {
    /// The look.
    pub theme: Theme,
    /// Pixels in a row of each picture.
    pub columns: usize,
    /// The pictures, in reading order.
    pub items: &'a [Picture<'a>],
}

/// Columns between pictures.
const BETWEEN: u16 = 2;

impl Pictures<'_> {
    fn render_picture(&self, picture: &Picture, area: Rect, buf: &mut Buffer) {
        let pixel = |x: u16, y: usize| picture.pixels.get(y * self.columns + x as usize).copied();
        for y in 0..area.height.saturating_sub(1) {
            for x in 0..area.width {
                let pair = [0, 1].map(|half| pixel(x, y as usize * 2 + half));
                let (symbol, style) = match pair.map(|lightness| self.theme.grey(lightness?)) {
                    [Some(upper), Some(lower)] => ("▀", Style::new().fg(upper).bg(lower)),
                    [Some(upper), None] => ("▀", Style::new().fg(upper)),
                    [None, Some(lower)] => ("▄", Style::new().fg(lower)),
                    [None, None] if self.theme.depth == Depth::None => {
                        let light = pair.map(|lightness| lightness.is_some_and(|l| l >= 0.5));
                        (halves(light), self.theme.text())
                    }
                    [None, None] => continue,
                };
                put(buf, area, area.x + x, area.y + y, symbol, style);
            }
        }
        let right = picture.truth == picture.predicted;
        let (text, style) = if right {
            (format!("{} ✓", picture.truth), self.theme.good())
        } else {
            (format!("{} → {} ✗", picture.truth, picture.predicted), self.theme.bad())
        };
        let text = format::truncate(&text, area.width as usize);
        put(buf, area, area.x, area.bottom() - 1, &text, style);
    }
}

/// A cell whose upper and lower halves are lit or not.
const fn halves(lit: [bool; 2]) -> &'static str {
    match lit {
        [true, true] => "█",
        [true, false] => "▀",
        [false, true] => "▄",
        [false, false] => " ",
    }
}

impl Widget for &Pictures<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let area = area.intersection(buf.area);
        let pixels = self.items.iter().map(|item| item.pixels.len()).max().unwrap_or(0);
        let Some(rows) = pixels.checked_div(self.columns) else { return };
        let width = self.columns as u16;
        let height = rows.div_ceil(2) as u16 + 1;
        let across = (area.width.saturating_add(BETWEEN)) / width.saturating_add(BETWEEN);
        let down = area.height / height;
        let places = (0..down).flat_map(|row| (0..across).map(move |column| (column, row)));
        for (picture, (column, row)) in self.items.iter().zip(places) {
            let (x, y) = (area.x + column * (width + BETWEEN), area.y + row * height);
            self.render_picture(picture, Rect { x, y, width, height }, buf);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{NASTY, picture, survives_every_size};
    use super::*;

    const CROSS: [f64; 16] =
        [1.0, 0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 0.0, 1.0];

    fn item<'a>(pixels: &'a [f64], truth: &'a str, predicted: &'a str) -> Picture<'a> {
        Picture { pixels, truth, predicted }
    }

    #[test]
    fn any_size_and_any_numbers() {
        let items = [item(&NASTY, "1", "7"), item(&[], "", ""), item(&CROSS, "a long name", "b")];
        for depth in [Depth::None, Depth::Ansi16, Depth::Ansi256, Depth::True] {
            for columns in [0, 1, 4, 1000, 100_000] {
                survives_every_size(&Pictures { theme: Theme::new(depth), columns, items: &items });
            }
        }
    }

    #[test]
    fn right_and_wrong() {
        let items = [item(&CROSS, "x", "x"), item(&CROSS, "x", "y"), item(&CROSS, "x", "x")];
        let pictures = Pictures { theme: Theme::new(Depth::None), columns: 4, items: &items };
        assert_eq!(picture(&pictures, 12, 3), ["▀▄▄▀  ▀▄▄▀", "▄▀▀▄  ▄▀▀▄", "x ✓   x →…"]);
    }
}
