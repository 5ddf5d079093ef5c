//! A surface from above: shades by rank of height, contour lines, and paths across it.

mod heights;
mod trail;

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::{Color, Style},
    widgets::Widget,
};

pub use self::heights::{Heights, Window};
pub use self::trail::Trail;
use super::{
    axis::{Axis, Scale},
    canvas::Canvas,
    frame::Frame,
    put,
};
use crate::tui::theme::{Depth, TEST_MARK, Theme, WRONG_MARK};

/// A map: heights as shades from dark (low) to light, contour lines over them, and trails, each of
/// which begins at ○ and ends at its letter; × are marked places.
///
/// ```text
///   2 ┤ ⢀⡠⠔⠒⠉⠉⠒⠢⡀
///     │⢠○⠤⠒⠒⠒⠤⡀ ⠘⡄
///   0 ┤⠘⡄  ⠑⠢→A× ⢠⠃
///     └┬────────┬
///     -2        2
/// ```
/// A trail that ends off the map ends at its edge, with an arrow that points out. Where there are fewer
/// than 256 colours there are no shades; without any, trails bear their letters in lower case.
#[derive(Clone, Copy, Debug)]
pub struct Relief<'a> {
    /// The look.
    pub theme: Theme,
    /// The heights; they are stretched over the window.
    pub heights: &'a Heights,
    /// The part of the plane that is shown.
    pub window: Window,
    /// The paths, later ones on top.
    pub trails: &'a [Trail<'a>],
    /// Places to be found, such as minima.
    pub marked: &'a [(f64, f64)],
}

impl Relief<'_> {
    /// The area of the map within its axes.
    #[must_use]
    pub fn plot(area: Rect) -> Rect {
        Frame::plot(area)
    }

    /// The colour at a share of the way to the right and up.
    fn shade(&self, right: f64, up: f64) -> Option<Color> {
        let levels = self.heights.bands() - 1;
        let band = self.heights.band(right, up)?;
        self.theme.relief(band as f64 / levels.max(1) as f64)
    }

    /// Two shades a cell, one above the other.
    fn draw_shades(&self, plot: Rect, buf: &mut Buffer) {
        let plot = plot.intersection(buf.area);
        let (columns, halves) = (f64::from(plot.width), f64::from(plot.height) * 2.0);
        for y in 0..plot.height {
            for x in 0..plot.width {
                let right = (f64::from(x) + 0.5) / columns;
                let at =
                    |half: f64| self.shade(right, 1.0 - (f64::from(y) * 2.0 + half + 0.5) / halves);
                let (symbol, style) = match (at(0.0), at(1.0)) {
                    (None, None) => continue,
                    (Some(above), None) => ('▀', Style::new().fg(above)),
                    (None, Some(below)) => ('▄', Style::new().fg(below)),
                    (Some(above), Some(below)) if above == below => (' ', Style::new().bg(above)),
                    (Some(above), Some(below)) => ('▀', Style::new().fg(above).bg(below)),
                };
                if let Some(cell) = buf.cell_mut((plot.x + x, plot.y + y)) {
                    cell.set_char(symbol).set_style(style);
                }
            }
        }
    }

    /// A dot wherever the right or the lower neighbour lies on the other side of a contour line.
    fn draw_lines(&self, canvas: &mut Canvas) {
        let (width, height) = (canvas.width(), canvas.height());
        let share = |dot: usize, dots: usize| dot as f64 / (dots.max(2) - 1) as f64;
        // A row and a column more than there are dots, so that each has its neighbours.
        let contours = |row: usize| -> Vec<Option<usize>> {
            let up = 1.0 - share(row, height);
            (0..=width).map(|column| self.heights.contour(share(column, width), up)).collect()
        };
        let style = self.theme.contour();
        let mut here = contours(0);
        for row in 0..height {
            let below = contours(row + 1);
            for column in 0..width {
                let differs = |other: Option<usize>| {
                    here[column].zip(other).is_some_and(|(one, other)| one != other)
                };
                if differs(here[column + 1]) || differs(below[column]) {
                    canvas.band_dot((column, row), style);
                }
            }
            here = below;
        }
    }

    /// Writes `mark` in the cell of a place, if that lies on the map.
    fn mark(&self, (x, y): (f64, f64), mark: char, canvas: &Canvas, plot: Rect, buf: &mut Buffer) {
        if let Some((right, up)) = self.window.share((x, y))
            && (0.0..=1.0).contains(&right)
            && (0.0..=1.0).contains(&up)
        {
            let (x, y) = canvas.cell(canvas.at(right, up));
            let style = self.theme.relief_mark(self.shade(right, up));
            put(buf, plot, x, y, mark.encode_utf8(&mut [0; 4]), style);
        }
    }
}

impl Widget for &Relief<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let axis = |(low, high)| Axis::exact(Scale::Linear, low, high);
        let frame = Frame { x: axis(self.window.x), y: axis(self.window.y), theme: self.theme };
        let plot = frame.render(area, buf);
        if plot.is_empty() {
            return;
        }
        self.draw_shades(plot, buf);
        let mut canvas = Canvas::new(plot, self.theme.marker);
        self.draw_lines(&mut canvas);
        for trail in self.trails {
            trail.draw_line(self.window, &mut canvas);
        }
        canvas.render(buf);
        if self.theme.depth == Depth::None {
            for trail in self.trails {
                trail.strew(self.window, &canvas, plot, buf);
            }
        }
        for place in self.marked {
            self.mark(*place, WRONG_MARK, &canvas, plot, buf);
        }
        for trail in self.trails {
            if let Some(start) = trail.points.first() {
                self.mark(*start, TEST_MARK, &canvas, plot, buf);
            }
        }
        let mut taken = Vec::new();
        for trail in self.trails {
            trail.draw_tip(self, &canvas, plot, &mut taken, buf);
        }
    }
}

#[cfg(test)]
mod tests;
