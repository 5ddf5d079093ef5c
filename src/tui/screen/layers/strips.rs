//! Distributions of each layer over the steps: time across, value up.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::LayersScreen;
use crate::tui::drawn::Scroll;
use crate::tui::screen::train::past;
use crate::tui::theme::Theme;
use crate::tui::widgets::format;
use crate::tui::widgets::panel::Panel;
use crate::tui::workspace::Workspace;

/// Rows of a strip at the least and at the most.
const ROWS: (u16, u16) = (3, 9);

/// ```text
/// ╭ Weights over time ───── m weights ╮
/// │ 1 tanh     3 ┤░░░░▒▒▒▒▓▓▓▒▒▒▒░░░░░│
/// │ 2→16       0 ┤▓▓▓███████▓▓▓▓▓▒▒▒▒▒│
/// ╰───────────────────────────────────╯
/// ```
pub fn draw(
    screen: &LayersScreen,
    workspace: &Workspace,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) -> (Vec<(Rect, usize)>, Scroll) {
    let layers = &workspace.experiment.layers;
    let inner = Panel::inner(area);
    let rows = (inner.height / (layers.len() as u16).max(1)).clamp(ROWS.0, ROWS.1);
    let room = usize::from((inner.height / rows).max(1));
    let scroll = Scroll::to_show(screen.layer, screen.top.min(layers.len()), room, layers.len());
    let name = screen.shown.quantity.name();
    let title = format!("{}{} over time", name[..1].to_uppercase(), &name[1..]);
    let right = if screen.shown.symlog() { "symlog" } else { "linear" };
    let panel = past::panel(workspace, theme, &title).right(right).focused(true);
    frame.render_widget(&panel, area);
    let mut targets = Vec::new();
    for (row, (index, layer)) in layers.iter().enumerate().skip(scroll.top).take(room).enumerate() {
        let y = inner.y + row as u16 * rows;
        let place = Rect { y, height: rows, ..inner }.intersection(inner);
        let style = if index == screen.layer { theme.accent() } else { theme.text() };
        let pointer = if index == screen.layer { "▸" } else { " " };
        let text = format!("{pointer}{} {}  –", index + 1, layer.activation.key());
        let line = Line::styled(format::truncate(&text, usize::from(place.width)), style);
        frame.render_widget(line, Rect { height: 1.min(place.height), ..place });
        targets.push((place, index));
    }
    (targets, scroll)
}
