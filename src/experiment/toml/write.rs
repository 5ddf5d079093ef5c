//! Writes an experiment as a TOML file that a reader learns from.

use std::fmt::Write;

use crate::experiment::dial::DIALS;
use crate::experiment::{DataSource, DataSpec, Experiment, LayerSpec, TrainSpec};
use crate::spec::{Pick, Plain, Value};

/// The experiment as TOML. Reading it gives an equal experiment; what is left at a default that
/// says little is left out.
#[must_use]
pub fn to_toml(experiment: &Experiment) -> String {
    let Experiment { title, about, seed, data, train, optimizer, schedule, layers, compare } =
        experiment;
    let mut text = String::new();
    if !title.is_empty() {
        line(&mut text, "title", quoted(title));
    }
    if !about.is_empty() {
        line(&mut text, "about", paragraph(about));
    }
    line(&mut text, "seed", seed);
    write_data(&mut text, data);
    write_train(&mut text, train);
    write_pick(&mut text, "optimizer", optimizer);
    if schedule.key() != "none" {
        write_pick(&mut text, "schedule", schedule);
    }
    for layer in layers {
        write_layer(&mut text, layer);
    }
    if let Some(spec) = compare {
        super::compare::write(&mut text, spec);
    }
    text
}

fn write_data(text: &mut String, data: &DataSpec) {
    *text += "\n[data]\n";
    match &data.source {
        DataSource::Named(pick) => {
            line(text, "name", quoted(pick.key()));
            for (param, value) in pick.params() {
                line(text, param.key, Literal(value));
            }
        }
        DataSource::Csv { path, target, .. } => {
            line(text, "csv", quoted(&path.to_string_lossy()));
            line(text, "target", quoted(target));
        }
    }
    line(text, "test_fraction", Plain(data.test_fraction));
    if let Some(seed) = data.seed {
        line(text, "seed", seed);
    }
}

fn write_train(text: &mut String, train: &TrainSpec) {
    *text += "\n[train]\n";
    line(text, "loss", pick(&train.loss));
    line(text, "batch_size", train.batch_size);
    line(text, "steps", train.steps);
    if train.eval_every != 0 {
        line(text, "eval_every", train.eval_every);
    }
    for dial in &DIALS {
        let value = dial.get(train);
        if value != 0.0 {
            line(text, dial.limit.key, Plain(value));
        }
    }
}

fn write_pick(text: &mut String, key: &str, pick: &Pick) {
    let _ = write!(text, "\n[{key}]\n");
    line(text, "name", quoted(pick.key()));
    for (key, value) in said(pick) {
        line(text, key, Literal(value));
    }
}

fn write_layer(text: &mut String, layer: &LayerSpec) {
    *text += "\n[[layers]]\n";
    line(text, "units", layer.units);
    line(text, "activation", pick(&layer.activation));
    if let Some(norm) = &layer.norm {
        line(text, "norm", pick(norm));
    }
    if layer.dropout != 0.0 {
        line(text, "dropout", Plain(layer.dropout));
    }
    if let Some(init) = &layer.init {
        line(text, "init", pick(init));
    }
    if let Some(optimizer) = &layer.optimizer {
        line(text, "optimizer", pick(optimizer));
    }
}

pub(super) fn line(text: &mut String, key: &str, value: impl std::fmt::Display) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{key} = {value}");
}

/// The parameters worth writing: those that are not at their defaults, and any learning rate, since
/// everyone asks for it.
pub(in crate::experiment) fn said(pick: &Pick) -> impl Iterator<Item = (&'static str, &Value)> {
    pick.params()
        .filter(|(param, value)| param.key == "lr" || Value::from(param.default) != **value)
        .map(|(param, value)| (param.key, value))
}

/// `"tanh"`, or `{ name = "adam", lr = 0.01 }` where there are parameters to write.
fn pick(pick: &Pick) -> String {
    let name = quoted(pick.key());
    let params = said(pick).map(|(key, value)| format!("{key} = {}", Literal(value)));
    let params: Vec<_> = params.collect();
    if params.is_empty() { name } else { format!("{{ name = {name}, {} }}", params.join(", ")) }
}

/// A parameter's value as TOML.
struct Literal<'a>(&'a Value);

impl std::fmt::Display for Literal<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Value::Word(word) => f.write_str(&quoted(word)),
            Value::List(xs) => {
                let items: Vec<_> = xs.iter().map(|x| Plain(*x).to_string()).collect();
                write!(f, "[{}]", items.join(", "))
            }
            plain => write!(f, "{plain}"),
        }
    }
}

pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// The text with what may not stand between quotes escaped.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => out += "\\\"",
            '\\' => out += "\\\\",
            '\n' => out += "\\n",
            '\r' => out += "\\r",
            '\t' => out += "\\t",
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

/// Columns after which a long text goes on in the next line.
const COLUMNS: usize = 96;

/// A text in quotes, over several lines if it is long: a backslash at a line's end joins it to the
/// next, without the spaces in between, so that breaks are only possible before a word.
fn paragraph(text: &str) -> String {
    let text = escaped(text);
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
