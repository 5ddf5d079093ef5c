//! The map of a landscape with the path, drawn.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use crate::train::landscape::{Map, PathPoint};
use crate::tui::landscape_map::{heights, window};
use crate::tui::theme::{Depth, Theme};
use crate::tui::widgets::relief::{Relief, Trail};

/// Columns and lines of a map, axes included.
const SIZE: (u16, u16) = (80, 26);

/// The map with the path.
pub(super) fn map(map: &Map, path: &[PathPoint], depth: Depth) -> Buffer {
    let theme = Theme::new(depth);
    let points: Vec<(f64, f64)> = path.iter().map(|point| (point.at[0], point.at[1])).collect();
    let relief = Relief {
        theme,
        heights: &heights(&map.grid),
        window: window(&map.grid),
        trails: &[Trail { points: &points, index: 0, style: theme.walker(0) }],
        marked: &[],
    };
    let area = Rect::new(0, 0, SIZE.0, SIZE.1);
    let mut buffer = Buffer::empty(area);
    relief.render(area, &mut buffer);
    buffer
}
