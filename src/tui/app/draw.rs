//! What is on the terminal: header, the screen's panels, footer, and what lies on top.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use super::{App, header};
use crate::text::visible_lines;
use crate::tui::drawn::{Drawn, DrawnFrame};
use crate::tui::keymap::{self, Action, Binding, EVERYWHERE};
use crate::tui::learn::dock;
use crate::tui::printable;
use crate::tui::theme::Theme;
use crate::tui::widgets::footer::Footer;
use crate::tui::widgets::format;
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
    /// notice   a long one
    /// footer   space pause   ←→ change   ⏎ edit   …      or a short notice with the ways out
    /// ```
    #[must_use]
    pub fn draw(&self, frame: &mut Frame<'_>, theme: Theme) -> DrawnFrame {
        let area = frame.area();
        let theme = if self.workspace.projector { theme.thick() } else { theme };
        let mut clickable = Vec::new();
        let screen = if area.width < LEAST.0 || area.height < LEAST.1 {
            let brief = self.screen().brief(&self.workspace, theme);
            let brief = format::truncate_line(brief, usize::from(area.width));
            frame.render_widget(brief, area);
            Drawn::default()
        } else {
            self.draw_screen(frame, area, theme, &mut clickable)
        };
        let overlay = self.overlay.as_ref().and_then(|overlay| overlay.draw(frame, theme));
        printable::restrict(frame.buffer_mut());
        theme.finish(frame.buffer_mut());
        DrawnFrame { screen, overlay, clickable }
    }

    fn draw_screen(
        &self,
        frame: &mut Frame<'_>,
        area: Rect,
        theme: Theme,
        clickable: &mut Vec<(Rect, Action)>,
    ) -> Drawn {
        let trouble = self.screen().trouble(&self.workspace);
        let notice = self.long_notice(area.width).map_or("", |notice| notice.text.as_str());
        let trouble_rows = rows(trouble.as_deref().unwrap_or(""), area);
        let notice_rows = rows(notice, area);
        let [head, body, alarm, said, foot] = Layout::vertical([
            Constraint::Length(1),
            Constraint::Min(0),
            Constraint::Length(trouble_rows),
            Constraint::Length(notice_rows),
            Constraint::Length(1),
        ])
        .areas(area);
        clickable.extend(header::draw(self, frame, head, theme));
        let body = match &self.lecture {
            None => body,
            Some(lecture) => {
                let (body, beside) = dock::split(lecture, &self.workspace, body, theme);
                dock::draw(lecture, &self.workspace, frame, beside, theme);
                body
            }
        };
        let drawn = self.screen().draw(&self.workspace, frame, body, theme);
        if let Some(trouble) = trouble {
            draw_wrapped(&visible_lines(&trouble), theme.bad(), frame, indented(alarm));
        }
        if let Some(notice) = self.long_notice(area.width) {
            draw_wrapped(&notice.text, style(notice, theme), frame, indented(said));
        }
        clickable.extend(self.draw_footer(frame, foot, theme));
        drawn
    }

    /// Draws the footer. Returns where each key stands, and what it does.
    fn draw_footer(&self, frame: &mut Frame<'_>, area: Rect, theme: Theme) -> Vec<(Rect, Action)> {
        let long = self.long_notice(area.width).is_some();
        let short = self.workspace.notice.as_ref().filter(|_| !long);
        let (keys, kept_only) = match short {
            Some(notice) => {
                let text = Line::styled(notice.text.as_str(), style(notice, theme));
                let width = text.width() as u16 + 2;
                frame.render_widget(text, indented(area));
                let left = area.width.saturating_sub(width);
                (Rect { x: area.x + width.min(area.width), width: left, ..area }, true)
            }
            None => (area, false),
        };
        let mut rows = self.hints();
        let weight = |row: &Binding| weight(row.action, area.width);
        rows.sort_by_key(|(row, _)| weight(row));
        let kept = rows.iter().filter(|(row, _)| weight(row) > 0).count();
        if kept_only {
            rows.drain(..rows.len() - kept);
        }
        let key = |row| theme.charset.key_name(&key(row));
        let hints: Vec<_> = rows.iter().map(|(row, label)| (key(row), *label)).collect();
        let hints: Vec<_> = hints.iter().map(|(key, label)| (key.as_str(), *label)).collect();
        let footer = Footer { theme, hints: &hints, kept };
        frame.render_widget(&footer, keys);
        let places = footer.places(keys).into_iter();
        places.map(|(place, index)| (place, rows[index].0.action)).collect()
    }

    /// The keys that matter here, with their words.
    fn hints(&self) -> Vec<(&'static Binding, &'static str)> {
        let overlay = self.overlay.as_ref();
        let everywhere = if overlay.is_none() { EVERYWHERE.rows } else { &[] };
        let rows = || self.context().rows.iter().chain(everywhere);
        let screens = overlay.is_none() && !self.lesson_is_focused();
        let own = self.screen().footer(&self.workspace).filter(|_| screens);
        if let Some(own) = own {
            let row = |(action, word): &(Action, &'static str)| {
                Some((rows().find(|row| row.action == *action)?, *word))
            };
            let ways_out =
                rows().filter(|row| row.action == Action::Help || row.action == Action::Quit);
            return own
                .iter()
                .filter_map(row)
                .chain(ways_out.map(|row| (row, row.label)))
                .collect();
        }
        rows()
            .filter(|row| !row.label.is_empty())
            .filter(|row| overlay.is_none_or(|it| it.offers(row.action)))
            .map(|row| (row, self.label(row)))
            .collect()
    }

    /// The notice, if it is too long to share a line of `width` columns with the key to all keys.
    fn long_notice(&self, width: u16) -> Option<&Notice> {
        let room = usize::from(width).saturating_sub(BESIDE);
        self.workspace.notice.as_ref().filter(|notice| format::width(&notice.text) > room)
    }

    /// The word for a row in the footer.
    fn label(&self, row: &Binding) -> &'static str {
        let own = self.screen().label(row.action, &self.workspace);
        own.filter(|_| self.overlay.is_none()).unwrap_or(row.label)
    }
}

/// Columns beside a notice: its margins, and the key to all others.
const BESIDE: usize = 16;
/// The rows of the screen that a text below it may take, of so many.
const MOST: u16 = 6;

/// The rows for a text below the screen.
fn rows(text: &str, area: Rect) -> u16 {
    let columns = usize::from(area.width.saturating_sub(2));
    (format::wrap(text, columns).len() as u16).min((area.height / MOST).max(1))
}

fn style(notice: &Notice, theme: Theme) -> Style {
    if notice.bad { theme.warn() } else { theme.good() }
}

fn draw_wrapped(text: &str, style: Style, frame: &mut Frame<'_>, area: Rect) {
    let text = format::wrapped(text, area.as_size().into());
    frame.render_widget(Paragraph::new(text).style(style), area);
}

fn indented(area: Rect) -> Rect {
    Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area }
}

/// The key of a row in the footer; a pair is known by one picture.
fn key(row: &Binding) -> String {
    match row.action {
        _ if row.keys() != row.keys => keymap::names(row),
        Action::Increase => "←→".to_owned(),
        Action::Down => "↑↓".to_owned(),
        Action::Point(_) => "0-9".to_owned(),
        Action::Answer(_) => "1 …".to_owned(),
        Action::Earlier => ", .".to_owned(),
        Action::EarlierEdit => "< >".to_owned(),
        _ => row.keys.first().map_or_else(String::new, |&key| keymap::name(key)),
    }
}

/// The least columns of a footer in which the ways to other screens come before the screen's own keys.
const WAYS: u16 = 60;

/// Ways out of a screen stay in the footer where others drop away, the one to all keys longest.
const fn weight(action: Action, width: u16) -> u8 {
    match action {
        Action::Help => 3,
        Action::Quit => 2,
        Action::Go(_) if width >= WAYS => 1,
        _ => 0,
    }
}
