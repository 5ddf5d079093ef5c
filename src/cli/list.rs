//! `gradlab list`: the things that can be picked, presets, settings, concepts and diagnoses; sessions.

mod sessions;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use serde::Serialize;

use super::describe::Entry;
use super::failure::Failure;
use super::output::{self, Format};
use super::text::{Page, column, cut};
use super::topic::{Item, Topic};
use crate::spec::Pick;

const AFTER_HELP: &str = "\
Examples:
  gradlab list
  gradlab list activations
  gradlab list optimizers --format json
  gradlab list settings

`gradlab explain NAME` tells about one of them; `gradlab --resume=ID` goes on with \
the session ID of `gradlab list sessions`.";

/// List what can be picked, presets, walks, courses, lessons, claims, settings, concepts and diagnoses; sessions of
/// the workbench
///
/// JSON is a list of objects: without a kind, with name and count; otherwise with name, kind, title, family
/// (of activations and optimizers), formula, params (each with name, default, range and meaning), usage,
/// caution, differs, pytorch and source; of presets, walks, courses, lessons and claims with name, kind,
/// title and about; of settings with name, kind, title, default, range, effect and meaning; of concepts with name, kind, title, synonyms, meaning, formula, pitfall, entries, see and
/// related; of diagnoses, the gravest first, with name, kind, title, threshold, why, remedy and source; of
/// sessions, the latest first, with id, name, step, edits, age_seconds, open and error
/// (why it cannot be read).
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// What to list; the singular will do. Without it, how many there are of each kind
    #[arg(value_parser = Listed::parser())]
    kind: Option<Listed>,
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// What is listed.
#[derive(Clone, Copy, Debug)]
enum Listed {
    /// Things of one kind.
    Topic(Topic),
    /// Sessions of the workbench.
    Sessions,
}

impl Listed {
    fn parser() -> impl TypedValueParser<Value = Self> {
        let sessions = PossibleValue::new("sessions").alias("session");
        PossibleValuesParser::new(Topic::words().chain([sessions]))
            .map(|word| Topic::called(&word).map_or(Self::Sessions, Self::Topic))
    }
}

/// Runs the command.
///
/// # Errors
/// If stdout cannot be written.
pub fn run(args: Args) -> Result<ExitCode, Failure> {
    let mut out = output::stdout();
    match (args.kind, args.format) {
        (None, Format::Json) => {
            let entry = |(topic, count): (Topic, _)| Count { name: topic.plural(), count };
            output::write_json(&mut out, &counts().map(entry).collect::<Vec<_>>())?;
        }
        (None, Format::Text) => {
            for (topic, count) in counts() {
                let name = if count == 1 { topic.noun() } else { topic.plural() };
                writeln!(out, "{count:4} {name}")?;
            }
        }
        (Some(Listed::Sessions), format) => sessions::write(&mut out, format)?,
        (Some(Listed::Topic(kind)), Format::Json) => {
            let entries: Vec<_> = kind.items().into_iter().map(Entry::new).collect();
            output::write_json(&mut out, &entries)?;
        }
        (Some(Listed::Topic(kind)), Format::Text) => {
            write_groups(&mut out, Page::stdout(), &kind.groups())?;
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// How many there are of a kind.
#[derive(Serialize)]
struct Count {
    name: &'static str,
    count: usize,
}

fn counts() -> impl Iterator<Item = (Topic, usize)> {
    Topic::all().map(|topic| (topic, topic.items().len()))
}

/// ```text
/// Common:
/// sgd   the baseline; with momentum …
///       lr=0.001, momentum=0, …
/// ```
fn write_groups(out: &mut impl Write, page: Page, groups: &[(&str, Vec<Item>)]) -> io::Result<()> {
    let names = column(groups.iter().flat_map(|(_, items)| items).map(|item| item.name()));
    for (place, (title, items)) in groups.iter().enumerate() {
        if place > 0 {
            writeln!(out)?;
        }
        if !title.is_empty() {
            writeln!(out, "{}", page.heading(&format!("{title}:")))?;
        }
        write_items(out, page, items, names)?;
    }
    Ok(())
}

fn write_items(out: &mut impl Write, page: Page, items: &[Item], names: usize) -> io::Result<()> {
    for item in items {
        let (first, second) = match item {
            Item::Card(_, card) => {
                let pick = Pick::new(card);
                let params = pick
                    .params()
                    .map(|(param, value)| format!("{}={}", param.key, cut(&value.to_string())));
                (card.usage, params.collect::<Vec<_>>().join(", "))
            }
            Item::Preset(preset) => (preset.title(), preset.about().to_owned()),
            Item::Walk(walk) => (walk.title(), walk.about().to_owned()),
            Item::Course(course) => (course.title(), course.about().to_owned()),
            Item::Lesson(lesson) => (lesson.title(), lesson.about().to_owned()),
            Item::Claim(claim) => (claim.statement, String::new()),
            Item::Setting(row, _) => {
                let (values, default) = (row.values(), row.default_words());
                (row.help, format!("{values} (default: {default}; effect: {})", row.effect))
            }
            Item::Concept(concept) => (concept.text, String::new()),
            Item::Diagnosis(rule) => (rule.threshold, format!("remedy: {}", rule.remedy)),
        };
        let mut lines = page.beside(item.name(), names, first);
        if !second.is_empty() {
            lines.extend(page.beside("", names, &second));
        }
        for line in lines {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}
