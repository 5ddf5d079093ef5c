//! From what a user names to an [`Experiment`].

use std::io;
use std::path::Path;

use super::diagnostic::{Diagnostic, Result};
use super::node::Node;
use super::settings::{Row, Section, ValueKind};
use super::span::Span;
use super::validate::{Loaded, validate};
use super::{DataSource, Experiment, overrides, preset, recipe, to_toml, toml, wording};
use crate::data::csv::Options;

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
    let path = Path::new(argument);
    let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
    if extension == "toml" || is_odd(path) || path.is_file() {
        if extension == "csv" {
            return Err(Diagnostic::new(format!("`{argument}` is data, not an experiment")).help(
                format!("name it in one: csv=FILE,target=COLUMN/16-relu/2-softmax; `gradlab data {argument}` shows its columns"),
            ));
        }
        let folder = path.parent().unwrap_or(Path::new(""));
        return finish(toml::read(argument, &contents(path)?)?, overrides, folder);
    }
    if argument.contains('/') {
        return finish(recipe::read(argument)?, overrides, Path::new(""));
    }
    let preset = preset::find(argument)?;
    let name = format!("{}.toml", preset.name);
    finish(toml::read(&name, preset.text)?, overrides, Path::new(""))
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
    finish(toml::read(name, text)?, &[] as &[&str], folder)
}

/// Reads a recipe.
///
/// # Errors
/// As [`load`].
pub fn parse_recipe(text: &str) -> Result<Loaded> {
    finish(recipe::read(text)?, &[] as &[&str], Path::new(""))
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
    let mut experiment = experiment.clone();
    if let DataSource::Csv { path, .. } = &mut experiment.data.source
        && let Ok(absolute) = std::path::absolute(&*path)
    {
        *path = absolute;
    }
    to_toml(&experiment)
}

impl Experiment {
    /// This experiment with overrides laid over it, as [`load_with`] does.
    ///
    /// # Errors
    /// As [`load`].
    pub fn with_overrides(&self, overrides: &[impl AsRef<str>]) -> Result<Self> {
        let root = toml::read("the experiment", &to_toml(self))?;
        Ok(finish(root, overrides, Path::new(""))?.experiment)
    }

    /// As [`Experiment::with_overrides`] with a single one. An error keeps to it.
    pub(super) fn changed_by(&self, assignment: &str) -> Result<Self> {
        let mut root = toml::read("the experiment", &to_toml(self))?;
        overrides::apply(&mut root, assignment)?;
        let mut changed = validate(&root, Path::new(""))?.experiment;
        wording::reword(self, &mut changed);
        Ok(changed)
    }
}

fn finish(mut root: Node, overrides: &[impl AsRef<str>], folder: &Path) -> Result<Loaded> {
    if overrides.is_empty() {
        return validate(&root, folder);
    }
    let before = validate(&root, folder).ok();
    for text in overrides {
        overrides::apply(&mut root, text.as_ref())?;
    }
    let mut loaded = validate(&root, folder).map_err(|error| with_offer(error, before.as_ref()))?;
    let worded = overrides.iter().any(|text| wording::is_of_words(text.as_ref()));
    if let Some(before) = before.filter(|_| !worded) {
        wording::reword(&before.experiment, &mut loaded.experiment);
    }
    Ok(loaded)
}

/// The error with the overrides that would make those valid that were given, if there are any.
fn with_offer(error: Diagnostic, before: Option<&Loaded>) -> Diagnostic {
    let offer = before
        .zip(error.refused())
        .and_then(|(before, wanted)| before.experiment.offers(wanted).into_iter().next());
    let Some(offer) = offer else { return error };
    let others: Vec<_> = offer.others.iter().map(|other| format!("--set {other}")).collect();
    let also = format!("add {}", others.join(" "));
    let help = error.advice().map_or_else(|| also.clone(), |help| format!("{help}; or {also}"));
    error.help(help)
}

fn contents(path: &Path) -> Result<String> {
    let shown = path.display();
    crate::file::read_text(path, crate::file::LONGEST_TEXT).map_err(|error| {
        if error.kind() == io::ErrorKind::InvalidData {
            return Diagnostic::new(format!("`{shown}` is not a text in UTF-8"));
        }
        let reason = match error.kind() {
            io::ErrorKind::NotFound => "there is no such file".to_owned(),
            _ => error.to_string(),
        };
        let message = format!("cannot read `{shown}`: {reason}");
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        match preset::find(&stem) {
            Ok(preset) => Diagnostic::new(message)
                .help(format!("the preset of that name is `{}`, without `.toml`", preset.name)),
            Err(_) => Diagnostic::new(message),
        }
    })
}
