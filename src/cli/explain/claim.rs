//! A claim: what it says, what would count for it and against it, and how to put it to the test.

use std::io::{self, Write};

use super::{paragraph, section};
use crate::cli::text::Page;
use crate::compare::claims::Claim;

/// Writes what would decide it, and how to have it decided.
///
/// # Errors
/// If it cannot be written.
pub fn write_claim(out: &mut impl Write, page: Page, claim: &Claim) -> io::Result<()> {
    section(out, page, "For it")?;
    paragraph(out, page, claim.supports)?;
    section(out, page, "Against it")?;
    paragraph(out, page, claim.contradicts)?;
    section(out, page, "What decides")?;
    for duel in claim.duels {
        let [first, second] = duel.arms.map(|(name, _)| name);
        paragraph(out, page, &format!("{}: {first} and {second}", duel.task))?;
    }
    section(out, page, "Put it to the test")?;
    writeln!(out, "  gradlab claims {}", claim.name)
}
