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
/// The columns of a long title beside the screens, and the least if there is no room for these.
const TITLE: [usize; 2] = [20, 12];
/// Columns around the title, and before what stands at the right.
const MARGIN: usize = 4;

/// ```text
///  gradlab  Two spirals    1 Train  3 Compare 42%    ● running   step 12,400
/// ```
/// Returns where each tab stands, and that it leads there.
pub fn draw(app: &App, frame: &mut Frame<'_>, area: Rect, theme: Theme) -> Vec<(Rect, Action)> {
    let (title, right) = app.screen().header(&app.workspace, area.width, theme);
    let right = format::truncate_line(right, usize::from(area.width));
    let left = usize::from(area.width).saturating_sub(right.width() + 1);
    // The title is shortened, and the program's name left out, rather than the screens, so that they
    // neither come nor go.
    let columns = |tabs: &[Span<'_>]| tabs.iter().map(Span::width).sum::<usize>();
    let forms = Form::ALL.map(|form| (form.name, tabs(app, &form, theme)));
    let fitting = |most: usize| {
        let title = most.min(format::width(&title));
        let all = |name: &str, tabs: &[_]| name.len() + columns(tabs) + title + MARGIN;
        forms.iter().find(|(name, tabs)| all(name, tabs) <= left)
    };
    let (name, tabs) = TITLE
        .into_iter()
        .find_map(fitting)
        .cloned()
        .unwrap_or((if left >= NAME.len() { NAME } else { "" }, Vec::new()));
    let mut spans = vec![Span::styled(name, theme.accent())];
    let room = left.saturating_sub(name.len() + columns(&tabs) + MARGIN);
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
struct Form {
    /// The program's name.
    name: &'static str,
    /// Between two of them.
    gap: &'static str,
    /// Which of them are named; of the others there is the key.
    named: Named,
}

#[derive(PartialEq)]
enum Named {
    All,
    Shown,
    None,
}

impl Form {
    /// The longest first.
    const ALL: [Self; 6] = [
        Self { name: NAME, gap: "   ", named: Named::All },
        Self { name: NAME, gap: " ", named: Named::All },
        Self { name: "", gap: " ", named: Named::All },
        Self { name: NAME, gap: "  ", named: Named::Shown },
        Self { name: "", gap: "  ", named: Named::Shown },
        Self { name: "", gap: " ", named: Named::None },
    ];
}

fn tabs(app: &App, form: &Form, theme: Theme) -> Vec<Span<'static>> {
    let tab = |(index, tab): (usize, &Tab)| {
        let here = index == app.shown;
        let style = if here { theme.accent() } else { theme.muted() };
        let note = if here { String::new() } else { app.screens[index].tab_note(&app.workspace) };
        let named = form.named == Named::All || here && form.named == Named::Shown;
        let title = if named { format!(" {}", tab.title()) } else { String::new() };
        [Span::raw(form.gap), Span::styled(format!("{}{title}{note}", tab.key), style)]
    };
    SCREENS.iter().enumerate().flat_map(tab).collect()
}
