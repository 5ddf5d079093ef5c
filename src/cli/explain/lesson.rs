//! A lesson or a course: what is learned in it, and how to take it.

use std::io::{self, Write};

use super::{paragraph, section};
use crate::cli::text::Page;
use crate::experiment::course::CoursePreset;
use crate::experiment::lesson::preset::LessonPreset;

/// Writes its description, its length, and how to begin it.
///
/// # Errors
/// If it cannot be written.
pub fn write_lesson(out: &mut impl Write, page: Page, preset: &LessonPreset) -> io::Result<()> {
    paragraph(out, page, preset.about())?;
    section(out, page, "Take it")?;
    let (pages, minutes) = (preset.get().pages.len(), preset.get().minutes);
    writeln!(out, "  gradlab learn {:<24} {pages} pages, about {minutes} minutes", preset.name)
}

/// Writes the description of a course, its lessons, and how to begin it.
///
/// # Errors
/// If it cannot be written.
pub fn write_course(out: &mut impl Write, page: Page, course: &CoursePreset) -> io::Result<()> {
    paragraph(out, page, course.about())?;
    section(out, page, "Its lessons")?;
    for lesson in &course.get().lessons {
        writeln!(out, "  {:<38} {}", format!("gradlab learn {}", lesson.name), lesson.title())?;
    }
    section(out, page, "Take it")?;
    writeln!(out, "  gradlab learn {:<24} about {} minutes", course.name, course.get().minutes)
}
