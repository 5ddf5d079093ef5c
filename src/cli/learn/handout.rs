//! A lesson on paper: its pages with their questions, without the answers.

use std::io::{self, Write};

use crate::experiment::lesson::{Answer, Lesson, Piece, Template};
use crate::text::{markdown_code, visible_lines};
use crate::tui::learn::{command, written};

/// Writes the lesson called `name` in Markdown.
///
/// # Errors
/// If it cannot be written.
pub fn write(out: &mut impl Write, name: &str, lesson: &Lesson) -> io::Result<()> {
    writeln!(out, "# {}\n", lesson.title.in_markdown())?;
    writeln!(out, "{}\n", lesson.about.in_markdown())?;
    writeln!(out, "`{}`, about {} minutes", begin(name), lesson.minutes)?;
    for (index, page) in lesson.pages.iter().enumerate() {
        writeln!(out, "\n## {}\n\n{}", index + 1, text(&page.text))?;
        if let Some(command) = page.setup.as_ref().map(command) {
            writeln!(out, "\n{}", markdown_code(&command))?;
        }
        let Some(question) = &page.question else { continue };
        if !question.ask.is_empty() {
            writeln!(out, "\n**{}**", question.ask.in_markdown())?;
        }
        match &question.answer {
            Answer::Choice { choices, .. } => {
                writeln!(out)?;
                for (number, choice) in (1..).zip(choices) {
                    writeln!(out, "{number}. {}", choice.in_markdown())?;
                }
            }
            Answer::Number { within, .. } => {
                writeln!(out, "\nYour answer, to ± {within}: ________")?;
            }
            Answer::Curve { across, up, .. } => {
                let ((left, right), (low, high)) = (across, up);
                writeln!(out, "\nDraw it from x = {left} to {right}, y = {low} to {high}.")?;
            }
        }
    }
    Ok(())
}

fn begin(name: &str) -> String {
    format!("gradlab learn {}", crate::text::visible(name))
}

/// The text with what is known before any run; the rest is left open.
fn text(template: &Template) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Text(text) => visible_lines(text).into_owned(),
        Piece::Winner => "…".to_owned(),
        Piece::Value(value) => {
            let number = value.value(&|_| None);
            number.map_or_else(|| "…".to_owned(), |number| written(number, value.unit()))
        }
    };
    template.pieces.iter().map(piece).collect()
}
