//! Shares as shades, two points a cell one above the other.

use ratatui::{buffer::Buffer, layout::Rect, style::Style, widgets::Widget};

use super::put;
use crate::tui::theme::Theme;

/// Characters from none to the most, where there are too few colours for shades.
const SHADES: [&str; 5] = [" ", "░", "▒", "▓", "█"];

/// A grid of shares of 0 to 1; what is not a number is not known.
#[derive(Clone, Copy, Debug)]
pub struct Heat<'a> {
    /// The look.
    pub theme: Theme,
    /// The shares, row by row from the upper left: two rows for each row of cells.
    pub points: &'a [f64],
    /// Points in a row.
    pub columns: usize,
}

impl Heat<'_> {
    fn point(&self, x: usize, half: usize) -> Option<f64> {
        let share = self.points.get(half * self.columns + x).copied()?;
        share.is_finite().then_some(share)
    }

    /// The symbol and the style of two points.
    fn cell(&self, upper: Option<f64>, lower: Option<f64>) -> Option<(&'static str, Style)> {
        let heat = |share: Option<f64>| share.and_then(|share| self.theme.heat(share));
        match (heat(upper), heat(lower)) {
            (None, None) => {
                let (upper, lower) = (upper?, lower?);
                // What is not empty shows, and the darker of two points counts.
                let steps = (SHADES.len() - 1) as f64;
                let share = upper.max(lower);
                let shade = (share * steps).ceil().clamp(0.0, steps) as usize;
                Some((SHADES[shade], self.theme.train()))
            }
            (Some(above), None) => Some(("▀", Style::new().fg(above))),
            (None, Some(below)) => Some(("▄", Style::new().fg(below))),
            (Some(above), Some(below)) if above == below => Some((" ", Style::new().bg(above))),
            (Some(above), Some(below)) => Some(("▀", Style::new().fg(above).bg(below))),
        }
    }
}

impl Widget for &Heat<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let area = area.intersection(buf.area);
        for y in 0..area.height {
            for x in 0..area.width {
                let at = |half| self.point(usize::from(x), usize::from(y) * 2 + half);
                if usize::from(x) < self.columns
                    && let Some((symbol, style)) = self.cell(at(0), at(1))
                {
                    put(buf, area, area.x + x, area.y + y, symbol, style);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{NASTY, picture, survives_every_size};
    use super::*;
    use crate::tui::theme::Depth;

    const POINTS: [f64; 12] =
        [0.0, 0.0, f64::NAN, 0.1, 0.2, 0.3, 0.5, 0.9, f64::NAN, 0.1, 1.0, 1.0];

    fn heat(depth: Depth, points: &[f64]) -> Heat<'_> {
        Heat { theme: Theme::new(depth), points, columns: 3 }
    }

    #[test]
    fn any_size_and_any_numbers() {
        for depth in [Depth::None, Depth::Ansi16, Depth::Ansi256, Depth::True] {
            survives_every_size(&heat(depth, &POINTS));
            survives_every_size(&heat(depth, &NASTY));
            survives_every_size(&heat(depth, &[]));
        }
    }

    #[test]
    fn shades_are_characters_where_there_is_no_colour() {
        assert_eq!(picture(&heat(Depth::None, &POINTS), 3, 2), ["░░", "▒█"]);
    }

    #[test]
    fn two_points_a_cell_where_there_is_colour() {
        assert_eq!(picture(&heat(Depth::True, &POINTS), 3, 2), ["▀▀▄", "▀▀▄"]);
    }
}
