//! `gradlab list`: what can be picked.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use super::describe::Entry;
use super::failure::Failure;
use super::output::{self, Format};
use super::text::{Page, column};
use crate::catalog::Kind;
use crate::spec::{Card, Pick};

const AFTER_HELP: &str = "\
Examples:
  gradlab list activations
  gradlab list optimizers --format json

`gradlab explain NAME` tells about one of them.";

/// List what can be picked
///
/// JSON is a list of objects with name, kind, title, formula, params (each with name, default,
/// range and meaning), usage, caution, differs and source.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// What to list; the singular will do
    #[arg(value_parser = parse_kind())]
    kind: Kind,
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// The kinds of the catalog, by their plural or singular.
pub(super) fn parse_kind() -> impl TypedValueParser<Value = Kind> {
    let values = Kind::ALL.map(|kind| PossibleValue::new(kind.plural()).alias(kind.noun()));
    PossibleValuesParser::new(values).try_map(|word| {
        let mut kinds = Kind::ALL.into_iter();
        kinds.find(|kind| kind.plural() == word || kind.noun() == word).ok_or("no such kind")
    })
}

/// Runs the command.
///
/// # Errors
/// If stdout cannot be written.
pub fn run(args: Args) -> Result<ExitCode, Failure> {
    let cards = args.kind.cards();
    let mut out = output::stdout();
    match args.format {
        Format::Json => {
            let entries: Vec<_> = cards.iter().map(|card| Entry::new(args.kind, card)).collect();
            output::write_json(&mut out, &entries)?;
        }
        Format::Text => write_text(&mut out, Page::stdout(), &cards)?,
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// ```text
/// sgd   the baseline; with momentum …
///       lr=0.001, momentum=0, …
/// ```
fn write_text(out: &mut impl Write, page: Page, cards: &[&'static Card]) -> io::Result<()> {
    let names = column(cards.iter().map(|card| card.key));
    for card in cards {
        let mut lines = page.beside(card.key, names, card.usage);
        let params: Vec<_> =
            Pick::new(card).params().map(|(p, value)| format!("{}={value}", p.key)).collect();
        if !params.is_empty() {
            lines.extend(page.beside("", names, &params.join(", ")));
        }
        for line in lines {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}
