//! A surface from above: contour lines, and a path across them.

use ratatui::{buffer::Buffer, layout::Rect, widgets::Widget};

use super::{
    axis::{Axis, Scale},
    canvas::Canvas,
    frame::Frame,
    put,
};
use crate::tui::theme::{TEST_MARK, TRAIN_MARK, Theme, WRONG_MARK};

/// A contour map. The path begins at ○ and ends at ●, • are places on it; × are marked places.
///
/// ```text
///   2 ┤ ⢀⡠⠔⠒⠉⠉⠒⠢⡀
///     │⢠○••⠒⠒⠤⡀ ⠘⡄
///   0 ┤⠘⡄  ••●× ⢠⠃
///     └┬────────┬
///     -2        2
/// ```
#[derive(Clone, Copy)]
pub struct Contour<'a> {
    /// The look.
    pub theme: Theme,
    /// The height at (x, y).
    pub height: &'a dyn Fn(f64, f64) -> f64,
    /// Where the map begins and ends across.
    pub x: (f64, f64),
    /// Where it begins and ends up.
    pub y: (f64, f64),
    /// Places in their order; what lies off the map is not drawn.
    pub path: &'a [(f64, f64)],
    /// Places to be found, such as minima.
    pub marked: &'a [(f64, f64)],
}

/// Contour lines: each parts off an equal share of the map.
const LINES: usize = 5;
/// The mark of a place on the path.
const STEP_MARK: char = '•';
/// Dots a segment has at most, however far off the map it leads.
const LONGEST: f64 = 1e5;

impl Widget for &Contour<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let axis = |(low, high)| Axis::exact(Scale::Linear, low, high);
        let frame = Frame { x: axis(self.x), y: axis(self.y), theme: self.theme };
        let plot = frame.render(area, buf);
        if plot.is_empty() {
            return;
        }
        let mut canvas = Canvas::new(plot, self.theme.marker);
        self.draw_lines(&mut canvas);
        let on_map = |&(x, y): &(f64, f64)| {
            let place = frame.x.place(x).zip(frame.y.place(y));
            place.filter(|(right, up)| (0.0..=1.0).contains(right) && (0.0..=1.0).contains(up))
        };
        for ends in self.path.windows(2) {
            let from = frame.x.place(ends[0].0).zip(frame.y.place(ends[0].1));
            let to = frame.x.place(ends[1].0).zip(frame.y.place(ends[1].1));
            if let Some((from, to)) = from.zip(to) {
                draw_segment(&mut canvas, from, to, self.theme);
            }
        }
        canvas.render(buf);
        let marked = self.marked.iter().map(|place| (place, WRONG_MARK, self.theme.warn()));
        let steps = self.path.iter().map(|place| (place, STEP_MARK, self.theme.accent()));
        let start = self.path.first().map(|place| (place, TEST_MARK, self.theme.accent()));
        let end = self.path.last().map(|place| (place, TRAIN_MARK, self.theme.accent()));
        for (place, mark, style) in steps.chain(marked).chain(start).chain(end) {
            if let Some((right, up)) = on_map(place) {
                let (x, y) = canvas.cell(canvas.at(right, up));
                put(buf, plot, x, y, mark.encode_utf8(&mut [0; 4]), style);
            }
        }
    }
}

impl Contour<'_> {
    /// A dot wherever the right or the lower neighbour lies between other lines.
    fn draw_lines(&self, canvas: &mut Canvas) {
        let (width, height) = (canvas.width(), canvas.height());
        let between = |(low, high): (f64, f64), dot: usize, dots: usize| {
            low + (high - low) * dot as f64 / (dots.max(2) - 1) as f64
        };
        // A row and a column more than there are dots, so that each has its neighbours.
        let heights: Vec<f64> = (0..=height)
            .flat_map(|row| (0..=width).map(move |column| (column, row)))
            .map(|(column, row)| {
                let (x, y) = (between(self.x, column, width), between(self.y, row, height));
                // Rows run downwards.
                (self.height)(x, self.y.0 + self.y.1 - y)
            })
            .collect();
        let mut sorted: Vec<f64> = heights.iter().copied().filter(|z| z.is_finite()).collect();
        sorted.sort_by(f64::total_cmp);
        let levels: Vec<f64> = (1..=LINES)
            .filter_map(|k| sorted.get(sorted.len() * k / (LINES + 1)))
            .copied()
            .collect();
        let band = |column: usize, row: usize| {
            let z = heights[row * (width + 1) + column];
            levels.iter().filter(|level| z >= **level).count()
        };
        for row in 0..height {
            for column in 0..width {
                let here = band(column, row);
                if here != band(column + 1, row) || here != band(column, row + 1) {
                    canvas.band_dot((column, row), self.theme.muted());
                }
            }
        }
    }
}

/// Draws as much of a segment between two places (shares of the map) as lies on the map.
fn draw_segment(canvas: &mut Canvas, from: (f64, f64), to: (f64, f64), theme: Theme) {
    let (across, up) = (to.0 - from.0, to.1 - from.1);
    let dots = (across.abs() * canvas.width() as f64).max(up.abs() * canvas.height() as f64);
    let dots = dots.ceil().clamp(1.0, LONGEST);
    for dot in 0..=dots as usize {
        let share = dot as f64 / dots;
        let place = (from.0 + share * across, from.1 + share * up);
        if (0.0..=1.0).contains(&place.0) && (0.0..=1.0).contains(&place.1) {
            canvas.line_dot(canvas.at(place.0, place.1), theme.accent());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{NASTY, picture, survives_every_size};
    use super::*;
    use crate::tui::theme::Depth;

    #[test]
    fn any_size_and_any_numbers() {
        let places: Vec<(f64, f64)> =
            NASTY.into_iter().flat_map(|x| NASTY.map(|y| (x, y))).collect();
        let bowl = Contour {
            theme: Theme::new(Depth::Ansi16),
            height: &|x, y| x * x + y * y,
            x: (-1.0, 1.0),
            y: (-1.0, 1.0),
            path: &places,
            marked: &places,
        };
        survives_every_size(&bowl);
        survives_every_size(&Contour { path: &[], marked: &[], ..bowl });
        survives_every_size(&Contour { height: &|x, _| 1.0 / (x - x), ..bowl });
    }

    #[test]
    fn lines_around_a_bowl_and_a_path_into_it() {
        let bowl = Contour {
            theme: Theme::new(Depth::None),
            height: &|x, y| x * x + y * y,
            x: (-2.0, 2.0),
            y: (-1.0, 1.0),
            path: &[(-2.0, 1.0), (-1.0, 0.5), (9.0, 0.5), (0.0, -1.0)],
            marked: &[(0.0, 0.0)],
        };
        assert_eq!(
            picture(&bowl, 40, 10),
            [
                "    1 ┤○⠒⠤⣀ ⢀⠔⠁⢀⠔⠊⢀⡠⠒⠊⠉⠉⠉⠓⠲⣄⡈⠓⢦⡀⠙⢦ ⠘⢦",
                "      │  ⡎ ⠉⠒⠤⣀⠃⢀⠔⠁⢀⠤⠒⠒⠙⠒⠲⢤⡀⠙⢦ ⠳⡄⠈⢳ ⠘⣆",
                "      │ ⢸  ⡎ ⢠⠃•⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉",
                "      │ ⡎ ⢠⠃ ⡎ ⡜ ⢰⠁         ⢹ ⠘⡆⠘⡆ ⢳ ⠈⡇",
                "    0 ┤ ⢧ ⠘⡆ ⢧ ⢳ ⠸⡄    ×    ⡸ ⢠⠃⢠⠃ ⡜ ⢀⠇",
                "      │ ⢸⡀ ⢧ ⠘⡆⠘⢦ ⠹⣄       ⡰⠁⢀⠜ ⡜ ⢀⠇ ⢸",
                "      │  ⢧ ⠘⢦ ⠙⣆⠈⠳⣄⡈⠙⠒⠲⠤⠒⠒⠉⢀⡠⠊ ⡔⠁⢀⢀⣀⣀⡠⠤⠤",
                "   -1 ┤  ⠈⢳⡀⠈⠳⣄⠈⠓⢦⣀⠙⠒⠦⠤●⣀⠤⠤⠤⠒⠒⠒⠊⠉⠉⠁⢠⠊",
                "      └┬───────────────┬───────────────┬",
                "      -2               0               2",
            ]
        );
    }
}
