//! Letters, in runs that share a style.

use std::fmt::Write as _;

use ratatui::{buffer::Cell, style::Modifier};
use unicode_width::UnicodeWidthStr;

use super::palette::Palette;
use super::{CELL, Look, glyph::shape, hex};
use crate::text::xml;

/// DejaVu Sans Mono is 0.602 em wide: one cell.
const FONT_SIZE: f64 = 14.95;
/// From the top of a cell to the foot of its letters.
const BASELINE: usize = 14;

/// The opening tag around all runs.
pub fn group(palette: &Palette) -> String {
    format!(
        "<g font-family=\"'DejaVu Sans Mono','JetBrains Mono','Cascadia Mono',Menlo,Consolas,\
         monospace\" font-size=\"{FONT_SIZE}\" fill=\"{}\" xml:space=\"preserve\">",
        hex(palette.foreground)
    )
}

/// Adds the letters of a row. A run ends where the style changes, before two spaces, and at a
/// character of two columns; `textLength` keeps its columns in place whatever the font.
pub fn add_row(svg: &mut String, palette: &Palette, y: usize, row: &[Cell], looks: &[Look]) {
    let is_blank = |x: usize| row.get(x).is_none_or(|cell| cell.symbol().trim().is_empty());
    let is_letter = |x: usize| !is_blank(x) && shape(row[x].symbol()).is_none();
    let mut x = 0;
    while x < row.len() {
        let width = row[x].symbol().width().max(1);
        let mut end = x + 1;
        if is_letter(x) {
            let same = |at: usize| at < row.len() && same_style(looks[at], looks[x]);
            let joins = |at: usize| same(at) && is_letter(at) && row[at].symbol().width() <= 1;
            while width == 1 && (joins(end) || (same(end) && is_blank(end) && joins(end + 1))) {
                end += 1;
            }
            let text: String = row[x..end].iter().map(Cell::symbol).collect();
            add_run(svg, palette, (x, y), (width.max(end - x), &text), looks[x]);
        }
        x = end.max(x + width);
    }
}

fn add_run(
    svg: &mut String,
    palette: &Palette,
    (x, y): (usize, usize),
    (columns, text): (usize, &str),
    look: Look,
) {
    let (x, y, length) = (x * CELL.0, y * CELL.1 + BASELINE, columns * CELL.0);
    // Writing to a string cannot fail.
    let _ = write!(svg, "<text x=\"{x}\" y=\"{y}\" textLength=\"{length}\"");
    if look.ink != palette.foreground {
        let _ = write!(svg, " fill=\"{}\"", hex(look.ink));
    }
    for (modifier, attribute) in [
        (Modifier::BOLD, " font-weight=\"bold\""),
        (Modifier::ITALIC, " font-style=\"italic\""),
        (Modifier::UNDERLINED, " text-decoration=\"underline\""),
        (Modifier::CROSSED_OUT, " text-decoration=\"line-through\""),
    ] {
        if look.modifier.contains(modifier) {
            svg.push_str(attribute);
        }
    }
    let _ = writeln!(svg, ">{}</text>", xml(text));
}

fn same_style(a: Look, b: Look) -> bool {
    a.ink == b.ink && a.modifier == b.modifier
}
