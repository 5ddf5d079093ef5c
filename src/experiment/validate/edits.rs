//! The list `[[edits]]`: what is laid over the experiment in the middle of its run.

use super::read;
use super::section::{EDIT, EDITS, Section};
use crate::experiment::diagnostic::{Diagnostic, Result};
use crate::experiment::node::{Kind, Node};
use crate::experiment::overrides::Assignment;
use crate::experiment::span::Span;
use crate::spec::Range;

/// The steps at which an edit may stand.
const STEPS: Range = Range::Closed(0.0, 1e12);
/// The most edits.
const MOST: usize = 10_000;

/// The assignments that are laid over an experiment at one step, as they are written.
#[derive(Clone, Debug)]
pub struct Dated {
    /// Steps done before them.
    pub step: u64,
    /// One after another.
    pub set: Vec<Assignment>,
    /// All of it.
    pub span: Span,
}

/// The edits in the tree of a text, in the order in which they are written.
pub fn edits(root: &Node) -> Result<Vec<Dated>> {
    let Kind::Table(table) = &root.kind else { return Ok(Vec::new()) };
    let Some(entry) = table.get(EDITS) else { return Ok(Vec::new()) };
    let Kind::Array(items) = &entry.value.kind else {
        let what = format!("`{EDITS}` is {}, not a list of edits", entry.value.kind.noun());
        return Err(Diagnostic::new(what)
            .at(&entry.value.span)
            .help("write `[[edits]]`, in two brackets, before each edit"));
    };
    if let Some(item) = items.get(MOST) {
        let message = format!("there are {} edits; at most {MOST} are possible", items.len());
        return Err(Diagnostic::new(message).at(&item.span));
    }
    items.iter().map(edit).collect()
}

fn edit(node: &Node) -> Result<Dated> {
    let section = Section::open(node, EDITS, &EDIT)?;
    let step = step(section.require("step")?)?;
    let set = section.require("set")?;
    let assignments = read::assignments(set)?;
    if assignments.is_empty() {
        return Err(Diagnostic::new(format!("the edit at step {step} assigns nothing"))
            .at(&set.span)
            .help("as in set = [\"optimizer.lr=0.1\"]"));
    }
    Ok(Dated { step, set: assignments, span: node.span.clone() })
}

fn step(node: &Node) -> Result<u64> {
    read::whole(node, "step", STEPS)
}

/// The edit that is typed as `STEP:PATH=VALUE`, as in `example`.
pub fn dated(typed: &Assignment, example: &str) -> Result<Dated> {
    let Assignment { text, span } = typed;
    let part = |from, to| span.part(text, from..to);
    let Some((number, rest)) = text.split_once(':') else {
        return Err(Diagnostic::new(format!("`{text}` is not of the form STEP:PATH=VALUE"))
            .at(span)
            .help(format!("as in `{example}`")));
    };
    let step = step(&Node::word(number, part(0, number.len())))?;
    let assignment = Assignment { text: rest.to_owned(), span: part(number.len() + 1, text.len()) };
    Ok(Dated { step, set: vec![assignment], span: span.clone() })
}
