//! A drawn screen as a picture that looks the same in every viewer.
//!
//! Blocks, shades, braille and borders are drawn as shapes, not left to fonts; text is set run by
//! run at fixed columns.

mod animation;
mod glyph;
pub mod palette;
mod text;

use std::{collections::BTreeMap, fmt::Write as _, ops::Range};

use ratatui::{
    buffer::{Buffer, Cell},
    style::Modifier,
};

use crate::text::xml;
pub use animation::buffers_to_animated_svg;
use glyph::{Shape, shape};
use palette::{PALETTES, Palette, Rgb, mix};

/// Width and height of a cell.
const CELL: (usize, usize) = (9, 18);
/// Space around the screen.
const MARGIN: usize = 14;

/// A picture of a screen, with `title` for those who cannot see it.
#[must_use]
pub fn buffer_to_svg(buffer: &Buffer, title: &str) -> String {
    buffer_to_svg_in(&PALETTES[0], buffer, title)
}

/// As [`buffer_to_svg`], in the colours of a terminal with this palette.
#[must_use]
pub fn buffer_to_svg_in(palette: &Palette, buffer: &Buffer, title: &str) -> String {
    let (columns, rows) = (buffer.area.width as usize, buffer.area.height as usize);
    let size = (columns * CELL.0 + 2 * MARGIN, rows * CELL.1 + 2 * MARGIN);
    let mut svg = String::new();
    Drawing::open(&mut svg, palette, size, title);
    svg.push_str(&Drawing::of(palette, buffer).body(palette));
    svg.push_str("</g>\n</svg>\n");
    svg
}

/// Paths by what paints them, which keeps the picture small, and the text on top.
#[derive(Default)]
struct Drawing {
    grounds: BTreeMap<Rgb, String>,
    /// By ink and by opacity in percent.
    blocks: BTreeMap<(Rgb, u8), String>,
    borders: BTreeMap<Rgb, String>,
    dots: BTreeMap<Rgb, String>,
    text: String,
}

/// A cell's colours after reversing and dimming.
#[derive(Clone, Copy, PartialEq)]
struct Look {
    ink: Rgb,
    ground: Option<Rgb>,
    modifier: Modifier,
}

impl Look {
    fn of(cell: &Cell, palette: &Palette) -> Self {
        let (mut ink, mut ground) =
            (palette.rgb(cell.fg).unwrap_or(palette.foreground), palette.rgb(cell.bg));
        if cell.modifier.contains(Modifier::REVERSED) {
            (ink, ground) = (ground.unwrap_or(palette.background), Some(ink));
        }
        let behind = ground.unwrap_or(palette.background);
        if cell.modifier.contains(Modifier::HIDDEN) {
            ink = behind;
        } else if cell.modifier.contains(Modifier::DIM) {
            ink = mix(ink, behind, 0.5);
        }
        Self { ink, ground, modifier: cell.modifier }
    }
}

// Writing to a string cannot fail, so the results of `write!` are dropped below.
impl Drawing {
    fn of(palette: &Palette, buffer: &Buffer) -> Self {
        let mut drawing = Self::default();
        for (y, row) in buffer.content().chunks(buffer.area.width.max(1).into()).enumerate() {
            drawing.add_row(palette, y, row);
        }
        drawing
    }

    fn add_row(&mut self, palette: &Palette, y: usize, row: &[Cell]) {
        let looks: Vec<Look> = row.iter().map(|cell| Look::of(cell, palette)).collect();
        for run in runs(row.len(), |a, b| looks[a].ground == looks[b].ground) {
            if let Some(ground) = looks[run.start].ground {
                let (x, y, width) = (run.start * CELL.0, y * CELL.1, run.len() * CELL.0);
                let path = self.grounds.entry(ground).or_default();
                let _ = write!(path, "M{x} {y}h{width}v{}h-{width}z", CELL.1);
            }
        }
        let alike =
            |a: usize, b: usize| row[a].symbol() == row[b].symbol() && looks[a].ink == looks[b].ink;
        for run in runs(row.len(), alike) {
            if let Some(shape) = shape(row[run.start].symbol()) {
                self.add_shape(&shape, &run, y, looks[run.start].ink);
            }
        }
        text::add_row(&mut self.text, palette, y, row, &looks);
    }

    /// Draws a shape in each cell of a run.
    fn add_shape(&mut self, shape: &Shape, run: &Range<usize>, y: usize, ink: Rgb) {
        let (left, top) = ((run.start * CELL.0) as f64, (y * CELL.1) as f64);
        let (width, height) = (CELL.0 as f64, CELL.1 as f64);
        match shape {
            Shape::Blocks { parts, opacity } => {
                let path = self.blocks.entry((ink, *opacity)).or_default();
                for &[x0, y0, x1, y1] in parts {
                    // A part as wide as its cell joins those of the cells beside it.
                    let whole = x1 - x0 >= 1.0;
                    let (copies, wide) =
                        if whole { (1, run.len() as f64) } else { (run.len(), x1 - x0) };
                    for copy in 0..copies {
                        let x = (copy as f64 + x0).mul_add(width, left);
                        let (y, w, h) = (y0.mul_add(height, top), wide * width, (y1 - y0) * height);
                        let _ = write!(path, "M{x} {y}h{w}v{h}h-{w}z");
                    }
                }
            }
            Shape::Dots(dots) => {
                let path = self.dots.entry(ink).or_default();
                for copy in 0..run.len() {
                    for (x, y) in dots {
                        let x = (copy as f64 + x).mul_add(width, left);
                        // A line of no length is a round cap: a dot.
                        let _ = write!(path, "M{x} {}h.01", y.mul_add(height, top));
                    }
                }
            }
            Shape::Line => {
                let path = self.borders.entry(ink).or_default();
                let width = run.len() as f64 * width;
                let _ = write!(path, "M{left} {}h{width}", top + height / 2.0);
            }
            Shape::Path(steps) => {
                let path = self.borders.entry(ink).or_default();
                for copy in 0..run.len() {
                    let left = (copy as f64).mul_add(width, left);
                    for (command, points) in *steps {
                        path.push(*command);
                        for (x, y) in *points {
                            let (x, y) = (x.mul_add(width, left), y.mul_add(height, top));
                            let _ = write!(path, "{x} {y} ");
                        }
                    }
                }
            }
        }
    }

    /// The beginning of a picture, up to what is drawn.
    fn open(svg: &mut String, palette: &Palette, (width, height): (usize, usize), title: &str) {
        let _ = write!(
            svg,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" role=\"img\">\n<title>{}</title>\n\
             <rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"{}\"/>\n\
             <g transform=\"translate({MARGIN} {MARGIN})\">\n",
            xml(title),
            hex(palette.background)
        );
    }

    /// What is drawn; empty if that is nothing.
    fn body(&self, palette: &Palette) -> String {
        let mut svg = String::new();
        if !self.grounds.is_empty() || !self.blocks.is_empty() {
            svg.push_str("<g shape-rendering=\"crispEdges\">\n");
            for (ground, path) in &self.grounds {
                let _ = writeln!(svg, "<path fill=\"{}\" d=\"{path}\"/>", hex(*ground));
            }
            for ((ink, opacity), path) in &self.blocks {
                let opacity = f64::from(*opacity) / 100.0;
                let fill = hex(*ink);
                let _ = writeln!(
                    svg,
                    "<path fill=\"{fill}\" fill-opacity=\"{opacity}\" d=\"{path}\"/>"
                );
            }
            svg.push_str("</g>\n");
        }
        if !self.borders.is_empty() || !self.dots.is_empty() {
            svg.push_str("<g fill=\"none\" stroke-linecap=\"round\">\n");
            for (paths, width) in [(&self.borders, 1.2), (&self.dots, 3.0)] {
                for (ink, path) in paths {
                    let stroke = hex(*ink);
                    let _ = writeln!(
                        svg,
                        "<path stroke=\"{stroke}\" stroke-width=\"{width}\" d=\"{path}\"/>"
                    );
                }
            }
            svg.push_str("</g>\n");
        }
        if !self.text.is_empty() {
            let _ = write!(svg, "{}\n{}</g>\n", text::group(palette), self.text);
        }
        svg
    }
}

/// Splits `0..length` where neighbours are not `alike`.
fn runs(length: usize, alike: impl Fn(usize, usize) -> bool) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for i in 0..length {
        match runs.last_mut() {
            Some(run) if alike(run.start, i) => run.end = i + 1,
            _ => runs.push(i..i + 1),
        }
    }
    runs
}

fn hex([r, g, b]: Rgb) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

#[cfg(test)]
mod tests;
