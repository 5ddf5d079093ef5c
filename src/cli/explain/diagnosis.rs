//! A rule by which a run is diagnosed: what it measures, why that matters, and what helps.

use std::io::{self, Write};

use super::{paragraph, section};
use crate::cli::text::Page;
use crate::train::diagnosis::Rule;

/// Writes the page of a rule below its title.
///
/// # Errors
/// If it cannot be written.
pub fn write_diagnosis(out: &mut impl Write, page: Page, rule: &Rule) -> io::Result<()> {
    for (heading, text) in [
        ("It is told where", rule.threshold),
        ("Why it matters", rule.why),
        ("Remedy on one key", rule.remedy),
        ("Source", rule.source),
    ] {
        section(out, page, heading)?;
        paragraph(out, page, text)?;
    }
    Ok(())
}
