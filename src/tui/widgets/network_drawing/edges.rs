//! Weights as lines.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{Edge, NetworkDrawing};
use crate::tui::theme::Depth;
use crate::tui::widgets::canvas::{Canvas, Dot};

/// Lines between two columns beside one for each node of the larger one, at most.
const BESIDE: usize = 3;
/// Lines to and from a node under the cursor, at most.
const NEAR: usize = 12;
/// Shares of the largest weight from which on a line is drawn at all, and twice.
const DRAWN: f64 = 0.08;
const DOUBLE: f64 = 0.75;

impl NetworkDrawing<'_> {
    /// Draws the strongest weights, strong ones on top; with a cursor, those of the node under it on
    /// top of all.
    pub(super) fn render_edges(
        &self,
        places: &[((usize, usize), Rect)],
        area: Rect,
        buf: &mut Buffer,
    ) {
        let mut canvas = Canvas::new(area, self.theme.marker);
        let find = |node| places.iter().find(|it| it.0 == node).map(|it| it.1);
        let mut lines = Vec::new();
        for (index, column) in self.columns.iter().enumerate().skip(self.first.max(1)) {
            let before = &self.columns[index - 1].nodes;
            let touches = |edge: &Edge| {
                [(index - 1, edge.from), (index, edge.to)]
                    .into_iter()
                    .any(|it| self.cursor == Some(it))
            };
            let near = column.edges.iter().any(&touches);
            let most = before.len().max(column.nodes.len()) + BESIDE;
            let most = if near { most.max(NEAR) } else { most };
            let mut edges: Vec<(bool, Edge)> =
                column.edges.iter().map(|edge| (touches(edge), *edge)).collect();
            edges.retain(|(_, edge)| edge.weight.abs() >= DRAWN);
            edges
                .sort_by(|(a, x), (b, y)| b.cmp(a).then(y.weight.abs().total_cmp(&x.weight.abs())));
            edges.truncate(most);
            let ends = |(near, edge): (bool, Edge)| {
                let (from, to) = (find((index - 1, edge.from))?, find((index, edge.to))?);
                Some((near, edge.weight, from, to))
            };
            lines.extend(edges.into_iter().filter_map(ends));
        }
        lines.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.abs().total_cmp(&b.1.abs())));
        for (near, weight, from, to) in lines {
            let recedes = self.cursor.is_some() && !near;
            self.render_edge(&mut canvas, (weight, recedes), (from, to), area);
        }
        canvas.render(buf);
    }

    fn render_edge(
        &self,
        canvas: &mut Canvas,
        (weight, recedes): (f64, bool),
        (from, to): (Rect, Rect),
        area: Rect,
    ) {
        let (across, down) = (
            canvas.width() / usize::from(area.width.max(1)),
            canvas.height() / usize::from(area.height.max(1)),
        );
        let middle = |node: Rect| {
            usize::from(node.y - area.y) * down + usize::from(self.room.picture.1) * down / 4
        };
        // A curve ends anywhere at its sides: air keeps lines apart from it.
        let air = usize::from(self.room.air) * across;
        let start: Dot = (usize::from(from.right() - area.x) * across + air, middle(from));
        let end: Dot = ((usize::from(to.x - area.x) * across).saturating_sub(1 + air), middle(to));
        let share = if recedes { 0.0 } else { weight.abs() };
        let style = self.theme.edge(weight > 0.0, share);
        canvas.dashed(self.theme.depth == Depth::None && weight < 0.0);
        canvas.line(start, end, style);
        if share >= DOUBLE {
            canvas.line((start.0, start.1 + 1), (end.0, end.1 + 1), style);
        }
    }
}
