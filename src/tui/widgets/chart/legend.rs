//! Names and present values, within the plot at its right.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{
    super::{axis::Scale, format, put},
    Chart, Series,
};

/// Columns that are left to the lines beside the legend.
const BESIDE: usize = 12;

impl Chart<'_> {
    /// Loss falls, so its legend stands above; accuracy rises, so its legend stands below.
    pub(super) fn render_legend(&self, plot: Rect, buf: &mut Buffer) {
        let name = self.series.iter().map(|s| format::width(s.name)).max().unwrap_or(0);
        let width = name + 9;
        let heading = usize::from(self.cursor.is_some());
        let rows = self.series.len() + heading;
        if plot.width as usize <= width + BESIDE || plot.height as usize <= rows {
            return;
        }
        let x = plot.right() - width as u16 - 1;
        let top = match self.scale {
            Scale::Percent => plot.bottom() - rows as u16,
            Scale::Linear | Scale::Log => plot.top(),
        };
        if let Some(step) = self.cursor {
            let text = format!("{:>width$}", format!("step {}", format::thousands(step)));
            put(buf, plot, x, top, &text, self.theme.accent());
        }
        for (series, y) in self.series.iter().zip(top + heading as u16..) {
            let value = match self.value(series) {
                None => "     –".to_owned(),
                Some(value) if self.scale == Scale::Percent => format::percent(value),
                Some(value) => format::measure(value),
            };
            let padding = name - format::width(series.name);
            let text = format!("{} {}{:padding$} {value:>6}", series.mark, series.name, "");
            put(buf, plot, x, y, &text, series.style);
        }
    }

    /// The value at the cursor or else the last one.
    fn value(&self, series: &Series) -> Option<f64> {
        let at = self.cursor.unwrap_or(f64::INFINITY);
        series.points.iter().rev().find(|point| point.x <= at).map(|point| point.mean)
    }
}
