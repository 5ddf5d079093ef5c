//! The layout of the Compare screen.
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

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};

use super::scene::Scene;
use super::{Zoom, curves, networks, ranking, sensitivity};
use crate::tui::drawn::Drawn;
use crate::tui::theme::Theme;

/// Draws the panels that fit into `area`.
pub fn draw(scene: Scene<'_>, frame: &mut Frame<'_>, area: Rect, theme: Theme) -> Drawn {
    let mut drawn = Drawn::default();
    match scene.screen.zoom {
        Zoom::Off if area.width >= 100 && area.height >= 28 => {
            return wide(scene, frame, area, theme);
        }
        Zoom::Off if area.height >= 14 => {
            let [top, bottom] = above_ranking(scene, area);
            curves::draw(scene, frame, top, theme);
            drawn.scroll = Some(ranking::draw(scene, frame, bottom, theme));
        }
        Zoom::Off | Zoom::Ranking => {
            drawn.scroll = Some(ranking::draw(scene, frame, area, theme));
        }
        Zoom::Curves => curves::draw(scene, frame, area, theme),
        Zoom::Sensitivity => sensitivity::draw(scene, frame, area, theme),
        Zoom::Networks => drawn.view = Some(networks::draw(scene, frame, area, theme)),
    }
    drawn
}

fn wide(scene: Scene<'_>, frame: &mut Frame<'_>, area: Rect, theme: Theme) -> Drawn {
    let [top, bottom] = above_ranking(scene, area);
    let [left, right] = Layout::horizontal([Constraint::Fill(11), Constraint::Fill(9)]).areas(top);
    // Two pictures side by side, each about as high as it is wide.
    let square = (right.width / 4 + 2).min(right.height.saturating_sub(9));
    let [upper, lower] =
        Layout::vertical([Constraint::Fill(1), Constraint::Length(square)]).areas(right);
    curves::draw(scene, frame, left, theme);
    sensitivity::draw(scene, frame, upper, theme);
    let view = networks::draw(scene, frame, lower, theme);
    let scroll = ranking::draw(scene, frame, bottom, theme);
    Drawn { view: Some(view), scroll: Some(scroll), ..Drawn::default() }
}

/// The room above the ranking, and the ranking's.
fn above_ranking(scene: Scene<'_>, area: Rect) -> [Rect; 2] {
    let rows = ranking::height(scene, area.width).min(area.height / 2);
    Layout::vertical([Constraint::Fill(1), Constraint::Length(rows)]).areas(area)
}
