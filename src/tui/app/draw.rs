//! What is on the terminal: header, the screen's panels, footer, and what lies on top.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Line;
use ratatui::widgets::{Paragraph, Wrap};

use super::{App, header};
use crate::text::visible_lines;
use crate::tui::drawn::{Drawn, DrawnFrame};
use crate::tui::keymap::{self, Action, Binding, EVERYWHERE};
use crate::tui::printable;
use crate::tui::theme::Theme;
use crate::tui::widgets::footer::Footer;
use crate::tui::workspace::Notice;

/// The least columns and rows for more than a line.
const LEAST: (u16, u16) = (40, 10);

impl App {
    /// Draws everything, and changes nothing. [`App::drawn`] takes in what is returned.
    ///
    /// ```text
    /// header   gradlab  Two spirals                       ● running  step 12,400
    /// body
    /// trouble  Diverged at step 312 …
    /// footer   space pause   ←→ change   ⏎ edit   …
    /// ```
    #[must_use]
    pub fn draw(&self, frame: &mut Frame<'_>, theme: Theme) -> DrawnFrame {
        let area = frame.area();
        let screen = if area.width < LEAST.0 || area.height < LEAST.1 {
            frame.render_widget(self.screen().brief(&self.workspace, theme), area);
            Drawn::default()
        } else {
            self.draw_screen(frame, area, theme)
        };
        let overlay = self.overlay.as_ref().and_then(|overlay| overlay.draw(frame, theme));
        printable::restrict(frame.buffer_mut());
        DrawnFrame { screen, overlay }
    }

    fn draw_screen(&self, frame: &mut Frame<'_>, area: Rect, theme: Theme) -> Drawn {
        let trouble = self.screen().trouble(&self.workspace);
        let [head, body, alarm, foot] = Layout::vertical([
            Constraint::Length(1),
            Constraint::Min(0),
            Constraint::Length(u16::from(trouble.is_some()) * 2),
            Constraint::Length(1),
        ])
        .areas(area);
        header::draw(self, frame, head, theme);
        let drawn = self.screen().draw(&self.workspace, frame, body, theme);
        if let Some(trouble) = trouble {
            let text = Paragraph::new(visible_lines(&trouble))
                .style(theme.bad())
                .wrap(Wrap { trim: true });
            frame.render_widget(text, indented(alarm));
        }
        self.draw_footer(frame, foot, theme);
        drawn
    }

    fn draw_footer(&self, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
        if let Some(Notice { text, bad }) = &self.workspace.notice {
            let style = if *bad { theme.warn() } else { theme.good() };
            frame.render_widget(Line::styled(text.as_str(), style), indented(area));
            return;
        }
        let overlay = self.overlay.as_ref();
        let everywhere = if overlay.is_none() { EVERYWHERE.rows } else { &[] };
        let mut rows: Vec<_> = self
            .context()
            .rows
            .iter()
            .chain(everywhere)
            .filter(|row| !row.label.is_empty())
            .filter(|row| overlay.is_none_or(|it| it.offers(row.action)))
            .collect();
        rows.sort_by_key(|row| weight(row.action));
        let kept = rows.iter().filter(|row| weight(row.action) > 0).count();
        let hints: Vec<_> = rows.into_iter().map(|row| (key(row), self.label(row))).collect();
        let hints: Vec<_> = hints.iter().map(|(key, label)| (key.as_str(), *label)).collect();
        frame.render_widget(&Footer { theme, hints: &hints, kept }, area);
    }

    /// The word for a row in the footer.
    fn label(&self, row: &Binding) -> &'static str {
        let own = self.screen().label(row.action, &self.workspace);
        own.filter(|_| self.overlay.is_none()).unwrap_or(row.label)
    }
}

fn indented(area: Rect) -> Rect {
    Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area }
}

/// The key of a row in the footer; a pair is known by one picture.
fn key(row: &Binding) -> String {
    match row.action {
        Action::Increase => "←→".to_owned(),
        Action::Down => "↑↓".to_owned(),
        _ => row.keys.first().map_or_else(String::new, |&key| keymap::name(key)),
    }
}

/// Ways out of a screen stay in the footer where others drop away, the one to all keys longest.
const fn weight(action: Action) -> u8 {
    match action {
        Action::Help => 3,
        Action::Quit => 2,
        Action::Go(_) => 1,
        _ => 0,
    }
}
