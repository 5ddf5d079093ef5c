//! The Train screen for a projector: the numbers that matter, large, and two pictures.
//!
//! ```text
//!  step            test loss       test accuracy
//!  1 2 , 4 0 0     0 . 0 2 3 1     9 6 . 7 %
//! ╭ Decision boundary ──────────╮╭ Loss ───────╮
//! ╰─────────────────────────────╯╰─────────────╯
//! ```

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};

use super::{TrainScreen, charts, predictions};
use crate::train::telemetry::Series;
use crate::tui::drawn::Drawn;
use crate::tui::theme::Theme;
use crate::tui::widgets::{format, numerals};
use crate::tui::workspace::Workspace;

/// The least area that has room for numbers above the pictures.
const ROOM: (u16, u16) = (60, 14);
/// Rows of the numbers: what each is, and the number.
const ROWS: u16 = numerals::ROWS + 1;

/// Draws the numbers and the pictures.
pub fn draw(
    screen: &TrainScreen,
    workspace: &Workspace,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) -> Drawn {
    let rows = if area.width >= ROOM.0 && area.height >= ROOM.1 { ROWS } else { 0 };
    let [top, below] =
        Layout::vertical([Constraint::Length(rows), Constraint::Fill(1)]).areas(area);
    draw_numbers(workspace, frame, top, theme);
    let [left, right] = Layout::horizontal([Constraint::Fill(1), Constraint::Fill(1)]).areas(below);
    let (view, inner) = predictions::draw(screen, workspace, frame, left, theme);
    charts::draw_loss(workspace, screen.log_axis, frame, right, theme);
    Drawn { view: Some(view), plane: screen.canvas(inner), ..Drawn::default() }
}

fn draw_numbers(workspace: &Workspace, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
    let latest = |series| workspace.run.latest(series);
    let step = Some((format::thousands(workspace.moment() as f64), "step", theme.text()));
    let loss = latest(Series::TestLoss)
        .map(|loss| (format::measure(loss).trim().to_owned(), "test loss", theme.test()));
    let accuracy = latest(Series::TestAccuracy)
        .map(|share| (format::percent(share).trim().to_owned(), "test accuracy", theme.good()));
    let mut x = area.x + 1;
    for (number, name, style) in [step, loss, accuracy].into_iter().flatten() {
        let width = numerals::width(&number).max(format::width(name) as u16);
        if x.saturating_add(width) > area.right() || area.is_empty() {
            return;
        }
        let head = Rect { x, width, height: 1, ..area };
        frame.render_widget(ratatui::text::Span::styled(name, theme.muted()), head);
        let body = Rect { x, y: area.y + 1, width, height: area.height - 1 };
        numerals::draw(&number, style, body, frame.buffer_mut());
        x += width + 4;
    }
}
