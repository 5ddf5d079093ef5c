//! The line at the top: what is shown, the screens there are, and how it goes.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::App;
use crate::tui::keymap::Action;
use crate::tui::screen::{SCREENS, Tab};
use crate::tui::theme::Theme;
use crate::tui::widgets::format;

/// The name of the program.
const NAME: &str = " gradlab ";
/// The least columns of a long title beside the screens.
const TITLE: usize = 12;

/// ```text
///  gradlab  Two spirals    1 Train  3 Compare 42%    ● running   step 12,400
/// ```
/// Returns where each tab stands, and that it leads there.
pub fn draw(app: &App, frame: &mut Frame<'_>, area: Rect, theme: Theme) -> Vec<(Rect, Action)> {
    let (title, right) = app.screen().header(&app.workspace, area.width, theme);
    let right = format::truncate_line(right, usize::from(area.width));
    let left = usize::from(area.width).saturating_sub(right.width() + 1);
    let name = if left >= NAME.len() { NAME } else { "" };
    let mut spans = vec![Span::styled(name, theme.accent())];
    let room = left.saturating_sub(NAME.len() + 2);
    // The title is shortened rather than the screens left out, so that they neither come nor go.
    let forms = Form::ALL.map(|form| tabs(app, form, theme));
    let columns = |tabs: &Vec<Span<'_>>| tabs.iter().map(Span::width).sum::<usize>() + 3;
    let least = TITLE.min(format::width(&title));
    let tabs = forms.into_iter().find(|tabs| columns(tabs) + least <= room).unwrap_or_default();
    let room = if tabs.is_empty() { room } else { room - columns(&tabs) };
    if room > 0 {
        spans.push(Span::raw(format!(" {}", format::truncate(&title, room))));
    }
    let mut x = area.x + spans.iter().map(Span::width).sum::<usize>() as u16;
    let places = tabs.chunks(2).zip(SCREENS).map(|(tab, screen)| {
        let [air, width] = [0, 1].map(|part| tab.get(part).map_or(0, Span::width) as u16);
        let place = Rect { x: x + air, width, height: 1, ..area };
        x += air + width;
        (place, Action::Go(screen.key))
    });
    let places = places.collect();
    spans.extend(tabs);
    frame.render_widget(Line::from(spans), area);
    frame.render_widget(right.right_aligned(), area);
    places
}

/// How much is said of the screens there are.
#[derive(Clone, Copy)]
struct Form {
    /// Between two of them.
    gap: &'static str,
    /// Whether those not shown are named, and not their keys alone.
    named: bool,
}

impl Form {
    /// The longest first.
    const ALL: [Self; 3] = [
        Self { gap: "   ", named: true },
        Self { gap: " ", named: true },
        Self { gap: "  ", named: false },
    ];
}

fn tabs(app: &App, form: Form, theme: Theme) -> Vec<Span<'static>> {
    let tab = |(index, tab): (usize, &Tab)| {
        let here = index == app.shown;
        let style = if here { theme.accent() } else { theme.muted() };
        let note = if here { String::new() } else { app.screens[index].tab_note(&app.workspace) };
        let title = if here || form.named { format!(" {}", tab.title()) } else { String::new() };
        [Span::raw(form.gap), Span::styled(format!("{}{title}{note}", tab.key), style)]
    };
    SCREENS.iter().enumerate().flat_map(tab).collect()
}
