//! The one way from the tree of a text to an [`Experiment`].

use std::path::Path;

use super::check::{self, Issue, standard, suitable_loss};
use super::diagnostic::{Diagnostic, Result};
use super::node::{Kind, Node};
use super::{DataSource, Experiment, LayerSpec, pick, settings};
use crate::catalog;
use crate::data::csv::{Options, Problem};
use section::Section;

mod compare;
pub(super) mod edits;
pub(super) mod read;
mod section;

/// A valid experiment with what is unusual about it.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The experiment.
    pub experiment: Experiment,
    /// Warnings that a reader should know before trusting its numbers.
    pub warnings: Vec<Diagnostic>,
}

/// The experiment that `root` describes; file names in it are relative to `folder`. Its [`edits`] are
/// apart, and so is whether the arms of its comparison are valid.
pub(super) fn validate(root: &Node, folder: &Path) -> Result<Loaded> {
    let top = Section::open(root, "experiment", &section::root_keys())?;
    if top.is_empty() {
        return Err(Diagnostic::new("this experiment is empty").at(&root.span).help(
            "it needs `[data]` and `[[layers]]`; `gradlab export spirals --to toml` shows one",
        ));
    }
    let data = top.require("data")?;
    let table = pick::expand(data, "data")?;
    let data = Node { span: data.span.clone(), kind: Kind::Table(table) };
    let (data, source) = source(&data, folder)?;
    let layers = top.get("layers").map_or(Ok(&[][..]), layers)?;
    let identity = standard(catalog::Kind::Activation, "identity");
    let unread = vec![LayerSpec::new(1, identity); layers.len()];
    let mut experiment = Experiment::new(source, unread);
    read_rows(settings::Section::Data, &data, &mut experiment)?;
    for (index, node) in layers.iter().enumerate() {
        read_layer(index, node, &mut experiment)?;
    }
    experiment.train.loss = suitable_loss(experiment.data.task(), experiment.outputs());
    if let Some(node) = top.get("train") {
        let keys = section::keys_of(settings::Section::Train);
        let section = Section::open(node, "train", &keys)?;
        read_rows(settings::Section::Train, &section, &mut experiment)?;
    }
    read_rows(settings::Section::Root, &top, &mut experiment)?;
    let locate = |issue: Issue| {
        Diagnostic::new(issue.message).at(&root.find(&issue.place).span).help(issue.help)
    };
    let warnings: Vec<_> = match check::check(&experiment) {
        Ok(warnings) => warnings.into_iter().map(locate).collect(),
        Err(issue) => return Err(locate(issue).about(experiment)),
    };
    if let Some(node) = top.get("compare") {
        experiment.compare = Some(compare::compare(node)?);
    }
    Ok(Loaded { experiment, warnings })
}

/// Reads the settings of a part of the experiment that occurs once.
fn read_rows(
    part: settings::Section,
    section: &Section<'_>,
    experiment: &mut Experiment,
) -> Result<()> {
    for row in part.rows() {
        if let Some(node) = section.get(row.key) {
            read::setting(row, node, experiment, 0)?;
        }
    }
    Ok(())
}

/// The table `[data]`, expanded, and the origin of the data that it names.
fn source<'a>(node: &'a Node, folder: &Path) -> Result<(Section<'a>, DataSource)> {
    let any = Section::new(node, "data")?;
    match (any.entry("name"), any.entry("csv")) {
        (Some(_), Some(file)) => Err(Diagnostic::new("`csv` and `name` are both given")
            .at(&file.key_span)
            .help("keep the one that the data comes from")),
        (None, None) => Err(Diagnostic::new("the data has neither `name` nor `csv`")
            .at(&node.span)
            .help("`gradlab list datasets` shows names; your own needs `csv` and `target`")),
        (None, Some(_)) => {
            let section = any.with_only(&section::data_keys(None))?;
            let source = csv(&section, folder)?;
            Ok((section, source))
        }
        (Some(name), None) => {
            let mut pick = pick::named(&name.value, catalog::Kind::Dataset)?;
            let params: Vec<_> = pick.card().params.iter().map(|param| param.key).collect();
            let section = any.with_only(&section::data_keys(Some(&params)))?;
            for entry in params.iter().filter_map(|key| section.entry(key)) {
                pick::set(&mut pick, entry)?;
            }
            pick::check(&pick, node)?;
            Ok((section, DataSource::Named(pick)))
        }
    }
}

fn csv(section: &Section<'_>, folder: &Path) -> Result<DataSource> {
    let file = section.text("csv")?.unwrap_or_default();
    let target = section.text("target")?.ok_or_else(|| {
        Diagnostic::new("`csv` is given without `target`")
            .at(section.span("csv"))
            .help("name the column to be predicted: target = \"label\"")
    })?;
    let mut options = Options::new(target);
    for row in settings::Section::Data.rows().filter(|row| row.kind.is_of_csv()) {
        if let Some(node) = section.get(row.key) {
            read::csv_setting(row, node, &mut options)?;
        }
    }
    DataSource::csv(folder.join(file), options).map_err(|error| {
        let key = match &error.problem {
            Problem::UnknownColumn { setting, .. } | Problem::TargetNamed { setting, .. } => {
                setting
            }
            Problem::UnknownTarget { .. }
            | Problem::ConstantTarget { .. }
            | Problem::UnclearTarget { .. }
            | Problem::TooManyClasses { .. } => "target",
            Problem::NoQuantity { .. } => "task",
            _ => "csv",
        };
        Diagnostic::new(error.to_string()).at(section.span(key))
    })
}

/// The layers that are written at `node`.
fn layers(node: &Node) -> Result<&[Node]> {
    let Kind::Array(items) = &node.kind else {
        let what = format!("`layers` is {}, not a list of layers", node.kind.noun());
        return Err(Diagnostic::new(what)
            .at(&node.span)
            .help("write `[[layers]]`, in two brackets, before each layer"));
    };
    Ok(items)
}

/// Reads the layer of this index. The last one may leave its activation out, and so may a recurrent
/// one: it is the identity.
fn read_layer(index: usize, node: &Node, experiment: &mut Experiment) -> Result<()> {
    let section = Section::open(node, "layers", &section::keys_of(settings::Section::Layers))?;
    let last = index + 1 == experiment.layers.len();
    for row in settings::Section::Layers.rows() {
        let may_be_identity = last || experiment.layers[index].is_recurrent();
        let optional = !row.is_required() || may_be_identity && row.picks().is_some();
        match section.get(row.key) {
            None if optional => {}
            None => section.require(row.key).map(|_| ())?,
            Some(node) => read::setting(row, node, experiment, index)?,
        }
    }
    Ok(())
}
