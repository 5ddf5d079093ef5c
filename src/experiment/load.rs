//! From what a user names to an [`Experiment`].

use std::path::Path;

use super::diagnostic::{Diagnostic, Result};
use super::node::Node;
use super::overrides::{Assignment, SET};
use super::preset::PRESETS;
use super::settings::{Row, Section, ValueKind};
use super::span::Span;
use super::validate::edits::edits;
use super::validate::{Loaded, validate};
use super::{DataSource, Experiment, overrides, recipe, to_toml, toml, wording};
use crate::data::csv::Options;

mod arms;
mod offer;
mod script;

pub use script::{
    LoadedScript, load_script, parse_script, parse_script_recipe, script_to_portable_toml,
};

/// The name of an experiment's own text, where it is written to be read again.
const ITSELF: &str = "the experiment";

/// Loads the experiment that `argument` names: a file if it ends in `.toml` or exists, else a
/// recipe if it has a `/`, else a preset.
///
/// # Errors
/// The mistake, its place, and what would be right.
pub fn load(argument: &str) -> Result<Loaded> {
    load_with(argument, &[] as &[&str])
}

/// As [`load`], with overrides such as `train.batch_size=64` or `layers.1.activation=relu` laid
/// over what is loaded, one after another.
///
/// # Errors
/// As [`load`].
pub fn load_with(argument: &str, overrides: &[impl AsRef<str>]) -> Result<Loaded> {
    let (root, folder) = tree(argument)?;
    plain(root, overrides, folder)
}

/// The tree of the text that `argument` names, and the folder that file names in it are relative to.
fn tree(argument: &str) -> Result<(Node, &Path)> {
    let path = Path::new(argument);
    let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
    if extension == "toml" || is_odd(path) || path.is_file() {
        if extension == "csv" {
            return Err(Diagnostic::new(format!("`{argument}` is data, not an experiment")).help(
                format!("name it in one: csv=FILE,target=COLUMN/16-relu/2-softmax; `gradlab data {argument}` shows its columns"),
            ));
        }
        let folder = path.parent().unwrap_or(Path::new(""));
        return Ok((toml::read(argument, &PRESETS.text_at(path)?)?, folder));
    }
    if argument.contains('/') {
        return Ok((recipe::read(argument)?, Path::new("")));
    }
    let preset = PRESETS.find(argument)?;
    let name = format!("{}.toml", preset.name);
    Ok((toml::read(&name, preset.text)?, Path::new("")))
}

/// Whether there is something at `path` that is neither a file nor a folder, as `<(…)` makes it.
fn is_odd(path: &Path) -> bool {
    path.metadata().is_ok_and(|found| !found.is_file() && !found.is_dir())
}

/// Reads TOML; `name` is what errors call it, and file names in it are relative to `folder`.
///
/// # Errors
/// As [`load`].
pub fn parse_toml(name: &str, text: &str, folder: &Path) -> Result<Loaded> {
    plain(toml::read(name, text)?, &[] as &[&str], folder)
}

/// Reads a recipe.
///
/// # Errors
/// As [`load`].
pub fn parse_recipe(text: &str) -> Result<Loaded> {
    plain(recipe::read(text)?, &[] as &[&str], Path::new(""))
}

/// The settings by which a CSV file is read, after assignments such as `data.exclude=name:ticket`.
///
/// # Errors
/// As [`load`].
pub fn csv_options(assignments: &[impl AsRef<str>]) -> Result<Options> {
    let mut options = Options::default();
    for text in assignments {
        let text = text.as_ref();
        let whole = Span::whole("--set", text).at(0..text.len());
        let (path, value) = text.split_once('=').unwrap_or((text, ""));
        let of_file = |row: &&Row| row.kind.is_of_csv() && !matches!(row.kind, ValueKind::CsvFile);
        let rows: Vec<_> = Section::Data.rows().filter(of_file).collect();
        let wrong =
            |(message, help): (String, String)| Diagnostic::new(message).at(&whole).help(help);
        let Some(row) = rows.iter().find(|row| row.path() == path) else {
            let paths: Vec<_> = rows.iter().map(|row| row.path()).collect();
            let message = format!("`{path}` is no setting of a CSV file");
            return Err(wrong((message, format!("the settings are {}", paths.join(", ")))));
        };
        row.set_csv(&mut options, value).map_err(wrong)?;
    }
    Ok(options)
}

/// The experiment as TOML for a file in any folder: since file names in it are relative to its
/// folder, that of a CSV is made absolute.
#[must_use]
pub fn to_portable_toml(experiment: &Experiment) -> String {
    to_toml(&absolute(experiment))
}

/// The experiment with the path of its CSV file made absolute.
fn absolute(experiment: &Experiment) -> Experiment {
    let mut experiment = experiment.clone();
    if let DataSource::Csv { path, .. } = &mut experiment.data.source
        && let Ok(absolute) = std::path::absolute(&*path)
    {
        *path = absolute;
    }
    experiment
}

impl Experiment {
    /// This experiment with overrides laid over it, as [`load_with`] does.
    ///
    /// # Errors
    /// As [`load`].
    pub fn with_overrides(&self, overrides: &[impl AsRef<str>]) -> Result<Self> {
        let root = toml::read(ITSELF, &to_toml(self))?;
        Ok(finish(root, &typed(overrides), Path::new(""))?.experiment)
    }

    /// As [`Experiment::with_overrides`] with a single one. An error keeps to it.
    pub(super) fn changed_by(&self, assignment: &str) -> Result<Self> {
        let mut root = toml::read(ITSELF, &to_toml(self))?;
        overrides::apply(&mut root, &Assignment::typed(SET, assignment))?;
        let mut changed = validate(&root, Path::new(""))?.experiment;
        arms::check(&changed.clone().into(), &root)?;
        wording::reword(self, &mut changed);
        Ok(changed)
    }
}

fn typed(overrides: &[impl AsRef<str>]) -> Vec<Assignment> {
    overrides.iter().map(|text| Assignment::typed(SET, text.as_ref())).collect()
}

/// The experiment that `root` describes, where edits have no place.
fn plain(root: Node, overrides: &[impl AsRef<str>], folder: &Path) -> Result<Loaded> {
    if let Some(edit) = edits(&root)?.first() {
        return Err(Diagnostic::new(
            "this is an experiment that is edited in the middle of its run",
        )
        .at(&edit.span)
        .help("here it has to be one without edits"));
    }
    finish(root, &typed(overrides), folder)
}

/// The experiment that `root` describes with `overrides` laid over it; its edits are left alone.
fn finish(root: Node, overrides: &[Assignment], folder: &Path) -> Result<Loaded> {
    let (loaded, root) = laid_over(root, overrides, folder, "--set ")?;
    arms::check(&loaded.experiment.clone().into(), &root)?;
    Ok(loaded)
}

/// As [`finish`], with the tree that was read; the arms of a comparison are not looked at. Further
/// overrides are proposed as what is written after `option`.
fn laid_over(
    mut root: Node,
    overrides: &[Assignment],
    folder: &Path,
    option: &str,
) -> Result<(Loaded, Node)> {
    if overrides.is_empty() {
        return Ok((validate(&root, folder)?, root));
    }
    let before = validate(&root, folder).ok();
    for assignment in overrides {
        overrides::apply(&mut root, assignment)?;
    }
    let mut loaded =
        validate(&root, folder).map_err(|error| offer::add(error, before.as_ref(), option))?;
    let worded = overrides.iter().any(|it| wording::is_of_words(&it.text));
    if let Some(before) = before.filter(|_| !worded) {
        wording::reword(&before.experiment, &mut loaded.experiment);
    }
    Ok((loaded, root))
}
