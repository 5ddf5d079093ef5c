//! The one way from what was written to an [`Experiment`].

use std::path::Path;

use super::check::{self, Issue, standard};
use super::diagnostic::{Diagnostic, Result};
use super::dial::DIALS;
use super::node::{Kind, Node};
use super::{DataSource, DataSpec, Experiment, LayerSpec, Loaded, TrainSpec, limit, pick};
use crate::catalog;
use crate::data::csv::Problem;
use crate::spec::Pick;
use section::Section;

mod compare;
mod section;

/// The experiment that `root` describes; file names in it are relative to `folder`.
pub(super) fn validate(root: &Node, folder: &Path) -> Result<Loaded> {
    let top = Section::open(root, "experiment", &section::ROOT)?;
    if top.is_empty() {
        return Err(Diagnostic::new("this experiment is empty").at(&root.span).help(
            "it needs `[data]` and `[[layers]]`; `gradlab export spirals --to toml` shows one",
        ));
    }
    let default = standard(catalog::Kind::Optimizer, "adam");
    let data = data(top.require("data")?, folder)?;
    let layers = top.get("layers").map_or(Ok(Vec::new()), layers)?;
    let optimizer = match top.get("optimizer") {
        Some(node) => pick::read(node, catalog::Kind::Optimizer, Some(&default))?,
        None => default,
    };
    let schedule = match top.get("schedule") {
        Some(node) => pick::read(node, catalog::Kind::Schedule, None)?,
        None => standard(catalog::Kind::Schedule, "none"),
    };
    let outputs = layers.last().map_or(0, LayerSpec::outputs);
    let train = train(top.get("train"), &check::suitable_loss(data.task(), outputs))?;
    let mut experiment = Experiment {
        title: top.text("title")?.unwrap_or_default(),
        about: top.text("about")?.unwrap_or_default(),
        seed: top.whole(limit::SEED)?.unwrap_or_default(),
        data,
        train,
        optimizer,
        schedule,
        layers,
        compare: None,
    };
    let locate = |issue: Issue| {
        Diagnostic::new(issue.message).at(&root.find(&issue.place).span).help(issue.help)
    };
    let warnings: Vec<_> =
        check::check(&experiment).map_err(locate)?.into_iter().map(locate).collect();
    if let Some(node) = top.get("compare") {
        experiment.compare = Some(compare::compare(node, root, folder)?);
    }
    Ok(Loaded { experiment, warnings })
}

fn data(node: &Node, folder: &Path) -> Result<DataSpec> {
    let table = pick::expand(node, "data")?;
    let (name, file) = (table.get("name").cloned(), table.get("csv").cloned());
    let node = Node { span: node.span.clone(), kind: Kind::Table(table) };
    let (section, source) = match (name, file) {
        (Some(_), Some(file)) => {
            return Err(Diagnostic::new("`csv` and `name` are both given")
                .at(&file.key_span)
                .help("keep the one that the data comes from"));
        }
        (None, None) => {
            return Err(Diagnostic::new("the data has neither `name` nor `csv`")
                .at(&node.span)
                .help("`gradlab list datasets` shows names; your own needs `csv` and `target`"));
        }
        (None, Some(_)) => {
            let section = Section::open(&node, "data", &section::CSV)?;
            let source = csv(&section, folder)?;
            (section, source)
        }
        (Some(name), None) => {
            let mut pick = pick::named(&name.value, catalog::Kind::Dataset)?;
            let params: Vec<_> = pick.card().params.iter().map(|param| param.key).collect();
            let section = Section::open(&node, "data", &[&section::DATA, &*params].concat())?;
            for entry in params.iter().filter_map(|key| section.entry(key)) {
                pick::set(&mut pick, entry)?;
            }
            pick::check(&pick, &node)?;
            (section, DataSource::Named(pick))
        }
    };
    Ok(DataSpec {
        source,
        test_fraction: section.number(limit::TEST_FRACTION)?.unwrap_or(DataSpec::TEST_FRACTION),
        seed: section.whole(limit::SEED)?,
    })
}

fn csv(section: &Section<'_>, folder: &Path) -> Result<DataSource> {
    let file = section.text("csv")?.unwrap_or_default();
    let target = section.text("target")?.ok_or_else(|| {
        Diagnostic::new("`csv` is given without `target`")
            .at(section.span("csv"))
            .help("name the column to be predicted: target = \"label\"")
    })?;
    DataSource::csv(folder.join(file), target).map_err(|error| {
        let about_target =
            matches!(error.problem, Problem::UnknownTarget { .. } | Problem::ConstantTarget { .. });
        let key = if about_target { "target" } else { "csv" };
        Diagnostic::new(error.to_string()).at(section.span(key))
    })
}

fn train(node: Option<&Node>, default_loss: &Pick) -> Result<TrainSpec> {
    let mut spec = TrainSpec::new(default_loss.clone());
    let Some(node) = node else { return Ok(spec) };
    let section = Section::open(node, "train", &section::TRAIN)?;
    if let Some(loss) = section.get("loss") {
        spec.loss = pick::read(loss, catalog::Kind::Loss, Some(default_loss))?;
    }
    if let Some(size) = section.whole(limit::BATCH_SIZE)? {
        spec.batch_size = size as usize;
    }
    if let Some(steps) = section.whole(limit::STEPS)? {
        spec.steps = steps;
    }
    if let Some(every) = section.whole(limit::EVAL_EVERY)? {
        spec.eval_every = every;
    }
    for dial in &DIALS {
        if let Some(value) = section.number(dial.limit)? {
            *(dial.of)(&mut spec) = value;
        }
    }
    Ok(spec)
}

fn layers(node: &Node) -> Result<Vec<LayerSpec>> {
    let Kind::Array(items) = &node.kind else {
        let what = format!("`layers` is {}, not a list of layers", node.kind.noun());
        return Err(Diagnostic::new(what)
            .at(&node.span)
            .help("write `[[layers]]`, in two brackets, before each layer"));
    };
    let last = items.len().saturating_sub(1);
    items.iter().enumerate().map(|(index, item)| layer(item, index == last)).collect()
}

fn layer(node: &Node, last: bool) -> Result<LayerSpec> {
    let section = Section::open(node, "layers", &section::LAYER)?;
    let units = section::whole(section.require("units")?, limit::UNITS)? as usize;
    let activation = match section.get("activation") {
        None if last => standard(catalog::Kind::Activation, "identity"),
        _ => pick::read(section.require("activation")?, catalog::Kind::Activation, None)?,
    };
    let choice = |key, kind| section.get(key).map(|node| pick::read(node, kind, None)).transpose();
    Ok(LayerSpec {
        units,
        activation,
        norm: choice("norm", catalog::Kind::Norm)?,
        dropout: section.number(limit::DROPOUT)?.unwrap_or_default(),
        init: choice("init", catalog::Kind::Initializer)?,
        optimizer: choice("optimizer", catalog::Kind::Optimizer)?,
    })
}
