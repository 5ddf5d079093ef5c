//! Values that a logarithmic axis has no place for: a row of their own at the lower edge.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{
    super::{axis::Scale, canvas::Canvas, put},
    Chart, Drawn,
};

/// The mark of a value below the axis.
const MARK: &str = "▾";

impl Chart<'_> {
    /// The label of the row for values of 0 and less; none if there are no such values, or if they
    /// have a place on the axis.
    pub(super) fn below(&self) -> Option<&'static str> {
        let means = self.series.iter().flat_map(|series| series.points).map(|point| point.mean);
        let least = means.filter(|mean| mean.is_finite()).fold(f64::INFINITY, f64::min);
        match least {
            _ if self.scale != Scale::Log => None,
            0.0 => Some("0"),
            least if least < 0.0 => Some("≤ 0"),
            _ => None,
        }
    }

    /// Marks where each line is below the axis: where it gets there, and now and then from there on,
    /// the lines in turn.
    pub(super) fn render_below(
        &self,
        lines: &[(usize, Drawn)],
        (canvas, row): (&Canvas, u16),
        plot: Rect,
        buf: &mut Buffer,
    ) {
        let clip = Rect { height: plot.height + 1, ..plot };
        let period = 2 * lines.len().max(1);
        for (index, drawn) in lines {
            let series = &self.series[*index];
            let cell = |column: usize| canvas.cell((column, 0)).0;
            for (start, end) in &drawn.below {
                let in_turn = |x: &u16| usize::from(x - plot.x) % period == 2 * index % period;
                let marks = (cell(*start)..=cell(*end)).filter(in_turn);
                for x in std::iter::once(cell(*start)).chain(marks) {
                    put(buf, clip, x, row, MARK, series.style);
                }
            }
            if let Some((_, end)) = drawn.below.last().filter(|_| drawn.ends_below) {
                let mark = series.mark.to_string();
                put(buf, clip, cell(*end), row, &mark, series.style);
            }
        }
    }
}
