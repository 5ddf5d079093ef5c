//! The rows of the list: courses, lessons and claims, each group under its heading.

use std::sync::LazyLock;

use crate::compare::claims::{CLAIMS, Claim};
use crate::experiment::course::{COURSES, CoursePreset};
use crate::experiment::lesson::LESSONS;
use crate::experiment::lesson::preset::LessonPreset;
use crate::tui::keymap::Action;

/// A row.
#[derive(Clone, Copy, Debug)]
pub enum Row {
    /// The heading of a group, which cannot be chosen.
    Heading(&'static str),
    /// A course.
    Course(&'static CoursePreset),
    /// A lesson, with its number from 1.
    Lesson(usize, &'static LessonPreset),
    /// A claim.
    Claim(&'static Claim),
}

static ALL: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let courses = COURSES.all().iter().map(Row::Course);
    let lessons = (1..).zip(LESSONS.all()).map(|(number, lesson)| Row::Lesson(number, lesson));
    let claims = CLAIMS.iter().map(Row::Claim);
    std::iter::once(Row::Heading("Courses"))
        .chain(courses)
        .chain([Row::Heading("Lessons")])
        .chain(lessons)
        .chain([Row::Heading("Claims: does it hold?")])
        .chain(claims)
        .collect()
});

/// All rows.
pub fn all() -> &'static [Row] {
    &ALL
}

impl Row {
    /// Whether it can be chosen.
    pub const fn can_be_chosen(self) -> bool {
        !matches!(self, Self::Heading(_))
    }
}

/// The index of the first row that can be chosen.
pub fn first() -> usize {
    all().iter().position(|row| row.can_be_chosen()).unwrap_or(0)
}

/// The row that `action` leads to from the one at `cursor`.
pub fn moved(cursor: usize, action: Action) -> usize {
    let mut rows = all().iter().enumerate().filter(|(_, row)| row.can_be_chosen());
    let found = match action {
        Action::Up => rows.rfind(|(index, _)| *index < cursor),
        Action::Down => rows.find(|(index, _)| *index > cursor),
        Action::Home => rows.next(),
        Action::End => rows.next_back(),
        _ => None,
    };
    found.map_or(cursor, |(index, _)| index)
}
