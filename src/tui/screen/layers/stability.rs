//! How stable the run is.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::tui::screen::train::past;
use crate::tui::theme::Theme;
use crate::tui::widgets::panel::Panel;
use crate::tui::workspace::Workspace;

/// Rows that it has use for.
pub const ROWS: u16 = 6;

/// ```text
/// ╭ Stability ────────────────────────────╮
/// │ –                                     │
/// ╰───────────────────────────────────────╯
/// ```
pub fn draw(workspace: &Workspace, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
    frame.render_widget(&past::panel(workspace, theme, "Stability"), area);
    frame.render_widget(Line::styled(" –", theme.muted()), Panel::inner(area));
}
