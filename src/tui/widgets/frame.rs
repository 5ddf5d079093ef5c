//! The axes around a plot.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{axis::Axis, canvas::Canvas, format, put};
use crate::tui::theme::Theme;

/// Two axes with ticks; labels have a fixed width, so that the plot never shifts.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// The axis across.
    pub x: Axis,
    /// The axis up.
    pub y: Axis,
    /// The look.
    pub theme: Theme,
}

/// Columns of labels at the left.
const LABEL: u16 = 5;
/// The least area that has room for axes beside the plot.
const ROOM: (u16, u16) = (20, 5);
/// The least height of a plot that can give up a row.
const ROW_BELOW: u16 = 4;

impl Frame {
    /// Draws the axes as far as there is room and returns the area within.
    ///
    /// ```text
    ///   1e0 ┤
    ///       │   plot
    ///  1e-1 ┤
    ///       └┬───────┬
    ///        0      4k
    /// ```
    pub fn render(&self, area: Rect, buf: &mut Buffer) -> Rect {
        self.render_over(area, None, buf)
    }

    /// As [`Frame::render`], with a row below the plot, if it is wanted and there is room for it.
    pub fn render_over(&self, area: Rect, row: Option<&str>, buf: &mut Buffer) -> Rect {
        let area = area.intersection(buf.area);
        let full = Self::plot(area);
        let row = row.filter(|_| Self::has_row_below(area));
        let plot = Rect { height: full.height - u16::from(row.is_some()), ..full };
        if plot.x > area.x {
            self.render_up(area, plot, buf);
        }
        if let Some(label) = row.filter(|_| plot.x > area.x) {
            let start = plot.x - 2 - format::width(label) as u16;
            put(buf, area, start, plot.bottom(), label, self.theme.muted());
            put(buf, area, plot.x - 1, plot.bottom(), "┤", self.theme.border());
        }
        if full.bottom() < area.bottom() {
            render_across(&self.x, self.theme, area, full, buf);
        }
        plot
    }

    /// Draws lines through zero where they do not lie on the edge of `plot`.
    pub fn render_zero(&self, canvas: &Canvas, plot: Rect, buf: &mut Buffer) {
        let inside = |place: Option<f64>| place.filter(|p| *p > 0.0 && *p < 1.0);
        if let Some(up) = inside(self.y.place(0.0)) {
            let (_, y) = canvas.cell(canvas.at(0.0, up));
            for x in plot.left()..plot.right() {
                put(buf, plot, x, y, "┄", self.theme.border());
            }
        }
        if let Some(right) = inside(self.x.place(0.0)) {
            let (x, _) = canvas.cell(canvas.at(right, 0.0));
            for y in plot.top()..plot.bottom() {
                put(buf, plot, x, y, "┊", self.theme.border());
            }
        }
    }

    /// The area within the axes, if they are drawn around it in `area`.
    #[must_use]
    pub fn plot(area: Rect) -> Rect {
        let gutter = if area.width < ROOM.0 { 0 } else { LABEL + 2 };
        let below = if area.height < ROOM.1 || gutter == 0 { 0 } else { 2 };
        Rect { x: area.x + gutter, width: area.width - gutter, height: area.height - below, ..area }
    }

    /// Whether there is room for a row below the plot.
    #[must_use]
    pub fn has_row_below(area: Rect) -> bool {
        Self::plot(area).height >= ROW_BELOW
    }

    fn render_up(&self, area: Rect, plot: Rect, buf: &mut Buffer) {
        let (style, line) = (self.theme.muted(), self.theme.border());
        for y in plot.top()..plot.bottom() {
            put(buf, area, plot.x - 1, y, "│", line);
        }
        let canvas = Canvas::new(plot, self.theme.marker);
        for tick in self.y.ticks((plot.height as usize).div_ceil(2)) {
            let (_, y) = canvas.cell(canvas.at(0.0, tick.place));
            let label = format::truncate(&tick.label, LABEL as usize);
            let start = plot.x - 2 - format::width(&label) as u16;
            put(buf, area, start, y, &label, style);
            put(buf, area, plot.x - 1, y, "┤", line);
        }
    }
}

/// Draws the axis across below `plot`, and its labels in the row below that.
pub fn render_across(axis: &Axis, theme: Theme, area: Rect, plot: Rect, buf: &mut Buffer) {
    let (style, border) = (theme.muted(), theme.border());
    let line = plot.bottom();
    put(buf, area, plot.x - 1, line, "└", border);
    for x in plot.left()..plot.right() {
        put(buf, area, x, line, "─", border);
    }
    let canvas = Canvas::new(plot, theme.marker);
    let mut free = area.x;
    for tick in axis.ticks((plot.width as usize / 8).max(2)) {
        let (x, _) = canvas.cell(canvas.at(tick.place, 0.0));
        let width = format::width(&tick.label) as u16;
        let start = x.saturating_sub(width / 2).min(area.right().saturating_sub(width));
        if start >= free {
            put(buf, area, x, line, "┬", border);
            put(buf, area, start, line + 1, &tick.label, style);
            free = start + width + 1;
        }
    }
}
