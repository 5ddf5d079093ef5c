//! Walks from TOML.
//!
//! ```toml
//! title = "Ravine"
//! surface = "quadratic:condition=100"
//! start = [-4.0, 1.0]     # if not the surface's usual one
//! noise = 0.5             # σ on the gradient
//! seed = 7
//! steps = 300
//!
//! [[walkers]]
//! optimizer = "sgd:lr=0.02"
//! schedule = "cosine"
//! ```

use super::{MOST_STEPS, MOST_WALKERS, Walk, WalkerSpec};
use crate::catalog;
use crate::experiment::diagnostic::{Diagnostic, Result};
use crate::experiment::keys::{require, table};
use crate::experiment::node::{Kind, Node};
use crate::experiment::validate::read::{number, text, whole};
use crate::experiment::{pick, toml};
use crate::spec::Range;
use crate::surface::Point;

/// The keys of a walk.
const KEYS: [&str; 8] = ["title", "about", "surface", "start", "noise", "seed", "steps", "walkers"];
/// The keys of each of `[[walkers]]`.
const WALKER: [&str; 2] = ["optimizer", "schedule"];

/// The walk in a TOML text called `name`.
///
/// # Errors
/// The mistake, its place, and what would be right.
pub fn parse(name: &str, text: &str) -> Result<Walk> {
    walk(&toml::read(name, text)?)
}

/// The walk in the table at `root`.
///
/// # Errors
/// As [`parse`].
pub(in crate::experiment) fn walk(root: &Node) -> Result<Walk> {
    let top = table(root, "walk", &KEYS)?;
    let surface = pick::read(require(root, top, "surface")?, catalog::Kind::Surface, None)?;
    let node = require(root, top, "walkers")?;
    let mut walk = Walk::new(surface, walkers(node)?);
    for entry in &top.entries {
        let (key, node) = (entry.key.as_str(), &entry.value);
        match key {
            "title" => walk.title = self::text(node, key)?.into(),
            "about" => walk.about = self::text(node, key)?.into(),
            "start" => walk.start = point(node)?,
            "noise" => walk.noise = number(node, key, Range::AtLeast(0.0))?,
            "seed" => walk.seed = whole(node, key, Range::AtLeast(0.0))?,
            "steps" => walk.steps = whole(node, key, Range::Closed(1.0, MOST_STEPS as f64))?,
            _ => {}
        }
    }
    Ok(walk)
}

fn walkers(node: &Node) -> Result<Vec<WalkerSpec>> {
    let Kind::Array(items) = &node.kind else {
        let message = format!("`walkers` must be a list of walkers, not {}", node.kind.noun());
        return Err(Diagnostic::new(message)
            .at(&node.span)
            .help("write `[[walkers]]`, in two brackets, before each walker"));
    };
    if items.is_empty() || items.len() > MOST_WALKERS {
        let message = format!("{} walkers are given", items.len());
        let help = format!("a walk has 1 to {MOST_WALKERS}");
        return Err(Diagnostic::new(message).at(&node.span).help(help));
    }
    items.iter().map(walker).collect()
}

fn walker(node: &Node) -> Result<WalkerSpec> {
    let table = table(node, "walker", &WALKER)?;
    let optimizer = require(node, table, "optimizer")?;
    let walker = WalkerSpec::from(pick::read(optimizer, catalog::Kind::Optimizer, None)?);
    Ok(match table.get("schedule") {
        None => walker,
        Some(entry) => {
            let schedule = pick::read(&entry.value, catalog::Kind::Schedule, None)?;
            WalkerSpec { schedule, ..walker }
        }
    })
}

fn point(node: &Node) -> Result<Point> {
    let wrong =
        |message: String| Diagnostic::new(message).at(&node.span).help("as in start = [-4.0, 1.0]");
    let Kind::Array(items) = &node.kind else {
        return Err(wrong(format!(
            "`start` must be a list of two numbers, not {}",
            node.kind.noun()
        )));
    };
    let [x, y] = items.as_slice() else {
        return Err(wrong(format!("`start` is two numbers, x and y, not {}", items.len())));
    };
    Ok([number(x, "start", Range::Any)?, number(y, "start", Range::Any)?])
}
