//! The layout of the Learn screen.
//!
//! ```text
//! wide    ╭ Learn ────────────────────────╮╭ What an activation adds ───────╮
//!         │ Courses                       ││ Layers without an activation … │
//!         │   Activations and opt… 45 min ││ 7 pages, about 6 minutes       │
//!         │ Lessons                       ││                                │
//!         │ ▸ 1 What an activation adds ✓ ││                                │
//!         │   2 f and f′, by hand    ●●○○ ││                                │
//!         │ Claims: does it hold?         ││                                │
//!         │   Adam is faster than plain … ││                                │
//!         ╰───────────────────────────────╯╰────────────────────────────────╯
//! small   the list alone, then below it what the cursor is on
//! ```

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use super::rows::{self, Row};
use super::{LearnScreen, about, claim};
use crate::tui::drawn::{Drawn, Scroll};
use crate::tui::theme::Theme;
use crate::tui::widgets::format;
use crate::tui::widgets::panel::Panel;
use crate::tui::workspace::Workspace;

/// The columns from which on the list is beside what it is of.
const WIDE: u16 = 72;

/// Draws the list, and beside it or below it what is under the cursor.
pub fn draw(
    screen: &LearnScreen,
    workspace: &Workspace,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) -> Drawn {
    let [list, about] = if area.width >= WIDE {
        Layout::horizontal([Constraint::Fill(1), Constraint::Fill(1)]).areas(area)
    } else {
        Layout::vertical([Constraint::Fill(1), Constraint::Length(area.height / 2)]).areas(area)
    };
    draw_about(screen, workspace, frame, about, theme);
    draw_list(screen, workspace, frame, list, theme)
}

fn draw_about(
    screen: &LearnScreen,
    workspace: &Workspace,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) {
    let inner = Panel::inner(area);
    let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
    let (width, height) = (usize::from(inner.width), usize::from(inner.height));
    let (title, lines): (&str, Vec<Line<'_>>) = match screen.row() {
        Row::Heading(_) => ("", Vec::new()),
        Row::Course(course) => (course.title(), about::course(course, workspace, width, theme)),
        Row::Lesson(_, lesson) => (lesson.title(), about::lesson(lesson, workspace, width, theme)),
        Row::Claim(it) => ("Does it hold?", claim::lines(it, workspace, (width, height), theme)),
    };
    frame.render_widget(&Panel::new(theme, title), area);
    frame.render_widget(Paragraph::new(format::fitted(lines, height)), inner);
}

fn draw_list(
    screen: &LearnScreen,
    workspace: &Workspace,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) -> Drawn {
    let right = format!("{} lessons done", about::done(workspace));
    frame.render_widget(&Panel::new(theme, "Learn").right(&right).focused(true), area);
    let inner = Panel::inner(area);
    let (all, height) = (rows::all(), usize::from(inner.height));
    // A heading is seen with the first row below it.
    let headed = screen.cursor.checked_sub(1).filter(|index| !all[*index].can_be_chosen());
    let top = Scroll::to_show(headed.unwrap_or(screen.cursor), screen.top, height, all.len()).top;
    let scroll = Scroll::to_show(screen.cursor, top, height, all.len());
    let shown = all.iter().enumerate().skip(scroll.top).take(height);
    let mut targets = Vec::new();
    for ((index, row), y) in shown.zip(inner.y..) {
        let area = Rect { y, height: 1, ..inner };
        draw_row(*row, index == screen.cursor, workspace, frame, area, theme);
        if row.can_be_chosen() {
            targets.push((area, index));
        }
    }
    Drawn { targets, scroll: Some(scroll), ..Drawn::default() }
}

fn draw_row(
    row: Row,
    here: bool,
    workspace: &Workspace,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) {
    let pointer = if here { '▸' } else { ' ' };
    let style = if here { theme.accent() } else { theme.text() };
    let (text, (state, state_style)): (String, (String, Style)) = match row {
        Row::Heading(heading) => {
            return frame.render_widget(Line::styled(format!(" {heading}"), theme.muted()), area);
        }
        Row::Course(course) => {
            (format!("{pointer} {}", course.title()), about::course_state(course, workspace, theme))
        }
        Row::Lesson(number, lesson) => (
            format!("{pointer} {number:>2} {}", lesson.title()),
            about::lesson_state(lesson, workspace, theme),
        ),
        Row::Claim(it) => {
            (format!("{pointer} {}", it.statement), claim::state(it, workspace, theme))
        }
    };
    let room = usize::from(area.width).saturating_sub(format::width(&state) + 2);
    frame.render_widget(Line::styled(format::truncate(&text, room), style), area);
    let last = Rect { width: area.width.saturating_sub(1), ..area };
    frame.render_widget(Line::styled(state, state_style).right_aligned(), last);
}
