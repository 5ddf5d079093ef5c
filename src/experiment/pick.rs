//! Reads a picked thing: `"adam"`, `"adam:lr=0.01"` or `{ name = "adam", lr = 0.01 }`.

use super::diagnostic::{Diagnostic, Result};
use super::node::{Entry, Kind, Node, Table};
use crate::catalog;
use crate::spec::{Pick, PickError, Value};

/// The entry of the catalog that `node` names, with its parameters. A table without a name means
/// `default`, if there is one.
pub(super) fn read(node: &Node, kind: catalog::Kind, default: Option<&Pick>) -> Result<Pick> {
    let table = expand(node, kind.noun())?;
    let mut pick = match (table.get("name"), default) {
        (Some(entry), _) => named(&entry.value, kind)?,
        (None, Some(default)) => default.clone(),
        (None, None) => {
            let noun = kind.noun();
            return Err(Diagnostic::new(format!("this {noun} has no `name`")).at(&node.span));
        }
    };
    for entry in table.entries.iter().filter(|entry| entry.key != "name") {
        set(&mut pick, entry)?;
    }
    check(&pick, node)?;
    Ok(pick)
}

/// The table that the short form stands for: `adam:lr=0.01` is `{ name = "adam", lr = 0.01 }`.
pub(super) fn expand(node: &Node, noun: &str) -> Result<Table> {
    let text = match &node.kind {
        Kind::Table(table) => return Ok(table.clone()),
        Kind::Text(text) | Kind::Word(text) => text.as_str(),
        other => {
            let (kind, what) = (other.noun(), format!("`{noun}` must be a name"));
            return Err(Diagnostic::new(format!("{what}, not {kind}")).at(&node.span));
        }
    };
    let word = |start: usize, end: usize| {
        let all = end - start == text.len();
        let span = if all { node.span.clone() } else { node.span.part(text, start..end) };
        Node::word(&text[start..end], span)
    };
    let name_end = text.find(':').unwrap_or(text.len());
    let name = word(0, name_end);
    let mut table = Table::default();
    table.add("name", name.span.clone(), name)?;
    let mut start = name_end + 1;
    while start <= text.len() {
        let end = text[start..].find(',').map_or(text.len(), |comma| start + comma);
        let Some(equals) = text[start..end].find('=').map(|equals| start + equals) else {
            let pair = word(start, end);
            let message = format!("`{}` is not of the form key=value", &text[start..end]);
            return Err(Diagnostic::new(message).at(&pair.span));
        };
        let key = word(start, equals);
        table.add(&text[start..equals], key.span, word(equals + 1, end))?;
        start = end + 1;
    }
    Ok(table)
}

/// The catalog's entry of this name, with its defaults.
pub(super) fn named(name: &Node, kind: catalog::Kind) -> Result<Pick> {
    let noun = kind.noun();
    let (Kind::Text(given) | Kind::Word(given)) = &name.kind else {
        let what = format!("the name of this {noun} must be a string, not {}", name.kind.noun());
        return Err(Diagnostic::new(what).at(&name.span));
    };
    kind.pick(given).map_err(|error| explain(error).at(&name.span))
}

/// Sets one parameter as written.
pub(super) fn set(pick: &mut Pick, entry: &Entry) -> Result<()> {
    let value = &entry.value;
    let outcome = match &value.kind {
        Kind::Word(text) => pick.set_text(&entry.key, text),
        Kind::Text(text) => pick.set(&entry.key, Value::Word(text.clone())),
        Kind::Float(x) => pick.set(&entry.key, Value::Number(*x)),
        Kind::Flag(flag) => pick.set(&entry.key, Value::Flag(*flag)),
        Kind::Integer(n) => {
            let whole = i64::try_from(*n).map_or(Value::Number(*n as f64), Value::Integer);
            pick.set(&entry.key, whole)
        }
        Kind::Array(items) => pick.set(&entry.key, Value::List(numbers(items)?)),
        Kind::Table(_) => pick.set(&entry.key, Value::Word("a table".to_owned())),
    };
    outcome.map_err(|error| match error {
        PickError::UnknownParam { .. } => explain(error).at(&entry.key_span),
        _ => explain(error).at(&value.span),
    })
}

/// Checks that the parameters of `pick`, written at `node`, go together.
pub(super) fn check(pick: &Pick, node: &Node) -> Result<()> {
    catalog::check(pick).map_err(|error| explain(error).at(&node.span))
}

/// The numbers of a list, or those of the lists in it one after another: points as `[x1, x2, class]`.
fn numbers(items: &[Node]) -> Result<Vec<f64>> {
    let mut list = Vec::new();
    for item in items {
        match &item.kind {
            Kind::Integer(n) => list.push(*n as f64),
            Kind::Float(x) => list.push(*x),
            Kind::Array(items) => list.extend(numbers(items)?),
            other => {
                let message = format!("this list is of numbers; here is {}", other.noun());
                return Err(Diagnostic::new(message).at(&item.span));
            }
        }
    }
    Ok(list)
}

/// The error with its remedy set apart.
fn explain(error: PickError) -> Diagnostic {
    match error {
        PickError::UnknownName { kind, given, nearest } => {
            let help =
                nearest.map_or_else(|| every(kind), |name| format!("did you mean `{name}`?"));
            Diagnostic::new(format!("there is no {kind} called `{given}`")).help(help)
        }
        PickError::UnknownParam { entry, given, nearest, known } => {
            let help = match nearest {
                Some(name) => format!("did you mean `{name}`?"),
                None if known.is_empty() => format!("`{entry}` has no parameters"),
                None => format!("its parameters are {}", known.join(", ")),
            };
            Diagnostic::new(format!("`{entry}` has no parameter `{given}`")).help(help)
        }
        PickError::BadValue { entry, key, given, expected } => {
            Diagnostic::new(format!("`{key}` of `{entry}` cannot be {given}"))
                .help(format!("it must be {expected}"))
        }
        PickError::Conflict { .. } | PickError::Syntax { .. } => Diagnostic::new(error.to_string()),
    }
}

/// All names of one kind.
fn every(noun: &str) -> String {
    let cards = catalog::Kind::ALL.into_iter().filter(|kind| kind.noun() == noun);
    let keys: Vec<_> = cards.flat_map(catalog::Kind::cards).map(|card| card.key).collect();
    format!("there are {}", keys.join(", "))
}
