//! `gradlab explain`: a page of a textbook about anything that can be picked, settings, concepts and
//! diagnoses.

use std::io::{self, Write};
use std::process::ExitCode;

use unicode_width::UnicodeWidthStr;

use self::claim::write_claim;
use self::concept::write_concept;
use self::curve::write_curve as write_function;
use self::diagnosis::write_diagnosis;
use self::lesson::{write_course, write_lesson};
use self::preset::write_preset;
use self::setting::{write_param, write_setting};
use self::walk::write_walk;
use super::describe::{Entry, ParamEntry, derivative, pytorch, range, targets};
use super::failure::Failure;
use super::nested::Nested;
use super::optimize::page::write_scene;
use super::output::{self, Format};
use super::schedule::{POINTS, write_curve};
use super::step::trace::Trace;
use super::text::{self, Page, column, pad};
use super::topic::{Item, Topic};
use crate::catalog::{self, Kind, concept as concepts};
use crate::experiment::settings::{self, Named, Row};
use crate::spec::{Card, Param, Pick, Plain, SearchScale, nearest};

mod claim;
mod concept;
mod curve;
mod diagnosis;
mod lesson;
mod preset;
mod setting;
mod walk;

const AFTER_HELP: &str = "\
Examples:
  gradlab explain gelu
  gradlab explain adam --format json
  gradlab explain uniform --kind initializer
  gradlab explain train.ema
  gradlab explain optimizer.lr
  gradlab explain momentum

`gradlab list activations` (optimizers, losses, …) names what there is.";

/// Explain anything that can be picked, presets, walks, courses, lessons, claims, settings, concepts and diagnoses
///
/// Formula, parameters, when to use it, what goes wrong, how other libraries differ, and the
/// source; optimizers with their first two steps, activations with values and a plot, surfaces with a
/// map. If several things bear the name, all are explained. A setting goes by its path, a layer's
/// with or without its number. JSON is a list of objects as of `gradlab list`.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// Its name, its title as in "Leaky ReLU", or a setting's path as in train.ema
    name: String,
    /// Only the one of this kind, where several things bear the name
    #[arg(long, value_parser = Topic::parser())]
    kind: Option<Topic>,
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Runs the command.
///
/// # Errors
/// If nothing has that name, or stdout cannot be written.
pub fn run(args: Args) -> Result<ExitCode, Failure> {
    let mut out = output::stdout();
    if let Some(parameter) = parameter(&args) {
        write_parameters(&mut out, args.format, vec![parameter])?;
        out.flush()?;
        return Ok(ExitCode::SUCCESS);
    }
    let found = match find(&args) {
        Ok(found) => found,
        Err(unknown) => {
            let parameters = parameters(&args);
            if parameters.is_empty() {
                return Err(unknown);
            }
            write_parameters(&mut out, args.format, parameters)?;
            out.flush()?;
            return Ok(ExitCode::SUCCESS);
        }
    };
    match args.format {
        Format::Json => {
            let entries: Vec<_> = found.into_iter().map(Entry::new).collect();
            output::write_json(&mut out, &entries)?;
        }
        Format::Text => write_pages(&mut out, Page::stdout(), &found)?,
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// A parameter in the entries of the catalog that have it.
type Found = Vec<(&'static Card, &'static Param)>;

/// A parameter's path, the setting that picks what has it, and the entries that have it.
type Parameter = (String, &'static Row, Found);

fn write_parameters(
    out: &mut impl Write,
    format: Format,
    parameters: Vec<Parameter>,
) -> Result<(), Failure> {
    match format {
        Format::Json => {
            let entry = |(path, row, found): Parameter| ParamEntry::new(path, row, &found);
            let entries: Vec<_> = parameters.into_iter().map(entry).collect();
            output::write_json(out, &entries)?;
        }
        Format::Text => {
            for (index, (path, row, found)) in parameters.iter().enumerate() {
                if index > 0 {
                    writeln!(out, "\n")?;
                }
                write_param(out, Page::stdout(), path, row, found)?;
            }
        }
    }
    Ok(())
}

/// The parameters of this name, of whatever is picked.
fn parameters(args: &Args) -> Vec<Parameter> {
    if args.kind.is_some() || args.name.contains('.') {
        return Vec::new();
    }
    let mut found: Vec<Parameter> = Vec::new();
    for row in settings::ROWS {
        let kind = row.picks().filter(|kind| found.iter().all(|it| it.1.picks() != Some(*kind)));
        let path = format!("{}.{}", row.path(), args.name.to_lowercase());
        if let (Some(_), Some(Named::Param(row, entries))) = (kind, settings::look_up(&path)) {
            found.push((path, row, entries));
        }
    }
    found
}

/// The parameter of a picked thing whose path is asked for, with the setting that picks it.
fn parameter(args: &Args) -> Option<Parameter> {
    if args.kind.is_some_and(|kind| kind != Topic::Settings) {
        return None;
    }
    match settings::look_up(&args.name)? {
        Named::Row(_) => None,
        Named::Param(row, found) => {
            let (_, key) = args.name.rsplit_once('.')?;
            Some((format!("{}.{key}", row.path()), row, found))
        }
    }
}

/// Everything of the name asked for.
fn find(args: &Args) -> Result<Vec<Item>, Failure> {
    let topics = || Topic::all().filter(|topic| args.kind.is_none_or(|only| only == *topic));
    let mut name = args.name.to_lowercase();
    if let Some(Named::Row(row)) = settings::look_up(&name) {
        name = row.path();
    }
    // Paths are not taken for misspelled names of other things.
    let paths = name.contains('.') || args.kind == Some(Topic::Settings);
    let all = || topics().flat_map(Topic::items);
    let near = || all().filter(|item| paths == (item.topic() == Topic::Settings));
    let mut found: Vec<_> = all().filter(|item| item.is_called(&name)).collect();
    // The general before the particular.
    found.sort_by_key(|item| item.topic() != Topic::Concepts);
    if !found.is_empty() {
        return Ok(found);
    }
    let synonyms = topics()
        .filter(|topic| !paths && *topic == Topic::Concepts)
        .flat_map(|_| concepts::all().flat_map(|it| it.synonyms.iter().copied()));
    let hint = nearest(&name, near().map(Item::name).chain(synonyms)).map_or_else(
        || "; `gradlab list activations` (optimizers, losses, …) names what there is".to_owned(),
        |near| format!("; did you mean `{near}`?"),
    );
    let what = args.kind.map_or_else(|| "nothing".to_owned(), |kind| format!("no {}", kind.noun()));
    Err(Failure::input(format!("there is {what} called `{}`{hint}", args.name)))
}

/// A page for each; if there are several, what they are first.
fn write_pages(out: &mut impl Write, page: Page, found: &[Item]) -> io::Result<()> {
    if found.len() > 1 {
        let nouns: Vec<_> = found.iter().map(|item| item.topic().noun()).collect();
        writeln!(out, "This is the name of several things: {}.\n", nouns.join(", "))?;
    }
    for (index, item) in found.iter().enumerate() {
        if index > 0 {
            writeln!(out, "\n")?;
        }
        let corner = format!("{} `{}`", item.topic().noun(), item.name());
        let room = page.width.saturating_sub(corner.width());
        writeln!(out, "{}{corner}\n", page.heading(&pad(item.title(), room)))?;
        match item {
            Item::Card(kind, card) => write_card(out, page, *kind, card)?,
            Item::Preset(preset) => write_preset(out, page, preset)?,
            Item::Walk(walk) => write_walk(out, page, walk)?,
            Item::Course(course) => write_course(out, page, course)?,
            Item::Lesson(lesson) => write_lesson(out, page, lesson)?,
            Item::Claim(claim) => write_claim(out, page, claim)?,
            Item::Setting(row, path) => write_setting(out, page, row, path)?,
            Item::Concept(concept) => write_concept(out, page, concept)?,
            Item::Diagnosis(rule) => write_diagnosis(out, page, rule)?,
        }
    }
    Ok(())
}

fn write_card(out: &mut impl Write, page: Page, kind: Kind, card: &'static Card) -> io::Result<()> {
    for line in card.formula.lines().chain(derivative(kind, card)) {
        writeln!(out, "  {line}")?;
    }
    if kind == Kind::Layer {
        write_diagram(out, page, catalog::layer(&Pick::new(card)).diagram)?;
    }
    write_params(out, page, card)?;
    write_searches(out, page, card)?;
    let usage = match kind {
        Kind::Dataset => "What it is good for",
        Kind::Surface => "What it teaches",
        _ => "When to use it",
    };
    let pytorch = pytorch(card);
    for (heading, text) in [
        (usage, Some(card.usage)),
        ("Targets", targets(kind, card)),
        ("Caution", card.caution),
        ("Elsewhere", card.differs),
        ("In PyTorch", pytorch.as_deref()),
        ("Source", Some(card.source)),
    ] {
        if let Some(text) = text {
            section(out, page, heading)?;
            paragraph(out, page, text)?;
        }
    }
    match kind {
        Kind::Activation => write_function(out, page, &Pick::new(card)),
        Kind::Optimizer => write_steps(out, page, &Pick::new(card)),
        Kind::Schedule => write_rates(out, page, &Pick::new(card)),
        Kind::Surface => write_scene(out, page, &Pick::new(card)),
        Kind::Loss | Kind::Initializer | Kind::Norm | Kind::Dataset | Kind::Layer => Ok(()),
    }
}

/// One step of a recurrent layer.
fn write_diagram(out: &mut impl Write, page: Page, diagram: &str) -> io::Result<()> {
    if !diagram.is_empty() {
        section(out, page, "One step")?;
    }
    diagram.lines().try_for_each(|line| writeln!(out, "  {line}"))
}

fn section(out: &mut impl Write, page: Page, heading: &str) -> io::Result<()> {
    writeln!(out, "\n{}", page.heading(heading))
}

fn paragraph(out: &mut impl Write, page: Page, text: &str) -> io::Result<()> {
    for line in page.beside("  ", 2, text) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// ```text
///   lr      0.001      learning rate: the length of a step (0 or more)
/// ```
fn write_params(out: &mut impl Write, page: Page, card: &Card) -> io::Result<()> {
    if card.params.is_empty() {
        return Ok(());
    }
    section(out, page, "Parameters and their defaults")?;
    let defaults: Vec<_> = card.params.iter().map(text::default).collect();
    let names = column(card.params.iter().map(|param| param.key));
    let values = column(defaults.iter().map(String::as_str));
    for (param, default) in card.params.iter().zip(&defaults) {
        let label = format!("  {}{default}", pad(param.key, names));
        let text = format!("{} ({})", param.meaning, range(param));
        for line in page.beside(&label, 2 + names + values, &text) {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}

/// ```text
///   lr      1e-5 to 0.1 by its logarithm
/// ```
fn write_searches(out: &mut impl Write, page: Page, card: &Card) -> io::Result<()> {
    let searched: Vec<_> =
        card.params.iter().filter_map(|param| Some((param.key, param.search?))).collect();
    if searched.is_empty() {
        return Ok(());
    }
    section(out, page, "Where compare --tune searches them")?;
    let names = column(searched.iter().map(|(key, _)| *key));
    for (key, range) in searched {
        let scale = match range.scale {
            SearchScale::Linear => "evenly",
            SearchScale::Log => "by its logarithm",
            SearchScale::OneMinusLog => "by the logarithm of its distance from 1",
        };
        let (low, high) = (Plain(range.low), Plain(range.high));
        writeln!(out, "  {}{low} to {high} {scale}", pad(key, names))?;
    }
    Ok(())
}

/// A run's worth of a schedule, by its own code.
fn write_rates(out: &mut impl Write, page: Page, pick: &Pick) -> io::Result<()> {
    let (base, steps) = (0.1, 10_000);
    section(out, page, &format!("In a run of {steps} steps at a rate of {base}"))?;
    let points = catalog::schedule_curve(pick, base, steps, POINTS as u64);
    write_curve(out, page, &points)
}

/// The first two steps of an optimizer, by its own code.
fn write_steps(out: &mut impl Write, page: Page, pick: &Pick) -> io::Result<()> {
    let grads = [Nested::Scalar(2.0), Nested::Scalar(1.5)];
    // The shapes agree, so there is nothing that could be wrong.
    let Ok(trace) = Trace::new(pick.clone(), Nested::Scalar(1.0), &grads) else { return Ok(()) };
    section(out, page, "First two steps from W = 1 with gradients 2 and 1.5")?;
    trace.write(out, page)
}
