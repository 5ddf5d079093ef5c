//! What a network predicts over a plane, two points a cell, with the data on top.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::{Color, Modifier, Style},
    widgets::Widget,
};

use super::put;
use crate::tui::theme::{self, Depth, TEST_MARK, TRAIN_MARK, Theme, WRONG_MARK};

/// Predictions on a grid, row by row from the upper left.
#[derive(Clone, Copy, Debug)]
pub enum Surface<'a> {
    /// The likeliest class at each point and its probability.
    Classes {
        /// One a point.
        points: &'a [(usize, f64)],
        /// How many classes there are: a probability of 1 in `classes` is no confidence at all.
        classes: usize,
    },
    /// A number at each point.
    Values {
        /// One a point.
        points: &'a [f64],
        /// The numbers that get the strongest colours.
        range: (f64, f64),
    },
}

/// What belongs to a data point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target {
    /// A class.
    Class(usize),
    /// A number.
    Value(f64),
}

/// A data point on the plane.
#[derive(Clone, Copy, Debug)]
pub struct Point {
    /// First input.
    pub x: f64,
    /// Second input.
    pub y: f64,
    /// What it should be.
    pub target: Target,
    /// Held out from training.
    pub test: bool,
    /// Predicted wrongly.
    pub wrong: bool,
}

/// The decision boundary or the fitted surface.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    /// The look.
    pub theme: Theme,
    /// The predictions.
    pub surface: Surface<'a>,
    /// Points in a row of the grid; the grid is stretched over the area.
    pub columns: usize,
    /// Where the plane begins and ends across.
    pub x: (f64, f64),
    /// Where it begins and ends up.
    pub y: (f64, f64),
    /// The data, later ones on top.
    pub data: &'a [Point],
}

/// Background characters for the classes where there is no colour.
const TEXTURES: [&str; 8] = [" ", "░", ":", "▒", "-", "▓", "+", "█"];
/// Background characters from low to high where there is no colour.
const SHADES: [&str; 5] = [" ", "░", "▒", "▓", "█"];

impl Field<'_> {
    /// Which prediction belongs to a half cell (half rows from the top) of an area of `size`.
    fn index(&self, (x, half): (u16, u32), size: Rect) -> Option<usize> {
        let length = match self.surface {
            Surface::Classes { points, .. } => points.len(),
            Surface::Values { points, .. } => points.len(),
        };
        let rows = length.checked_div(self.columns)?;
        let nearest = |i: f64, of: f64, points: usize| ((i + 0.5) / of * points as f64) as usize;
        let column = nearest(f64::from(x), f64::from(size.width), self.columns);
        let row = nearest(f64::from(half), f64::from(size.height) * 2.0, rows);
        Some(row * self.columns + column)
    }

    fn color(&self, half_cell: (u16, u32), size: Rect) -> Option<Color> {
        let index = self.index(half_cell, size)?;
        match self.surface {
            Surface::Classes { points, classes } => {
                let (class, probability) = *points.get(index)?;
                let chance = 1.0 / classes.max(2) as f64;
                self.theme.class_surface(class, (probability - chance) / (1.0 - chance))
            }
            Surface::Values { points, .. } => {
                self.theme.value_surface(self.centred(*points.get(index)?))
            }
        }
    }

    fn texture(&self, half_cell: (u16, u32), size: Rect) -> Option<&'static str> {
        let index = self.index(half_cell, size)?;
        match self.surface {
            Surface::Classes { points, .. } => {
                let (class, probability) = *points.get(index)?;
                probability.is_finite().then_some(TEXTURES[class % TEXTURES.len()])
            }
            Surface::Values { points, .. } => {
                let value = self.centred(*points.get(index)?);
                SHADES.get((value.clamp(-1.0, 1.0) + 1.0).mul_add(2.0, 0.5) as usize).copied()
            }
        }
    }

    /// A number as -1 to 1 over the range of the colours.
    fn centred(&self, value: f64) -> f64 {
        let Surface::Values { range: (low, high), .. } = self.surface else { return 0.0 };
        let middle = f64::midpoint(low, high);
        if high > low { (value - middle) / (high - middle) } else { value - middle }
    }

    fn render_surface(&self, area: Rect, buf: &mut Buffer) {
        for y in 0..area.height {
            for x in 0..area.width {
                let (upper, lower) = ((x, u32::from(y) * 2), (x, u32::from(y) * 2 + 1));
                let (symbol, style) = if self.theme.depth == Depth::None {
                    (self.texture(upper, area).unwrap_or(" "), self.theme.muted())
                } else {
                    match (self.color(upper, area), self.color(lower, area)) {
                        (None, None) => continue,
                        (Some(above), None) => ("▀", Style::new().fg(above)),
                        (None, Some(below)) => ("▄", Style::new().fg(below)),
                        (Some(above), Some(below)) if above == below => {
                            (" ", Style::new().bg(above))
                        }
                        (Some(above), Some(below)) => ("▀", Style::new().fg(above).bg(below)),
                    }
                };
                put(buf, area, area.x + x, area.y + y, symbol, style);
            }
        }
    }

    fn render_point(&self, point: &Point, area: Rect, buf: &mut Buffer) {
        let halves = u32::from(area.height) * 2;
        let (Some(x), Some(half)) = (
            nearest(share(point.x, self.x), u32::from(area.width)),
            nearest(1.0 - share(point.y, self.y), halves),
        ) else {
            return;
        };
        let x = x as u16;
        let under = self.color((x, half), area);
        let style = match point.target {
            Target::Class(class) => self.theme.class_point(class, under),
            Target::Value(value) => self.theme.value_point(self.centred(value), under),
        };
        let (symbol, style) = match point.target {
            // Without colour a letter tells the class, its case the split.
            Target::Class(class) if self.theme.depth == Depth::None => {
                let letter = theme::mark(class);
                let letter = if point.test { letter } else { letter.to_ascii_uppercase() };
                let wrong = if point.wrong { Modifier::REVERSED } else { Modifier::empty() };
                (letter, style.add_modifier(wrong))
            }
            _ if point.wrong => (WRONG_MARK, style),
            _ => (if point.test { TEST_MARK } else { TRAIN_MARK }, style),
        };
        let (x, y) = (area.x + x, area.y + (half / 2) as u16);
        put(buf, area, x, y, symbol.encode_utf8(&mut [0; 4]), style);
    }
}

/// How far `value` lies from one end to the other.
fn share(value: f64, (from, to): (f64, f64)) -> f64 {
    (value - from) / (to - from)
}

/// The place among `places` for a share of 0 to 1; nothing for any other share.
fn nearest(share: f64, places: u32) -> Option<u32> {
    let inside = (0.0..=1.0).contains(&share);
    inside.then(|| ((share * f64::from(places)) as u32).min(places.saturating_sub(1)))
}

impl Widget for &Field<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let area = area.intersection(buf.area);
        if area.is_empty() {
            return;
        }
        self.render_surface(area, buf);
        for point in self.data {
            self.render_point(point, area, buf);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{NASTY, picture, survives_every_size};
    use super::*;

    const LEFT_AND_RIGHT: [(usize, f64); 8] =
        [(0, 0.9), (0, 0.9), (1, 0.9), (1, 0.9), (0, 0.9), (0, 0.9), (1, 0.9), (1, f64::NAN)];

    fn field<'a>(depth: Depth, surface: Surface<'a>, data: &'a [Point]) -> Field<'a> {
        Field {
            theme: Theme::new(depth),
            surface,
            columns: 4,
            x: (-1.0, 1.0),
            y: (-1.0, 1.0),
            data,
        }
    }

    fn classes(points: &[(usize, f64)]) -> Surface<'_> {
        Surface::Classes { points, classes: 2 }
    }

    const fn point(x: f64, y: f64, class: usize, test: bool, wrong: bool) -> Point {
        Point { x, y, target: Target::Class(class), test, wrong }
    }

    #[test]
    fn any_size_and_any_numbers() {
        let data: Vec<Point> = NASTY
            .into_iter()
            .flat_map(|x| {
                NASTY.map(|y| Point { target: Target::Value(y), ..point(x, y, 0, true, true) })
            })
            .chain(NASTY.map(|x| point(x, 0.0, usize::MAX, false, false)))
            .collect();
        let odd: Vec<(usize, f64)> = NASTY.into_iter().map(|p| (usize::MAX, p)).collect();
        for depth in [Depth::None, Depth::Ansi16, Depth::Ansi256, Depth::True] {
            for range in NASTY.into_iter().flat_map(|low| NASTY.map(|high| (low, high))) {
                let surface = Surface::Values { points: &NASTY, range };
                picture(&Field { x: range, ..field(depth, surface, &data) }, 9, 3);
            }
            survives_every_size(&field(depth, classes(&odd), &data));
            survives_every_size(&field(depth, classes(&[]), &data));
            survives_every_size(&Field { columns: 0, ..field(depth, classes(&odd), &data) });
        }
    }

    #[test]
    fn letters_and_textures_without_colour() {
        let data = [
            point(-0.9, 0.9, 0, false, false),
            point(0.9, -0.9, 1, true, false),
            point(0.0, 0.0, 1, false, true),
        ];
        let field = field(Depth::None, classes(&LEFT_AND_RIGHT), &data);
        assert_eq!(picture(&field, 8, 2), ["A   ░░░░", "    B░ b"]);
    }

    #[test]
    fn halves_meet_in_one_cell() {
        let points = [(0, 1.0), (1, 1.0)];
        let field = Field { columns: 1, ..field(Depth::True, classes(&points), &[]) };
        let mut buf = Buffer::empty(Rect::new(0, 0, 1, 1));
        (&field).render(buf.area, &mut buf);
        let cell = &buf[(0, 0)];
        assert_eq!(cell.symbol(), "▀");
        assert_eq!(Some(cell.fg), field.theme.class_surface(0, 1.0));
        assert_eq!(Some(cell.bg), field.theme.class_surface(1, 1.0));
    }

    #[test]
    fn points_keep_the_surface_behind_them() {
        let data = [point(-0.9, 0.9, 0, false, false), point(-0.9, -0.9, 1, true, true)];
        let field = field(Depth::True, classes(&LEFT_AND_RIGHT), &data);
        let mut buf = Buffer::empty(Rect::new(0, 0, 8, 2));
        (&field).render(buf.area, &mut buf);
        assert_eq!((buf[(0, 0)].symbol(), buf[(0, 1)].symbol()), ("●", "×"));
        assert_eq!(buf[(0, 0)].bg, buf[(1, 0)].bg);
    }
}
