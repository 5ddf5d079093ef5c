//! What is wrong with the run, in words.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::tui::screen::train::past;
use crate::tui::theme::Theme;
use crate::tui::widgets::panel::Panel;
use crate::tui::workspace::Workspace;

/// ```text
/// ╭ Diagnosis ────────────────────────────╮
/// │ –                                     │
/// ╰───────────────────────────────────────╯
/// ```
pub fn draw(workspace: &Workspace, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
    frame.render_widget(&past::panel(workspace, theme, "Diagnosis"), area);
    frame.render_widget(Line::styled(" –", theme.muted()), Panel::inner(area));
}
