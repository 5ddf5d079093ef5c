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

/// Draws the panels that fit into `area`.
pub fn draw(
    screen: &SurfaceScreen,
    lit: Option<Panel>,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) -> Drawn {
    match screen.zoom {
        Zoom::Off if area.width >= 100 && area.height >= 28 => large(screen, frame, area, theme),
        Zoom::Off if area.width >= 56 && area.height < 20 && lit.is_some() => {
            lit_beside_map(screen, lit, frame, area, theme)
        }
        Zoom::Off if area.width >= 56 && area.height >= 12 => small(screen, frame, area, theme),
        Zoom::Off if screen.focus == Focus::List => draw_list(screen, frame, area, theme),
        Zoom::Off | Zoom::Map => draw_map(screen, frame, area, theme),
        Zoom::List => draw_list(screen, frame, area, theme),
        Zoom::Chart => {
            chart::draw(screen, frame, area, theme);
            Drawn::default()
        }
        Zoom::Arithmetic => {
            arithmetic::draw(screen, frame, area, theme);
            Drawn::default()
        }
    }
}

fn draw_map(screen: &SurfaceScreen, frame: &mut Frame<'_>, area: Rect, theme: Theme) -> Drawn {
    let plot = map::draw(screen, frame, area, theme);
    Drawn { targets: vec![(plot, MAP)], ..Drawn::default() }
}

fn draw_list(screen: &SurfaceScreen, frame: &mut Frame<'_>, area: Rect, theme: Theme) -> Drawn {
    let (targets, scroll) = list::draw(screen, frame, area, theme);
    Drawn { targets, scroll: Some(scroll), ..Drawn::default() }
}

/// The map, and beside it what the page of a lesson is about.
fn lit_beside_map(
    screen: &SurfaceScreen,
    lit: Option<Panel>,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) -> Drawn {
    // A step in numbers is wide.
    let share = if lit == Some(Panel::Arithmetic) { 2 } else { 1 };
    let [left, right] =
        Layout::horizontal([Constraint::Fill(1), Constraint::Fill(share)]).areas(area);
    let map = draw_map(screen, frame, left, theme);
    match lit {
        Some(Panel::Heights) => chart::draw(screen, frame, right, theme),
        Some(Panel::Arithmetic) => arithmetic::draw(screen, frame, right, theme),
        _ => return together(map, draw_list(screen, frame, right, theme)),
    }
    map
}

/// What was drawn of both.
fn together(map: Drawn, list: Drawn) -> Drawn {
    let targets = map.targets.into_iter().chain(list.targets).collect();
    Drawn { targets, ..list }
}

fn large(screen: &SurfaceScreen, frame: &mut Frame<'_>, area: Rect, theme: Theme) -> Drawn {
    let right = (area.width * 2 / 5).min(72);
    let [left, right] =
        Layout::horizontal([Constraint::Fill(1), Constraint::Length(right)]).areas(area);
    let step = (area.height / 4).clamp(10, 14);
    let [top, bottom] =
        Layout::vertical([Constraint::Fill(1), Constraint::Length(step)]).areas(left);
    let rows = list::height(screen).min(area.height / 2);
    let [walk, heights] =
        Layout::vertical([Constraint::Length(rows), Constraint::Fill(1)]).areas(right);
    let map = draw_map(screen, frame, top, theme);
    arithmetic::draw(screen, frame, bottom, theme);
    chart::draw(screen, frame, heights, theme);
    together(map, draw_list(screen, frame, walk, theme))
}

fn small(screen: &SurfaceScreen, frame: &mut Frame<'_>, area: Rect, theme: Theme) -> Drawn {
    let step = if area.height >= 20 { 6 } else { 0 };
    let [top, bottom] =
        Layout::vertical([Constraint::Fill(1), Constraint::Length(step)]).areas(area);
    let right = (area.width / 2).min(36);
    let [left, right] =
        Layout::horizontal([Constraint::Fill(1), Constraint::Length(right)]).areas(top);
    let map = draw_map(screen, frame, left, theme);
    if step > 0 {
        arithmetic::draw(screen, frame, bottom, theme);
    }
    let rows = list::height(screen);
    let rest = right.height.saturating_sub(rows);
    let (walk, heights) = if rest >= 6 {
        let [walk, heights] =
            Layout::vertical([Constraint::Length(rows), Constraint::Fill(1)]).areas(right);
        (walk, Some(heights))
    } else {
        (right, None)
    };
    if let Some(heights) = heights {
        chart::draw(screen, frame, heights, theme);
    }
    together(map, draw_list(screen, frame, walk, theme))
}
