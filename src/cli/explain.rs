//! `gradlab explain`: a page of a textbook about anything that can be picked.

use std::io::{self, Write};
use std::process::ExitCode;

use self::curve::write_curve;
use super::describe::{Entry, derivative, range};
use super::failure::Failure;
use super::nested::Nested;
use super::output::{self, Format};
use super::step::trace::Trace;
use super::text::{Page, column, pad};
use crate::catalog::Kind;
use crate::spec::{Card, Pick, Value, nearest};

mod curve;

const AFTER_HELP: &str = "\
Examples:
  gradlab explain gelu
  gradlab explain adam --format json
  gradlab explain uniform --kind initializer

`gradlab list activations` (optimizers, losses, …) names what there is.";

/// Explain an activation, optimizer, loss, initializer or dataset
///
/// Formula, parameters, when to use it, what goes wrong, how other libraries differ, and the
/// source; optimizers with their first two steps, activations with values and a plot. If several
/// things bear the name, all are explained. JSON is a list of objects as of `gradlab list`.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// Its name, or its title as in "Leaky ReLU"
    name: String,
    /// Only the one of this kind, where several things bear the name
    #[arg(long, value_parser = super::list::parse_kind())]
    kind: Option<Kind>,
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Runs the command.
///
/// # Errors
/// If nothing has that name, or stdout cannot be written.
pub fn run(args: Args) -> Result<ExitCode, Failure> {
    let found = find(&args)?;
    let mut out = output::stdout();
    match args.format {
        Format::Json => {
            let entries: Vec<_> =
                found.iter().map(|(kind, card)| Entry::new(*kind, card)).collect();
            output::write_json(&mut out, &entries)?;
        }
        Format::Text => {
            for (index, (kind, card)) in found.iter().enumerate() {
                if index > 0 {
                    writeln!(out)?;
                }
                write_page(&mut out, Page::stdout(), *kind, card)?;
            }
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// Everything of the name asked for.
fn find(args: &Args) -> Result<Vec<(Kind, &'static Card)>, Failure> {
    let kinds = || Kind::ALL.into_iter().filter(|kind| args.kind.is_none_or(|only| only == *kind));
    let all = || kinds().flat_map(|kind| kind.cards().into_iter().map(move |card| (kind, card)));
    let name = args.name.to_lowercase();
    let found: Vec<_> =
        all().filter(|(_, card)| card.key == name || card.title.to_lowercase() == name).collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let hint = nearest(&name, all().map(|(_, card)| card.key)).map_or_else(
        || "; `gradlab list activations` (optimizers, losses, …) names what there is".to_owned(),
        |near| format!("; did you mean `{near}`?"),
    );
    let what = args.kind.map_or("nothing", Kind::noun);
    let what = if what == "nothing" { what.to_owned() } else { format!("no {what}") };
    Err(Failure::input(format!("there is {what} called `{}`{hint}", args.name)))
}

fn write_page(out: &mut impl Write, page: Page, kind: Kind, card: &'static Card) -> io::Result<()> {
    let corner = format!("{} `{}`", kind.noun(), card.key);
    let gap = page.width.saturating_sub(corner.chars().count());
    writeln!(out, "{}{corner}", page.heading(&pad(card.title, gap)))?;
    writeln!(out)?;
    for line in card.formula.lines().chain(derivative(kind, card)) {
        writeln!(out, "  {line}")?;
    }
    write_params(out, page, card)?;
    for (heading, text) in [
        ("When to use it", Some(card.usage)),
        ("Caution", card.caution),
        ("Elsewhere", card.differs),
        ("Source", Some(card.source)),
    ] {
        if let Some(text) = text {
            section(out, page, heading)?;
            paragraph(out, page, text)?;
        }
    }
    match kind {
        Kind::Activation => write_curve(out, page, &Pick::new(card)),
        Kind::Optimizer => write_steps(out, page, &Pick::new(card)),
        Kind::Loss | Kind::Initializer | Kind::Dataset => Ok(()),
    }
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
    let defaults: Vec<_> =
        card.params.iter().map(|param| Value::from(param.default).to_string()).collect();
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

/// The first two steps of an optimizer, by its own code.
fn write_steps(out: &mut impl Write, page: Page, pick: &Pick) -> io::Result<()> {
    let grads = [Nested::Scalar(2.0), Nested::Scalar(1.5)];
    // The shapes agree, so there is nothing that could be wrong.
    let Ok(trace) = Trace::new(pick.clone(), Nested::Scalar(1.0), &grads) else { return Ok(()) };
    section(out, page, "First two steps from W = 1 with gradients 2 and 1.5")?;
    trace.write(out, page)
}
