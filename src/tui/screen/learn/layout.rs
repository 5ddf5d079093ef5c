//! The layout of the Learn screen.
//!
//! ```text
//! wide    ╭ Lessons ──────────────────────╮╭ What an activation adds ───────╮
//!         │ ▸ 1 What an activation adds ✓ ││ Layers without an activation … │
//!         │   2 f and f′, by hand    ●●○○ ││ 7 pages, about 6 minutes       │
//!         ╰───────────────────────────────╯╰────────────────────────────────╯
//! small   the list alone, then below it what the lesson under the cursor teaches
//! ```

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::LearnScreen;
use crate::experiment::lesson::preset::{self, LessonPreset};
use crate::tui::drawn::{Drawn, Scroll};
use crate::tui::theme::Theme;
use crate::tui::widgets::format;
use crate::tui::widgets::panel::Panel;
use crate::tui::workspace::Workspace;

/// Draws the list, and beside it or below it the lesson under the cursor.
pub fn draw(
    screen: &LearnScreen,
    workspace: &Workspace,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) -> Drawn {
    let [list, about] = if area.width >= 72 {
        Layout::horizontal([Constraint::Fill(1), Constraint::Fill(1)]).areas(area)
    } else {
        Layout::vertical([Constraint::Fill(1), Constraint::Length(area.height / 2)]).areas(area)
    };
    if let Some(lesson) = screen.lesson() {
        draw_lesson(lesson, workspace, frame, about, theme);
    }
    draw_list(screen, workspace, frame, list, theme)
}

fn draw_list(
    screen: &LearnScreen,
    workspace: &Workspace,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) -> Drawn {
    let done = |it: &&LessonPreset| workspace.progress.of(it.name).is_some_and(|it| it.done);
    let all = preset::all();
    let right = format!("{} of {} done", all.iter().filter(done).count(), all.len());
    frame.render_widget(&Panel::new(theme, "Lessons").right(&right).focused(true), area);
    let inner = Panel::inner(area);
    let height = usize::from(inner.height);
    let scroll = Scroll::to_show(screen.cursor, screen.top, height, all.len());
    let rows = all.iter().enumerate().skip(scroll.top).take(height);
    let mut targets = Vec::new();
    for ((index, lesson), y) in rows.zip(inner.y..) {
        let row = Rect { y, height: 1, ..inner };
        let here = index == screen.cursor;
        let style = if here { theme.accent() } else { theme.text() };
        let dots = dots(lesson, workspace);
        let room = usize::from(inner.width).saturating_sub(format::width(&dots) + 2);
        let name = format!("{} {:>2} {}", if here { '▸' } else { ' ' }, index + 1, lesson.title);
        frame.render_widget(Line::styled(format::truncate(&name, room), style), row);
        let last = Rect { width: row.width.saturating_sub(1), ..row };
        frame.render_widget(Line::styled(dots, theme.good()).right_aligned(), last);
        targets.push((row, index));
    }
    Drawn { targets, scroll: Some(scroll), ..Drawn::default() }
}

/// How far a lesson has been taken: a dot for each page, or that it is done.
fn dots(lesson: &LessonPreset, workspace: &Workspace) -> String {
    let pages = lesson.lesson.pages.len();
    match workspace.progress.of(lesson.name) {
        None => String::new(),
        Some(reached) if reached.done => "✓".to_owned(),
        Some(reached) => {
            let seen = (reached.farthest + 1).min(pages);
            format!("{}{}", "●".repeat(seen), "○".repeat(pages - seen))
        }
    }
}

fn draw_lesson(
    lesson: &LessonPreset,
    workspace: &Workspace,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) {
    frame.render_widget(&Panel::new(theme, &lesson.title), area);
    let inner = Panel::inner(area);
    let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
    let width = usize::from(inner.width);
    let pages = lesson.lesson.pages.len();
    let mut lines: Vec<Line<'_>> =
        format::wrap(&lesson.about, width).into_iter().map(Line::raw).collect();
    lines.push(Line::default());
    let size = format!("{pages} pages, about {} minutes", lesson.lesson.minutes);
    lines.push(Line::styled(size, theme.muted()));
    lines.push(Line::default());
    let next = match workspace.progress.of(lesson.name) {
        Some(reached) if reached.done => {
            "You have taken it to its end. ⏎ takes it again.".to_owned()
        }
        Some(reached) => format!("⏎ goes on at page {}, r begins again.", reached.page + 1),
        None => {
            "⏎ begins. Each page stands beside the live screen: predict, run, and see.".to_owned()
        }
    };
    lines.extend(format::wrap(&next, width).into_iter().map(|it| Line::styled(it, theme.accent())));
    let command = format!("$ gradlab learn {}", lesson.name);
    if lines.len() + 1 < usize::from(inner.height) {
        lines.push(Line::default());
        lines.push(Line::from(Span::styled(command, theme.muted())));
    }
    frame.render_widget(Paragraph::new(lines), inner);
}
