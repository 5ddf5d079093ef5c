//! A function with places marked on it, and how values are spread along its axes.

use ratatui::{buffer::Buffer, layout::Rect, style::Style, widgets::Widget};

use super::{
    axis::{Axis, Scale},
    blocks::{RIGHT, UP},
    canvas::Canvas,
    frame::Frame,
    put,
};
use crate::tui::theme::{Marker, Theme};

/// A place on the plot.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    /// Its character.
    pub symbol: char,
    /// Its colour.
    pub style: Style,
    /// x and y.
    pub at: (f64, f64),
}

/// A function on linear axes, marks on top of it, and beneath and beside it how values of x and of y
/// are spread.
///
/// ```text
///  1 ┤          ⣀⣀⡤⠤⠒█
///    │       ⡠●⠉     ▌
///  0 ┤     ⢀⠎        ▎
///    └┬──────┬──────┬
///    -3      0      3
///       ▁▂▅█▅▃▂▁
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Marked<'a> {
    /// The look.
    pub theme: Theme,
    /// x and y; a point that is not finite breaks the line.
    pub points: &'a [(f64, f64)],
    /// Marks, later ones on top. One that is not within the axes is left out.
    pub marks: &'a [Mark],
    /// Values of x whose spread is shown beneath; empty for none.
    pub below: &'a [f64],
    /// Values of y whose spread is shown beside; empty for none.
    pub beside: &'a [f64],
}

/// Columns of the spread at the right, with the space before it.
const BESIDE: u16 = 5;
/// Rows of the spread beneath.
const BELOW: u16 = 2;
/// The least width and height of an area that has room for spreads.
const ROOM: (u16, u16) = (24, 9);

impl Marked<'_> {
    fn frame(&self) -> Frame {
        let finite = |value: &f64| value.is_finite();
        let xs = self.points.iter().map(|it| it.0).filter(finite);
        let (low, high) =
            xs.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (a.min(x), b.max(x)));
        let ys = self.points.iter().map(|it| it.1).chain(self.beside.iter().copied());
        Frame {
            x: Axis::exact(Scale::Linear, low, high),
            y: Axis::fit(Scale::Linear, ys),
            theme: self.theme,
        }
    }

    fn render_line(&self, frame: &Frame, canvas: &mut Canvas) {
        let mut before = None;
        for &(x, y) in self.points {
            let place = frame.x.place(x).zip(frame.y.place(y));
            let here = place.map(|(right, up)| canvas.at(right, up));
            if let Some(to) = here {
                canvas.line(before.unwrap_or(to), to, self.theme.train());
            }
            before = here;
        }
    }

    fn render_below(&self, frame: &Frame, plot: Rect, area: Rect, buf: &mut Buffer) {
        let heights = spread(self.below, plot.width, &frame.x);
        let full = usize::from(area.height) * 8;
        for (x, share) in (plot.x..).zip(heights) {
            let eighths = filled(share, full);
            for (row, y) in (area.top()..area.bottom()).rev().enumerate() {
                let block = UP[eighths.saturating_sub(row * 8).min(8)];
                put(buf, area, x, y, block, self.theme.test());
            }
        }
    }

    fn render_beside(&self, frame: &Frame, plot: Rect, area: Rect, buf: &mut Buffer) {
        let widths = spread(self.beside, plot.height, &frame.y);
        let full = usize::from(area.width) * 8;
        for (y, share) in (plot.top()..plot.bottom()).rev().zip(widths) {
            let eighths = filled(share, full);
            for (column, x) in (area.left()..area.right()).enumerate() {
                let block = RIGHT[eighths.saturating_sub(column * 8).min(8)];
                put(buf, area, x, y, block, self.theme.test());
            }
        }
    }
}

/// The shares of `values` that fall into each of so many cells of an axis, over the largest of them.
fn spread(values: &[f64], cells: u16, axis: &Axis) -> Vec<f64> {
    let mut counts = vec![0.0; usize::from(cells)];
    for place in values.iter().filter_map(|it| axis.place(*it)) {
        let cell = (place * f64::from(cells)).clamp(0.0, f64::from(cells.saturating_sub(1)));
        if let Some(count) = counts.get_mut(cell as usize) {
            *count += 1.0;
        }
    }
    let most = counts.iter().copied().fold(1.0, f64::max);
    counts.into_iter().map(|count| count / most).collect()
}

/// Eighths of a bar; what is not empty shows.
fn filled(share: f64, full: usize) -> usize {
    let least = usize::from(share > 0.0);
    ((share * full as f64).round() as usize).max(least)
}

impl Widget for &Marked<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let area = area.intersection(buf.area);
        let roomy = area.width >= ROOM.0 && area.height >= ROOM.1;
        let blocks = self.theme.marker != Marker::Ascii;
        let below = if roomy && blocks && !self.below.is_empty() { BELOW } else { 0 };
        let beside = if roomy && blocks && !self.beside.is_empty() { BESIDE } else { 0 };
        let (width, height) = (area.width - beside, area.height - below);
        let frame = self.frame();
        let plot = frame.render(Rect { width, height, ..area }, buf);
        if plot.is_empty() {
            return;
        }
        let mut canvas = Canvas::new(plot, self.theme.marker);
        frame.render_zero(&canvas, plot, buf);
        self.render_line(&frame, &mut canvas);
        canvas.render(buf);
        for mark in self.marks {
            let place = frame.x.place(mark.at.0).zip(frame.y.place(mark.at.1));
            let within = |share: f64| (0.0..=1.0).contains(&share);
            if let Some((right, up)) = place.filter(|(right, up)| within(*right) && within(*up)) {
                let (x, y) = canvas.cell(canvas.at(right, up));
                put(buf, plot, x, y, mark.symbol.encode_utf8(&mut [0; 4]), mark.style);
            }
        }
        if below > 0 {
            let area = Rect { y: area.bottom() - below, height: below, ..area };
            self.render_below(&frame, plot, area, buf);
        }
        if beside > 0 {
            let area = Rect { x: plot.right() + 1, width: beside - 1, ..area };
            self.render_beside(&frame, plot, area, buf);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{NASTY, picture, survives_every_size};
    use super::*;
    use crate::tui::theme::Depth;

    fn marked<'a>(points: &'a [(f64, f64)], marks: &'a [Mark], values: &'a [f64]) -> Marked<'a> {
        Marked { theme: Theme::new(Depth::None), points, marks, below: values, beside: values }
    }

    #[test]
    fn any_size_and_any_numbers() {
        let points: Vec<(f64, f64)> =
            NASTY.into_iter().flat_map(|x| NASTY.map(|y| (x, y))).collect();
        let marks = NASTY.map(|x| Mark { symbol: '●', style: Style::new(), at: (x, -x) });
        survives_every_size(&marked(&points, &marks, &NASTY));
        survives_every_size(&marked(&[], &marks, &NASTY));
        survives_every_size(&marked(&points, &[], &[]));
    }

    #[test]
    fn a_relu_with_where_a_neuron_lives() {
        let points: Vec<(f64, f64)> =
            (-30..=30).map(|i| f64::from(i) / 10.0).map(|x| (x, x.max(0.0))).collect();
        let mark = [Mark { symbol: '●', style: Style::new(), at: (2.0, 2.0) }];
        let inputs = [-1.0, -0.9, -0.95, 0.5, 2.0];
        let outputs = inputs.map(|x: f64| x.max(0.0));
        let widget = Marked { below: &inputs, ..marked(&points, &mark, &outputs) };
        assert_eq!(
            picture(&widget, 34, 11),
            [
                "    3 ┤           ┊        ⢀⠎",
                "      │           ┊      ⢀⠜⠁",
                "    2 ┤           ┊     ⡠●    █▍",
                "      │           ┊   ⢀⠔⠁",
                "    1 ┤           ┊  ⡰⠁",
                "      │           ┊⣀⠜         █▍",
                "    0 ┤⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⡔⠁          ████",
                "      └───┬──────────────┬───",
                "         -2              2",
                "              █",
                "              █    ▅     ▅"
            ]
        );
    }
}
