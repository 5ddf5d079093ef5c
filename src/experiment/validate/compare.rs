//! The table `[compare]`.

use std::str::FromStr;

use super::read;
use super::section::{self, Section};
use crate::catalog;
use crate::experiment::compare::keys::{self, KEYS, Key};
use crate::experiment::compare::{ArmSpec, CompareSpec, split_picks};
use crate::experiment::diagnostic::{Diagnostic, Result};
use crate::experiment::node::{Kind, Node};
use crate::experiment::pick;
use crate::spec::Pick;

/// The comparison that `node` asks for.
pub(super) fn compare(node: &Node) -> Result<CompareSpec> {
    let section = Section::open(node, "compare", &section::compare_keys())?;
    let mut spec = CompareSpec::default();
    for Key { key, kind, .. } in &KEYS {
        let Some(node) = section.get(key) else { continue };
        match kind {
            keys::KeyKind::Picks(kind, _, place) => *place(&mut spec) = picks(node, *kind)?,
            keys::KeyKind::Arms => spec.arms = arms(node)?,
            keys::KeyKind::Rates => spec.rates = parsed(node, key)?,
            keys::KeyKind::Paths => spec.tune = paths(node, key)?,
            keys::KeyKind::Target => spec.target = Some(parsed(node, key)?),
            keys::KeyKind::Whole(range, _, set) => set(&mut spec, read::whole(node, key, *range)?),
        }
    }
    if let Some(node) = section.get("rates").filter(|_| !spec.tune.is_empty()) {
        let message = "`rates` says nothing beside `tune`, which searches learning rates as well";
        return Err(Diagnostic::new(message)
            .at(&node.span)
            .help("leave one of them out; `optimizer.lr` in `tune` is the learning rate"));
    }
    if let Some(node) = section.get("trials").filter(|_| spec.tune.is_empty()) {
        let message = "`trials` is the number of settings that are tried, and `tune` names none";
        return Err(Diagnostic::new(message)
            .at(&node.span)
            .help("add `tune = [\"optimizer.lr\", \"optimizer.weight_decay\"]`"));
    }
    Ok(spec)
}

/// A list of paths, or several in one text as on the command line.
fn paths(node: &Node, key: &str) -> Result<Vec<String>> {
    let text = |node: &Node| match &node.kind {
        Kind::Text(text) | Kind::Word(text) => Ok(text.clone()),
        other => {
            let message = format!("`{key}` must be a list of paths, not {}", other.noun());
            Err(Diagnostic::new(message).at(&node.span))
        }
    };
    let paths: Vec<String> = match &node.kind {
        Kind::Array(items) => items.iter().map(text).collect::<Result<_>>()?,
        _ => text(node)?.split(',').map(|path| path.trim().to_owned()).collect(),
    };
    let twice = (1..paths.len()).find(|&i| paths[..i].contains(&paths[i]));
    match twice.map(|i| &paths[i]) {
        Some(path) => {
            Err(Diagnostic::new(format!("`{path}` is named twice in `{key}`")).at(&node.span))
        }
        None => Ok(paths),
    }
}

/// A list of picks, or several in one text as on the command line.
fn picks(node: &Node, kind: catalog::Kind) -> Result<Vec<Pick>> {
    match &node.kind {
        Kind::Array(items) => items.iter().map(|item| pick::read(item, kind, None)).collect(),
        Kind::Text(text) | Kind::Word(text) => split_picks(text)
            .into_iter()
            .map(|text| pick::read(&Node::word(text, node.span.clone()), kind, None))
            .collect(),
        other => {
            let message = format!("`{}` must be a list, not {}", kind.plural(), other.noun());
            Err(Diagnostic::new(message).at(&node.span))
        }
    }
}

/// A value that is read from text, or from a whole number.
fn parsed<T: FromStr<Err = String>>(node: &Node, key: &str) -> Result<T> {
    let text = match &node.kind {
        Kind::Text(text) | Kind::Word(text) => text.clone(),
        Kind::Integer(n) => n.to_string(),
        other => {
            let message = format!("`{key}` must be a string, not {}", other.noun());
            return Err(Diagnostic::new(message).at(&node.span));
        }
    };
    text.parse().map_err(|error: String| Diagnostic::new(error).at(&node.span))
}

fn arms(node: &Node) -> Result<Vec<ArmSpec>> {
    let arms: Vec<(ArmSpec, &Node)> = match &node.kind {
        Kind::Array(items) => {
            items.iter().map(|item| Ok((arm(item)?, item))).collect::<Result<_>>()?
        }
        // As a recipe has it: a line each, and an empty one between two arms.
        Kind::Word(text) => text
            .split("\n\n")
            .map(|arm| {
                let mut lines = arm.lines().map(str::to_owned);
                let name = lines.next().unwrap_or_default().into();
                (ArmSpec { name, set: lines.collect() }, node)
            })
            .collect(),
        other => {
            let message = format!("`arms` is {}, not a list of arms", other.noun());
            return Err(Diagnostic::new(message)
                .at(&node.span)
                .help("write `[[compare.arms]]`, in two brackets, before each arm"));
        }
    };
    for (arm, node) in &arms {
        let mut lines = arm.set.iter().map(String::as_str).chain([arm.name.raw()]);
        if arm.name.raw().trim().is_empty()
            || lines.any(|line| line.is_empty() || line.contains('\n'))
        {
            let message = "an arm needs a name, and each of its overrides is one line";
            return Err(Diagnostic::new(message).at(&node.span));
        }
    }
    Ok(arms.into_iter().map(|(arm, _)| arm).collect())
}

fn arm(node: &Node) -> Result<ArmSpec> {
    let section = Section::open(node, "arms", &section::ARM)?;
    section.require("name")?;
    let name = section.text("name")?.unwrap_or_default().into();
    let set = read::assignments(section.require("set")?)?;
    Ok(ArmSpec { name, set: set.into_iter().map(|it| it.text).collect() })
}
