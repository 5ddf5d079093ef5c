//! Overrides: `--set train.batch_size=64`, `--set layers.1.activation=relu` (layers counted from
//! 1), `--set optimizer.lr=0.1`, `--set optimizer=sgd:lr=0.1`.

use super::diagnostic::{Diagnostic, Result};
use super::node::{Kind, Node, Table};
use super::pick;
use super::settings::{HIDDEN, Section};
use super::span::Span;

/// Lays one override over the tree. [`super::validate`] checks its key and value, as all the others.
///
/// `layers.hidden.activation=relu` is laid over every hidden layer.
pub(super) fn apply(root: &mut Node, text: &str) -> Result<()> {
    let all = Section::Layers.key().and_then(|layers| text.strip_prefix(layers));
    let hidden = all.and_then(|rest| rest.strip_prefix('.')?.strip_prefix(HIDDEN));
    let Some(rest) = hidden.filter(|rest| rest.starts_with('.')) else {
        return apply_one(root, text);
    };
    let layers = match &root.find("layers").kind {
        Kind::Array(layers) => layers.len(),
        _ => 0,
    };
    if layers < 2 {
        let whole = Span::whole("--set", text);
        return Err(Diagnostic::new("there is no hidden layer").at(&whole.at(0..text.len())));
    }
    (1..layers).try_for_each(|number| apply_one(root, &format!("layers.{number}{rest}")))
}

fn apply_one(root: &mut Node, text: &str) -> Result<()> {
    let whole = Span::whole("--set", text).at(0..text.len());
    let Some((path, value)) = text.split_once('=') else {
        return Err(Diagnostic::new(format!("`{text}` is not of the form key=value"))
            .at(&whole)
            .help("as in `--set train.batch_size=64`"));
    };
    let mut value = Node::word(value, whole.at(path.len() + 1..text.len()));
    let mut node = root;
    let mut start = 0;
    for part in path.split('.') {
        let span = whole.at(start..start + part.len());
        start += part.len() + 1;
        node = step(node, part, span)?;
    }
    if Section::Data.key() == Some(path) {
        value.kind = Kind::Table(other_data(&value, node)?);
    }
    *node = value;
    Ok(())
}

/// The table `[data]` with another data set: the settings beside the data set and its parameters
/// stay as they are.
fn other_data(value: &Node, old: &Node) -> Result<Table> {
    let mut table = pick::expand(value, "data")?;
    let Kind::Table(old) = &old.kind else { return Ok(table) };
    let beside = Section::Data.rows().filter(|row| !row.kind.is_of_csv());
    for entry in beside.filter_map(|row| old.get(row.key)) {
        if table.get(&entry.key).is_none() {
            table.entries.push(entry.clone());
        }
    }
    Ok(table)
}

/// The part of `node` called `part`, made if it is not there.
fn step<'a>(node: &'a mut Node, part: &str, span: Span) -> Result<&'a mut Node> {
    if let Kind::Text(_) | Kind::Word(_) = node.kind {
        node.kind = Kind::Table(pick::expand(node, part)?);
    }
    match &mut node.kind {
        Kind::Table(table) => Ok(table.value_mut(part, span)),
        Kind::Array(items) => {
            let count = items.len();
            let index = part.parse().ok().and_then(|n: usize| n.checked_sub(1));
            index.and_then(|index| items.get_mut(index)).ok_or_else(|| {
                Diagnostic::new(format!("there is no layer `{part}`")).at(&span).help(format!(
                    "layers are numbered 1 to {count}; `{HIDDEN}` is all but the last"
                ))
            })
        }
        other => Err(Diagnostic::new(format!("`{part}` is asked of {}", other.noun())).at(&span)),
    }
}
