//! Small plots of functions: an activation with its derivative, a fitted curve with its data.

use ratatui::{buffer::Buffer, layout::Rect, style::Style, widgets::Widget};

use super::{
    axis::{Axis, Scale},
    canvas::Canvas,
    format,
    frame::Frame,
    is_free, put,
};
use crate::tui::theme::{Depth, Theme};

/// A function as points from left to right; a point that is not finite breaks the line.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// Its name in the legend; none for an empty one.
    pub name: &'a str,
    /// Its colour.
    pub style: Style,
    /// x and y.
    pub points: &'a [(f64, f64)],
}

/// Single points.
#[derive(Clone, Copy, Debug)]
pub struct Dots<'a> {
    /// Their character.
    pub mark: char,
    /// Their colour.
    pub style: Style,
    /// x and y.
    pub points: &'a [(f64, f64)],
}

/// Lines and dots on linear axes, with lines through zero.
#[derive(Clone, Copy, Debug)]
pub struct Curve<'a> {
    /// The look.
    pub theme: Theme,
    /// Lines, later ones on top.
    pub lines: &'a [Line<'a>],
    /// Dots beneath the lines, later ones on top of each other.
    pub dots: &'a [Dots<'a>],
}

impl Curve<'_> {
    /// Where colour cannot tell lines apart, all but the first are dashed.
    fn is_dashed(&self, line: &Line) -> bool {
        let first = self.lines.first().is_some_and(|first| std::ptr::eq(first, line));
        self.theme.depth == Depth::None && !first
    }

    fn frame(&self) -> Frame {
        let lines = self.lines.iter().flat_map(|line| line.points);
        let points = || lines.clone().chain(self.dots.iter().flat_map(|dots| dots.points));
        let bounds = |values: &mut dyn Iterator<Item = f64>| {
            values
                .filter(|v| v.is_finite())
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)))
        };
        let (left, right) = bounds(&mut points().map(|p| p.0));
        Frame {
            x: Axis::exact(Scale::Linear, left, right),
            y: Axis::fit(Scale::Linear, points().map(|p| p.1)),
            theme: self.theme,
        }
    }

    fn render_legend(&self, plot: Rect, buf: &mut Buffer) {
        let named = self.lines.iter().filter(|line| !line.name.is_empty());
        for (line, y) in named.zip(plot.top()..plot.bottom()) {
            let sample = if self.is_dashed(line) { "╌╌" } else { "──" };
            let text = format!("{sample} {}", line.name);
            let x = plot.x + 1;
            if is_free(buf, plot, x, y, format::width(&text) as u16 + 1, &[" "]) {
                put(buf, plot, x, y, &text, line.style);
            }
        }
    }
}

impl Widget for &Curve<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let frame = self.frame();
        let plot = frame.render(area, buf);
        if plot.is_empty() {
            return;
        }
        let mut canvas = Canvas::new(plot, self.theme.marker);
        frame.render_zero(&canvas, plot, buf);
        let place = |&(x, y): &(f64, f64)| {
            frame.x.place(x).zip(frame.y.place(y)).filter(|(x, _)| (0.0..=1.0).contains(x))
        };
        for line in self.lines {
            canvas.dashed(self.is_dashed(line));
            let mut before = None;
            for here in line.points.iter().map(place) {
                let here = here.map(|(right, up)| canvas.at(right, up));
                if let Some(to) = here {
                    canvas.line(before.unwrap_or(to), to, line.style);
                }
                before = here;
            }
        }
        for dots in self.dots {
            for (right, up) in dots.points.iter().filter_map(place) {
                let (x, y) = canvas.cell(canvas.at(right, up));
                put(buf, plot, x, y, dots.mark.encode_utf8(&mut [0; 4]), dots.style);
            }
        }
        canvas.render(buf);
        self.render_legend(plot, buf);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{NASTY, picture, survives_every_size};
    use super::*;
    use crate::tui::theme::Marker;

    fn curve<'a>(lines: &'a [Line<'a>], dots: &'a [Dots<'a>]) -> Curve<'a> {
        Curve { theme: Theme::new(Depth::None), lines, dots }
    }

    #[test]
    fn any_size_and_any_numbers() {
        let points: Vec<(f64, f64)> =
            NASTY.into_iter().flat_map(|x| NASTY.map(|y| (x, y))).collect();
        let lines = [Line { name: "f", style: Style::new(), points: &points }];
        let dots = [Dots { mark: '●', style: Style::new(), points: &points }];
        survives_every_size(&curve(&lines, &dots));
        survives_every_size(&curve(&[], &[]));
        survives_every_size(&curve(&lines[..0], &dots));
    }

    #[test]
    fn relu_and_its_derivative() {
        let at = |f: fn(f64) -> f64| -> Vec<(f64, f64)> {
            (-20..=20).map(|i| f64::from(i) / 5.0).map(|x| (x, f(x))).collect()
        };
        let relu = at(|x| x.max(0.0));
        let slope = at(|x| if x > 0.0 { 1.0 } else { 0.0 });
        let lines = [
            Line { name: "f", style: Style::new(), points: &relu },
            Line { name: "f′", style: Style::new(), points: &slope },
        ];
        assert_eq!(
            picture(&curve(&lines, &[]), 34, 9),
            [
                "    4 ┤ ── f        ┊           ⡠⠊",
                "      │ ╌╌ f′       ┊         ⡠⠊",
                "      │             ┊       ⡠⠊",
                "    2 ┤             ┊     ⡠⠜",
                "      │             ┊   ⡠⠜",
                "      │             ┊⠏⡡⠜⠉⠁ ⠉⠁ ⠉⠁ ⠉",
                "    0 ┤⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⠜",
                "      └┬────────────┬────────────┬",
                "      -4            0            4"
            ]
        );
    }

    #[test]
    fn no_point_hides_the_line() {
        let line: Vec<(f64, f64)> =
            (0..=60).map(|i| f64::from(i) / 10.0).map(|x| (x, x.sin())).collect();
        let cloud: Vec<(f64, f64)> =
            line.iter().flat_map(|(x, y)| [-0.3, 0.0, 0.3].map(|d| (*x, y + d))).collect();
        let red = Style::new().fg(ratatui::style::Color::Red);
        let lines = [Line { name: "", style: red, points: &line }];
        for marker in Marker::TABLE.map(|(_, marker)| marker) {
            for depth in [Depth::None, Depth::Ansi16, Depth::True] {
                let theme = Theme { marker, ..Theme::new(depth) };
                let dots = [Dots { mark: '·', style: Style::new(), points: &cloud }];
                for (width, height) in [(40, 9), (80, 24), (24, 6)] {
                    // The axes are the same with and without the cloud.
                    let red_cells = |dots: &[Dots]| -> Vec<usize> {
                        let frame = Curve { theme, lines: &lines, dots };
                        let mut buf = Buffer::empty(Rect::new(0, 0, width, height));
                        (&frame).render(buf.area, &mut buf);
                        let cells = buf.content().iter().enumerate();
                        cells.filter(|(_, it)| Some(it.fg) == red.fg).map(|(i, _)| i).collect()
                    };
                    let corners = [(0.0, -1.3), (0.0, 1.3)];
                    let frame = [Dots { mark: ' ', style: Style::new(), points: &corners }];
                    assert_eq!(red_cells(&dots), red_cells(&frame), "{marker:?} {width}");
                }
            }
        }
    }

    #[test]
    fn a_fit_with_its_data() {
        let line: Vec<(f64, f64)> =
            (0..=30).map(|i| f64::from(i) / 5.0).map(|x| (x, x.sin())).collect();
        let train = [(0.5, 0.6), (2.0, 1.1), (5.0, -0.8)];
        let test = [(3.5, -0.1)];
        let style = Style::new();
        let dots =
            [Dots { mark: '·', style, points: &train }, Dots { mark: '◦', style, points: &test }];
        let lines = [Line { name: "", style, points: &line }];
        assert_eq!(
            picture(&curve(&lines, &dots), 40, 9),
            [
                "      │",
                "    1 ┤     ⣀⠤⠤⠒⠢⠤⢄⡀",
                "      │  ⢀⠔⠊       ⠈⠢⡀",
                "      │⢀⠔⠁           ⠈⠢⢄",
                "    0 ┤⠁┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄⠑⢄◦┄┄┄┄┄┄┄┄┄┄┄┄⢀",
                "      │                   ⠑⢄         ⢀⠔⠁",
                "   -1 ┤                     ⠉⠒⠤⢄⣀⣀⡠⠤⠒⠁",
                "      └┬──────────┬─────────┬──────────┬",
                "       0          2         4          6"
            ]
        );
    }
}
