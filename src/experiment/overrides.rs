//! Overrides: `--set train.batch_size=64`, `--set layers.1.activation=relu` (layers counted from
//! 1), `--set optimizer.lr=0.1`, `--set optimizer=sgd:lr=0.1`.

use super::diagnostic::{Diagnostic, Result};
use super::node::{Kind, Node, Table};
use super::pick;
use super::settings::{HIDDEN, Section};
use super::span::Span;

/// The option by which overrides are typed.
pub(super) const SET: &str = "--set";

/// An assignment such as `train.batch_size=64`, and where it is written.
#[derive(Clone, Debug)]
pub(super) struct Assignment {
    pub text: String,
    pub span: Span,
}

impl Assignment {
    /// What is typed after `option`.
    pub fn typed(option: &str, text: &str) -> Self {
        let span = Span::whole(option, text).at(0..text.len());
        Self { text: text.to_owned(), span }
    }

    /// The place of a part of it.
    pub fn part(&self, start: usize, end: usize) -> Span {
        self.span.part(&self.text, start..end)
    }
}

/// Lays one override over the tree. [`super::validate`] checks its key and value, as all the others.
///
/// `layers.hidden.activation=relu` is laid over every hidden layer.
pub(super) fn apply(root: &mut Node, assignment: &Assignment) -> Result<()> {
    let text = &assignment.text;
    if let Some(edit) = text.strip_prefix('@') {
        return Err(Diagnostic::new(format!("`{text}` is an edit in the middle of the run"))
            .at(&assignment.span)
            .help(format!("write it as --edit {edit}")));
    }
    let Some((path, value)) = text.split_once('=') else {
        return Err(not_a_pair(assignment));
    };
    if path.split('.').next() == Some("edits") {
        return Err(Diagnostic::new("edits are no setting that could be laid over")
            .at(&assignment.span)
            .help("write one as --edit 5000:optimizer.lr=0.1"));
    }
    let value = Node::word(value, assignment.part(path.len() + 1, text.len()));
    let mut start = 0;
    let mut parts = Vec::new();
    for part in path.split('.') {
        parts.push((part, assignment.part(start, start + part.len())));
        start += part.len() + 1;
    }
    if parts.len() < 3 || Section::Layers.key() != Some(parts[0].0) || parts[1].0 != HIDDEN {
        return assign(root, &parts, value);
    }
    let layers = match &root.find(parts[0].0).kind {
        Kind::Array(layers) => layers.len(),
        _ => 0,
    };
    if layers < 2 {
        return Err(Diagnostic::new("there is no hidden layer").at(&assignment.span));
    }
    (1..layers).try_for_each(|number| {
        let number = number.to_string();
        let mut parts = parts.clone();
        parts[1].0 = &number;
        assign(root, &parts, value.clone())
    })
}

fn not_a_pair(assignment: &Assignment) -> Diagnostic {
    let Assignment { text, span } = assignment;
    let example = if span.name() == SET { "--set train.batch_size=64" } else { "optimizer.lr=0.1" };
    Diagnostic::new(format!("`{text}` is not of the form key=value"))
        .at(span)
        .help(format!("as in `{example}`"))
}

/// Puts `value` at the path of these parts.
fn assign(root: &mut Node, path: &[(&str, Span)], mut value: Node) -> Result<()> {
    let mut node = root;
    for (part, span) in path {
        node = step(node, part, span.clone())?;
    }
    if let [(only, _)] = path
        && Section::Data.key() == Some(only)
    {
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
