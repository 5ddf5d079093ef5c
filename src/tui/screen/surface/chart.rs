//! Height against step, of all walkers.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::SurfaceScreen;
use crate::catalog;
use crate::surface::{Scene, Surface};
use crate::tui::theme::{Theme, mark};
use crate::tui::widgets::axis::{Axis, Scale};
use crate::tui::widgets::chart::{Chart, Sample, Series};
use crate::tui::widgets::panel::Panel;

/// Heights below this share of the one at the start lie below the axis: an axis down to what rounding
/// leaves would show nothing else.
const LEAST: f64 = 1e-12;

/// Draws them: above the minimum, if there is one.
pub fn draw(
    screen: &SurfaceScreen,
    stands_out: bool,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) {
    let walk = screen.walk();
    let entry = catalog::surface(&walk.surface);
    let built = entry.build(&walk.surface);
    let minimum = entry.scene.minima.first().map(|at| built.value(*at));
    let least = minimum.unwrap_or(0.0);
    let points: Vec<Vec<Sample>> = screen
        .simulation
        .walkers()
        .iter()
        .map(|walker| {
            let sample = |(step, height): (u64, f64)| Sample::from((step as f64, height - least));
            walker.heights().map(sample).collect()
        })
        .collect();
    let series: Vec<Series<'_>> = points
        .iter()
        .zip(&walk.walkers)
        .enumerate()
        .map(|(index, (points, spec))| Series {
            name: spec.optimizer.key(),
            mark: mark(index).to_ascii_uppercase(),
            style: theme.walker(index),
            points,
        })
        .collect();
    let all = || points.iter().flatten().map(|it| it.mean);
    // Where it falls for ever, what is lower than the usual map is below the axis.
    let scale = if minimum.is_some() { Scale::of_loss(screen.log, all()) } else { Scale::Linear };
    let start = (built.value(walk.start) - least).abs();
    let floor = match (scale, minimum) {
        (Scale::Log, _) => start * LEAST,
        (_, None) => lowest(entry.scene, built.as_ref()),
        _ => f64::NEG_INFINITY,
    };
    let shown = all().filter(|it| *it >= floor);
    let chart = Chart::new(theme, scale, &series)
        .y_axis(Axis::fit(scale, shown))
        .front(Some(screen.chosen));
    let title = if minimum.is_some() { "Height − minimum" } else { "Height" };
    let panel = Panel::new(theme, title).focused(stands_out);
    let right = format!("by step ─ {}", scale.name(screen.log && minimum.is_some()));
    frame.render_widget(&panel.right(&right), area);
    frame.render_widget(&chart, Panel::inner(area));
}

/// The lowest of some heights all over the usual map.
fn lowest(scene: Scene, surface: &dyn Surface) -> f64 {
    const POINTS: u32 = 8;
    let at =
        |(low, high): (f64, f64), i: u32| low + (high - low) * f64::from(i) / f64::from(POINTS);
    let grid = (0..=POINTS).flat_map(|i| (0..=POINTS).map(move |j| (i, j)));
    let heights = grid.map(|(i, j)| surface.value([at(scene.x, i), at(scene.y, j)]));
    heights.fold(f64::INFINITY, f64::min)
}
