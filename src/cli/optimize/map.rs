//! The map of a surface with paths across it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Widget;

use crate::catalog;
use crate::experiment::walk::Walk;
use crate::spec::Pick;
use crate::surface::Point;
use crate::train::descent::Path;
use crate::tui::theme::{Depth, Theme, mark};
use crate::tui::widgets::format;
use crate::tui::widgets::relief::{Heights, Relief, Trail, Window};

/// Columns and lines of a map, axes included.
const MAP: (u16, u16) = (80, 26);
/// Heights across and up that a map is drawn from.
const GRID: (usize, usize) = (161, 105);

/// The surface from above.
#[must_use]
pub fn of_surface(surface: &Pick, depth: Depth) -> Buffer {
    draw(surface, &[], 0, Theme::new(depth))
}

/// The surface from above with the paths of a walk; if there are several, each has a line below that
/// says whose it is.
#[must_use]
pub fn of_walk(walk: &Walk, paths: &[Path], depth: Depth) -> Buffer {
    let theme = Theme::new(depth);
    let pair = |[x, y]: Point| (x, y);
    let points = |path: &Path| -> Vec<(f64, f64)> {
        std::iter::once(path.start).chain(path.points.iter().copied()).map(pair).collect()
    };
    let points: Vec<_> = paths.iter().map(points).collect();
    let legend = if paths.len() > 1 { paths.len() as u16 } else { 0 };
    let mut buffer = draw(&walk.surface, &points, legend, theme);
    for (index, walker) in walk.walkers.iter().enumerate().take(usize::from(legend)) {
        let y = MAP.1 + index as u16;
        let letter = mark(index).to_ascii_uppercase().to_string();
        buffer.set_string(2, y, letter, theme.walker(index));
        let name = format::truncate(&walker.to_string(), usize::from(MAP.0) - 4);
        buffer.set_string(4, y, name, Style::new());
    }
    buffer
}

/// The map with so many empty lines below it.
fn draw(surface: &Pick, points: &[Vec<(f64, f64)>], lines: u16, theme: Theme) -> Buffer {
    let entry = catalog::surface(surface);
    let built = entry.build(surface);
    let minima: Vec<_> = entry.scene.minima.iter().map(|[x, y]| (*x, *y)).collect();
    let mut buffer = Buffer::empty(Rect::new(0, 0, MAP.0, MAP.1 + lines));
    let window = Window { x: entry.scene.x, y: entry.scene.y };
    let trails: Vec<Trail<'_>> = points
        .iter()
        .enumerate()
        .map(|(index, points)| Trail { points, index, style: theme.walker(index) })
        .collect();
    let relief = Relief {
        theme,
        heights: &Heights::of(|x, y| built.value([x, y]), window, GRID),
        window,
        trails: &trails,
        marked: &minima,
    };
    relief.render(Rect::new(0, 0, MAP.0, MAP.1), &mut buffer);
    buffer
}
