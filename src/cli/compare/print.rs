//! Comparisons on stdout.

use std::io::{self, Write};

use crate::cli::failure::Failure;
use crate::cli::output;
use crate::export::comparison::{Comparison, Summary, csv};

/// How comparisons are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For reading
    #[default]
    Table,
    /// One JSON object on one line
    Json,
    /// Comma-separated, one run a row
    Csv,
    /// For a report
    Markdown,
}

/// Prints comparisons with their summary.
///
/// # Errors
/// If stdout cannot be written.
pub fn print(
    format: Format,
    comparisons: &[Comparison<'_>],
    summary: &Summary<'_>,
) -> Result<(), Failure> {
    let mut out = output::stdout();
    match format {
        Format::Table => {
            for line in summary.lines() {
                writeln!(out, "{line}")?;
            }
        }
        Format::Markdown => out.write_all(summary.markdown(false).as_bytes())?,
        Format::Csv => out.write_all(&csv::runs(comparisons).map_err(io::Error::from)?)?,
        Format::Json => output::write_json(&mut out, &summary.json())?,
    }
    out.flush()?;
    Ok(())
}
