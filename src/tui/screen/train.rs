//! The Train screen.
//!
//! ```text
//! wide    ╭ Network ──╮╭ Decision boundary ╮╭ Loss ─────╮
//!         │           ││                   │├ Accuracy ─┤
//!         ├ Training ─┤│                   ││           │
//!         ╰───────────╯╰───────────────────╯╰───────────╯
//!         ╭ Weights ────────────────╮╭ Health ──────────╮
//!         ╰─────────────────────────╯╰──────────────────╯
//! small   ╭ Network ──╮╭ Decision boundary ─────────────╮
//!         ╰───────────╯╰────────────────────────────────╯
//!         ╭ Loss ───────────────────────────────────────╮
//!         ╰─────────────────────────────────────────────╯
//! tiny    ╭ Loss ───────────────────────────────────────╮
//! ```
//! Panels drop away in order of importance; a zoomed one has all the room.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::widgets::{Paragraph, Wrap};

use super::{charts, form, health, predictions};
use crate::train::probe::Predictions;
use crate::tui::app::{App, Zoom};
use crate::tui::theme::Theme;
use crate::tui::widgets::panel::Panel;

/// Draws the panels that fit into `area`.
pub fn draw(app: &mut App, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
    match app.zoom {
        Zoom::Off if area.width >= 100 && area.height >= 28 => wide(app, frame, area, theme),
        Zoom::Off if area.width >= 72 && area.height >= 18 => small(app, frame, area, theme),
        Zoom::Predictions => predictions::draw(app, frame, area, theme),
        Zoom::Weights => {
            // A line for each layer; more of the weights are worth seeing than a line.
            let layers = app.experiment.layers.len() as u16;
            let rows = (layers + 3).max(area.height * 2 / 5).min(area.height / 2);
            let [weights, signs] =
                Layout::vertical([Constraint::Fill(1), Constraint::Length(rows)]).areas(area);
            health::draw_weights(app, frame, weights, theme);
            health::draw_health(app, frame, signs, theme);
        }
        Zoom::Off if area.height >= 18 => {
            let [top, bottom] =
                Layout::vertical([Constraint::Fill(1), Constraint::Fill(1)]).areas(area);
            form::draw(app, frame, top, theme);
            charts::draw_loss(app, frame, bottom, theme);
        }
        Zoom::Off if area.height < 14 => charts::draw_loss(app, frame, area, theme),
        Zoom::Off | Zoom::Charts => charts::draw(app, frame, area, theme),
    }
}

fn wide(app: &mut App, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
    let layers = app.experiment.layers.len() as u16;
    let rows = if area.height >= 50 { 3 * layers + 3 } else { layers + 3 };
    let [top, bottom] =
        Layout::vertical([Constraint::Min(18), Constraint::Length(rows.min(area.height / 3))])
            .areas(area);
    let [left, middle, right] = Layout::horizontal([
        Constraint::Length(form::width(area.width)),
        Constraint::Fill(1),
        Constraint::Fill(1),
    ])
    .areas(top);
    form::draw(app, frame, left, theme);
    draw_middle(app, frame, middle, theme);
    charts::draw(app, frame, right, theme);
    let [weights, signs] =
        Layout::horizontal([Constraint::Fill(1), Constraint::Fill(1)]).areas(bottom);
    health::draw_weights(app, frame, weights, theme);
    health::draw_health(app, frame, signs, theme);
}

/// Predictions, and below them what to watch, if there is room. A plane is drawn about as high as
/// it is wide, so that circles stay circles.
fn draw_middle(app: &mut App, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
    let about = about(app);
    let wrapped = |line: &str| (line.chars().count() as u16).div_ceil(area.width.max(9) - 8).max(1);
    let lines = about.lines().map(wrapped).sum::<u16>() + 2;
    let plane = matches!(
        app.run.seen.as_ref().and_then(|seen| seen.predictions.as_ref()),
        Some(Predictions::Field(_) | Predictions::Curve(_))
    );
    let spare = area.height.saturating_sub(lines);
    // A line or two less of the plane where the text needs them.
    let square =
        if plane { (area.width / 2 + 1).min(spare.max(area.width / 2 - 3)) } else { spare };
    if about.is_empty() || area.height < square + 5 || square < 14 {
        predictions::draw(app, frame, area, theme);
        return;
    }
    let [top, bottom] =
        Layout::vertical([Constraint::Length(square), Constraint::Min(0)]).areas(area);
    predictions::draw(app, frame, top, theme);
    let title = if app.experiment.about.is_empty() { "The data" } else { "What to watch" };
    frame.render_widget(&Panel::new(theme, title), bottom);
    let text = Paragraph::new(about).style(theme.muted()).wrap(Wrap { trim: true });
    frame.render_widget(text, Panel::inner(bottom));
}

/// What to watch, and what there is to know of the data.
fn about(app: &App) -> String {
    let notes = app.run.problem.iter().flat_map(|problem| &problem.split.train.notes);
    let notes = notes.map(|note| format!("· {note}"));
    let about = Some(app.experiment.about.clone()).filter(|about| !about.is_empty());
    about.into_iter().chain(notes).collect::<Vec<_>>().join("\n")
}

fn small(app: &mut App, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
    let [top, bottom] = Layout::vertical([Constraint::Fill(3), Constraint::Fill(2)]).areas(area);
    let [left, right] =
        Layout::horizontal([Constraint::Length(form::width(area.width)), Constraint::Fill(1)])
            .areas(top);
    form::draw(app, frame, left, theme);
    predictions::draw(app, frame, right, theme);
    charts::draw_loss(app, frame, bottom, theme);
}
