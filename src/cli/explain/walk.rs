//! A walk: what to look at, and who walks where.

use std::io::{self, Write};

use super::{paragraph, section};
use crate::cli::text::{Page, column};
use crate::experiment::walk::preset::WalkPreset;
use crate::spec::Plain;
use crate::tui::theme::mark;

/// Writes its description, surface and walkers, and how to see it.
///
/// # Errors
/// If it cannot be written.
pub fn write_walk(out: &mut impl Write, page: Page, preset: &WalkPreset) -> io::Result<()> {
    paragraph(out, page, preset.about())?;
    let walk = preset.get();
    section(out, page, "Walk")?;
    let [x, y] = walk.start.map(Plain);
    let mut rows = vec![
        ("surface".to_owned(), walk.surface.to_string()),
        ("start".to_owned(), format!("({x}, {y})")),
        ("steps".to_owned(), walk.steps.to_string()),
    ];
    if walk.noise > 0.0 {
        let noise = format!("σ = {} on the gradient, seed {}", Plain(walk.noise), walk.seed);
        rows.push(("noise".to_owned(), noise));
    }
    for (index, walker) in walk.walkers.iter().enumerate() {
        rows.push((mark(index).to_ascii_uppercase().to_string(), walker.to_string()));
    }
    let labels = column(rows.iter().map(|(label, _)| label.as_str()));
    for (label, text) in rows {
        for line in page.beside(&format!("  {label}"), 2 + labels, &text) {
            writeln!(out, "{line}")?;
        }
    }
    section(out, page, "See it")?;
    writeln!(out, "  gradlab optimize --walk {}", preset.name)?;
    writeln!(out, "  in the workbench: 4, then o")
}
