//! What is on the terminal: header, the screen's panels, footer, and what lies on top.

mod charts;
mod form;
mod health;
mod predictions;
mod train;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::app::{App, Notice};
use super::keymap::{self, Action, Context, KEYS};
use super::overlay::Overlay;
use super::theme::Theme;
use super::watch::Status;
use super::widgets::footer::Footer;
use super::widgets::format;

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
    if area.width < 40 || area.height < 10 {
        frame.render_widget(brief(app, theme), area);
    } else {
        let banner = u16::from(trouble(app).is_some()) * 2;
        let [header, body, alarm, footer] = Layout::vertical([
            Constraint::Length(1),
            Constraint::Min(0),
            Constraint::Length(banner),
            Constraint::Length(1),
        ])
        .areas(area);
        draw_header(app, frame, header, theme);
        train::draw(app, frame, body, theme);
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

/// The state in a word, with a mark that does not need colour.
fn state(app: &App, theme: Theme) -> (&'static str, &'static str, Style) {
    match app.watch.status {
        Status::Loading => ("◌", "loading", theme.muted()),
        Status::Running => ("●", "running", theme.good()),
        Status::Paused => ("‖", "paused", theme.warn()),
        Status::Finished => ("■", "finished", theme.text()),
        Status::Diverged(_) => ("▲", "diverged", theme.bad()),
        Status::Failed(_) => ("▲", "failed", theme.bad()),
    }
}

/// What went wrong and what to do about it.
fn trouble(app: &App) -> Option<String> {
    match &app.watch.status {
        Status::Diverged(divergence) => Some(format!(
            "Diverged at {divergence}.\n\
             t goes on from there with a tenth of every learning rate, r starts again."
        )),
        Status::Failed(text) => Some(format!("Failed: {text}")),
        _ => None,
    }
}

/// One line for a terminal that has no room for more.
fn brief(app: &App, theme: Theme) -> Line<'static> {
    let (mark, word, style) = state(app, theme);
    let loss = app.watch.latest(crate::train::telemetry::Series::TestLoss);
    let loss =
        loss.map_or_else(String::new, |loss| format!(" test {}", format::measure(loss).trim()));
    Line::from(vec![
        Span::styled(format!("{mark} {word}"), style),
        Span::raw(format!(" {}{loss}", format::thousands(app.watch.step as f64))),
    ])
}

fn draw_header(app: &App, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
    let (mark, word, style) = state(app, theme);
    let epoch =
        if area.width >= 100 { format!("   epoch {:.1}", app.watch.epoch) } else { String::new() };
    let speed = match app.watch.speed {
        Some(speed) if area.width >= 60 => format!("   {:>5}/s", format::tick(speed, speed / 30.0)),
        _ => String::new(),
    };
    let pace = if area.width >= 80 { format!("   pace {}", app.pace) } else { String::new() };
    let right = Line::from(vec![
        Span::styled(format!("{mark} {word}"), style),
        Span::raw(format!("   step {:>7}", format::thousands(app.watch.step as f64))),
        Span::raw(epoch),
        Span::styled(format!("{speed}{pace} "), theme.muted()),
    ]);
    let title = &app.experiment.title;
    let title = if title.is_empty() { app.experiment.data.label() } else { title.clone() };
    let room = usize::from(area.width).saturating_sub(right.width() + 12);
    let left = Line::from(vec![
        Span::styled(" gradlab ", theme.accent()),
        Span::raw(format!(" {}", format::truncate(&title, room))),
    ]);
    frame.render_widget(left, area);
    frame.render_widget(right.right_aligned(), area);
}

fn draw_footer(app: &App, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
    if let Some(Notice { text, bad }) = &app.notice {
        let style = if *bad { theme.warn() } else { theme.good() };
        frame.render_widget(Line::styled(text.as_str(), style), indented(area));
        return;
    }
    let here = app.overlay.as_ref().map_or(Context::Train, Overlay::context);
    let everywhere = here == Context::Train;
    let hints: Vec<(String, &str)> = KEYS
        .iter()
        .filter(|b| b.context == here || (everywhere && b.context == Context::Everywhere))
        .filter(|binding| !binding.label.is_empty())
        .map(|binding| {
            let label = match (binding.action, &app.watch.status) {
                (Action::Toggle, Status::Running) => "pause",
                (Action::Toggle, _) => "run",
                _ => binding.label,
            };
            let key = match binding.action {
                // The pair is known by one picture.
                Action::Increase => "←→".to_owned(),
                _ => binding.keys.first().map_or_else(String::new, |&key| keymap::name(key)),
            };
            (key, label)
        })
        .collect();
    // The way to all other keys comes last, where it stays longest.
    let (help, mut hints): (Vec<_>, Vec<_>) =
        hints.iter().map(|(key, label)| (key.as_str(), *label)).partition(|hint| hint.0 == "?");
    hints.extend(help);
    frame.render_widget(&Footer { theme, hints: &hints }, area);
}
