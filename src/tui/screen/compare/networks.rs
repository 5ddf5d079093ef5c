//! What the networks of two arms make of their data, while they train.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Line;
use ratatui::widgets::{Paragraph, Wrap};

use super::scene::Scene;
use crate::compare::letter;
use crate::spec::Plain;
use crate::train::probe::View;
use crate::tui::screen::predictions::{draw_picture, room};
use crate::tui::theme::Theme;
use crate::tui::widgets::format;
use crate::tui::widgets::panel::Panel;

/// Draws them side by side, the one chosen last at the right. Returns the room there is for each.
pub fn draw(scene: Scene<'_>, frame: &mut Frame<'_>, area: Rect, theme: Theme) -> View {
    let places = Layout::horizontal([Constraint::Fill(1), Constraint::Fill(1)]);
    let areas: [Rect; 2] = places.areas(area);
    let inner = Panel::inner(areas[1]);
    for (place, area) in areas.into_iter().enumerate() {
        draw_one(scene, place, frame, area, theme);
    }
    View { bins: 8, ..room(inner) }
}

fn draw_one(scene: Scene<'_>, place: usize, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
    let arm = scene.screen.pair[place];
    let seen = scene.race.status.network_views[place].as_ref().filter(|seen| seen.arm == arm);
    let title = format!("{} {}", letter(arm), scene.race.plan.arms[arm].name.on_terminal());
    let short = |lr: f64| Plain(format!("{lr:.1e}").parse().unwrap_or(lr));
    let step =
        seen.map_or_else(String::new, |it| format!("step {}", format::thousands(it.step as f64)));
    let rate = seen.map_or_else(String::new, |it| format!("lr {}  {step}", short(it.lr)));
    let room = usize::from(area.width).saturating_sub(format::width(&title) + 7);
    // The arm's name is worth more than what stands beside it.
    let right = [rate, step].into_iter().find(|it| format::width(it) <= room).unwrap_or_default();
    frame.render_widget(&Panel::new(theme, &title).right(&right), area);
    let inner = Panel::inner(area);
    if let Some(seen) = seen {
        draw_picture(&seen.predictions, &seen.problem, frame, inner, theme);
    } else {
        let text = Line::styled("no run of it has been seen yet", theme.muted());
        frame.render_widget(Paragraph::new(text).wrap(Wrap { trim: true }), inner);
    }
}
