//! A word of the field: its meaning, what belongs to it, and what to run to see it.

use std::io::{self, Write};

use super::{paragraph, section};
use crate::catalog::concept::{Concept, Listed};
use crate::cli::text::Page;

/// Writes the page of a concept below its title.
///
/// # Errors
/// If it cannot be written.
pub fn write_concept(out: &mut impl Write, page: Page, concept: &Concept) -> io::Result<()> {
    paragraph(out, page, concept.text)?;
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
