//! What tells the past from the present: dashed borders in a colour of their own, and the step in
//! every title.

use std::borrow::Cow;

use crate::experiment::lesson::Panel as LessonPanel;
use crate::tui::theme::Theme;
use crate::tui::widgets::format;
use crate::tui::widgets::panel::Panel;
use crate::tui::workspace::Workspace;

/// A panel, marked in the past.
pub const fn panel<'a>(workspace: &Workspace, theme: Theme, title: &'a str) -> Panel<'a> {
    Panel::new(theme, title).past(workspace.past.is_some())
}

/// A panel that the page of a lesson can be about, marked in the past.
pub fn panel_of<'a>(
    workspace: &Workspace,
    of: LessonPanel,
    theme: Theme,
    title: &'a str,
) -> Panel<'a> {
    panel(workspace, theme, title).focused(workspace.stands_out(of, of == LessonPanel::Network))
}

/// The title of a panel that shows a moment of the run: in the past with its step, which is that of
/// the picture while another one is being replayed.
pub fn title<'a>(workspace: &Workspace, title: &'a str) -> Cow<'a, str> {
    let Some(past) = &workspace.past else { return title.into() };
    let seen = workspace.run.seen.as_ref().map(|seen| seen.step);
    let step = seen.or(past.shown).unwrap_or(past.target);
    format!("{title} ◀ step {}", format::thousands(step as f64)).into()
}
