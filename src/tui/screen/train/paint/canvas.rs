//! The plane that is painted on: its cells and their places, and how it is drawn.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::Painter;
use crate::train::probe::{Field, Predictions};
use crate::tui::screen::predictions::{draw_painting, draw_picture};
use crate::tui::screen::train::past;
use crate::tui::theme::Theme;
use crate::tui::widgets::format;
use crate::tui::widgets::panel::Panel;
use crate::tui::workspace::Workspace;

/// A part of the screen with the part of the plane that it shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Canvas {
    /// The cells.
    pub area: Rect,
    /// The first input, left to right.
    x: (f64, f64),
    /// The second input, bottom to top.
    y: (f64, f64),
}

impl Canvas {
    /// The canvas of what was drawn in `area`, if that is a plane.
    #[must_use]
    pub fn of(area: Rect, workspace: &Workspace) -> Option<Self> {
        let Predictions::Field(Field { x, y, .. }) =
            workspace.run.seen.as_ref()?.predictions.as_ref()?
        else {
            return None;
        };
        let finite = [x.0, x.1, y.0, y.1].iter().all(|end| end.is_finite());
        (!area.is_empty() && finite).then_some(Self { area, x: *x, y: *y })
    }

    /// The nearest cell of it.
    pub const fn within(&self, (across, down): (u16, u16)) -> (u16, u16) {
        let (width, height) = (self.area.width, self.area.height);
        (
            if across < width { across } else { width - 1 },
            if down < height { down } else { height - 1 },
        )
    }

    /// How far it reaches, across and up.
    pub fn extent(&self) -> (f64, f64) {
        (self.x.1 - self.x.0, self.y.1 - self.y.0)
    }

    /// The cell of a place, or the nearest to it.
    pub fn cell(&self, (x, y): (f64, f64)) -> (u16, u16) {
        let (width, height) = self.extent();
        // No number, and what is less than 0, is the first cell.
        let nearest = |share: f64, cells: u16| (share * f64::from(cells)) as u16;
        self.within((
            nearest((x - self.x.0) / width, self.area.width),
            nearest((self.y.1 - y) / height, self.area.height),
        ))
    }

    /// Whether a place is in it.
    pub fn contains(&self, (x, y): (f64, f64)) -> bool {
        (self.x.0..=self.x.1).contains(&x) && (self.y.0..=self.y.1).contains(&y)
    }

    /// The place of the middle of a cell.
    pub fn centre(&self, (across, down): (u16, u16)) -> (f64, f64) {
        let share = |cell: u16, cells: u16| (f64::from(cell) + 0.5) / f64::from(cells.max(1));
        let (width, height) = self.extent();
        let x = share(across, self.area.width).mul_add(width, self.x.0);
        let y = share(down, self.area.height).mul_add(-height, self.y.1);
        (rounded(x, width), rounded(y, height))
    }
}

/// A number of a plane of this extent, to about a thousandth of it, as a person would write it.
pub fn rounded(x: f64, extent: f64) -> f64 {
    let digits = (3.0 - extent.abs().max(f64::MIN_POSITIVE).log10().floor()).clamp(0.0, 12.0);
    // No −0.
    format!("{x:.*}", digits as usize).parse().unwrap_or(x) + 0.0
}

/// Draws the plane with what is painted, and the cursor.
pub fn draw(
    painter: &Painter,
    workspace: &Workspace,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) {
    let inner = Panel::inner(area);
    let count = painter.points(workspace).len();
    let brush = painter.brush().points;
    let plural = if brush == 1 { "" } else { "s" };
    let right = format!("class {}  brush {brush} point{plural}", painter.class);
    let title = past::title(workspace, "Painting");
    let (x1, x2) = painter.at;
    let at = painter.canvas.map_or_else(String::new, |_| format!("x1 {x1} x2 {x2}"));
    let below = format!("{at}  of {} points", format::thousands(count as f64));
    let panel = past::panel(workspace, theme, &title).right(&right).below(&below).focused(true);
    frame.render_widget(&panel, area);
    let predictions = workspace.run.seen.as_ref().and_then(|seen| seen.predictions.as_ref());
    if let (Some(predictions), Some(problem)) = (predictions, &workspace.run.problem) {
        match (&painter.draft, predictions) {
            (Some(draft), Predictions::Field(field)) => {
                draw_painting(field, (draft, problem), frame, inner, theme);
            }
            _ => draw_picture(predictions, problem, frame, inner, theme),
        }
    }
    if let Some(canvas) = painter.canvas.filter(|canvas| canvas.area == inner) {
        let (across, down) = canvas.cell(painter.at);
        let cell = Rect { x: inner.x + across, y: inner.y + down, width: 1, height: 1 };
        frame.render_widget(Line::styled("┼", theme.selected()), cell.intersection(inner));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_as_many_digits_as_the_plane_needs() {
        for (x, extent, expected) in [
            (0.123_456, 2.2, 0.123),
            (-0.000_4, 2.0, 0.0),
            (1234.567, 4000.0, 1235.0),
            (1.234_567e-5, 1e-4, 1.23e-5),
            (f64::MAX, f64::INFINITY, f64::MAX),
        ] {
            assert_eq!(rounded(x, extent), expected, "{x} of {extent}");
        }
        assert!(rounded(f64::NAN, f64::NAN).is_nan());
    }

    #[test]
    fn the_middle_of_a_cell_is_where_its_points_are_drawn() {
        let canvas = Canvas { area: Rect::new(5, 3, 40, 20), x: (-1.0, 1.0), y: (0.0, 4.0) };
        assert_eq!(canvas.centre((0, 0)), (-0.975, 3.9));
        assert_eq!(canvas.centre((39, 19)), (0.975, 0.1));
        assert_eq!(canvas.within((99, 99)), (39, 19));
        for cell in [(0, 0), (7, 3), (39, 19)] {
            assert_eq!(canvas.cell(canvas.centre(cell)), cell);
        }
        assert_eq!(canvas.cell((-7.0, -7.0)), (0, 19));
        assert_eq!(canvas.cell((7.0, f64::NAN)), (39, 0));
    }

    #[test]
    fn the_cursor_stays_on_its_point_when_the_plane_moves() {
        let area = Rect::new(5, 3, 40, 20);
        let plane = |x: (f64, f64)| Some(Canvas { area, x, y: (-2.0, 2.0) });
        let mut painter =
            Painter { brush: 0, canvas: None, at: (0.0, 0.0), class: 0, draft: None, dabs: 0 };
        painter.drawn(plane((-1.0, 1.0)));
        let point = painter.at;
        for moved in [(-1.3, 0.9), (-3.0, 0.5)] {
            painter.drawn(plane(moved));
            assert_eq!(painter.at, point);
            let canvas = painter.canvas.unwrap();
            assert!(painter.brush().covers(&canvas, painter.at, point));
        }
        // As far as the plane reaches.
        painter.drawn(plane((1.0, 2.0)));
        assert_eq!(painter.canvas.unwrap().cell(painter.at), (0, 10));
        assert!(painter.at.0 > 1.0);
    }
}
