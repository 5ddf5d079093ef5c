//! Writes an experiment as a TOML file that a reader learns from.

use std::fmt::Write;

use crate::experiment::compare::keys::{self, KEYS};
use crate::experiment::settings::{Row, Section, ValueKind};
use crate::experiment::{CompareSpec, DataSource, Experiment};
use crate::spec::{Pick, Plain, Value};
use crate::text::toml_string;

/// The experiment as TOML. Reading it gives an equal experiment; settings that are absent are left
/// out.
#[must_use]
pub fn to_toml(experiment: &Experiment) -> String {
    let mut text = String::new();
    let (tables, lines): (Vec<_>, Vec<_>) =
        Section::Root.rows().partition(|row| row.picks().is_some());
    for row in lines {
        setting(&mut text, row, experiment, 0);
    }
    text += "\n[data]\n";
    if let DataSource::Named(pick) = &experiment.data.source {
        line(&mut text, "name", quoted(pick.key()));
        for (param, value) in pick.params() {
            line(&mut text, param.key, literal(value));
        }
    }
    for row in Section::Data.rows() {
        setting(&mut text, row, experiment, 0);
    }
    text += "\n[train]\n";
    for row in Section::Train.rows() {
        setting(&mut text, row, experiment, 0);
    }
    for row in tables {
        table(&mut text, row, experiment);
    }
    for layer in 0..experiment.layers.len() {
        text += "\n[[layers]]\n";
        for row in Section::Layers.rows() {
            setting(&mut text, row, experiment, layer);
        }
    }
    if let Some(spec) = &experiment.compare {
        compare(&mut text, spec);
    }
    text
}

/// Adds the line of a setting, unless it is absent.
fn setting(text: &mut String, row: &Row, experiment: &Experiment, layer: usize) {
    if row.is_absent(experiment, layer) || !row.layers(experiment).contains(&layer) {
        return;
    }
    let plain = || row.text(experiment, layer);
    let value = match &row.kind {
        ValueKind::Text { prose: true, .. } => paragraph(&plain()),
        ValueKind::Text { .. }
        | ValueKind::CsvFile
        | ValueKind::CsvTarget
        | ValueKind::CsvChoice { .. }
        | ValueKind::Features(_) => quoted(&plain()),
        ValueKind::CsvNames { get, .. } => match &experiment.data.source {
            DataSource::Csv { options, .. } => list(get(options)),
            DataSource::Named(_) => return,
        },
        ValueKind::Whole { .. } | ValueKind::Real { .. } => plain(),
        ValueKind::Pick { .. } | ValueKind::OptionalPick { .. } | ValueKind::Dataset => {
            row.pick(experiment, layer).map_or_else(String::new, inline)
        }
    };
    line(text, row.key, value);
}

/// Adds a pick as a table of its own, unless it is absent.
fn table(text: &mut String, row: &Row, experiment: &Experiment) {
    let ValueKind::Pick { of, .. } = &row.kind else { return };
    if row.is_absent(experiment, 0) {
        return;
    }
    let pick = (of.get)(experiment, 0);
    let _ = write!(text, "\n[{}]\n", row.key);
    line(text, "name", quoted(pick.key()));
    for (key, value) in said(pick) {
        line(text, key, literal(value));
    }
}

/// Adds the table `[compare]`; what is at its default is left out.
fn compare(text: &mut String, spec: &CompareSpec) {
    *text += "\n[compare]\n";
    for key in KEYS.iter().filter(|key| !key.is_default(spec)) {
        let Some(value) = key.text(spec) else { continue };
        match key.kind {
            keys::KeyKind::Picks(_, get, _) => line(text, key.key, list(get(spec))),
            keys::KeyKind::Rates | keys::KeyKind::Target => line(text, key.key, quoted(&value)),
            keys::KeyKind::Paths => line(text, key.key, list(&spec.tune)),
            keys::KeyKind::Whole(..) => line(text, key.key, value),
            // Tables of their own come last.
            keys::KeyKind::Arms => {}
        }
    }
    for arm in &spec.arms {
        *text += "\n[[compare.arms]]\n";
        line(text, "name", quoted(arm.name.raw()));
        line(text, "set", list(&arm.set));
    }
}

pub(in crate::experiment) fn line(text: &mut String, key: &str, value: impl std::fmt::Display) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{key} = {value}");
}

/// A list of texts.
pub(in crate::experiment) fn list(items: &[impl ToString]) -> String {
    let items: Vec<_> = items.iter().map(|item| quoted(&item.to_string())).collect();
    format!("[{}]", items.join(", "))
}

/// The parameters worth writing: those that are not at their defaults, and any learning rate, since
/// everyone asks for it.
pub(in crate::experiment) fn said(pick: &Pick) -> impl Iterator<Item = (&'static str, &Value)> {
    pick.params()
        .filter(|(param, value)| param.key == "lr" || Value::from(param.default) != **value)
        .map(|(param, value)| (param.key, value))
}

/// `"tanh"`, or `{ name = "adam", lr = 0.01 }` where there are parameters to write.
fn inline(pick: &Pick) -> String {
    let name = quoted(pick.key());
    let params = said(pick).map(|(key, value)| format!("{key} = {}", literal(value)));
    let params: Vec<_> = params.collect();
    if params.is_empty() { name } else { format!("{{ name = {name}, {} }}", params.join(", ")) }
}

/// Numbers of a list in one line.
const IN_A_LINE: usize = 12;

/// A parameter's value as TOML.
fn literal(value: &Value) -> String {
    match value {
        Value::Word(word) => quoted(word),
        Value::List(xs) => {
            let items: Vec<_> = xs.iter().map(|x| Plain(*x).to_string()).collect();
            if items.len() <= IN_A_LINE {
                return format!("[{}]", items.join(", "));
            }
            let lines: Vec<_> = items.chunks(IN_A_LINE).map(|items| items.join(", ")).collect();
            format!("[\n    {},\n]", lines.join(",\n    "))
        }
        plain => plain.to_string(),
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", toml_string(text))
}

/// Columns after which a long text goes on in the next line.
const COLUMNS: usize = 96;

/// A text in quotes, over several lines if it is long: a backslash at a line's end joins it to the
/// next, without the spaces in between, so that breaks are only possible before a word.
fn paragraph(text: &str) -> String {
    let text = toml_string(text);
    if text.chars().count() < COLUMNS || text.starts_with(' ') {
        return format!("\"{text}\"");
    }
    let mut out = "\"\"\"\\\n".to_owned();
    let mut column = 0;
    for word in text.split_inclusive(' ') {
        let width = word.chars().count();
        if column + width > COLUMNS && !word.starts_with(' ') {
            out += "\\\n";
            column = 0;
        }
        out += word;
        column += width;
    }
    out + "\"\"\""
}
