//! The panel of a lesson, beside the screen where that is wide, below it else.
//!
//! ```text
//! ╭ What an activation adds ──── 2/7 ╮
//! │ Two rings of points, one inside  │
//! │ the other …                      │
//! │                                  │
//! │ How many will it get right?      │
//! │  1 nearly all                    │
//! │  2 about half                    │
//! │                                  │
//! │ Press 1 to 2.                    │
//! │                                  │
//! │ $ gradlab circles/8-identity/…   │
//! ╰ ●●○○○○○ ─────────────────────────╯
//! ```

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use super::draft::{Draft, true_curve};
use super::lecture::{Lecture, Phase};
use super::page;
use crate::experiment::lesson::Answer;
use crate::tui::theme::Theme;
use crate::tui::widgets::curve::{Curve, Dots, Line as CurveLine};
use crate::tui::widgets::format;
use crate::tui::widgets::panel::Panel;
use crate::tui::workspace::Workspace;

/// The columns from which on it stands beside the screen.
const WIDE: u16 = 118;
/// Its columns there.
const SIDE: (u16, u16) = (42, 58);
/// The rows of the screen that are left to it.
const LEFT: u16 = 6;
/// The rows of a picture that a curve is drawn in.
const PICTURE: u16 = 12;

/// The areas of the screen and of the panel in `area`.
#[must_use]
pub fn split(lecture: &Lecture, workspace: &Workspace, area: Rect, theme: Theme) -> (Rect, Rect) {
    if area.width >= WIDE {
        let columns = (area.width * 3 / 10).clamp(SIDE.0, SIDE.1);
        let [screen, panel] =
            Layout::horizontal([Constraint::Fill(1), Constraint::Length(columns)]).areas(area);
        return (screen, panel);
    }
    let width = text_width(lecture, area.width);
    let text = page::lines(lecture, workspace, (width, 0), theme).len() as u16;
    let rows = if has_picture(lecture) { text.max(PICTURE - 2) } else { text } + 2;
    let most = area.height.saturating_sub(LEFT).max(area.height / 2);
    let [screen, panel] =
        Layout::vertical([Constraint::Fill(1), Constraint::Length(rows.min(most))]).areas(area);
    (screen, panel)
}

/// The columns of text below a screen of this width: a curve is drawn beside it.
fn text_width(lecture: &Lecture, width: u16) -> usize {
    let inner = usize::from(width.saturating_sub(4));
    if has_picture(lecture) { inner / 2 } else { inner }
}

fn has_picture(lecture: &Lecture) -> bool {
    matches!(lecture.answer(), Some(Answer::Curve { .. }))
}

/// Draws the panel.
pub fn draw(
    lecture: &Lecture,
    workspace: &Workspace,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) {
    let title = lecture.lesson().title.on_terminal();
    let place = format!("{}/{}", lecture.index() + 1, lecture.lesson().pages.len());
    let right = if lecture.is_focused() { place } else { format!("{place}  5 comes back") };
    let below = format!("{} page {}", again(lecture), lecture.index() + 1);
    let panel = Panel::new(theme, &title).right(&right).below(&below);
    frame.render_widget(&panel.focused(lecture.is_focused()), area);
    let inner = Panel::inner(area);
    let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
    let side = area.width < frame.area().width;
    let (text, picture) = match (has_picture(lecture), side) {
        (false, _) => (inner, None),
        (true, true) => {
            let [text, picture] =
                Layout::vertical([Constraint::Fill(1), Constraint::Length(PICTURE)]).areas(inner);
            (text, Some(picture))
        }
        (true, false) => {
            let [text, picture] =
                Layout::horizontal([Constraint::Fill(1), Constraint::Fill(1)]).areas(inner);
            (text, Some(picture))
        }
    };
    draw_text(lecture, workspace, frame, (text, side), theme);
    if let Some(picture) = picture {
        draw_curve(lecture, frame, picture, theme);
    }
}

/// The words in the border that name the lesson as it is typed.
fn again(lecture: &Lecture) -> String {
    format!("gradlab learn {}", lecture.name())
}

fn draw_text(
    lecture: &Lecture,
    workspace: &Workspace,
    frame: &mut Frame<'_>,
    (area, side): (Rect, bool),
    theme: Theme,
) {
    let (width, height) = (usize::from(area.width), usize::from(area.height));
    let page = page::lines(lecture, workspace, (width, height), theme);
    let mut lines = format::fitted(page, height);
    if side && let Some(setup) = lecture.setup() {
        let rows = format::wrap(&format!("$ {}", page::command(setup)), width);
        if lines.len() + rows.len() < height {
            let gap = height - lines.len() - rows.len();
            lines.extend((0..gap).map(|_| Line::default()));
            lines.extend(rows.into_iter().map(|row| Line::styled(row, theme.muted())));
        }
    }
    frame.render_widget(Paragraph::new(lines), area);
}

/// The curve that is drawn, the point that is moved, and at the end the true one.
fn draw_curve(lecture: &Lecture, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
    let Some(answer @ Answer::Curve { across, up, .. }) = lecture.answer() else { return };
    let points = lecture.draft().points(*across, *up);
    let truth = true_curve(answer);
    let over = lecture.phase() == Phase::Over;
    let mut lines = vec![CurveLine { name: "yours", style: theme.train(), points: &points }];
    if over {
        lines.push(CurveLine { name: "true", style: theme.good(), points: &truth });
    }
    let at = match lecture.draft() {
        Draft::Curve(_, at) if !over => points.get(*at).map(std::slice::from_ref),
        _ => None,
    };
    // The ends hold the picture still while points move.
    let corners = [(across.0, up.0), (across.1, up.1)];
    let dots = [
        Dots { mark: ' ', style: theme.muted(), points: &corners },
        Dots { mark: '●', style: theme.accent(), points: at.unwrap_or_default() },
    ];
    frame.render_widget(&Curve { theme, lines: &lines, dots: &dots }, area);
}
