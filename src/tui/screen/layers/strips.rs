//! Distributions of each layer over the steps: time across, value up.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::LayersScreen;
use super::label;
use super::raster::{self, Raster};
use super::shown::Shown;
use crate::train::distribution::Distribution;
use crate::train::probe::Quantity;
use crate::tui::drawn::Scroll;
use crate::tui::screen::train::{ghosts, past, timeline};
use crate::tui::theme::Theme;
use crate::tui::widgets::axis::Axis;
use crate::tui::widgets::blocks;
use crate::tui::widgets::format;
use crate::tui::widgets::frame;
use crate::tui::widgets::heat::Heat;
use crate::tui::widgets::panel::Panel;
use crate::tui::widgets::symlog::ValueAxis;
use crate::tui::workspace::Workspace;

/// Rows of a strip at the least and at the most, with the row of air below it where there is one.
const ROWS: (u16, u16) = (3, 16);
/// Rows from which on there is air between strips.
const AIRY: u16 = 5;
/// Columns of the labels of a value axis, with the axis.
const VALUES: u16 = 7;
/// Columns of the latest distribution, with the space before it, at the least and at the most.
const LATEST: (u16, u16) = (9, 17);
/// The least columns of a strip that leaves some to the latest distribution.
const ROOM: u16 = 40;

/// What all strips share.
struct Scene<'a> {
    workspace: &'a Workspace,
    shown: Shown,
    theme: Theme,
    raster: Raster<'a>,
    /// The steps across.
    steps: Axis,
    /// Where the cells of all strips are: their columns count.
    plot: Rect,
    /// Columns of the latest distribution.
    latest: u16,
}

/// ```text
/// ╭ Weights over time ──── m weights · gradients · activations ── linear ╮
/// │▸1 tanh      3 ┤░░░░▒▒▒▒▓▓▓▒▒▒▒░░░░░                          ▏       │
/// │  2→16       0 ┤▓▓▓███████▓▓▓▓▓▒▒▒▒▒                          ██████▌ │
/// │  σ  0.62   -3 ┤    ░░░░▒▒▒▒▓▓▓▓▒▒▒░                          ▌       │
/// │               └┬──────────┬──────────┬──────────┬────────────        │
/// ╰──────────────────────────────────────────────────────────────────────╯
/// ```
/// Returns where each layer was drawn, and how the list was scrolled.
pub fn draw(
    (screen, only): (&LayersScreen, bool),
    workspace: &Workspace,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) -> (Vec<(Rect, usize)>, Scroll) {
    let shown = screen.shown;
    let inner = Panel::inner(area);
    let (strips, axis) = split(workspace, inner);
    let layers = workspace.experiment.layers.len();
    let count = if only { 1 } else { layers };
    let rows =
        (strips.height / (count as u16).max(1)).clamp(ROWS.0, if only { u16::MAX } else { ROWS.1 });
    let rows = rows.min(strips.height.max(1));
    let room = usize::from((strips.height / rows).max(1));
    let top = if only { screen.layer } else { screen.top.min(layers.saturating_sub(room)) };
    let scroll = Scroll::to_show(screen.layer, top, room, layers);
    let left = label::width(inner.width) + VALUES;
    let latest =
        if inner.width >= left + ROOM { (inner.width / 8).clamp(LATEST.0, LATEST.1) } else { 0 };
    let plot =
        Rect { x: inner.x + left, width: inner.width.saturating_sub(left + latest), ..strips };
    let steps = ghosts::steps(workspace);
    let raster = Raster::new(workspace.run.columns(), workspace.run.detail(), &steps, plot.width);
    let scene = Scene { workspace, shown, theme, raster, steps, plot, latest };
    let seen = (scroll.top, (scroll.top + room.min(count)).min(layers), layers);
    draw_panel((shown, seen), workspace, frame, area, theme);
    let mut targets = Vec::new();
    let mut y = strips.y;
    // Rows that are left over go to the first ones.
    let spare =
        if only || rows == ROWS.1 { 0 } else { strips.height.saturating_sub(rows * count as u16) };
    for (place, index) in (scroll.top..layers).take(room.min(count)).enumerate() {
        let height = rows + u16::from((place as u16) < spare);
        let row = Rect { y, height, ..strips }.intersection(strips);
        y += height;
        scene.draw_layer(index, index == screen.layer, frame, row);
        targets.push((row, index));
    }
    let end = y.min(strips.bottom()) - targets.last().map_or(0, |(row, _)| air(*row));
    scene.draw_time(Rect { height: end.saturating_sub(strips.y), ..plot }, axis, frame);
    (targets, scroll)
}

/// Parts of the steps shown that each are to have been looked at.
const PARTS: u16 = 72;

/// Steps that were not looked at and would be seen, the most wanted first.
pub fn unseen_steps(workspace: &Workspace) -> Vec<u64> {
    let steps = ghosts::steps(workspace);
    let raster = Raster::new(workspace.run.columns(), workspace.run.detail(), &steps, PARTS);
    raster.unseen(&workspace.run.timeline.keyframes, workspace.run.step)
}

/// The border, with what is shown and what else could be; the layers in sight, and the latest edit.
fn draw_panel(
    (shown, (first, end, layers)): (Shown, (usize, usize, usize)),
    workspace: &Workspace,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) {
    let name = shown.quantity.name();
    let title = format!("{}{} over time", name[..1].to_uppercase(), &name[1..]);
    let mut next = shown;
    next.next();
    let scale = format!("y {}", shown.scale());
    let all = Quantity::ALL.map(Quantity::name).join(" · ");
    let room = usize::from(area.width).saturating_sub(format::width(&title) + 8);
    let right =
        [format!("m {all} ── {scale}"), format!("m {} ── {scale}", next.quantity.name()), scale];
    let right = right.into_iter().find(|it| format::width(it) <= room).unwrap_or_default();
    let edit = workspace.run.marks().filter(|it| it.step <= workspace.moment()).last();
    let edit = edit.map(|it| format!("◆ {} {}", format::thousands(it.step as f64), it.text));
    let sight = match end - first {
        count if count == layers => None,
        1 => Some(format!("layer {end} of {layers}")),
        _ => Some(format!("layers {}–{end} of {layers}", first + 1)),
    };
    let below = sight.into_iter().chain(edit).collect::<Vec<_>>().join(" ── ");
    let panel = past::panel(workspace, theme, &title).right(&right).below(&below).focused(true);
    frame.render_widget(&panel, area);
}

/// Rows of air below a strip.
const fn air(strip: Rect) -> u16 {
    if strip.height >= AIRY { 1 } else { 0 }
}

/// The rows of the strips, and those of the time below them.
fn split(workspace: &Workspace, inner: Rect) -> (Rect, Rect) {
    let known = !workspace.run.timeline.branches.is_empty() || workspace.past.is_some();
    let rows = match inner.height {
        0..8 => 0,
        8..14 => 2,
        14..20 => 2 + u16::from(known),
        _ => 2 + 2 * u16::from(known),
    };
    let strips = Rect { height: inner.height - rows, ..inner };
    (strips, Rect { y: strips.bottom(), height: rows, ..inner })
}

impl Scene<'_> {
    fn draw_layer(&self, index: usize, chosen: bool, frame: &mut Frame<'_>, area: Rect) {
        let quantity = self.shown.quantity;
        let seen = self.workspace.run.seen.as_ref();
        let latest = seen.and_then(|seen| Some(seen.layers.as_ref()?.get(index)?.spread(quantity)));
        let column = Rect { width: label::width(area.width).min(area.width), ..area };
        label::draw((self.workspace, index, chosen), latest, frame, column, self.theme);
        let plot = Rect { y: area.y, height: area.height - air(area), ..self.plot };
        let Some(axis) = self.raster.axis(index, quantity, self.shown.symlog()) else {
            self.draw_nothing(index, frame, plot);
            return;
        };
        let rows = usize::from(plot.height) * 2;
        let points = self.raster.shades((index, quantity), &axis, rows);
        let heat = Heat { theme: self.theme, points: &points, columns: plot.width.into() };
        frame.render_widget(&heat, plot);
        self.draw_values(&axis, plot, frame.buffer_mut());
        if let Some(latest) = latest.filter(|_| self.latest > 0) {
            let beside = Rect { x: plot.right() + 1, width: self.latest - 2, ..plot };
            self.draw_latest(latest, &axis, frame.buffer_mut(), beside);
        }
        self.draw_marks(frame.buffer_mut(), plot);
    }

    /// Says why a strip is empty.
    fn draw_nothing(&self, index: usize, frame: &mut Frame<'_>, plot: Rect) {
        let nothing = if self.raster.is_empty() { "–" } else { "– no values yet" };
        let text = match self.workspace.experiment.layers.get(index) {
            Some(_) => nothing,
            None => "",
        };
        let line = Line::styled(text, self.theme.muted());
        frame.render_widget(line, Rect { height: plot.height.min(1), ..plot });
    }

    /// The axis of the values at the left.
    fn draw_values(&self, axis: &ValueAxis, plot: Rect, buf: &mut Buffer) {
        let style = self.theme.muted();
        let x = plot.x - 1;
        for y in plot.top()..plot.bottom() {
            buf.set_string(x, y, "│", style);
        }
        let last = f64::from(plot.height.saturating_sub(1));
        for tick in axis.ticks((usize::from(plot.height) * 2 / 3).max(1)) {
            let y = plot.y + ((1.0 - tick.place.clamp(0.0, 1.0)) * last).round() as u16;
            let label = format::truncate(&tick.label, usize::from(VALUES) - 1);
            let start = x.saturating_sub(format::width(&label) as u16);
            if y < plot.bottom() {
                buf.set_string(start, y, &label, style);
                buf.set_string(x, y, "┤", style);
            }
        }
    }

    /// The latest distribution on the same axis, as bars to the right.
    fn draw_latest(&self, latest: &Distribution, axis: &ValueAxis, buf: &mut Buffer, area: Rect) {
        let shares = raster::shares([latest].into_iter(), axis, area.height.into());
        let shares = shares.unwrap_or_default();
        let most = shares.iter().copied().fold(0.0, f64::max);
        for (share, y) in shares.iter().zip(area.top()..) {
            let full = share / most * f64::from(area.width) * 8.0;
            let least = if *share > 0.0 { 1.0 } else { 0.0 };
            let eighths = full.round().max(least) as usize;
            buf.set_stringn(area.x, y, blocks::bar(eighths), area.width.into(), self.theme.train());
        }
    }

    /// Edits and the moment that is shown.
    fn draw_marks(&self, buf: &mut Buffer, plot: Rect) {
        let edits = self.workspace.run.marks().map(|entry| (entry.step, "┊", self.theme.warn()));
        let shown = self.workspace.past.as_ref().map(|it| (it.target, "│", self.theme.accent()));
        for (step, symbol, style) in edits.chain(shown) {
            let Some(x) = self.cell(step) else { continue };
            for y in plot.top()..plot.bottom() {
                if let Some(cell) = buf.cell_mut((plot.x + x, y)) {
                    // On the shade of the lower point, which is the background of most cells.
                    cell.set_symbol(symbol).set_style(style);
                }
            }
        }
    }

    /// The cell across that a step is in.
    fn cell(&self, step: u64) -> Option<u16> {
        let place = self.steps.place(step as f64).filter(|it| (0.0..=1.0).contains(it))?;
        Some((place * f64::from(self.plot.width.checked_sub(1)?)).round() as u16)
    }

    /// The time below all strips.
    fn draw_time(&self, strips: Rect, area: Rect, frame: &mut Frame<'_>) {
        let plot = strips;
        if area.height < 2 || plot.is_empty() {
            return;
        }
        let around = Rect { y: plot.y, height: plot.height + 2, x: area.x, width: area.width };
        frame::render_across(&self.steps, self.theme, around, plot, frame.buffer_mut());
        let line = Rect { y: plot.bottom() + 2, height: area.height - 2, ..area };
        // Such that the plot of a chart in it would be that of the strips.
        let chart = Rect { x: plot.x - VALUES, width: plot.width + VALUES, ..plot };
        timeline::draw(self.workspace, (&self.steps, chart), frame, line, self.theme);
    }
}
