//! A lesson: what is learned in it, and how to take it.

use std::io::{self, Write};

use super::{paragraph, section};
use crate::cli::text::Page;
use crate::experiment::lesson::preset::LessonPreset;

/// Writes its description, its length, and how to begin it.
///
/// # Errors
/// If it cannot be written.
pub fn write_lesson(out: &mut impl Write, page: Page, preset: &LessonPreset) -> io::Result<()> {
    paragraph(out, page, &preset.about)?;
    section(out, page, "Take it")?;
    let (pages, minutes) = (preset.lesson.pages.len(), preset.lesson.minutes);
    writeln!(out, "  gradlab learn {:<24} {pages} pages, about {minutes} minutes", preset.name)
}
