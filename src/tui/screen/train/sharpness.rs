//! The sharpness over the steps, with what the rates can take.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::samples::points;
use super::{ghosts, past};
use crate::tui::theme::Theme;
use crate::tui::widgets::axis::Scale;
use crate::tui::widgets::chart::{Chart, Series};
use crate::tui::widgets::panel::Panel;
use crate::tui::workspace::Workspace;

/// Rows from which on there is room for it beside the others.
const ROWS: u16 = 25;

/// Whether there is something to draw, and room for it among charts of so many rows.
pub fn is_shown(workspace: &Workspace, rows: u16) -> bool {
    rows >= ROWS && workspace.run.stability.sharpness.buckets().len() > 1
}

/// Draws it.
pub fn draw(workspace: &Workspace, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
    let stability = &workspace.run.stability;
    let (sharpness, threshold) = (points(&stability.sharpness), points(&stability.threshold));
    let edge = Series { name: "stable below", mark: '-', style: theme.muted(), points: &threshold };
    let line = Series { name: "sharpness", mark: '●', style: theme.accent(), points: &sharpness };
    let both = [edge, line];
    let series = if threshold.is_empty() { &both[1..] } else { &both[..] };
    let chart = Chart::new(theme, Scale::Linear, series)
        .cursor(workspace.past.as_ref().map(|past| past.target as f64))
        .x_axis(ghosts::steps(workspace));
    frame.render_widget(&past::panel(workspace, theme, "Sharpness"), area);
    frame.render_widget(&chart, Panel::inner(area));
}
