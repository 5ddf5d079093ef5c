//! What there is to say of a lesson or a course.

use ratatui::style::Style;
use ratatui::text::Line;

use crate::experiment::course::{Course, CoursePreset};
use crate::experiment::lesson::preset::LessonPreset;
use crate::experiment::lesson::{LESSONS, Lesson};
use crate::tui::theme::Theme;
use crate::tui::widgets::format;
use crate::tui::workspace::Workspace;

/// How many of all lessons are done, as in `3 of 12`.
pub fn done(workspace: &Workspace) -> String {
    let done = LESSONS.all().iter().filter(|it| workspace.progress.is_done(it.name));
    format!("{} of {}", done.count(), LESSONS.all().len())
}

/// How far a lesson has been taken: a dot for each page, or that it is done.
pub fn lesson_state(lesson: &LessonPreset, workspace: &Workspace, theme: Theme) -> (String, Style) {
    let pages = lesson.get().pages.len();
    let state = match workspace.progress.of(lesson.name) {
        None => String::new(),
        Some(reached) if reached.done => "✓".to_owned(),
        Some(reached) => dots((reached.farthest + 1).min(pages), pages),
    };
    (state, theme.good())
}

/// How far a course has been taken: how long it takes, a dot for each lesson, or that it is done.
pub fn course_state(course: &CoursePreset, workspace: &Workspace, theme: Theme) -> (String, Style) {
    let Course { lessons, minutes, .. } = course.get();
    let done = lessons.iter().filter(|it| workspace.progress.is_done(it.name)).count();
    let all = lessons.len();
    match done {
        0 => (format!("{minutes} min"), theme.muted()),
        done if done == all => ("✓".to_owned(), theme.good()),
        done => (dots(done, all), theme.good()),
    }
}

fn dots(full: usize, all: usize) -> String {
    format!("{}{}", "●".repeat(full), "○".repeat(all - full))
}

/// What a lesson is about, and how to begin it, in lines of `width` columns.
pub fn lesson(
    lesson: &LessonPreset,
    workspace: &Workspace,
    width: usize,
    theme: Theme,
) -> Vec<Line<'static>> {
    let Lesson { pages, minutes, .. } = lesson.get();
    let size = format!("{} pages, about {minutes} minutes", pages.len());
    let next = match workspace.progress.of(lesson.name) {
        Some(reached) if reached.done => {
            "You have taken it to its end. ⏎ takes it again.".to_owned()
        }
        Some(reached) => format!("⏎ goes on at page {}, r begins again.", reached.page + 1),
        None => {
            "⏎ begins. Each page stands beside the live screen: predict, run, and see.".to_owned()
        }
    };
    let mut lines = wrapped(lesson.about(), width, theme.text());
    lines.push(Line::default());
    lines.push(Line::styled(size, theme.muted()));
    lines.extend(begin(&next, lesson.name, width, theme));
    lines
}

/// What a course is about, its lessons, and how to begin it, in lines of `width` columns.
pub fn course(
    course: &CoursePreset,
    workspace: &Workspace,
    width: usize,
    theme: Theme,
) -> Vec<Line<'static>> {
    let progress = &workspace.progress;
    let Course { lessons, minutes, .. } = course.get();
    let mut lines = wrapped(course.about(), width, theme.text());
    lines.push(Line::default());
    for lesson in lessons {
        let done = progress.is_done(lesson.name);
        let (mark, style) = if done { ('✓', theme.good()) } else { ('○', theme.text()) };
        let name = format::truncate(&format!("{mark} {}", lesson.title()), width);
        lines.push(Line::styled(name, style));
    }
    lines.push(Line::default());
    let size = format!("{} lessons, about {minutes} minutes", lessons.len());
    lines.push(Line::styled(size, theme.muted()));
    let begun = lessons.iter().any(|it| progress.of(it.name).is_some());
    let next = match course.get().next(None, |it| !progress.is_done(it.name)) {
        None => "You have taken it to its end. ⏎ takes it again.".to_owned(),
        Some((_, lesson)) if begun => {
            format!("⏎ goes on with “{}”, r begins again.", lesson.title())
        }
        Some(_) => "⏎ begins; at the end of a lesson the next one follows.".to_owned(),
    };
    lines.extend(begin(&next, course.name, width, theme));
    lines
}

/// The key that begins, and the line that does so from a shell.
fn begin(next: &str, name: &str, width: usize, theme: Theme) -> Vec<Line<'static>> {
    let mut lines = vec![Line::default()];
    lines.extend(wrapped(&format!("$ gradlab learn {name}"), width, theme.muted()));
    lines.push(Line::default());
    lines.extend(wrapped(next, width, theme.accent()));
    lines
}

/// A text in lines of `width` columns.
pub fn wrapped(text: &str, width: usize, style: Style) -> Vec<Line<'static>> {
    format::wrap(text, width).into_iter().map(|it| Line::styled(it, style)).collect()
}
