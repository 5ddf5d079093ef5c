//! The layout of the Layers screen.
//!
//! ```text
//! large   ╭ Weights over time ───────────────╮╭ Network ───────╮
//!         │                                  │╰────────────────╯
//!         │                                  │╭ Stability ─────╮
//!         │                                  │╰────────────────╯
//!         │                                  │╭ Diagnosis ─────╮
//!         ╰──────────────────────────────────╯╰────────────────╯
//!         ╭ Updates ──────╮╭ Dead ───────────╮╭ Gradients ─────╮
//!         ╰───────────────╯╰─────────────────╯╰────────────────╯
//! wide    the same without the network
//! small   ╭ Weights over time ────────────────────────╮
//!         ╰───────────────────────────────────────────╯
//!         ╭ Updates ───────────╮╭ Diagnosis ──────────╮
//!         ╰────────────────────╯╰─────────────────────╯
//! tiny    ╭ Weights over time ────────────────────────╮
//!         ╰───────────────────────────────────────────╯
//! ```
//! Panels drop away in order of importance; a zoomed one has all the room.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};

use super::charts::{self, Kind};
use super::{LayersScreen, Zoom, diagnosis, drawing, stability, strips};
use crate::experiment::LayerSpec;
use crate::train::probe::{NeuronsView, View};
use crate::tui::drawn::Drawn;
use crate::tui::theme::Theme;
use crate::tui::workspace::Workspace;

/// The charts of a layer: of a recurrent one, the gradient through time in the place of units that go
/// flat, since states do not.
fn charts_of(layer: usize, workspace: &Workspace) -> [Kind; 3] {
    let recurrent = workspace.experiment.layers.get(layer).is_some_and(LayerSpec::is_recurrent);
    [Kind::Ratio, if recurrent { Kind::Time } else { Kind::Flat }, Kind::Depth]
}

/// Draws the panels that fit into `area`.
pub fn draw(
    screen: &LayersScreen,
    workspace: &Workspace,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) -> Drawn {
    match screen.zoom {
        Zoom::Off if area.width >= 100 && area.height >= 28 => {
            wide(screen, workspace, frame, area, theme)
        }
        Zoom::Off if area.width >= 72 && area.height >= 18 => {
            small(screen, workspace, frame, area, theme)
        }
        Zoom::Off => draw_strips(screen, workspace, frame, area, theme),
        Zoom::Layer => strips_in((screen, true), workspace, frame, area, theme),
        Zoom::Charts => {
            let kinds = charts_of(screen.layer, workspace);
            charts::draw_all((screen.layer, &kinds), workspace, frame, area, theme);
            Drawn::default()
        }
        Zoom::Network => {
            let neurons = drawing::draw(screen.layer, workspace, frame, area, theme);
            with_room(neurons, Drawn::default())
        }
        Zoom::Signs => {
            signs(workspace, frame, area, theme);
            Drawn::default()
        }
    }
}

fn draw_strips(
    screen: &LayersScreen,
    workspace: &Workspace,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) -> Drawn {
    strips_in((screen, false), workspace, frame, area, theme)
}

/// The strips of all layers, or only that of the one under the cursor.
fn strips_in(
    (screen, only): (&LayersScreen, bool),
    workspace: &Workspace,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) -> Drawn {
    let (targets, scroll) = strips::draw((screen, only), workspace, frame, area, theme);
    Drawn { targets, scroll: Some(scroll), ..Drawn::default() }
}

/// What was drawn, with the room there was for the network.
fn with_room(neurons: NeuronsView, drawn: Drawn) -> Drawn {
    Drawn { view: Some(View { neurons, ..View::default() }), ..drawn }
}

/// Stability above the diagnosis.
fn signs(workspace: &Workspace, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
    let rows = (stability::ROWS + 2).min(area.height / 2);
    let [top, bottom] =
        Layout::vertical([Constraint::Length(rows), Constraint::Fill(1)]).areas(area);
    stability::draw(workspace, frame, top, theme);
    diagnosis::draw(workspace, frame, bottom, theme);
}

fn wide(
    screen: &LayersScreen,
    workspace: &Workspace,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) -> Drawn {
    let charts = (area.height / 4).clamp(9, 14);
    let [top, bottom] =
        Layout::vertical([Constraint::Fill(1), Constraint::Length(charts)]).areas(area);
    let right = (area.width / 3).min(64);
    let [left, right] =
        Layout::horizontal([Constraint::Fill(1), Constraint::Length(right)]).areas(top);
    let mut drawn = draw_strips(screen, workspace, frame, left, theme);
    let right = if area.height >= 50 {
        let [network, rest] =
            Layout::vertical([Constraint::Fill(1), Constraint::Fill(1)]).areas(right);
        let neurons = drawing::draw(screen.layer, workspace, frame, network, theme);
        drawn = with_room(neurons, drawn);
        rest
    } else {
        right
    };
    signs(workspace, frame, right, theme);
    let kinds = charts_of(screen.layer, workspace);
    charts::draw_all((screen.layer, &kinds), workspace, frame, bottom, theme);
    drawn
}

fn small(
    screen: &LayersScreen,
    workspace: &Workspace,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) -> Drawn {
    let [top, bottom] = Layout::vertical([Constraint::Fill(1), Constraint::Length(8)]).areas(area);
    let drawn = draw_strips(screen, workspace, frame, top, theme);
    let [left, right] =
        Layout::horizontal([Constraint::Fill(1), Constraint::Fill(1)]).areas(bottom);
    charts::draw_all((screen.layer, &[Kind::Ratio]), workspace, frame, left, theme);
    diagnosis::draw(workspace, frame, right, theme);
    drawn
}
