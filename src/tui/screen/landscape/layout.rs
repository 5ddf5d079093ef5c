//! The layout of the loss landscape.
//!
//! ```text
//! wide    ╭ Loss landscape ──────────────╮╭ Plane ─────────╮
//!         │                              ││                │
//!         ╰──────────────────────────────╯╰────────────────╯
//! narrow  ╭ Loss landscape ──────────────╮
//!         ╰──────────────────────────────╯
//!         ╭ Plane ───────────────────────╮
//!         ╰──────────────────────────────╯
//! tiny    the map alone
//! ```

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};

use super::{LandscapeScreen, facts};
use crate::train::landscape::PASSES;
use crate::train::probe::{Trail as Path, View};
use crate::tui::drawn::Drawn;
use crate::tui::landscape_map::LandscapeMap;
use crate::tui::screen::train::past;
use crate::tui::theme::Theme;
use crate::tui::widgets::format;
use crate::tui::widgets::panel::Panel;
use crate::tui::widgets::relief::{Relief, Trail};
use crate::tui::workspace::Workspace;

/// Points of a map, at most: between them it is linear.
const POINTS: (u16, u16) = (72, 36);
/// Columns of the panel beside the map, and the least that a map beside it needs.
const BESIDE: (u16, u16) = (32, 44);
/// The most columns of the panel beside the map.
const WIDEST: u16 = 46;
/// Rows of the panel below the map, and the least that a map above it needs.
const BELOW: (u16, u16) = (7, 9);

/// Draws the panels that fit into `area`.
pub fn draw(
    screen: &LandscapeScreen,
    workspace: &Workspace,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) -> Drawn {
    let (map, panel) = split(area, screen.alone);
    if let Some(panel) = panel {
        facts::draw((workspace, screen.plane), frame, panel, theme);
    }
    let plot = draw_map(screen, workspace, frame, map, theme);
    let map = (plot.width.min(POINTS.0), plot.height.min(POINTS.1));
    let map = if plot.is_empty() { (0, 0) } else { (map.0.max(2).into(), map.1.max(2).into()) };
    Drawn { view: Some(View { map, ..View::default() }), ..Drawn::default() }
}

/// The areas of the map and of the panel, if there is room for both.
fn split(area: Rect, alone: bool) -> (Rect, Option<Rect>) {
    if alone {
        (area, None)
    } else if area.width >= BESIDE.0 + BESIDE.1 {
        let beside = (area.width / 3).clamp(BESIDE.0, WIDEST);
        let [map, panel] =
            Layout::horizontal([Constraint::Fill(1), Constraint::Length(beside)]).areas(area);
        (map, Some(panel))
    } else if area.height >= BELOW.0 + BELOW.1 {
        let [map, panel] =
            Layout::vertical([Constraint::Fill(1), Constraint::Length(BELOW.0)]).areas(area);
        (map, Some(panel))
    } else {
        (area, None)
    }
}

/// Draws the map, and returns the area within its axes.
fn draw_map(
    screen: &LandscapeScreen,
    workspace: &Workspace,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) -> Rect {
    let title = past::title(workspace, "Loss landscape");
    let shown = workspace.run.landscape.as_ref().filter(|it| it.seen.map.kind == screen.plane);
    let right = shown.map_or_else(|| screen.plane.name().to_owned(), progress);
    let panel = past::panel(workspace, theme, &title).right(&right);
    frame.render_widget(&panel, area);
    let inner = Panel::inner(area);
    match shown {
        Some(shown) => {
            let paths = &shown.seen.trails;
            let points: Vec<Vec<(f64, f64)>> = paths.iter().map(points).collect();
            let trails = points.iter().zip(paths).enumerate();
            let trails: Vec<Trail<'_>> = trails
                .map(|(index, (points, path))| {
                    let style = facts::line_style(path.whose, index, theme);
                    Trail { points, index, style }
                })
                .collect();
            let relief = Relief {
                theme,
                heights: &shown.heights,
                window: shown.window,
                trails: &trails,
                marked: &[],
            };
            frame.render_widget(&relief, inner);
        }
        None => facts::draw_absence((workspace, screen.plane), frame, inner, theme),
    }
    Relief::plot(inner)
}

/// The places of a path as the map takes them.
fn points(path: &Path) -> Vec<(f64, f64)> {
    path.points.iter().map(|at| (at[0], at[1])).collect()
}

/// The plane, the step that the map is of, and how far it has come.
fn progress(shown: &LandscapeMap) -> String {
    let map = &shown.seen.map;
    let step = format::thousands(map.step as f64);
    let passes = map.grid.passes();
    let coarse =
        if passes < PASSES { format!(", coarse {passes}/{PASSES}") } else { String::new() };
    format!("{}, step {step}{coarse}", map.kind.name())
}
