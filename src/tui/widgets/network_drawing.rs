//! The network drawn: a column a layer, a picture a neuron, lines for the weights.

mod edges;
mod node;
mod room;

use ratatui::{buffer::Buffer, layout::Rect, widgets::Widget};

pub use node::{Node, Picture};
pub use room::{Pictures, Room, Shape};

use super::{format, put};
use crate::tui::theme::Theme;

/// A layer, or the inputs.
#[derive(Clone, Debug)]
pub struct Column {
    /// What stands over it.
    pub title: String,
    /// What is shown of it, top to bottom.
    pub nodes: Vec<Node>,
    /// How many of it are not shown.
    pub hidden: usize,
    /// Lines from the nodes of the column before.
    pub edges: Vec<Edge>,
}

/// A weight between a node and one of the column before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edge {
    /// The place of a node of the column before.
    pub from: usize,
    /// The place of a node.
    pub to: usize,
    /// The weight as a share of the largest one, -1 to 1.
    pub weight: f64,
}

/// The network drawn.
///
/// ```text
///        1 tanh     2 relu     out
///        ▄▄▄▄▄ ⠉⠒⠤⣀ ▄▄▄▄▄      ▄▄▄▄▄
/// x ▄▄▄▄ ▀▀▀▀▀ ⣀⠤⠒⠉ ▀▀▀▀▀ ⠒⠒⠒⠒ ▀▀▀▀▀ a
/// y ▀▀▀▀ ▄▄▄▄▄      ▄▄▄▄▄ ⣀⠤⠒⠉ ▄▄▄▄▄ b
///        ▀▀▀▀▀      ▀▀▀▀▀      ▀▀▀▀▀
///         +14        +14
/// ```
#[derive(Clone, Copy, Debug)]
pub struct NetworkDrawing<'a> {
    /// The look.
    pub theme: Theme,
    /// Inputs and layers, first to last.
    pub columns: &'a [Column],
    /// The room for each, as [`Shape::room`] has it.
    pub room: Room,
    /// The first column that is in sight.
    pub first: usize,
    /// The node under the cursor, by column and place.
    pub cursor: Option<(usize, usize)>,
}

impl NetworkDrawing<'_> {
    /// Where each node stands that is drawn in `area`, by column and place.
    #[must_use]
    pub fn places(&self, area: Rect) -> Vec<((usize, usize), Rect)> {
        let mut places = Vec::new();
        for (x, index) in self.room.lefts(area).zip(self.first..) {
            let Some(column) = self.columns.get(index) else { break };
            let width = self.room.width(index == 0);
            let top = self.top(column, area);
            for place in 0..column.nodes.len() {
                let y = top.saturating_add((place as u16).saturating_mul(self.room.pitch));
                let node = Rect { x, y, width, height: self.room.rows };
                if node.bottom() <= area.bottom() && node.right() <= area.right() {
                    places.push(((index, place), node));
                }
            }
        }
        places
    }

    /// The row of the first node of a column, so that all of them stand in the middle.
    fn top(&self, column: &Column, area: Rect) -> u16 {
        let more = u16::from(self.columns.iter().any(|it| it.hidden > 0));
        let height = area.height.saturating_sub(1 + more);
        let taken = (column.nodes.len() as u16).saturating_mul(self.room.pitch);
        area.y + 1 + height.saturating_sub(taken) / 2
    }

    fn render_titles(&self, area: Rect, buf: &mut Buffer) {
        let last = self.first + self.room.columns.saturating_sub(1);
        for (x, index) in self.room.lefts(area).zip(self.first..) {
            let Some(column) = self.columns.get(index) else { break };
            let width = self.room.width(index == 0);
            let cut = match index {
                _ if index == self.first && index > 0 => "‹ ",
                _ if index == last && index + 1 < self.columns.len() => "› ",
                _ => "",
            };
            let room = usize::from(width + self.room.gap.saturating_sub(1));
            let title = format::truncate(&format!("{cut}{}", column.title), room);
            let here = self.cursor.is_some_and(|(column, _)| column == index);
            let style = if here { self.theme.accent() } else { self.theme.muted() };
            let centred = |text: &str| {
                let long = format::width(text) as u16;
                let start = x.saturating_sub(long.saturating_sub(width) / 2);
                start.min(area.right().saturating_sub(long)).max(area.x)
            };
            put(buf, area, centred(&title), area.y, &title, style);
            if column.hidden > 0 {
                let long = format!("+{} more", column.hidden);
                // Two of them side by side would read as one.
                let fits = format::width(&long) + 1 < room;
                let more = if fits { long } else { format!("+{}", column.hidden) };
                put(buf, area, centred(&more), area.bottom() - 1, &more, self.theme.muted());
            }
        }
    }
}

impl Widget for &NetworkDrawing<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let area = area.intersection(buf.area);
        if area.is_empty() || self.room.units == 0 {
            return;
        }
        let places = self.places(area);
        self.render_edges(&places, area, buf);
        self.render_titles(area, buf);
        for ((column, place), node) in places {
            let of = &self.columns[column].nodes[place];
            of.render(self.theme, self.room, node, area, buf);
            if self.cursor == Some((column, place)) {
                self.render_cursor(node, area, buf);
            }
        }
    }
}

impl NetworkDrawing<'_> {
    /// The marks at both sides of the node under the cursor.
    fn render_cursor(&self, node: Rect, area: Rect, buf: &mut Buffer) {
        let [left, right] = self.theme.brackets();
        for y in node.top()..node.bottom() {
            if node.x > area.x {
                put(buf, area, node.x - 1, y, left, self.theme.accent());
            }
            put(buf, area, node.right(), y, right, self.theme.accent());
        }
    }
}

#[cfg(test)]
mod tests;
