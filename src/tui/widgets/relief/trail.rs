//! A path across a map.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::{Relief, Window};
use crate::tui::theme::{Marker, mark};
use crate::tui::widgets::{canvas::Canvas, put};

/// A path: its places in their order, the last of which is where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Trail<'a> {
    /// The places; what lies off the map is not drawn.
    pub points: &'a [(f64, f64)],
    /// Its number among the trails, which gives its letter and its colour.
    pub index: usize,
    /// The style of its line.
    pub style: Style,
}

/// Cells between two letters along a trail.
const BETWEEN: u16 = 4;
/// Arrows to the right and on, against the clock.
const ARROWS: [char; 8] = ['→', '↗', '↑', '↖', '←', '↙', '↓', '↘'];
const ASCII_ARROWS: [char; 8] = ['>', '/', '^', '\\', '<', '/', 'v', '\\'];
/// Their steps in cells, to the right and down.
const STEPS: [(i32, i32); 8] =
    [(1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1)];
/// The height of a cell in widths.
const ROW: f64 = 2.0;
/// The length of the shortest step that has an arrow, in widths of a cell.
const SHORTEST: f64 = 3.0;
/// Places that a letter whose own is taken may have instead, in cells.
const ASIDE: [(i32, i32); 7] = [(0, 0), (1, 0), (-1, 0), (0, -1), (0, 1), (2, 0), (-2, 0)];

impl Trail<'_> {
    /// Its letter, in upper case.
    #[must_use]
    pub fn letter(&self) -> char {
        mark(self.index).to_ascii_uppercase()
    }

    /// Draws as much of it as lies on the map.
    pub fn draw_line(&self, window: Window, canvas: &mut Canvas) {
        let mut last = None;
        for point in self.points {
            let here = window.share(*point);
            if let Some((from, to)) = last.zip(here)
                && let Some((from, to)) = clip(from, to)
            {
                let (from, to) = (canvas.at(from.0, from.1), canvas.at(to.0, to.1));
                canvas.line(from, to, self.style);
            }
            last = here;
        }
    }

    /// Strews its letter along it, in lower case.
    pub fn strew(&self, window: Window, canvas: &Canvas, plot: Rect, buf: &mut Buffer) {
        let letter = mark(self.index);
        let mut last: Option<(u16, u16)> = None;
        for point in self.points {
            let Some((right, up)) = window.share(*point).filter(|share| inside(*share)) else {
                continue;
            };
            let cell = canvas.cell(canvas.at(right, up));
            let near = |from: (u16, u16)| {
                from.0.abs_diff(cell.0) < BETWEEN && 2 * from.1.abs_diff(cell.1) < BETWEEN
            };
            if !last.is_some_and(near) {
                put(buf, plot, cell.0, cell.1, letter.encode_utf8(&mut [0; 4]), self.style);
                last = Some(cell);
            }
        }
    }

    /// Draws the letter where it stands, with an arrow for the last step, or for the way out if it has
    /// left the map. Marks keep clear of those in `taken`.
    pub fn draw_tip(
        &self,
        map: &Relief<'_>,
        canvas: &Canvas,
        plot: Rect,
        taken: &mut Vec<(u16, u16)>,
        buf: &mut Buffer,
    ) {
        let mut shares = self.points.iter().rev().filter_map(|point| map.window.share(*point));
        let Some(tip) = shares.next() else { return };
        let style = map.theme.walker_point(self.index, map.shade(tip.0, tip.1));
        let cell = canvas.cell(canvas.at(tip.0, tip.1));
        let aside = |&(across, down): &(i32, i32)| {
            let x = u16::try_from(i32::from(cell.0) + across).ok()?;
            let y = u16::try_from(i32::from(cell.1) + down).ok()?;
            let free = plot.contains((x, y).into()) && !taken.contains(&(x, y));
            free.then_some((x, y))
        };
        let Some(place) = ASIDE.iter().find_map(aside) else { return };
        taken.push(place);
        put(buf, plot, place.0, place.1, self.letter().encode_utf8(&mut [0; 4]), style);
        let arrow = if inside(tip) {
            shares.next().and_then(|before| step_arrow(before, tip, place, plot))
        } else {
            Some(way_out(tip, place, plot))
        };
        let Some((beside, way)) = arrow.filter(|(beside, _)| !taken.contains(beside)) else {
            return;
        };
        taken.push(beside);
        let arrows = if map.theme.marker == Marker::Ascii { ASCII_ARROWS } else { ARROWS };
        put(buf, plot, beside.0, beside.1, arrows[way].encode_utf8(&mut [0; 4]), style);
    }
}

/// The cell behind the tip of a step in `place`, and the way that the step went; nothing for a step that
/// is too short.
fn step_arrow(
    before: (f64, f64),
    tip: (f64, f64),
    place: (u16, u16),
    plot: Rect,
) -> Option<((u16, u16), usize)> {
    let across = (tip.0 - before.0) * f64::from(plot.width);
    let up = (tip.1 - before.1) * f64::from(plot.height) * ROW;
    let length = across.hypot(up);
    if !(SHORTEST..f64::INFINITY).contains(&length) {
        return None;
    }
    let way = way(across, up);
    let (right, down) = STEPS[way];
    let x = u16::try_from(i32::from(place.0) - right).ok()?;
    let y = u16::try_from(i32::from(place.1) - down).ok()?;
    Some(((x, y), way))
}

/// The cell beside a letter at the edge, on the inner side, and the way to a tip beyond it.
fn way_out((right, up): (f64, f64), place: (u16, u16), plot: Rect) -> ((u16, u16), usize) {
    let beyond = |share: f64| share - share.clamp(0.0, 1.0);
    let sign = |beyond: f64| if beyond == 0.0 { 0.0 } else { beyond.signum() };
    let way = way(sign(beyond(right)), sign(beyond(up)));
    let inner = place.0 + 1 < plot.right();
    ((if inner { place.0 + 1 } else { place.0.saturating_sub(1) }, place.1), way)
}

/// The number among [`ARROWS`] of a way across and up.
fn way(across: f64, up: f64) -> usize {
    let eighths = (libm::atan2(up, across) / std::f64::consts::FRAC_PI_4).round();
    (eighths as i32).rem_euclid(8) as usize
}

fn inside((right, up): (f64, f64)) -> bool {
    (0.0..=1.0).contains(&right) && (0.0..=1.0).contains(&up)
}

/// The part of a segment that lies on the map, both ends as shares (Liang and Barsky's algorithm).
fn clip(from: (f64, f64), to: (f64, f64)) -> Option<((f64, f64), (f64, f64))> {
    let (across, up) = (to.0 - from.0, to.1 - from.1);
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    let edges = [(-across, from.0), (across, 1.0 - from.0), (-up, from.1), (up, 1.0 - from.1)];
    for (slope, room) in edges {
        if slope == 0.0 {
            if room < 0.0 {
                return None;
            }
        } else if slope < 0.0 {
            enter = enter.max(room / slope);
        } else {
            leave = leave.min(room / slope);
        }
    }
    let at = |share: f64| (from.0 + share * across, from.1 + share * up);
    let finite = across.is_finite() && up.is_finite();
    (finite && enter <= leave).then(|| (at(enter), at(leave)))
}
