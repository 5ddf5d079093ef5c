//! The network drawn: its neurons, and the weights between them.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::tui::screen::train::past;
use crate::tui::theme::Theme;
use crate::tui::widgets::panel::Panel;
use crate::tui::workspace::Workspace;

/// ```text
/// ╭ Network ──────────────────────────────╮
/// │ –                                     │
/// ╰───────────────────────────────────────╯
/// ```
pub fn draw(workspace: &Workspace, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
    let title = past::title(workspace, "Network");
    frame.render_widget(&past::panel(workspace, theme, &title), area);
    frame.render_widget(Line::styled(" –", theme.muted()), Panel::inner(area));
}
