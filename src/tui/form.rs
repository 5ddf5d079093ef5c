//! The fields of an experiment as they are edited: where each stands, what it shows, and what the
//! arrow keys make of it.

use crate::catalog::Kind;
pub use crate::experiment::settings::Way;
pub(super) use crate::experiment::settings::ladder::{next_value, one_two_five, step};
use crate::experiment::{DataSource, Experiment};
use crate::spec::{Param, Pick, Plain};

/// Something that can be edited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Neurons of a layer.
    Units(usize),
    /// Activation of a layer.
    Activation(usize),
    /// Optimizer of a layer.
    Optimizer(usize),
    /// Learning rate of a layer.
    Rate(usize),
    /// What normalises a layer.
    Norm(usize),
    /// The share of a layer's outputs dropped in training.
    Dropout(usize),
    /// What is lowered.
    Loss,
    /// The data set.
    Data,
    /// A parameter of the data set, by its place in the card.
    DataParam(usize),
    /// Samples a step.
    Batch,
    /// The seed of all randomness.
    Seed,
    /// The optimizer of all layers that have none of their own.
    DefaultOptimizer,
    /// Its learning rate.
    DefaultRate,
    /// How the rates change in the course of the run.
    Schedule,
    /// The budget.
    Steps,
    /// The share of rows held out.
    TestFraction,
}

/// A row of the form.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its heading or name.
    pub label: String,
    /// What can be edited in it, left to right.
    pub fields: Vec<Field>,
    /// Which part of the form it belongs to.
    pub section: Section,
}

/// A part of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// The inputs, which are given.
    Input,
    /// A layer.
    Layer(usize),
    /// The rest of the network.
    Network,
    /// Everything else.
    Training,
}

/// The rows for `experiment`, top to bottom.
#[must_use]
pub fn rows(experiment: &Experiment) -> Vec<Row> {
    let row = |label: &str, section, fields: &[Field]| Row {
        label: label.to_owned(),
        fields: fields.to_vec(),
        section,
    };
    let mut rows = vec![row("input", Section::Input, &[])];
    for (i, layer) in experiment.layers.iter().enumerate() {
        let fields = [Field::Units(i), Field::Activation(i), Field::Optimizer(i), Field::Rate(i)];
        rows.push(row(&(i + 1).to_string(), Section::Layer(i), &fields));
        if layer.norm.is_some() || layer.dropout > 0.0 {
            rows.push(row("", Section::Layer(i), &[Field::Norm(i), Field::Dropout(i)]));
        }
    }
    rows.push(row("loss", Section::Network, &[Field::Loss]));
    rows.push(row("data", Section::Training, &[Field::Data]));
    let params: Vec<Field> = (0..data_params(experiment).len()).map(Field::DataParam).collect();
    for pair in params.chunks(2) {
        rows.push(row("", Section::Training, pair));
    }
    rows.push(row("held out", Section::Training, &[Field::TestFraction]));
    rows.push(row("batch", Section::Training, &[Field::Batch, Field::Seed]));
    rows.push(row("default", Section::Training, &[Field::DefaultOptimizer, Field::DefaultRate]));
    rows.push(row("schedule", Section::Training, &[Field::Schedule]));
    rows.push(row("budget", Section::Training, &[Field::Steps]));
    rows
}

fn data_params(experiment: &Experiment) -> &'static [Param] {
    match &experiment.data.source {
        DataSource::Named(pick) => pick.card().params,
        DataSource::Csv { .. } => &[],
    }
}

/// The name of a field that is not the first in its row.
#[must_use]
pub fn caption(field: Field, experiment: &Experiment) -> &'static str {
    match field {
        Field::DataParam(index) => data_params(experiment).get(index).map_or("", |p| p.key),
        Field::Dropout(_) => "dropout",
        Field::Seed => "seed",
        Field::Steps => "steps",
        _ => "",
    }
}

/// A learning rate in three significant digits at most: `0.01`, `1e-4`.
fn rate(pick: &Pick) -> String {
    pick.number_if_any("lr").map_or_else(String::new, |lr| {
        let rounded: f64 = format!("{lr:.2e}").parse().unwrap_or(lr);
        Plain(rounded).to_string()
    })
}

/// What the field shows.
#[must_use]
pub fn text(field: Field, experiment: &Experiment) -> String {
    match field {
        Field::Units(i) => experiment.layers[i].units.to_string(),
        Field::Activation(i) => experiment.layers[i].activation.key().to_owned(),
        Field::Optimizer(i) => experiment.optimizer_of(i).key().to_owned(),
        Field::Rate(i) => rate(experiment.optimizer_of(i)),
        Field::Norm(i) => {
            experiment.layers[i].norm.as_ref().map_or("no norm", Pick::key).to_owned()
        }
        Field::Dropout(i) => Plain(experiment.layers[i].dropout).to_string(),
        Field::Loss => experiment.train.loss.key().replace('_', "-"),
        Field::Data => match &experiment.data.source {
            DataSource::Named(pick) => pick.key().to_owned(),
            DataSource::Csv { path, .. } => {
                path.file_name().unwrap_or_default().to_string_lossy().into_owned()
            }
        },
        Field::DataParam(index) => match &experiment.data.source {
            DataSource::Named(pick) => {
                pick.params().nth(index).map_or_else(String::new, |(_, value)| value.to_string())
            }
            DataSource::Csv { .. } => String::new(),
        },
        Field::Batch => experiment.train.batch_size.to_string(),
        Field::Seed => experiment.seed.to_string(),
        Field::DefaultOptimizer => experiment.optimizer.key().to_owned(),
        Field::DefaultRate => rate(&experiment.optimizer),
        Field::Schedule => experiment.schedule.key().to_owned(),
        Field::Steps => experiment.train.steps.to_string(),
        Field::TestFraction => format!("{}%", (experiment.data.test_fraction * 100.0).round()),
    }
}

/// The kind of thing that a field picks from the catalog, with the present choice.
#[must_use]
pub fn picked(field: Field, experiment: &Experiment) -> Option<(Kind, Pick)> {
    Some(match field {
        Field::Activation(i) => (Kind::Activation, experiment.layers[i].activation.clone()),
        Field::Optimizer(i) | Field::Rate(i) => {
            (Kind::Optimizer, experiment.optimizer_of(i).clone())
        }
        Field::DefaultOptimizer | Field::DefaultRate => {
            (Kind::Optimizer, experiment.optimizer.clone())
        }
        Field::Norm(i) => {
            let first = || Pick::new(Kind::Norm.cards()[0]);
            (Kind::Norm, experiment.layers[i].norm.clone().unwrap_or_else(first))
        }
        Field::Schedule => (Kind::Schedule, experiment.schedule.clone()),
        Field::Loss => (Kind::Loss, experiment.train.loss.clone()),
        Field::Data => match &experiment.data.source {
            DataSource::Named(pick) => (Kind::Dataset, pick.clone()),
            DataSource::Csv { .. } => return None,
        },
        _ => return None,
    })
}

/// `experiment` with `pick` in `field`.
///
/// # Errors
/// Why that is not possible.
pub fn with_pick(field: Field, pick: Pick, experiment: &Experiment) -> Result<Experiment, String> {
    match field {
        Field::Activation(i) => experiment.with_activation(i, pick),
        Field::Optimizer(i) | Field::Rate(i) => {
            experiment.with_layer_optimizer(i, own_optimizer(pick, experiment))
        }
        Field::DefaultOptimizer | Field::DefaultRate => experiment.with_optimizer(pick),
        Field::Norm(i) => experiment.with_norm(i, Some(pick)),
        Field::Schedule => experiment.with_schedule(pick),
        Field::Loss => experiment.with_loss(pick),
        Field::Data => experiment.with_data(DataSource::Named(pick)),
        _ => Err("this field takes a value".to_owned()),
    }
}

/// A layer's own optimizer: none if it is the default one, so that the layer follows it.
fn own_optimizer(pick: Pick, experiment: &Experiment) -> Option<Pick> {
    (pick != experiment.optimizer).then_some(pick)
}

/// `experiment` with the value that was typed into `field`.
///
/// # Errors
/// What is wrong with the value.
pub fn with_text(field: Field, text: &str, experiment: &Experiment) -> Result<Experiment, String> {
    let text = text.trim();
    let whole = || {
        text.replace(['_', ','], "")
            .parse::<u64>()
            .map_err(|_| format!("`{text}` is not a whole number"))
    };
    match field {
        Field::Units(i) => experiment.with_units(i, whole()? as usize),
        Field::Dropout(i) => {
            let share = text.parse().map_err(|_| format!("`{text}` is not a number"))?;
            experiment.with_dropout(i, share)
        }
        Field::Batch => experiment.with_batch_size(whole()? as usize),
        Field::Seed => Ok(experiment.with_seed(whole()?)),
        Field::Steps => experiment.with_steps(whole()?),
        Field::TestFraction => {
            let percent: f64 = text
                .trim_end_matches('%')
                .trim()
                .parse()
                .map_err(|_| format!("`{text}` is not a percentage"))?;
            experiment.with_test_fraction(percent / 100.0)
        }
        Field::Rate(_) | Field::DefaultRate => {
            let Some((_, mut pick)) = picked(field, experiment) else {
                return Err("there is no rate".to_owned());
            };
            pick.set_text("lr", text).map_err(|error| error.to_string())?;
            with_pick(field, pick, experiment)
        }
        Field::DataParam(index) => {
            let Some((_, mut pick)) = picked(Field::Data, experiment) else {
                return Err("the file's data has no parameters".to_owned());
            };
            let key = pick.card().params.get(index).map_or("", |param| param.key);
            pick.set_text(key, text).map_err(|error| error.to_string())?;
            experiment.with_data(DataSource::Named(pick))
        }
        _ => {
            let Some((kind, _)) = picked(field, experiment) else {
                return Err("this field takes no value".to_owned());
            };
            let pick = kind.parse(text).map_err(|error| error.to_string())?;
            with_pick(field, pick, experiment)
        }
    }
}

/// The path of the setting that the field shows.
fn path(field: Field, experiment: &Experiment) -> String {
    let of_layer = |index: usize, key: &str| format!("layers.{}.{key}", index + 1);
    match field {
        Field::Units(i) => of_layer(i, "units"),
        Field::Activation(i) => of_layer(i, "activation"),
        Field::Optimizer(i) => of_layer(i, "optimizer"),
        Field::Rate(i) => of_layer(i, "optimizer.lr"),
        Field::Norm(i) => of_layer(i, "norm"),
        Field::Dropout(i) => of_layer(i, "dropout"),
        Field::Loss => "train.loss".to_owned(),
        Field::Data => "data".to_owned(),
        Field::DataParam(_) => format!("data.{}", caption(field, experiment)),
        Field::Batch => "train.batch_size".to_owned(),
        Field::Seed => "seed".to_owned(),
        Field::DefaultOptimizer => "optimizer".to_owned(),
        Field::DefaultRate => "optimizer.lr".to_owned(),
        Field::Schedule => "schedule".to_owned(),
        Field::Steps => "train.steps".to_owned(),
        Field::TestFraction => "data.test_fraction".to_owned(),
    }
}

/// `experiment` with the next or previous value in `field`.
///
/// # Errors
/// Why there is none.
pub fn nudge(field: Field, way: Way, experiment: &Experiment) -> Result<Experiment, String> {
    experiment.nudge(&path(field, experiment), way)
}
