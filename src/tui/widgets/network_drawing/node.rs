//! A neuron as a picture.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::{Color, Modifier, Style},
};

use super::Room;
use crate::tui::theme::{Depth, Theme};
use crate::tui::widgets::canvas::Canvas;
use crate::tui::widgets::{blocks, format, put};

/// A neuron, an input or an output.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its name; empty for hidden ones.
    pub name: String,
    /// The class that it stands for, if it is the output for one.
    pub class: Option<usize>,
    /// What it responds to.
    pub picture: Picture,
}

/// A small picture of a response.
#[derive(Clone, Debug)]
pub enum Picture {
    /// None: its name is all that is shown.
    None,
    /// Over a plane, or over the pixels of an image, row after row.
    Surface {
        /// Points in a row.
        columns: usize,
        /// Numbers from -1 to 1; for a class its shares, from 0 to 1.
        values: Vec<f64>,
    },
    /// Along a line.
    Curve(Vec<f64>),
    /// For each class a number.
    Classes(Vec<f64>),
    /// A distribution.
    Histogram(Vec<f64>),
}

/// Background characters from low to high where there is no colour.
const SHADES: [&str; 5] = [" ", "░", "▒", "▓", "█"];

impl Node {
    /// Draws it at `place`, its name beside it.
    pub(super) fn render(
        &self,
        theme: Theme,
        room: Room,
        place: Rect,
        clip: Rect,
        buf: &mut Buffer,
    ) {
        let (across, _) = room.picture;
        let middle = place.y + (place.height.saturating_sub(1)) / 2;
        if matches!(self.picture, Picture::None) {
            let name = format::truncate(&self.name, usize::from(place.width));
            let start = place.right() - format::width(&name) as u16;
            put(buf, clip, start, middle, &name, theme.text());
            return;
        }
        let picture = Rect {
            x: place.right() - across.min(place.width),
            width: across.min(place.width),
            ..place
        };
        let names = place.width - picture.width;
        if names > 0 {
            let name = format::truncate(&self.name, usize::from(names.saturating_sub(1)));
            let start = picture.x - 1 - format::width(&name) as u16;
            put(buf, clip, start, middle, &name, theme.text());
        } else if !self.name.is_empty() {
            let style = self.class.map_or_else(|| theme.text(), |class| theme.class(class));
            let left = clip.right().saturating_sub(place.right() + 1);
            let name = format::truncate(&self.name, usize::from(left));
            put(buf, clip, place.right() + 1, middle, &name, style);
        }
        self.render_picture(theme, room, picture, buf);
    }

    fn render_picture(&self, theme: Theme, room: Room, area: Rect, buf: &mut Buffer) {
        match &self.picture {
            Picture::None => {}
            Picture::Surface { columns, values } => {
                let surface = Surface { theme, columns: *columns, values, class: self.class };
                let rows = values.len().checked_div(*columns).unwrap_or(0);
                let (across, down) = room.picture;
                if *columns <= across.into() && rows <= down.into() {
                    // Pixels as they are, in the middle.
                    let (width, height) = (*columns as u16, rows.div_ceil(2) as u16);
                    let x = area.x + area.width.saturating_sub(width) / 2;
                    let area = Rect { x, width: width.min(area.width), ..area };
                    let area = Rect { height: height.min(area.height), ..area };
                    surface.render((width, rows as u16), area, buf);
                } else {
                    surface.render(room.picture, area, buf);
                }
            }
            Picture::Curve(ys) => render_curve(theme, ys, area, buf),
            Picture::Classes(means) => {
                render_bars(means, |class| theme.class(class), area, buf);
            }
            Picture::Histogram(counts) => render_bars(counts, |_| theme.train(), area, buf),
        }
    }
}

/// Numbers in half cells.
struct Surface<'a> {
    theme: Theme,
    columns: usize,
    values: &'a [f64],
    class: Option<usize>,
}

impl Surface<'_> {
    /// The number at a pixel of a picture of `size`: the mean of the points that fall into it.
    fn at(&self, (x, y): (u16, u16), (across, down): (u16, u16)) -> Option<f64> {
        let rows = self.values.len().checked_div(self.columns)?;
        let span = |i: u16, of: u16, points: usize| {
            let from = usize::from(i) * points / usize::from(of.max(1));
            let to = (usize::from(i) + 1) * points / usize::from(of.max(1));
            from..to.max(from + 1).min(points)
        };
        let columns = span(x, across, self.columns);
        let points = span(y, down, rows)
            .flat_map(|row| columns.clone().map(move |column| row * self.columns + column));
        let (sum, count) = points
            .filter_map(|index| self.values.get(index))
            .fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
        Some(sum / count)
    }

    fn color(&self, value: Option<f64>) -> Option<Color> {
        match self.class {
            Some(class) => self.theme.class_surface(class, value?),
            None => self.theme.value_surface(value?),
        }
    }

    fn shade(&self, value: Option<f64>) -> &'static str {
        let Some(value) = value.filter(|value| value.is_finite()) else { return " " };
        let share = if self.class.is_some() { value } else { f64::midpoint(value, 1.0) };
        SHADES[((share.clamp(0.0, 1.0) * 4.0).round() as usize).min(4)]
    }

    fn render(&self, size: (u16, u16), area: Rect, buf: &mut Buffer) {
        for row in 0..area.height {
            for x in 0..area.width {
                let at = |half: u16| {
                    let y = 2 * row + half;
                    if y < size.1 { self.at((x, y), size) } else { None }
                };
                let (symbol, style) = if self.theme.depth == Depth::None {
                    (self.shade(at(0)), self.theme.text())
                } else {
                    match [at(0), at(1)].map(|value| self.color(value)) {
                        [None, None] => continue,
                        [Some(above), None] => ("▀", Style::new().fg(above)),
                        [None, Some(below)] => ("▄", Style::new().fg(below)),
                        [Some(above), Some(below)] if above == below => {
                            (" ", Style::new().bg(above))
                        }
                        [Some(above), Some(below)] => ("▀", Style::new().fg(above).bg(below)),
                    }
                };
                put(buf, area, area.x + x, area.y + row, symbol, style);
            }
        }
    }
}

/// The least and the largest of the finite ones.
fn bounds(values: &[f64]) -> Option<(f64, f64)> {
    let finite = values.iter().copied().filter(|value| value.is_finite());
    finite.fold(None, |bounds, x| {
        Some(bounds.map_or((x, x), |(low, high): (f64, f64)| (low.min(x), high.max(x))))
    })
}

fn render_curve(theme: Theme, ys: &[f64], area: Rect, buf: &mut Buffer) {
    let Some((low, high)) = bounds(ys) else { return };
    let mut canvas = Canvas::new(area, theme.marker);
    let mut before = None;
    for (index, &y) in ys.iter().enumerate() {
        let right = index as f64 / ys.len().saturating_sub(1).max(1) as f64;
        let up = if high > low { (y - low) / (high - low) } else { 0.5 };
        let here = y.is_finite().then(|| canvas.at(right, up));
        if let Some(to) = here {
            canvas.line(before.unwrap_or(to), to, theme.text());
        }
        before = here;
    }
    canvas.render(buf);
}

/// Bars from zero up and, if any is negative, down as well.
fn render_bars(values: &[f64], style: impl Fn(usize) -> Style, area: Rect, buf: &mut Buffer) {
    let Some((low, high)) = bounds(values) else { return };
    let below = if low < 0.0 { area.height / 2 } else { 0 };
    let above = area.height - below;
    let largest = high.max(-low);
    for x in 0..area.width {
        let index = usize::from(x) * values.len() / usize::from(area.width);
        let value = values[index];
        let share = if largest > 0.0 { value / largest } else { 0.0 };
        let rows = if share < 0.0 { below } else { above };
        let eighths = (share.abs() * f64::from(rows) * 8.0).round() as usize;
        // A row of its own for what is not zero, and for nothing a line where zero is.
        let eighths = if value.is_finite() { eighths.max(1) } else { 0 };
        let zero = area.y + above;
        for row in 0..rows {
            let full = eighths.saturating_sub(usize::from(row) * 8).min(8);
            if full == 0 {
                break;
            }
            if share < 0.0 {
                let hanging = style(index).add_modifier(Modifier::REVERSED);
                put(buf, area, area.x + x, zero + row, blocks::UP[8 - full], hanging);
            } else {
                put(buf, area, area.x + x, zero - 1 - row, blocks::UP[full], style(index));
            }
        }
    }
}
