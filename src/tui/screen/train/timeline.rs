//! The time of the run in a line, under the steps of the chart above it.
//!
//! ```text
//!   time ─┴──┴──┴─◀┴──┬──◆──┴──┴──▶
//!        ◆ edits   ┴ keyframes   ┬ branches   ▶ present   ◀ shown
//! ```

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::tui::theme::{Marker, Theme};
use crate::tui::widgets::axis::Axis;
use crate::tui::widgets::format;
use crate::tui::widgets::frame::Frame as Axes;
use crate::tui::workspace::Workspace;

/// Rows of a chart that leave one to the line, and another one to what its marks mean.
const ROOM: [u16; 2] = [6, 10];

/// A chart's area, and below it that of the line, if there is anything to see and room for it.
pub fn split(workspace: &Workspace, area: Rect) -> (Rect, Rect) {
    let known = !workspace.run.timeline.branches.is_empty() || workspace.past.is_some();
    let rows = ROOM.into_iter().filter(|least| known && area.height >= *least).count() as u16;
    let [chart, line] =
        Layout::vertical([Constraint::Fill(1), Constraint::Length(rows)]).areas(area);
    (chart, line)
}

/// Something on the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Mark {
    Keyframe,
    Branch,
    Edit,
    Present,
    Shown,
}

impl Mark {
    const fn glyph(self, theme: Theme) -> &'static str {
        match (theme.marker, self) {
            (Marker::Ascii, Self::Keyframe) => "+",
            (Marker::Ascii, Self::Branch) => "v",
            (Marker::Ascii, Self::Edit) => "*",
            (Marker::Ascii, Self::Present) => ">",
            (Marker::Ascii, Self::Shown) => "<",
            (_, Self::Keyframe) => "┴",
            (_, Self::Branch) => "┬",
            (_, Self::Edit) => "◆",
            (_, Self::Present) => "▶",
            (_, Self::Shown) => "◀",
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Keyframe => "keyframes",
            Self::Branch => "branches",
            Self::Edit => "edits",
            Self::Present => "present",
            Self::Shown => "shown",
        }
    }

    fn style(self, theme: Theme) -> Style {
        match self {
            Self::Keyframe => theme.muted(),
            Self::Branch | Self::Edit => theme.text(),
            Self::Present => theme.good(),
            Self::Shown => theme.warn(),
        }
    }
}

/// All marks with their steps; the weightiest of one place comes last.
fn marks(workspace: &Workspace) -> Vec<(Mark, u64)> {
    let timeline = &workspace.run.timeline;
    let keyframes = timeline.keyframes.iter().map(|step| (Mark::Keyframe, *step));
    let left = timeline.branches.iter().map(|branch| branch.from).filter(|step| *step > 0);
    let edits = workspace.run.marks().map(|entry| (Mark::Edit, entry.step));
    let shown = workspace.past.as_ref().map(|past| (Mark::Shown, past.target));
    keyframes
        .chain(left.map(|step| (Mark::Branch, step)))
        .chain(edits)
        .chain([(Mark::Present, workspace.run.step)])
        .chain(shown)
        .collect()
}

/// Draws the line under a chart over `steps` in `chart`.
pub fn draw(
    workspace: &Workspace,
    (steps, chart): (&Axis, Rect),
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) {
    let plot = Axes::plot(chart);
    if area.height == 0 || plot.is_empty() {
        return;
    }
    let last = f64::from(plot.width - 1);
    let column = |step: u64| {
        let place = steps.place(step as f64).filter(|place| (0.0..=1.0).contains(place))?;
        Some((place * last).round() as u16)
    };
    let line = if theme.marker == Marker::Ascii { "-" } else { "─" };
    let mut cells = vec![(" ", Style::new()); usize::from(plot.width)];
    let end = column(workspace.run.step).map_or(0, usize::from);
    cells[..=end].fill((line, theme.border()));
    let marks = marks(workspace);
    let mut shown = Vec::new();
    for (mark, step) in &marks {
        if let Some(x) = column(*step) {
            cells[usize::from(x)] = (mark.glyph(theme), mark.style(theme));
            shown.push(*mark);
        }
    }
    let row = Rect { height: 1, ..area };
    frame.render_widget(
        Line::styled("time", theme.muted()),
        Rect { x: row.x + 1, width: 4, ..row }.intersection(row),
    );
    let cells = cells.into_iter().map(|(glyph, style)| Span::styled(glyph, style));
    let cells = Line::from(cells.collect::<Vec<_>>());
    frame.render_widget(cells, Rect { x: plot.x, width: plot.width, ..row });
    if area.height > 1 {
        shown.sort_unstable();
        shown.dedup();
        let row = Rect { x: plot.x, y: area.y + 1, width: plot.width, height: 1 };
        frame.render_widget(legend(&shown, usize::from(plot.width), theme), row);
    }
}

/// What the marks mean, as far as there is room.
fn legend(marks: &[Mark], width: usize, theme: Theme) -> Line<'static> {
    let mut spans = Vec::new();
    let mut left = width;
    for mark in marks.iter().rev() {
        let word = format!(" {}   ", mark.word());
        let needed = format::width(&word) + 1;
        if needed > left + 3 {
            break;
        }
        left = left.saturating_sub(needed);
        spans.push(Span::styled(mark.glyph(theme), mark.style(theme)));
        spans.push(Span::styled(word, theme.muted()));
    }
    Line::from(spans)
}
