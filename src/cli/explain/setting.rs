//! A setting: its meaning, its values, and the effect of a change.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::{paragraph, section};
use crate::cli::describe::range;
use crate::cli::text::{self, Page, column, pad};
use crate::experiment::settings::{Effect, Row};
use crate::spec::{Card, Param};

/// Writes the page of a setting below its title.
///
/// # Errors
/// If it cannot be written.
pub fn write_setting(out: &mut impl Write, page: Page, row: &Row, path: &str) -> io::Result<()> {
    paragraph(out, page, row.help)?;
    for (heading, text) in
        [("Values", row.values()), ("Default", row.default_words()), ("A change", effect(row))]
    {
        section(out, page, heading)?;
        paragraph(out, page, &text)?;
    }
    if let Some(kind) = row.picks() {
        section(out, page, "To choose from")?;
        let keys: Vec<_> = kind.cards().iter().map(|card| card.key).collect();
        paragraph(out, page, &keys.join(", "))?;
        let plural = kind.plural();
        paragraph(out, page, &format!("`gradlab list {plural}` tells of each."))?;
    }
    write_how(out, page, path, row.picks().is_some())
}

/// Writes the page of a parameter that stands in the entries `found` of what `row` picks.
///
/// # Errors
/// If it cannot be written.
pub fn write_param(
    out: &mut impl Write,
    page: Page,
    path: &str,
    row: &Row,
    found: &[(&'static Card, &'static Param)],
) -> io::Result<()> {
    let corner = format!("setting `{path}`");
    let title = found.first().map_or("", |(_, param)| param.key);
    let room = page.width.saturating_sub(corner.width());
    writeln!(out, "{}{corner}", page.heading(&pad(title, room)))?;
    section(out, page, "Default, meaning and range in each entry that has it")?;
    let defaults: Vec<_> = found.iter().map(|(_, param)| text::default(param)).collect();
    let names = column(found.iter().map(|(card, _)| card.key));
    let values = column(defaults.iter().map(String::as_str));
    for ((card, param), default) in found.iter().zip(&defaults) {
        let label = format!("  {}{default}", pad(card.key, names));
        let text = format!("{} ({})", param.meaning, range(param));
        for line in page.beside(&label, 2 + names + values, &text) {
            writeln!(out, "{line}")?;
        }
    }
    section(out, page, "A change")?;
    paragraph(out, page, &effect(row))?;
    write_how(out, page, path, false)
}

/// The effect of a change in words.
fn effect(row: &Row) -> String {
    let words = match row.effect {
        Effect::None => "none: it bears on no number",
        Effect::Live => "live: training goes on from the present weights",
        Effect::Restart => "restart: training starts again on the same data",
        Effect::Reload => "reload: the data is made or read again, and training starts again",
    };
    words.to_owned()
}

/// The spelling on the command line.
fn write_how(out: &mut impl Write, page: Page, path: &str, pick: bool) -> io::Result<()> {
    section(out, page, "To set it")?;
    let value = if pick { "NAME:KEY=VALUE,…" } else { "VALUE" };
    writeln!(out, "  --set {}={value}", path.replace('*', "N"))
}
