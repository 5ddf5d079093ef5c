//! What the networks of two arms make of their data, while they train.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Line;
use ratatui::widgets::{Paragraph, Wrap};

use crate::compare::letter;
use crate::spec::Plain;
use crate::train::probe::{Requests, View};
use crate::tui::contest::Contest;
use crate::tui::screen::predictions::draw_picture;
use crate::tui::theme::Theme;
use crate::tui::widgets::format;
use crate::tui::widgets::panel::Panel;

/// Side by side, the one chosen last at the right.
pub fn draw(contest: &mut Contest, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
    let places = Layout::horizontal([Constraint::Fill(1), Constraint::Fill(1)]);
    let areas: [Rect; 2] = places.areas(area);
    let inner = Panel::inner(areas[1]);
    contest.view = Some(View {
        grid: (usize::from(inner.width.max(1)), 2 * usize::from(inner.height.max(1))),
        samples: 48,
        bins: 8,
        requests: Requests { predictions: true, ..Requests::NONE },
    });
    for (place, area) in areas.into_iter().enumerate() {
        draw_one(contest, place, frame, area, theme);
    }
}

fn draw_one(contest: &Contest, place: usize, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
    let arm = contest.pair[place];
    let face = contest.board.faces[place].as_ref().filter(|face| face.arm == arm);
    let title = format!("{} {}", letter(arm), contest.plan.arms[arm].name);
    let short = |lr: f64| Plain(format!("{lr:.1e}").parse().unwrap_or(lr));
    let step =
        face.map_or_else(String::new, |it| format!("step {}", format::thousands(it.step as f64)));
    let rate = face.map_or_else(String::new, |it| format!("lr {}  {step}", short(it.lr)));
    let room = usize::from(area.width).saturating_sub(format::width(&title) + 7);
    // The arm's name is worth more than what stands beside it.
    let right = [rate, step].into_iter().find(|it| format::width(it) <= room).unwrap_or_default();
    frame.render_widget(&Panel::new(theme, &title).right(&right), area);
    let inner = Panel::inner(area);
    if let Some(face) = face {
        draw_picture(&face.predictions, &face.problem, frame, inner, theme);
    } else {
        let text = Line::styled("no run of it has been seen yet", theme.muted());
        frame.render_widget(Paragraph::new(text).wrap(Wrap { trim: true }), inner);
    }
}
