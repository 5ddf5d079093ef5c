//! A word of the field: its meaning, what belongs to it, and what to run to see it.

use std::io::{self, Write};

use super::{paragraph, section};
use crate::catalog::concept::{Comparison, Concept, Listed};
use crate::cli::text::{Page, column, pad, wrap};

/// Writes the page of a concept below its title.
///
/// # Errors
/// If it cannot be written.
pub fn write_concept(out: &mut impl Write, page: Page, concept: &Concept) -> io::Result<()> {
    paragraph(out, page, concept.text)?;
    if !concept.formula.is_empty() {
        section(out, page, "Formula")?;
        for line in concept.formula.lines() {
            writeln!(out, "  {line}")?;
        }
    }
    if let Some(comparison) = concept.comparison {
        write_comparison(out, page, comparison)?;
    }
    if !concept.pitfall.is_empty() {
        section(out, page, "Where people err")?;
        paragraph(out, page, concept.pitfall)?;
    }
    if let Some((kind, entries)) = concept.list.entries() {
        let (noun, plural) = (kind.noun(), kind.plural());
        let heading = match concept.list {
            Listed::With(_, params) => {
                format!("Every {noun} with {}", params.join(", or ").replace(", or", " or"))
            }
            _ => format!("The {plural}"),
        };
        section(out, page, &heading)?;
        paragraph(out, page, &entries.join(", "))?;
        paragraph(out, page, &format!("`gradlab list {plural}` tells of each."))?;
    }
    section(out, page, "See it")?;
    for line in concept.see {
        writeln!(out, "  {line}")?;
    }
    if !concept.synonyms.is_empty() {
        section(out, page, "Also called")?;
        paragraph(out, page, &concept.synonyms.join(", "))?;
    }
    section(out, page, "Read on with `gradlab explain`")?;
    paragraph(out, page, &concept.related.join(", "))
}

/// Writes two things side by side, in columns that are wrapped one by one.
fn write_comparison(out: &mut impl Write, page: Page, comparison: &Comparison) -> io::Result<()> {
    let [left, right] = comparison.titles;
    section(out, page, &format!("{left} or {right}?"))?;
    let labels = column(comparison.rows.iter().map(|(label, _)| *label));
    let width = page.width.saturating_sub(labels + 4) / 2;
    let heading = [("", comparison.titles)];
    for (label, texts) in heading.iter().chain(comparison.rows) {
        let columns = texts.map(|text| wrap(text, width.saturating_sub(2)));
        let height = columns.iter().map(Vec::len).max().unwrap_or(0);
        for row in 0..height {
            let cell = |index: usize| columns[index].get(row).map_or("", String::as_str);
            let label = if row == 0 { *label } else { "" };
            let line = format!("  {}{}{}", pad(label, labels), pad(cell(0), width), cell(1));
            writeln!(out, "{}", line.trim_end())?;
        }
    }
    Ok(())
}
