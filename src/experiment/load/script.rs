//! From what a user names to a [`Script`].

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::Path;

use super::{ITSELF, absolute, arms, laid_over, tree, typed};
use crate::experiment::diagnostic::{Diagnostic, Result};
use crate::experiment::node::Node;
use crate::experiment::overrides::{Assignment, SET};
use crate::experiment::validate::Loaded;
use crate::experiment::validate::edits::{Dated, dated, edits};
use crate::experiment::{
    Change, Experiment, Script, changes, recipe, script_to_toml, to_toml, toml,
};

/// A valid script with what is unusual about it.
#[derive(Clone, Debug)]
pub struct LoadedScript {
    /// The script.
    pub script: Script,
    /// Warnings that a reader should know before trusting its numbers.
    pub warnings: Vec<Diagnostic>,
}

/// The option by which edits are typed.
const EDIT: &str = "--edit";

/// Loads the script that `argument` names, as [`load`](super::load) does experiments. `overrides` are
/// laid over its start, its own edits over that, and then `edits` as in
/// `5000:layers.1.activation=relu`, each over the experiment in force at its step.
///
/// # Errors
/// The mistake, its place, and what would be right.
///
/// ```
/// use gradlab::experiment::load_script;
/// let loaded = load_script("spirals", &["seed=3"], &["500:optimizer=sgd:lr=0.05"]).unwrap();
/// assert_eq!(loaded.script.edits()[0].step, 500);
/// assert_eq!(loaded.script.end().optimizer.key(), "sgd");
/// ```
pub fn load_script(
    argument: &str,
    overrides: &[impl AsRef<str>],
    edits: &[impl AsRef<str>],
) -> Result<LoadedScript> {
    let (root, folder) = tree(argument)?;
    let later: Vec<_> = edits
        .iter()
        .map(|text| dated(&Assignment::typed(EDIT, text.as_ref()), "--edit 5000:optimizer.lr=0.1"))
        .collect::<Result<_>>()?;
    let (loaded, root) = script(root, &typed(overrides), later, folder)?;
    arms::check(&loaded.script, &root)?;
    Ok(loaded)
}

/// Reads a script as TOML; `name` is what errors call it, and file names in it are relative to
/// `folder`. Whether the arms of its comparison are possible is seen by who makes the comparison: an
/// experiment that is changed may be written and read while they are not.
///
/// # Errors
/// As [`load_script`].
pub fn parse_script(name: &str, text: &str, folder: &Path) -> Result<LoadedScript> {
    script(toml::read(name, text)?, &[], Vec::new(), folder).map(|(loaded, _)| loaded)
}

/// Reads a script as a recipe, as [`parse_script`] does TOML.
///
/// # Errors
/// As [`load_script`].
pub fn parse_script_recipe(text: &str) -> Result<LoadedScript> {
    script(recipe::read(text)?, &[], Vec::new(), Path::new("")).map(|(loaded, _)| loaded)
}

/// The script as TOML for a file in any folder, as [`to_portable_toml`](super::to_portable_toml).
#[must_use]
pub fn script_to_portable_toml(script: &Script) -> String {
    script_to_toml(&script.map(absolute))
}

impl Script {
    /// This script with overrides laid over its start. Its edits are made over that as far as they
    /// differ from what was before them, together with those among `overrides` that begin with a
    /// step: `@5000:optimizer=sgd`.
    ///
    /// # Errors
    /// If an override is wrong, or an edit is not possible over what it changes.
    pub fn with_overrides(&self, overrides: &[impl AsRef<str>]) -> Result<Self> {
        let (later, first): (Vec<&str>, Vec<&str>) =
            overrides.iter().map(AsRef::as_ref).partition(|text| text.starts_with('@'));
        let start = self.start().with_overrides(&first)?;
        let later = later.iter().map(|text| {
            let whole = Assignment::typed(SET, text);
            let rest = Assignment { text: text[1..].to_owned(), span: whole.part(1, text.len()) };
            dated(&rest, "@5000:optimizer.lr=0.1")
        });
        let later = later.collect::<Result<Vec<_>>>()?;
        let own = self.assignments().map(|(step, set)| own_edit(step, &set));
        Ok(edited(start, Vec::new(), own.chain(later).collect())?.script)
    }

    /// The edits of this script over another start: of each, what it changes here.
    ///
    /// # Errors
    /// If one is not possible there.
    pub fn over(&self, start: Experiment) -> Result<Self> {
        let own = self.assignments().map(|(step, set)| own_edit(step, &set));
        Ok(edited(start, Vec::new(), own.collect())?.script)
    }
}

/// An edit that a script has.
fn own_edit(step: u64, set: &[String]) -> Dated {
    let set: Vec<_> = set
        .iter()
        .map(|text| Assignment::typed(&format!("the edit at step {step}"), text))
        .collect();
    let span = set[0].span.clone();
    Dated { step, set, span }
}

/// The script that `root` describes, with `overrides` laid over its start and `later` edits; and the
/// tree that it is read from.
fn script(
    root: Node,
    overrides: &[Assignment],
    later: Vec<Dated>,
    folder: &Path,
) -> Result<(LoadedScript, Node)> {
    let mut dated = edits(&root)?;
    dated.extend(later);
    let (Loaded { experiment, warnings }, root) = laid_over(root, overrides, folder, "--set ")?;
    Ok((edited(experiment, warnings, dated)?, root))
}

/// `start` with edits: those at one step are one, each is laid over the experiment in force before it.
fn edited(start: Experiment, warnings: Vec<Diagnostic>, edits: Vec<Dated>) -> Result<LoadedScript> {
    let mut known: Vec<String> = warnings.iter().map(|it| it.message().to_owned()).collect();
    let mut made = LoadedScript { script: start.into(), warnings };
    for Dated { step, set, span } in by_step(edits) {
        let before = made.script.end();
        let Loaded { experiment, warnings } = edit(before, step, &set)?;
        if changes(before, &experiment).is_empty() {
            let message = format!("the edit at step {step} changes nothing");
            made.warnings.push(Diagnostic::new(message).at(&span).help("it may be left out"));
        }
        for warning in warnings {
            if !known.iter().any(|message| message == warning.message()) {
                known.push(warning.message().to_owned());
                made.warnings.push(warning.after(&format!("from step {step} on, ")));
            }
        }
        let before = before.clone();
        made.script.edit(step, experiment).map_err(|error| {
            let culprit = culprit(&before, step, &set);
            let path = culprit.text.split('=').next().unwrap_or_default();
            Diagnostic::new(error.to_string())
                .at(&culprit.span)
                .help(format!("set `{path}` from the start; `gradlab list settings` shows which can be edited live"))
        })?;
    }
    Ok(made)
}

/// The edits by ascending steps, those at one step as one.
fn by_step(edits: Vec<Dated>) -> impl Iterator<Item = Dated> {
    let mut merged: BTreeMap<u64, Dated> = BTreeMap::new();
    for edit in edits {
        match merged.entry(edit.step) {
            Entry::Vacant(place) => {
                place.insert(edit);
            }
            Entry::Occupied(place) => place.into_mut().set.extend(edit.set),
        }
    }
    merged.into_values()
}

/// `before` with an edit laid over it. What is wrong stands in the edit.
fn edit(before: &Experiment, step: u64, set: &[Assignment]) -> Result<Loaded> {
    let span = &set[0].span;
    let option = match span.name() {
        EDIT => format!("{EDIT} {step}:"),
        "recipe" => format!("/@{step}:"),
        _ => String::new(),
    };
    let root = toml::read(ITSELF, &to_toml(before))?;
    let (mut loaded, _) =
        laid_over(root, set, Path::new(""), &option).map_err(|error| error.not_in(ITSELF, span))?;
    loaded.warnings =
        loaded.warnings.into_iter().map(|warning| warning.not_in(ITSELF, span)).collect();
    Ok(loaded)
}

/// The first assignment of an edit that by itself cannot be made in the middle of a run; else the
/// first of all.
fn culprit<'a>(before: &Experiment, step: u64, set: &'a [Assignment]) -> &'a Assignment {
    let alone = |assignment: &Assignment| edit(before, step, std::slice::from_ref(assignment));
    let breaks = |loaded: Loaded| !changes(before, &loaded.experiment).iter().all(Change::live);
    set.iter().find(|assignment| alone(assignment).is_ok_and(breaks)).unwrap_or(&set[0])
}
