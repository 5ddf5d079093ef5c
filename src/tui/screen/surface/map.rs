//! The map with its walkers.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use super::{SurfaceScreen, status};
use crate::catalog;
use crate::tui::theme::Theme;
use crate::tui::widgets::format;
use crate::tui::widgets::panel::Panel;
use crate::tui::widgets::relief::{Relief, Trail, Window};

/// Draws it. Returns where its plot is.
pub fn draw(
    screen: &SurfaceScreen,
    stands_out: bool,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) -> Rect {
    let walk = screen.walk();
    let (name, surface) = (walk.title.on_terminal(), walk.surface.to_string());
    let title = if name.is_empty() || name.to_lowercase() == surface {
        surface
    } else {
        format!("{name}: {surface}")
    };
    let [x, y] = walk.start.map(|it| format::significant(it, 3));
    let scene = &catalog::surface(&walk.surface).scene;
    let minimum = if scene.minima.is_empty() { "no minimum" } else { "× minimum" };
    let below = format!("○ start ({x}, {y})   {minimum}");
    let right = status::pace(screen);
    let panel = Panel::new(theme, &title).right(&right).below(&below);
    frame.render_widget(&panel.focused(stands_out), area);
    let inner = Panel::inner(area);
    let walkers = screen.simulation.walkers();
    let trail =
        |index: usize| Trail { points: walkers[index].points(), index, style: theme.walker(index) };
    // The chosen one lies on top.
    let mut order: Vec<usize> = (0..walkers.len()).collect();
    order.sort_by_key(|index| *index == screen.chosen);
    let trails: Vec<Trail<'_>> = order.into_iter().map(trail).collect();
    let minima: Vec<(f64, f64)> = scene.minima.iter().map(|[x, y]| (*x, *y)).collect();
    let relief = Relief {
        theme,
        heights: screen.view.heights(),
        window: screen.view.window(),
        trails: &trails,
        marked: &minima,
    };
    frame.render_widget(&relief, inner);
    Relief::plot(inner)
}

/// The place on the surface in the middle of a cell of `plot`.
pub fn place(cell: Position, plot: Rect, window: Window) -> (f64, f64) {
    let share = |at: u16, from: u16, count: u16| {
        (f64::from(at.saturating_sub(from)) + 0.5) / f64::from(count.max(1))
    };
    let right = share(cell.x, plot.x, plot.width);
    let up = 1.0 - share(cell.y, plot.y, plot.height);
    window.at(right, up)
}
