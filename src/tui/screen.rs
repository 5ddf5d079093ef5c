//! What is on the terminal: header, the screen's panels, footer, and what lies on top.

mod charts;
mod compare;
mod form;
mod header;
mod health;
mod predictions;
mod train;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Line;

use super::app::{App, Notice, Screen};
use super::keymap::{self, Action, Context, KEYS};
use super::run_view::Status;
use super::theme::Theme;
use super::widgets::footer::Footer;
use crate::compare::Ending;

/// Draws everything.
///
/// ```text
/// header   gradlab  Two spirals                       ● running  step 12,400
/// body
/// footer   space pause   ←→ change   ⏎ edit   …
/// ```
pub fn draw(app: &mut App, frame: &mut Frame<'_>, theme: Theme) {
    let area = frame.area();
    app.targets.clear();
    if let Some(contest) = &mut app.contest {
        contest.view = None;
    }
    if area.width < 40 || area.height < 10 {
        frame.render_widget(header::brief(app, theme), area);
    } else {
        let banner = u16::from(trouble(app).is_some()) * 2;
        let [header, body, alarm, footer] = Layout::vertical([
            Constraint::Length(1),
            Constraint::Min(0),
            Constraint::Length(banner),
            Constraint::Length(1),
        ])
        .areas(area);
        header::draw(app, frame, header, theme);
        match (app.screen, &mut app.contest) {
            (Screen::Compare, Some(contest)) => compare::draw(contest, frame, body, theme),
            _ => train::draw(app, frame, body, theme),
        }
        if let Some(trouble) = trouble(app) {
            let text = ratatui::widgets::Paragraph::new(trouble)
                .style(theme.bad())
                .wrap(ratatui::widgets::Wrap { trim: true });
            frame.render_widget(text, indented(alarm));
        }
        draw_footer(app, frame, footer, theme);
    }
    if let Some(mut overlay) = app.overlay.take() {
        overlay.draw(frame, theme);
        app.overlay = Some(overlay);
    }
}

fn indented(area: Rect) -> Rect {
    Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area }
}

/// What went wrong and what to do about it.
fn trouble(app: &App) -> Option<String> {
    if app.screen == Screen::Compare {
        let ending = app.contest.as_ref()?.board.ending.as_ref()?;
        return match ending {
            Ending::Failed(reason) => Some(format!("Failed: {reason}")),
            Ending::Complete | Ending::Cancelled => None,
        };
    }
    match &app.run.status {
        Status::Diverged(divergence) => Some(format!(
            "Diverged at {divergence}.\n\
             t goes on from there with a tenth of every learning rate, r starts again."
        )),
        Status::Failed(text) => Some(format!("Failed: {text}")),
        _ => None,
    }
}

fn draw_footer(app: &App, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
    if let Some(Notice { text, bad }) = &app.notice {
        let style = if *bad { theme.warn() } else { theme.good() };
        frame.render_widget(Line::styled(text.as_str(), style), indented(area));
        return;
    }
    let here = app.context();
    let everywhere = app.overlay.is_none();
    let hidden = app.overlay.is_none()
        && app.contest.as_ref().is_some_and(|contest| contest.hidden.contains(&contest.arm));
    let mut bindings: Vec<_> = KEYS
        .iter()
        .filter(|b| b.context == here || (everywhere && b.context == Context::Everywhere))
        .filter(|binding| !binding.label.is_empty())
        .filter(|binding| app.overlay.as_ref().is_none_or(|it| it.offers(binding.action)))
        .collect();
    bindings.sort_by_key(|binding| weight(binding.action));
    let kept = bindings.iter().filter(|binding| weight(binding.action) > 0).count();
    let hints: Vec<(String, &str)> = bindings
        .into_iter()
        .map(|binding| {
            let label = match (binding.action, &app.run.status) {
                (Action::Toggle, Status::Running) => "pause",
                (Action::Toggle, _) => "run",
                (Action::Tick, _) if hidden => "show",
                _ => binding.label,
            };
            let key = match binding.action {
                // The pair is known by one picture.
                Action::Increase => "←→".to_owned(),
                Action::Down => "↑↓".to_owned(),
                _ => binding.keys.first().map_or_else(String::new, |&key| keymap::name(key)),
            };
            (key, label)
        })
        .collect();
    let hints: Vec<_> = hints.iter().map(|(key, label)| (key.as_str(), *label)).collect();
    frame.render_widget(&Footer { theme, hints: &hints, kept }, area);
}

/// Ways out of a screen stay in the footer where others drop away, the one to all keys longest.
const fn weight(action: Action) -> u8 {
    match action {
        Action::Help => 3,
        Action::Quit => 2,
        Action::Compare | Action::Train => 1,
        _ => 0,
    }
}
