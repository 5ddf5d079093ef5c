//! The line at the top: what is shown, the screens there are, and how it goes.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::App;
use crate::tui::screen::SCREENS;
use crate::tui::theme::Theme;
use crate::tui::widgets::format;

/// The name of the program.
const NAME: &str = " gradlab ";

/// ```text
///  gradlab  Two spirals    1 Train  3 Compare 42%    ● running   step 12,400
/// ```
pub fn draw(app: &App, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
    let (title, right) = app.screen().header(&app.workspace, area.width, theme);
    let right = format::truncate_line(right, usize::from(area.width));
    let left = usize::from(area.width).saturating_sub(right.width() + 1);
    let name = if left >= NAME.len() { NAME } else { "" };
    let mut spans = vec![Span::styled(name, theme.accent())];
    if left > NAME.len() + 2 {
        let room = left - NAME.len() - 2;
        spans.push(Span::raw(format!(" {}", format::truncate(&title, room))));
    }
    let tabs = tabs(app, theme);
    let width = |spans: &[Span<'_>]| spans.iter().map(Span::width).sum::<usize>();
    if width(&spans) + width(&tabs) + 4 <= left {
        spans.extend(tabs);
    }
    frame.render_widget(Line::from(spans), area);
    frame.render_widget(right.right_aligned(), area);
}

fn tabs(app: &App, theme: Theme) -> Vec<Span<'static>> {
    SCREENS
        .iter()
        .enumerate()
        .flat_map(|(index, tab)| {
            let here = index == app.shown;
            let style = if here { theme.accent() } else { theme.muted() };
            let note =
                if here { String::new() } else { app.screens[index].tab_note(&app.workspace) };
            let text = format!("{} {}{note}", tab.key, tab.title());
            [Span::raw("   "), Span::styled(text, style)]
        })
        .collect()
}
