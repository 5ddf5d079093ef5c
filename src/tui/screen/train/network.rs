//! The network and its training settings, to be edited.
//!
//! ```text
//! ╭ Network ──────────────────────────╮
//! │   input     2   x1+x2             │
//! │ ▸ 1        16   tanh  adam   0.01 │
//! │         batch_norm    dropout 0.2 │
//! │   loss          cross-entropy     │
//! ├ Training ─────────────────────────┤
//! │   data          spirals           │
//! ├ Neurons ───────────── ── + ╌╌ - ──┤
//! ╰───────────────────────────────────╯
//! ```

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use super::neurons::{self, FormDrawn};
use super::{TrainScreen, past};
use crate::experiment::lesson::Panel as LessonPanel;
use crate::experiment::settings::Place;
use crate::text::visible;
use crate::tui::form::{self, Row, Section};
use crate::tui::screen::network_drawing;
use crate::tui::theme::Theme;
use crate::tui::widgets::format;
use crate::tui::widgets::panel::Panel;
use crate::tui::workspace::Workspace;

/// The panel's width on a screen of `screen` columns.
pub const fn width(screen: u16) -> u16 {
    if screen >= 150 { 46 } else { 39 }
}

/// A row of the form with the place of its first field among all of them, or the line between the
/// form's parts.
enum Item<'a> {
    Row(&'a Row, usize),
    Line,
}

/// Draws as many rows as there is room for, that of the focus among them, and the neurons in what
/// they leave. While the cursor is among the neurons they come first.
pub fn draw(
    screen: &TrainScreen,
    workspace: &Workspace,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) -> FormDrawn {
    let (rows, focus) = (&screen.rows(workspace)[..], screen.focus(workspace));
    let items = items(rows);
    let height = usize::from(area.height.saturating_sub(2));
    let left = height.saturating_sub(items.len()) as u16;
    let fits = area.width >= neurons::LEAST.0 + 2 && area.height > neurons::LEAST.1;
    if screen.neuron.is_some() && left < neurons::WHOLE && fits {
        return neurons::draw_whole(screen, (workspace, &weights(workspace)), frame, area, theme);
    }
    let at = items.iter().position(|item| matches!(item, Item::Row(row, _) if row.holds(focus)));
    // The row under the cursor is kept in sight, with one more below it where there is room for two.
    let below = at.unwrap_or(0) + height.min(2);
    let top = below.saturating_sub(height).min(items.len().saturating_sub(height));
    let hidden = items.len().saturating_sub(top + height);
    let right = if hidden > 0 { format!("{hidden} more ↓") } else { weights(workspace) };
    // Where several settings of one name may be shown, the path tells which.
    let path = if form::needs_path(focus) { focus.to_string() } else { String::new() };
    let title = past::title(workspace, "Network");
    let panel =
        past::panel_of(workspace, LessonPanel::Network, theme, &title).right(&right).below(&path);
    frame.render_widget(&panel, area);
    let inner = Panel::inner(area);
    let mut drawn = FormDrawn::default();
    for (item, y) in items.iter().skip(top).zip(inner.top()..inner.bottom()) {
        match item {
            Item::Line => panel.divide(area, y, "Training", frame.buffer_mut()),
            Item::Row(row, first) => {
                let line = Rect { y, height: 1, ..inner };
                let places = draw_row((workspace, focus), frame, line, row, theme);
                drawn.targets.extend(places.into_iter().zip(*first..));
            }
        }
    }
    if left >= neurons::LEAST.1 && inner.width >= neurons::LEAST.0 {
        let y = inner.bottom() - left;
        let title = network_drawing::title(&workspace.run);
        panel.divide(area, y, title, frame.buffer_mut());
        network_drawing::draw_legend(title, frame, Rect { y, height: 1, ..inner }, theme);
        let area = Rect { y: y + 1, height: left - 1, ..inner };
        (drawn.neurons, drawn.room) = neurons::draw(screen, workspace, frame, area, theme);
    }
    drawn
}

fn items(rows: &[Row]) -> Vec<Item<'_>> {
    let mut items = Vec::new();
    let mut fields = 0;
    for row in rows {
        let first = row.section == Section::Training
            && matches!(items.last(), Some(Item::Row(Row { section: Section::Network, .. }, _)));
        if first {
            items.push(Item::Line);
        }
        let first_field = fields;
        fields += row.fields.len();
        items.push(Item::Row(row, first_field));
    }
    items
}

/// Columns of the fields of a layer: units, activation, optimizer, rate.
fn layer_columns(width: u16) -> [(u16, u16); 4] {
    let rate = width.saturating_sub(8);
    let optimizer = 12 + (rate.saturating_sub(12)) * 11 / 20;
    [
        (6, 4),
        (12, optimizer.saturating_sub(13)),
        (optimizer, rate.saturating_sub(optimizer + 1)),
        (rate, 7),
    ]
}

/// Draws a row. Returns where its fields are.
fn draw_row(
    (workspace, focus): (&Workspace, Place),
    frame: &mut Frame<'_>,
    area: Rect,
    row: &Row,
    theme: Theme,
) -> Vec<Rect> {
    let pointer = if row.holds(focus) { "▸" } else { " " };
    put(frame, area, (0, 1), pointer, theme.accent());
    put(frame, area, (2, 8), &row.label, theme.muted());
    let mut places = Vec::new();
    let mut draw = |frame: &mut Frame<'_>, place: Place, (x, width, right)| {
        let text = form::text(place, &workspace.experiment);
        let style = if focus == place { theme.selected() } else { theme.text() };
        places.push(put_field(frame, area, (x, width, right), &text, style));
    };
    match row.section {
        Section::Input => {
            let x = draw_input(workspace, frame, area, theme);
            for field in &row.fields {
                draw(frame, field.place, (x, area.width.saturating_sub(x), false));
            }
            let after = row.fields.first().map_or(x, |field| {
                x + format::width(&form::text(field.place, &workspace.experiment)) as u16 + 2
            });
            draw_names(workspace, frame, area, (after, !row.fields.is_empty()), theme);
        }
        Section::Layer(_) if row.fields.len() == 4 => {
            // Numbers at both ends, in columns of their own.
            let rights = [true, false, false, true];
            let columns = layer_columns(area.width).into_iter().zip(rights);
            for (field, ((x, width), right)) in row.fields.iter().zip(columns) {
                draw(frame, field.place, (x, width, right));
            }
        }
        Section::Layer(_) | Section::Network | Section::Training => {
            let second = 12 + (area.width.saturating_sub(12)) / 2;
            for (field, x) in row.fields.iter().zip([12, second]) {
                let caption = field.caption;
                let offset = if caption.is_empty() { 0 } else { format::width(caption) as u16 + 1 };
                put(frame, area, (x, offset), caption, theme.muted());
                let end = if row.fields.len() > 1 && x == 12 { second - 1 } else { area.width };
                draw(frame, field.place, (x + offset, end.saturating_sub(x + offset), false));
            }
            let held_out = row.fields.iter().any(|field| field.place.row.key == "test_fraction");
            if let Some(problem) = workspace.run.problem.as_ref().filter(|_| held_out) {
                let rows = problem.train.len() + problem.test.len();
                let text = format!("of {rows} rows");
                put(frame, area, (second, area.width), &text, theme.muted());
            }
        }
    }
    places
}

/// How many numbers are trained.
fn weights(workspace: &Workspace) -> String {
    let count = workspace.experiment.parameters();
    if count < 100_000 { format!("{count} weights") } else { format!("{}k weights", count / 1000) }
}

/// Draws the number of inputs. Returns the column in which they are told.
fn draw_input(workspace: &Workspace, frame: &mut Frame<'_>, area: Rect, theme: Theme) -> u16 {
    let extent = workspace.experiment.data.extent();
    // Of a sequence the steps and what each has.
    let (count, at, from) = if extent.is_sequence() {
        (format!("{}×{}", extent.steps, extent.features), 8, 15)
    } else {
        (format!("{:>3}", extent.numbers()), 7, 12)
    };
    put(frame, area, (at, format::width(&count) as u16), &count, theme.text());
    from
}

/// Draws the names of the data's columns from a column on, but not beside chosen features that say it.
fn draw_names(
    workspace: &Workspace,
    frame: &mut Frame<'_>,
    area: Rect,
    (from, chosen): (u16, bool),
    theme: Theme,
) {
    let Some(problem) = &workspace.run.problem else { return };
    let names = &problem.split.train.features;
    if chosen && (names == &["x1", "x2"] || !problem.features.are_plain()) {
        return;
    }
    let names = names.join(" ");
    let room = area.width.saturating_sub(from + 1);
    let names = format::truncate(&visible(&names), usize::from(room));
    put(frame, area, (from, room), &names, theme.muted());
}

/// Writes a field's value into `width` columns at `x` of a line, to their right end if so asked.
fn put_field(
    frame: &mut Frame<'_>,
    line: Rect,
    (x, width, right): (u16, u16, bool),
    text: &str,
    style: Style,
) -> Rect {
    let text = format::truncate(text, usize::from(width));
    let used = format::width(&text) as u16;
    let x = if right { x + width.saturating_sub(used) } else { x };
    put(frame, line, (x, used), &text, style)
}

/// Writes `text` into `width` columns at `x` of a line, as far as the line goes.
fn put(
    frame: &mut Frame<'_>,
    line: Rect,
    (x, width): (u16, u16),
    text: &str,
    style: Style,
) -> Rect {
    let x = x.min(line.width);
    let place = Rect { x: line.x + x, width: width.min(line.width - x), ..line };
    let text = format::truncate(text, usize::from(place.width));
    frame.render_widget(Line::styled(text, style), place);
    place
}
