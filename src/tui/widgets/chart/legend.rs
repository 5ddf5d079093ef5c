//! Names and present values: within the plot for two lines, in a row above it for more.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{
    super::{axis::Scale, format, put},
    Chart, Series,
};

/// Columns that are left to the lines beside the legend.
const BESIDE: usize = 12;
/// The most lines that have their legend within the plot.
const WITHIN: usize = 2;
/// The least height of a chart with a row above.
const ROOM: u16 = 6;

impl Chart<'_> {
    /// The lines with a name; one without is background.
    fn named(&self) -> impl Iterator<Item = &Series<'_>> {
        self.series.iter().filter(|series| !series.name.is_empty())
    }

    /// Draws the row above a plot of many lines and returns what remains of the area.
    ///
    /// ```text
    ///  step 900   a adam 0.0698   b sgd 0.2347
    /// ```
    pub(super) fn render_heading(&self, area: Rect, buf: &mut Buffer) -> Rect {
        if self.named().count() <= WITHIN || area.height < ROOM {
            return area;
        }
        let step = self.cursor.map(|x| (self.label(x), self.theme.accent()));
        let label = |values: bool| {
            step.clone().into_iter().chain(self.named().map(move |series| {
                let value = if values { format!(" {}", self.value(series)) } else { String::new() };
                (format!("{}{value}", called(series)), series.style)
            }))
        };
        let width: usize = label(true).map(|(text, _)| format::width(&text) + 3).sum();
        let mut x = area.x + 1;
        for (text, style) in label(width <= area.width as usize) {
            put(buf, area, x, area.y, &text, style);
            x = x.saturating_add(format::width(&text) as u16 + 3);
        }
        Rect { y: area.y + 1, height: area.height - 1, ..area }
    }

    /// Draws the legend within the plot. Loss falls, so it stands above; accuracy rises, so it
    /// stands below.
    pub(super) fn render_legend(&self, plot: Rect, buf: &mut Buffer) {
        let name = self.named().map(|s| format::width(s.name)).max().unwrap_or(0);
        let width = name + 9;
        let heading = usize::from(self.cursor.is_some());
        let lines = self.named().count();
        let rows = lines + heading;
        let fits = plot.width as usize > width + BESIDE && plot.height as usize > rows;
        if lines > WITHIN || !fits {
            return;
        }
        let x = plot.right() - width as u16 - 1;
        let top = match self.scale {
            Scale::Percent => plot.bottom() - rows as u16,
            Scale::Linear | Scale::Log => plot.top(),
        };
        if let Some(step) = self.cursor {
            let text = format!("{:>width$}", self.label(step));
            put(buf, plot, x, top, &text, self.theme.accent());
        }
        for (series, y) in self.named().zip(top + heading as u16..) {
            let padding = name - format::width(series.name);
            let value = self.value(series);
            let text = format!("{} {}{:padding$} {value}", series.mark, series.name, "");
            put(buf, plot, x, y, &text, series.style);
        }
    }

    /// Where the cursor is.
    fn label(&self, x: f64) -> String {
        if self.reading.is_empty() {
            format!("step {}", format::thousands(x))
        } else {
            self.reading.to_owned()
        }
    }

    /// The value at the cursor or else the last one, in 6 columns.
    fn value(&self, series: &Series) -> String {
        let at = self.cursor.unwrap_or(f64::INFINITY);
        match series.points.iter().rev().find(|point| point.x <= at) {
            None => "     –".to_owned(),
            Some(point) if self.scale == Scale::Percent => format::percent(point.mean),
            Some(point) => format::measure(point.mean),
        }
    }
}

/// Its mark and its name; the mark alone if that is its name.
fn called(series: &Series) -> String {
    let mark = series.mark.to_string();
    if series.name == mark { mark } else { format!("{mark} {}", series.name) }
}
