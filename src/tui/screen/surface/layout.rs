//! The layout of the Surface screen.
//!
//! ```text
//! large   ╭ Ravine: quadratic ───────────╮╭ Walk ──────────────╮
//!         │ map                          │╰────────────────────╯
//!         │                              │╭ Height − minimum ──╮
//!         ╰──────────────────────────────╯│                    │
//!         ╭ Step 93 of A ────────────────╮│                    │
//!         ╰──────────────────────────────╯╰────────────────────╯
//! small   ╭ Ravine ────────────╮╭ Walk ────────────────────────╮
//!         │ map                ││                              │
//!         ╰────────────────────╯╰──────────────────────────────╯
//!         ╭ Step 93 of A ──────────────────────────────────────╮
//!         ╰────────────────────────────────────────────────────╯
//! flat    the same without the step
//! lesson  the map, beside what the page is about, where there is no room for more
//! tiny    the map, or the list while that has the focus
//! ```
//! A zoomed panel has all the room.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};

use super::{Focus, MAP, SurfaceScreen, Zoom, arithmetic, chart, list, map};
use crate::experiment::lesson::Panel;
use crate::tui::drawn::Drawn;
use crate::tui::theme::Theme;
use crate::tui::workspace::Workspace;

/// The fewest rows of a chart that are worth having.
const CHART: u16 = 6;

/// The areas of the panels that there is room for.
#[derive(Clone, Copy, Debug, Default)]
struct Areas {
    map: Option<Rect>,
    list: Option<Rect>,
    chart: Option<Rect>,
    arithmetic: Option<Rect>,
}

/// Draws the panels that fit into `area`.
pub fn draw(
    screen: &SurfaceScreen,
    workspace: &Workspace,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) -> Drawn {
    let areas = areas(screen, workspace.lit, area);
    let stands_out = |panel| workspace.stands_out(panel, false);
    let mut drawn = Drawn::default();
    if let Some(area) = areas.map {
        let stands_out = workspace.stands_out(Panel::Map, screen.focus == Focus::Map);
        drawn.targets.push((map::draw(screen, stands_out, frame, area, theme), MAP));
    }
    if let Some(area) = areas.arithmetic {
        arithmetic::draw(screen, stands_out(Panel::Arithmetic), frame, area, theme);
    }
    if let Some(area) = areas.chart {
        chart::draw(screen, stands_out(Panel::Heights), frame, area, theme);
    }
    if let Some(area) = areas.list {
        let (targets, scroll) = list::draw(screen, frame, area, theme);
        drawn.targets.extend(targets);
        drawn.scroll = Some(scroll);
    }
    drawn
}

fn areas(screen: &SurfaceScreen, lit: Option<Panel>, area: Rect) -> Areas {
    match (screen.zoom, lit) {
        (Zoom::Off, _) if area.width >= 100 && area.height >= 28 => large(screen, area),
        (Zoom::Off, Some(lit)) if area.width >= 56 && area.height < 20 => beside_map(lit, area),
        (Zoom::Off, _) if area.width >= 56 && area.height >= 12 => small(screen, area),
        (Zoom::List, _) => Areas { list: Some(area), ..Areas::default() },
        (Zoom::Off, _) if screen.focus == Focus::List => {
            Areas { list: Some(area), ..Areas::default() }
        }
        (Zoom::Off | Zoom::Map, _) => Areas { map: Some(area), ..Areas::default() },
        (Zoom::Chart, _) => Areas { chart: Some(area), ..Areas::default() },
        (Zoom::Arithmetic, _) => Areas { arithmetic: Some(area), ..Areas::default() },
    }
}

/// The map, and beside it what the page of a lesson is about.
fn beside_map(lit: Panel, area: Rect) -> Areas {
    // A step in numbers is wide.
    let share = if lit == Panel::Arithmetic { 2 } else { 1 };
    let [left, right] =
        Layout::horizontal([Constraint::Fill(1), Constraint::Fill(share)]).areas(area);
    let areas = Areas { map: Some(left), ..Areas::default() };
    match lit {
        Panel::Heights => Areas { chart: Some(right), ..areas },
        Panel::Arithmetic => Areas { arithmetic: Some(right), ..areas },
        _ => Areas { list: Some(right), ..areas },
    }
}

fn large(screen: &SurfaceScreen, area: Rect) -> Areas {
    let right = (area.width * 2 / 5).min(72);
    let [left, right] =
        Layout::horizontal([Constraint::Fill(1), Constraint::Length(right)]).areas(area);
    let step = (area.height / 4).clamp(10, 14);
    let [map, step] = Layout::vertical([Constraint::Fill(1), Constraint::Length(step)]).areas(left);
    let rows = list::height(screen).min(area.height / 2);
    Areas { map: Some(map), arithmetic: Some(step), ..list_over_chart(rows, right) }
}

fn small(screen: &SurfaceScreen, area: Rect) -> Areas {
    let step = if area.height >= 20 { 6 } else { 0 };
    let [top, step] = Layout::vertical([Constraint::Fill(1), Constraint::Length(step)]).areas(area);
    let right = (area.width / 2).min(36);
    let [map, right] =
        Layout::horizontal([Constraint::Fill(1), Constraint::Length(right)]).areas(top);
    let step = Some(step).filter(|area| area.height > 0);
    Areas { map: Some(map), arithmetic: step, ..list_over_chart(list::height(screen), right) }
}

/// The list in so many rows over the chart of heights, or in all there are if the chart has no room.
fn list_over_chart(rows: u16, area: Rect) -> Areas {
    if area.height < rows + CHART {
        return Areas { list: Some(area), ..Areas::default() };
    }
    let [list, chart] =
        Layout::vertical([Constraint::Length(rows), Constraint::Fill(1)]).areas(area);
    Areas { list: Some(list), chart: Some(chart), ..Areas::default() }
}
