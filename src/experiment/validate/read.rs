//! Values as they were written, into the settings of an experiment.

use crate::data::csv::Options;
use crate::data::{Features, FeaturesError};
use crate::experiment::diagnostic::{Diagnostic, Result};
use crate::experiment::node::{Kind, Node};
use crate::experiment::overrides::Assignment;
use crate::experiment::settings::{self, Absent, Row};
use crate::experiment::{Experiment, pick};
use crate::spec::Range;

/// Sets the setting of `row`, in the layer of this index, to the value at `node`.
pub fn setting(row: &Row, node: &Node, experiment: &mut Experiment, layer: usize) -> Result<()> {
    let key = row.key;
    let absent = row.absent().is_some_and(|absent| is_absent(node, absent));
    match &row.kind {
        settings::ValueKind::Text { of, .. } => {
            *(of.get_mut)(experiment, layer) = text(node, key)?.into();
        }
        settings::ValueKind::Whole { range, set, .. } => {
            let value = if absent { None } else { Some(whole(node, key, *range)?) };
            set(experiment, layer, value);
        }
        settings::ValueKind::Real { range, of, .. } => {
            let value = if absent { 0.0 } else { number(node, key, *range)? };
            *(of.get_mut)(experiment, layer) = value;
        }
        settings::ValueKind::Pick { kind, of } => {
            // A table without a name has other parameters of the default, where there is one.
            let nameless = !row.is_required() && !row.is_absent(experiment, layer);
            let place = (of.get_mut)(experiment, layer);
            *place = pick::read(node, *kind, nameless.then_some(&*place))?;
        }
        settings::ValueKind::OptionalPick { kind, of, .. } => {
            let value = if absent { None } else { Some(pick::read(node, *kind, None)?) };
            *(of.get_mut)(experiment, layer) = value;
        }
        settings::ValueKind::Features(of) => {
            *(of.get_mut)(experiment, layer) = features(node, key)?;
        }
        // The origin of the data is read as a whole, by the caller.
        settings::ValueKind::Dataset
        | settings::ValueKind::CsvFile
        | settings::ValueKind::CsvTarget
        | settings::ValueKind::CsvChoice { .. }
        | settings::ValueKind::CsvNames { .. } => {}
    }
    Ok(())
}

/// Sets a setting of a CSV file to the value at `node`.
pub fn csv_setting(row: &Row, node: &Node, options: &mut Options) -> Result<()> {
    if let settings::ValueKind::CsvNames { get_mut, .. } = &row.kind
        && !matches!(node.kind, Kind::Word(_))
    {
        *get_mut(options) = names(node, row.key)?;
        return Ok(());
    }
    let typed = match &node.kind {
        Kind::Flag(flag) => flag.to_string(),
        _ => text(node, row.key)?,
    };
    let wrong = |(message, help)| Diagnostic::new(message).at(&node.span).help(help);
    row.set_csv(options, &typed).map_err(wrong)
}

/// The features at `node`: joined by +, or as a list of names.
fn features(node: &Node, key: &str) -> Result<Features> {
    let typed = match &node.kind {
        Kind::Array(items) => {
            items.iter().map(|item| text(item, key)).collect::<Result<Vec<_>>>()?.join("+")
        }
        _ => text(node, key)?,
    };
    typed.parse().map_err(|error: FeaturesError| {
        Diagnostic::new(error.message).at(&node.span).help(error.help)
    })
}

/// The list of texts at `node`, or the only one.
fn names(node: &Node, key: &str) -> Result<Vec<String>> {
    match &node.kind {
        Kind::Text(name) => Ok(vec![name.clone()]),
        Kind::Array(items) => items.iter().map(|item| text(item, key)).collect(),
        other => {
            let message = format!("`{key}` must be a list of columns, not {}", other.noun());
            let help = format!("as in {key} = [\"name\", \"ticket\"]");
            Err(Diagnostic::new(message).at(&node.span).help(help))
        }
    }
}

/// True if the word for none stands at `node`, by itself or as the only name.
fn is_absent(node: &Node, absent: Absent) -> bool {
    match &node.kind {
        Kind::Text(text) | Kind::Word(text) => text == absent.word,
        Kind::Table(table) => match table.entries.as_slice() {
            [only] => only.key == "name" && is_absent(&only.value, absent),
            _ => false,
        },
        _ => false,
    }
}

/// The text at `node`.
pub fn text(node: &Node, key: &str) -> Result<String> {
    match &node.kind {
        Kind::Text(text) | Kind::Word(text) => Ok(text.clone()),
        other => {
            let message = format!("`{key}` must be a string, not {}", other.noun());
            Err(Diagnostic::new(message).at(&node.span))
        }
    }
}

/// The list of assignments at `node`, under the key `set`.
pub fn assignments(node: &Node) -> Result<Vec<Assignment>> {
    let Kind::Array(items) = &node.kind else {
        return Err(Diagnostic::new("`set` must be a list of `key=value`")
            .at(&node.span)
            .help("as in set = [\"layers.1.optimizer=sgd:lr=0.1\"]"));
    };
    let assignment = |item: &Node| match &item.kind {
        Kind::Text(text) | Kind::Word(text) => {
            Ok(Assignment { text: text.clone(), span: item.span.clone() })
        }
        other => {
            let message = format!("`set` is of strings; here is {}", other.noun());
            Err(Diagnostic::new(message).at(&item.span))
        }
    };
    items.iter().map(assignment).collect()
}

/// The whole number at `node`.
pub fn whole(node: &Node, key: &str, range: Range) -> Result<u64> {
    let given = match &node.kind {
        Kind::Integer(n) => Some(*n),
        Kind::Word(word) => word.parse().ok(),
        _ => None,
    };
    let Some(n) = given else { return Err(wrong_type(node, key, range, "a whole number")) };
    within(node, key, range, n as f64)?;
    u64::try_from(n).map_err(|_| wrong_type(node, key, range, "a 64-bit whole number"))
}

/// The real number at `node`.
pub fn number(node: &Node, key: &str, range: Range) -> Result<f64> {
    let given = match &node.kind {
        Kind::Integer(n) => Some(*n as f64),
        Kind::Float(x) => Some(*x),
        Kind::Word(word) => word.parse().ok(),
        _ => None,
    };
    let x = given.ok_or_else(|| wrong_type(node, key, range, "a number"))?;
    within(node, key, range, x)?;
    Ok(x)
}

fn within(node: &Node, key: &str, range: Range, x: f64) -> Result<()> {
    if range.contains(x) {
        return Ok(());
    }
    let message = format!("`{key}` cannot be {x}");
    Err(Diagnostic::new(message).at(&node.span).help(format!("`{key}` must be {range}")))
}

fn wrong_type(node: &Node, key: &str, range: Range, wanted: &str) -> Diagnostic {
    let given = match &node.kind {
        Kind::Word(word) => format!("`{word}`"),
        other => other.noun().to_owned(),
    };
    Diagnostic::new(format!("`{key}` must be {wanted}, not {given}"))
        .at(&node.span)
        .help(format!("it may be {range}"))
}
