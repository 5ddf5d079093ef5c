//! Names and present values: within the plot for two lines, in a row above it for more.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{
    super::{axis::Scale, format, frame::Frame, is_free, put},
    Chart, Series,
};

/// Columns that are left to the lines beside the legend.
const BESIDE: u16 = 12;
/// Columns between the lines' names in the row above.
const BETWEEN: usize = 3;
/// The most lines that have their legend within the plot.
const WITHIN: usize = 2;
/// Rows beside the legend that are many.
const MANY_ROWS: usize = 4;
/// The least height of a chart with a row above.
const ROOM: u16 = 6;

impl Chart<'_> {
    /// The lines with a name; one without is background.
    fn named(&self) -> impl Iterator<Item = &Series<'_>> {
        self.series.iter().filter(|series| !series.name.is_empty())
    }

    /// Draws the row above the plot, if the legend has its place there, and returns what remains of
    /// the area. Names give way before values do.
    ///
    /// ```text
    ///  step 900   a adam 0.0698   b sgd 0.2347
    /// ```
    pub(super) fn render_heading(&self, area: Rect, buf: &mut Buffer) -> Rect {
        let lines = self.named().count();
        let many = lines > WITHIN;
        if area.is_empty() || lines == 0 || many && area.height < ROOM || self.fits(area) {
            return area;
        }
        let step = self.cursor.map(|x| (self.label(x), self.theme.accent()));
        let labels = |text: &dyn Fn(&Series<'_>) -> String| -> Vec<_> {
            step.clone().into_iter().chain(self.named().map(|it| (text(it), it.style))).collect()
        };
        let short = |it: &Series<'_>| format!("{} {}", it.mark, self.value(it));
        let width = |labels: &[(String, _)]| -> usize {
            labels.iter().map(|(text, _)| format::width(text) + BETWEEN).sum()
        };
        let room = usize::from(area.width) + BETWEEN - 1;
        let all = [
            labels(&|it| format!("{} {}", called(it), self.value(it))),
            labels(&short),
            labels(&called),
            labels(&|it| it.mark.to_string()),
        ];
        // The numbers of few lines are worth more than all of their marks.
        let all = if many { &all[..] } else { &all[..2] };
        let Some(labels) = all.iter().find(|labels| width(labels) <= room).or(all.last()) else {
            return area;
        };
        let (mut x, end) = (area.x + 1, area.right());
        for (text, style) in labels {
            let text = format::truncate(text, usize::from(end.saturating_sub(x)));
            put(buf, area, x, area.y, &text, *style);
            x = x.saturating_add((format::width(&text) + BETWEEN) as u16);
        }
        let note = format::width(self.note) as u16;
        if note > 0 && x.saturating_add(note) < end {
            put(buf, area, x, area.y, self.note, self.theme.muted());
        }
        if x > end.saturating_add(BETWEEN as u16) {
            put(buf, area, end - 1, area.y, "…", self.theme.muted());
        }
        Rect { y: area.y + 1, height: area.height - 1, ..area }
    }

    /// Columns of the names and of the legend within the plot, and its rows.
    fn size(&self) -> (usize, u16, u16) {
        let name = self.named().map(|s| format::width(s.name)).max().unwrap_or(0);
        let rows = self.named().count() + usize::from(self.cursor.is_some());
        (name, name as u16 + 9, rows as u16)
    }

    /// Whether the legend has its place within the plot that `area` has room for.
    fn fits(&self, area: Rect) -> bool {
        let plot = Frame::plot(area);
        let (_, width, rows) = self.size();
        self.named().count() <= WITHIN && plot.width > width + BESIDE && plot.height > rows + 1
    }

    /// Draws the legend within the plot, if it was not drawn above, and returns where. Loss falls, so
    /// it stands above; accuracy rises, so it stands below.
    pub(super) fn render_legend(&self, (area, plot): (Rect, Rect), buf: &mut Buffer) -> Rect {
        let (name, width, rows) = self.size();
        if rows == 0 || !self.fits(area) {
            return Rect::ZERO;
        }
        let x = plot.right() - width - 1;
        let top = match self.scale {
            Scale::Percent => plot.bottom() - rows,
            Scale::Linear | Scale::Log => plot.top(),
        };
        if let Some(step) = self.cursor {
            let text = format!("{:>width$}", self.label(step), width = usize::from(width));
            put(buf, plot, x, top, &text, self.theme.accent());
        }
        for (series, y) in self.named().zip(top + u16::from(self.cursor.is_some())..) {
            let padding = name - format::width(series.name);
            let value = self.value(series);
            let text = format!("{} {}{:padding$} {value}", series.mark, series.name, "");
            put(buf, plot, x, y, &text, series.style);
        }
        let legend = Rect { x: x - 1, y: top, width: width + 2, height: rows };
        self.render_note(legend, plot, buf)
    }

    /// Writes the note beside the legend, if there is room. Returns the area of both.
    fn render_note(&self, legend: Rect, plot: Rect, buf: &mut Buffer) -> Rect {
        let width = format::width(self.note) as u16;
        if width == 0 || plot.width < width + BESIDE {
            return legend;
        }
        let right = legend.right() - 1;
        let rows: Vec<u16> = match self.scale {
            Scale::Percent => (plot.top()..legend.y).rev().collect(),
            Scale::Linear | Scale::Log => (legend.bottom()..plot.bottom()).collect(),
        };
        // It hides no line where a row is free. Where none is, it stands where it hides the least, unless
        // the lines have few rows anyway.
        let free = |x: u16, y: u16, width: u16| is_free(buf, plot, x, y, width, &[" "]);
        let hidden = |y: u16| (right - width..right).filter(|&x| !free(x, y, 1)).count();
        let whole = rows.iter().copied().find(|&y| free(right - width, y, width));
        let least =
            || rows.iter().copied().filter(|_| rows.len() >= MANY_ROWS).min_by_key(|&y| hidden(y));
        let Some(y) = whole.or_else(least) else { return legend };
        put(buf, plot, right - width, y, self.note, self.theme.muted());
        legend.union(Rect { x: right - width - 1, y, width: width + 2, height: 1 })
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
