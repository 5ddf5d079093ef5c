//! Charts as lines of text.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::widgets::{Chart, Widget};

/// Lines that a chart takes.
pub const HEIGHT: u16 = 14;
/// Columns beyond which a chart gains nothing.
pub const WIDEST: usize = 64;

/// `chart` in as many columns as there are, up to [`WIDEST`].
#[must_use]
pub fn lines(chart: Chart<'_>, columns: usize) -> Vec<String> {
    let area = Rect::new(0, 0, columns.min(WIDEST) as u16, HEIGHT);
    let mut buffer = Buffer::empty(area);
    chart.render(area, &mut buffer);
    let line = |row: Rect| -> String {
        row.positions().filter_map(|at| buffer.cell(at)).map(Cell::symbol).collect()
    };
    area.rows().map(|row| line(row).trim_end().to_owned()).collect()
}
