//! Drawing parts. They know nothing of training: each takes borrowed plain data and a [`Theme`].
//!
//! Every widget draws into any area, however small or far outside of the buffer, and takes NaN and
//! infinite numbers as gaps that have no part in bounds.
//!
//! [`Theme`]: super::theme::Theme

pub mod axis;
pub mod blocks;
pub mod canvas;
pub mod chart;
pub mod confusion;
pub mod curve;
pub mod digits;
pub mod field;
pub mod footer;
pub mod format;
pub mod frame;
pub mod heat;
pub mod histogram;
pub mod marked;
pub mod network_drawing;
pub mod numerals;
pub mod panel;
pub mod relief;
pub mod scatter;
pub mod sparkline;
pub mod symlog;

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::{Modifier, Style},
};

/// Writes `text` at (`x`, `y`) as far as it lies within `clip`, replacing what was there.
fn put(buf: &mut Buffer, clip: Rect, x: u16, y: u16, text: &str, style: Style) {
    let clip = clip.intersection(buf.area);
    if clip.contains((x, y).into()) {
        let room = clip.right() - x;
        let width = room.min(format::width(text) as u16);
        buf.set_style(Rect::new(x, y, width, 1), Style::new().remove_modifier(Modifier::all()));
        buf.set_stringn(x, y, text, room as usize, style);
    }
}

/// Whether the `width` cells from (`x`, `y`) on lie within `clip` and hold nothing but `free`.
fn is_free(buf: &Buffer, clip: Rect, x: u16, y: u16, width: u16, free: &[&str]) -> bool {
    let holds_nothing = |x| buf.cell((x, y)).is_some_and(|cell| free.contains(&cell.symbol()));
    let end = x.saturating_add(width);
    end <= clip.right() && (x..end).all(|x| clip.contains((x, y).into()) && holds_nothing(x))
}

#[cfg(test)]
mod testing;
