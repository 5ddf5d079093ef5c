//! The network drawn: its neurons, and the weights between them.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::train::probe::NeuronsView;
use crate::tui::screen::network_drawing;
use crate::tui::screen::train::past;
use crate::tui::theme::Theme;
use crate::tui::widgets::panel::Panel;
use crate::tui::workspace::Workspace;

/// Draws it so that a layer is in sight. Returns the room for its neurons.
///
/// ```text
/// ╭ Neurons ──────────────────────────────╮
/// │ x ▒▒ ⣀⠤⠒ ▒▒ ⠒⠒⠒⠒ ▒▒ a                 │
/// ╰──────────────────────── ── −  ── + ───╯
/// ```
pub fn draw(
    layer: usize,
    workspace: &Workspace,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) -> NeuronsView {
    let title = network_drawing::title(&workspace.run);
    let title = past::title(workspace, title);
    frame.render_widget(&past::panel(workspace, theme, &title), area);
    let inner = Panel::inner(area);
    let border = Rect { y: area.bottom().saturating_sub(1), height: 1, ..inner };
    network_drawing::draw_legend("", frame, border, theme);
    network_drawing::draw(&workspace.run, (None, layer), frame, inner, theme).1
}
