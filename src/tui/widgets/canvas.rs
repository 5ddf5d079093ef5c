//! A grid of dots finer than the terminal's cells.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::{Modifier, Style},
    symbols::pixel,
};

use crate::tui::theme::Marker;

/// A place on a canvas, in dots from the upper left.
pub type Dot = (usize, usize);

/// Dots over an area of cells. A cell has one colour: that of the last line through it, but dots
/// of earlier lines stay. Faint dots (bands) give way to lines.
pub struct Canvas {
    area: Rect,
    marker: Marker,
    cells: Vec<Cell>,
    dashed: bool,
}

#[derive(Clone, Copy, Default)]
struct Cell {
    line: (u8, Style),
    band: (u8, Style),
}

impl Marker {
    /// Dots across and down a cell.
    const fn dots(self) -> (usize, usize) {
        match self {
            Self::Braille | Self::Octant => (2, 4),
            Self::Quadrant => (2, 2),
            Self::HalfBlock | Self::Ascii => (1, 2),
            Self::Dot => (1, 1),
        }
    }

    /// The bit of one dot within its cell.
    const fn bit(self, (x, y): Dot) -> u8 {
        match self {
            Self::Braille => [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]][y][x],
            Self::Octant => 1 << (2 * y + x),
            Self::Quadrant => [[1, 2], [4, 8]][y][x],
            Self::HalfBlock | Self::Ascii => [1, 2][y],
            Self::Dot => 1,
        }
    }

    /// The character for a cell's dots.
    fn symbol(self, bits: u8) -> char {
        match self {
            // The 256 patterns stand in the order of their bits.
            Self::Braille => char::from_u32(0x2800 + u32::from(bits)).unwrap_or(' '),
            // Theirs stand row by row.
            Self::Octant => pixel::OCTANTS[usize::from(bits)],
            Self::Quadrant => pixel::QUADRANTS[usize::from(bits & 15)],
            Self::HalfBlock => [' ', '▀', '▄', '█'][usize::from(bits & 3)],
            Self::Dot => [' ', '•'][usize::from(bits & 1)],
            Self::Ascii => [' ', '\'', '.', ':'][usize::from(bits & 3)],
        }
    }
}

impl Canvas {
    /// An empty canvas over `area`.
    #[must_use]
    pub fn new(area: Rect, marker: Marker) -> Self {
        Self { area, marker, cells: vec![Cell::default(); area.area() as usize], dashed: false }
    }

    /// Dots across.
    #[must_use]
    pub fn width(&self) -> usize {
        self.area.width as usize * self.marker.dots().0
    }

    /// Dots down.
    #[must_use]
    pub fn height(&self) -> usize {
        self.area.height as usize * self.marker.dots().1
    }

    /// The dot at a share of the way to the right and up; shares beyond 0 and 1 land on the edge.
    #[must_use]
    pub fn at(&self, right: f64, up: f64) -> Dot {
        let nearest = |share: f64, dots: usize| {
            (share.clamp(0.0, 1.0) * dots.saturating_sub(1) as f64).round() as usize
        };
        (nearest(right, self.width()), nearest(1.0 - up, self.height()))
    }

    /// The cell in which a dot lies.
    #[must_use]
    pub fn cell(&self, dot: Dot) -> (u16, u16) {
        let (across, down) = self.marker.dots();
        (self.area.x + (dot.0 / across) as u16, self.area.y + (dot.1 / down) as u16)
    }

    /// Whether the lines that follow are dashed.
    pub const fn dashed(&mut self, dashed: bool) {
        self.dashed = dashed;
    }

    /// Sets a dot of a line.
    pub fn line_dot(&mut self, dot: Dot, style: Style) {
        if self.dashed && (dot.0 + dot.1) / 3 % 2 == 1 {
            return;
        }
        self.set(dot, style, |cell| &mut cell.line);
    }

    /// Sets a dot of a band.
    pub fn band_dot(&mut self, dot: Dot, style: Style) {
        self.set(dot, style, |cell| &mut cell.band);
    }

    /// Draws a straight line, both ends included.
    pub fn line(&mut self, from: Dot, to: Dot, style: Style) {
        straight(from, to, |dot| self.line_dot(dot, style));
    }

    /// Draws a straight line that gives way to others, as a band does.
    pub fn line_behind(&mut self, from: Dot, to: Dot, style: Style) {
        straight(from, to, |dot| self.band_dot(dot, style));
    }

    /// Writes the cells that have dots.
    pub fn render(&self, buf: &mut Buffer) {
        for (cell, position) in self.cells.iter().zip(self.area.positions()) {
            let (bits, style) = if cell.line.0 == 0 { cell.band } else { cell.line };
            if bits != 0
                && let Some(target) = buf.cell_mut(position)
            {
                // A dim line through zero must not dim the curve over it.
                target.modifier = Modifier::empty();
                target.set_char(self.marker.symbol(bits)).set_style(style);
            }
        }
    }

    fn set(&mut self, dot: Dot, style: Style, layer: fn(&mut Cell) -> &mut (u8, Style)) {
        if dot.0 < self.width() && dot.1 < self.height() {
            let (across, down) = self.marker.dots();
            let index = dot.1 / down * self.area.width as usize + dot.0 / across;
            let layer = layer(&mut self.cells[index]);
            *layer = (layer.0 | self.marker.bit((dot.0 % across, dot.1 % down)), style);
        }
    }
}

/// Visits the dots of a straight line, both ends included (Bresenham's algorithm).
fn straight(from: Dot, to: Dot, mut see: impl FnMut(Dot)) {
    let (mut x, mut y) = (from.0 as i64, from.1 as i64);
    let (dx, dy) = ((to.0 as i64 - x).abs(), -(to.1 as i64 - y).abs());
    let (step_x, step_y) = ((to.0 as i64 - x).signum(), (to.1 as i64 - y).signum());
    let mut error = dx + dy;
    loop {
        see((x as usize, y as usize));
        if (x as usize, y as usize) == to {
            return;
        }
        let doubled = 2 * error;
        if doubled >= dy {
            error += dy;
            x += step_x;
        }
        if doubled <= dx {
            error += dx;
            y += step_y;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::text::buffer_to_text;
    use ratatui::style::Color;

    const AREA: Rect = Rect::new(0, 0, 4, 2);

    fn drawn(canvas: &Canvas) -> Buffer {
        let mut buf = Buffer::empty(AREA);
        canvas.render(&mut buf);
        buf
    }

    #[test]
    fn a_diagonal_in_every_marker() {
        for (marker, expected) in [
            (Marker::Braille, "⠑⢄\n  ⠑⢄\n"),
            (Marker::Quadrant, "▀▄\n  ▀▄\n"),
            (Marker::HalfBlock, "▀▄\n  ▀▄\n"),
            (Marker::Dot, "••\n  ••\n"),
            (Marker::Ascii, "'.\n  '.\n"),
        ] {
            let mut canvas = Canvas::new(AREA, marker);
            canvas.line(canvas.at(0.0, 1.0), canvas.at(1.0, 0.0), Style::new());
            assert_eq!(buffer_to_text(&drawn(&canvas)), expected);
        }
    }

    #[test]
    fn dashes_leave_gaps() {
        let mut canvas = Canvas::new(Rect::new(0, 0, 6, 1), Marker::Braille);
        canvas.dashed(true);
        canvas.line((0, 0), (11, 0), Style::new());
        let mut buf = Buffer::empty(Rect::new(0, 0, 6, 1));
        canvas.render(&mut buf);
        assert_eq!(buffer_to_text(&buf), "⠉⠁ ⠉⠁\n");
    }

    #[test]
    fn the_last_line_colours_the_cell_and_keeps_the_dots() {
        let mut canvas = Canvas::new(AREA, Marker::Braille);
        canvas.line_dot((0, 0), Style::new().fg(Color::Red));
        canvas.line_dot((1, 3), Style::new().fg(Color::Blue));
        let buf = drawn(&canvas);
        assert_eq!((buf[(0, 0)].symbol(), buf[(0, 0)].fg), ("⢁", Color::Blue));
    }

    #[test]
    fn a_band_gives_way_to_a_line() {
        let mut canvas = Canvas::new(AREA, Marker::Braille);
        canvas.line_dot((0, 0), Style::new().fg(Color::Red));
        canvas.band_dot((1, 3), Style::new().fg(Color::Blue));
        let buf = drawn(&canvas);
        assert_eq!((buf[(0, 0)].symbol(), buf[(0, 0)].fg), ("⠁", Color::Red));
    }

    #[test]
    fn dots_outside_are_left_out() {
        let mut canvas = Canvas::new(Rect::ZERO, Marker::Braille);
        canvas.line((0, 0), (5, 9), Style::new());
        assert_eq!(canvas.at(f64::NAN, 2.0), (0, 0));
    }
}
