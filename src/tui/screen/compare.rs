//! The Compare screen.
//!
//! ```text
//! wide    ╭ Test loss ─────────────────╮╭ Sensitivity ────────╮
//!         │  a adam  b sgd             ││                     │
//!         │                            │╰─────────────────────╯
//!         │                            │╭ a adam ─╮╭ b sgd ───╮
//!         ╰────────────────────────────╯╰─────────╯╰──────────╯
//!         ╭ Ranking ──────────────────────────────────────────╮
//!         ╰───────────────────────────────────────────────────╯
//! small   ╭ Test loss ────────────────────────────────────────╮
//!         ╰───────────────────────────────────────────────────╯
//!         ╭ Ranking ──────────────────────────────────────────╮
//!         ╰───────────────────────────────────────────────────╯
//! tiny    ╭ Ranking ──────────────────────────────────────────╮
//! ```
//! Panels drop away in order of importance; a zoomed one has all the room.

mod curves;
mod networks;
mod ranking;
mod sensitivity;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;

use crate::tui::contest::{Contest, Zoom};
use crate::tui::theme::Theme;

/// Draws the panels that fit into `area`.
pub fn draw(contest: &mut Contest, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
    match contest.zoom {
        Zoom::Off if area.width >= 100 && area.height >= 28 => wide(contest, frame, area, theme),
        Zoom::Off if area.height >= 14 => {
            let rows = ranking::height(contest, area.width).min(area.height / 2);
            let [top, bottom] =
                Layout::vertical([Constraint::Fill(1), Constraint::Length(rows)]).areas(area);
            curves::draw(contest, frame, top, theme);
            ranking::draw(contest, frame, bottom, theme);
        }
        Zoom::Off | Zoom::Ranking => ranking::draw(contest, frame, area, theme),
        Zoom::Curves => curves::draw(contest, frame, area, theme),
        Zoom::Sensitivity => sensitivity::draw(contest, frame, area, theme),
        Zoom::Networks => networks::draw(contest, frame, area, theme),
    }
}

fn wide(contest: &mut Contest, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
    let rows = ranking::height(contest, area.width).min(area.height / 2);
    let [top, bottom] =
        Layout::vertical([Constraint::Fill(1), Constraint::Length(rows)]).areas(area);
    let [left, right] = Layout::horizontal([Constraint::Fill(11), Constraint::Fill(9)]).areas(top);
    // Two pictures side by side, each about as high as it is wide.
    let square = (right.width / 4 + 2).min(right.height.saturating_sub(9));
    let [upper, lower] =
        Layout::vertical([Constraint::Fill(1), Constraint::Length(square)]).areas(right);
    curves::draw(contest, frame, left, theme);
    sensitivity::draw(contest, frame, upper, theme);
    networks::draw(contest, frame, lower, theme);
    ranking::draw(contest, frame, bottom, theme);
}

/// The colour of an arm; its letter tells it apart where that cannot.
fn colour(arm: usize, theme: Theme) -> Style {
    theme.class(arm)
}
