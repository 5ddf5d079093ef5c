//! Lines over steps, with the band between the least and the greatest value of each column.

mod below;
mod columns;
mod events;
mod legend;

use ratatui::{buffer::Buffer, layout::Rect, style::Style, widgets::Widget};

use super::{
    axis::{Axis, Scale},
    canvas::{Canvas, Dot},
    frame::Frame,
    is_free, put,
};
use crate::tui::theme::{Depth, Theme};
use columns::{Slot, columns};

/// One point of a series, or what many points were merged into.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// Where it lies, mostly a step number.
    pub x: f64,
    /// The least value.
    pub min: f64,
    /// The mean value, through which the line goes. Not finite: a gap.
    pub mean: f64,
    /// The greatest value.
    pub max: f64,
}

impl From<(f64, f64)> for Sample {
    fn from((x, value): (f64, f64)) -> Self {
        Self { x, min: value, mean: value, max: value }
    }
}

/// A named line.
#[derive(Clone, Copy, Debug)]
pub struct Series<'a> {
    /// Its name in the legend; a line without a name is background.
    pub name: &'a str,
    /// Its letter or marker, which tells it apart where colour cannot.
    pub mark: char,
    /// Its colour.
    pub style: Style,
    /// Its points, from left to right.
    pub points: &'a [Sample],
}

/// Something that happened at a step.
#[derive(Clone, Copy, Debug)]
pub struct Event<'a> {
    /// When.
    pub x: f64,
    /// What, in a few words.
    pub label: &'a str,
}

/// A line chart.
#[derive(Clone, Debug)]
pub struct Chart<'a> {
    theme: Theme,
    scale: Scale,
    series: &'a [Series<'a>],
    events: &'a [Event<'a>],
    events_are: &'a str,
    background: usize,
    x: Option<Axis>,
    y: Option<Axis>,
    cursor: Option<f64>,
    reading: &'a str,
    rings: &'a [Ring],
    front: Option<usize>,
    note: &'a str,
}

/// A ring around a point of a line.
#[derive(Clone, Copy, Debug)]
pub struct Ring {
    /// Where it lies across.
    pub x: f64,
    /// Where it lies up.
    pub y: f64,
    /// Its colour.
    pub style: Style,
}

impl<'a> Chart<'a> {
    /// The lines in `series`, later ones on top, on a y axis of `scale`.
    #[must_use]
    pub const fn new(theme: Theme, scale: Scale, series: &'a [Series<'a>]) -> Self {
        let (events, rings) = (&[], &[]);
        let (x, y, cursor, front) = (None, None, None, None);
        let (events_are, reading, note, background) = ("events", "", "", 0);
        Self {
            theme,
            scale,
            series,
            events,
            events_are,
            background,
            x,
            y,
            cursor,
            reading,
            rings,
            front,
            note,
        }
    }

    /// Says so beside the legend, of lines without a name.
    #[must_use]
    pub const fn note(mut self, note: &'a str) -> Self {
        self.note = note;
        self
    }

    /// Marks what happened: `called` is the word for several that are too close to be told apart.
    #[must_use]
    pub const fn events(mut self, events: &'a [Event<'a>], called: &'a str) -> Self {
        self.events = events;
        self.events_are = called;
        self
    }

    /// Draws the first so many lines behind all others, which replace them where they meet.
    #[must_use]
    pub const fn background(mut self, lines: usize) -> Self {
        self.background = lines;
        self
    }

    /// Takes this x axis, not steps from 0 on.
    #[must_use]
    pub const fn x_axis(mut self, axis: Axis) -> Self {
        self.x = Some(axis);
        self
    }

    /// Takes this y axis, not one fitted to the series.
    #[must_use]
    pub const fn y_axis(mut self, axis: Axis) -> Self {
        self.y = Some(axis);
        self
    }

    /// Reads the values at `x` into the legend.
    #[must_use]
    pub const fn cursor(mut self, x: Option<f64>) -> Self {
        self.cursor = x;
        self
    }

    /// Says so, and not the step, where values are read at the cursor.
    #[must_use]
    pub const fn reading(mut self, reading: &'a str) -> Self {
        self.reading = reading;
        self
    }

    /// Draws this one of the lines on top of all others.
    #[must_use]
    pub const fn front(mut self, front: Option<usize>) -> Self {
        self.front = front;
        self
    }

    /// Draws rings on top of the lines.
    #[must_use]
    pub const fn rings(mut self, rings: &'a [Ring]) -> Self {
        self.rings = rings;
        self
    }

    fn frame(&self) -> Frame {
        let points = || self.series.iter().flat_map(|series| series.points);
        let last = points().map(|p| p.x).filter(|x| x.is_finite()).fold(1.0, f64::max);
        let x = self.x.unwrap_or_else(|| Axis::steps(last));
        let inside = |p: &&Sample| x.place(p.x).is_some_and(|place| (0.0..=1.0).contains(&place));
        let shown = || points().filter(inside).filter(|p| p.mean.is_finite());
        let values = shown().flat_map(|p| [p.min, p.mean, p.max]);
        Frame { x, y: self.y.unwrap_or_else(|| Axis::fit(self.scale, values)), theme: self.theme }
    }

    /// Draws one series: its band, its line and, where there is no colour, letters along the line.
    fn draw(&self, index: usize, frame: &Frame, canvas: &mut Canvas) -> Drawn {
        let series = &self.series[index];
        let faint = self.theme.faint(series.style);
        let behind = index < self.background;
        let mut drawn = Drawn::default();
        let mut before: Option<(Dot, [f64; 2])> = None;
        for (x, slot) in columns(series.points, frame, canvas.width()).into_iter().enumerate() {
            let bottom = canvas.height().saturating_sub(1);
            let (here, band) = match slot {
                Slot::Empty => continue,
                Slot::Gap => {
                    before = None;
                    continue;
                }
                Slot::Below => {
                    match drawn.below.last_mut().filter(|_| drawn.ends_below) {
                        Some((_, end)) => *end = x,
                        None => drawn.below.push((x, x)),
                    }
                    drawn.ends_below = true;
                    ((x, bottom), [bottom as f64; 2])
                }
                Slot::Filled(column) => {
                    drawn.ends_below = false;
                    let row = |place| canvas.at(0.0, place).1;
                    ((x, row(column.mean)), [column.max, column.min].map(|it| row(it) as f64))
                }
            };
            let both_below = slot == Slot::Below && before.is_none_or(|(dot, _)| dot.1 == bottom);
            if !both_below {
                let (start, from) = before.unwrap_or((here, band));
                for between in start.0..=x {
                    let t = (between - start.0) as f64 / (x - start.0).max(1) as f64;
                    let [top, bottom] = [0, 1].map(|i| (band[i] - from[i]).mul_add(t, from[i]));
                    let mean = (here.1 as f64 - start.1 as f64).mul_add(t, start.1 as f64);
                    drawn.line.push((between, mean.round() as usize));
                    // Every second dot, so that the line stays the brighter of the two.
                    for y in top.round() as usize..=bottom.round() as usize {
                        if (between + y).is_multiple_of(2) {
                            canvas.band_dot((between, y), faint);
                        }
                    }
                }
                if behind {
                    canvas.line_behind(start, here, series.style);
                } else {
                    canvas.line(start, here, series.style);
                }
            }
            before = Some((here, band));
        }
        drawn
    }

    /// A letter now and then along a line, each series at its own distance, and at its end.
    fn render_marks(
        &self,
        index: usize,
        drawn: &Drawn,
        canvas: &Canvas,
        plot: Rect,
        buf: &mut Buffer,
    ) {
        const EVERY: usize = 12;
        let Some(end) = drawn.line.last() else { return };
        let series = &self.series[index];
        let mut next = plot.x as usize + EVERY * (index + 1) / (self.series.len() + 1);
        for (x, y) in drawn.line.iter().map(|dot| canvas.cell(*dot)) {
            if self.theme.depth == Depth::None && x as usize >= next {
                put(buf, plot, x, y, series.mark.encode_utf8(&mut [0; 4]), series.style);
                next = x as usize + EVERY;
            }
        }
        if !drawn.ends_below {
            let (x, y) = canvas.cell(*end);
            put(buf, plot, x, y, series.mark.encode_utf8(&mut [0; 4]), series.style);
        }
    }

    fn render_cursor(&self, frame: &Frame, canvas: &Canvas, plot: Rect, buf: &mut Buffer) {
        let place = self.cursor.and_then(|x| frame.x.place(x)).filter(|p| (0.0..=1.0).contains(p));
        if let Some(place) = place {
            let (x, _) = canvas.cell(canvas.at(place, 0.0));
            render_upright("│", x, self.theme.accent(), plot, buf);
        }
    }
}

/// Draws a line from top to bottom behind whatever is there.
fn render_upright(symbol: &str, x: u16, style: Style, plot: Rect, buf: &mut Buffer) {
    for y in plot.top()..plot.bottom() {
        if is_free(buf, plot, x, y, 1, &[" "]) {
            put(buf, plot, x, y, symbol, style);
        }
    }
}

/// Where a line went.
#[derive(Debug, Default)]
struct Drawn {
    /// Its dots, from left to right.
    line: Vec<Dot>,
    /// From which column of dots to which it is below the axis.
    below: Vec<(usize, usize)>,
    /// Whether it ends there.
    ends_below: bool,
}

impl Widget for &Chart<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let frame = self.frame();
        let below = self.below();
        let whole = area.intersection(buf.area);
        let area = self.render_heading(whole, buf);
        let plot = frame.render_over(area, below, buf);
        if plot.is_empty() {
            return;
        }
        let mut canvas = Canvas::new(plot, self.theme.marker);
        let mut order: Vec<usize> = (0..self.series.len()).collect();
        order.sort_by_key(|index| Some(*index) == self.front);
        let lines: Vec<_> =
            order.into_iter().map(|index| (index, self.draw(index, &frame, &mut canvas))).collect();
        canvas.render(buf);
        for (index, drawn) in &lines {
            self.render_marks(*index, drawn, &canvas, plot, buf);
        }
        for ring in self.rings {
            let up = ring.y.is_finite().then(|| frame.y.edge(ring.y));
            let places = frame.x.place(ring.x).zip(up);
            if let Some((right, up)) = places.filter(|(x, _)| (0.0..=1.0).contains(x)) {
                let (x, y) = canvas.cell(canvas.at(right, up));
                put(buf, plot, x, y, "○", ring.style);
            }
        }
        if below.is_some() {
            let row = if Frame::has_row_below(area) { plot.bottom() } else { plot.bottom() - 1 };
            self.render_below(&lines, (&canvas, row), plot, buf);
        }
        self.render_cursor(&frame, &canvas, plot, buf);
        // In the heading it stands already.
        let legend = if area == whole { self.render_legend((area, plot), buf) } else { Rect::ZERO };
        self.render_events((&frame, &canvas), plot, legend, buf);
    }
}

#[cfg(test)]
mod tests;
