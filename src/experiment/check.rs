//! Checks that the parts of an experiment go together.

use super::{DataSource, Experiment, LayerSpec};
use crate::catalog;
use crate::data::{Target, Task};
use crate::spec::Pick;

mod sequences;
mod targets;

pub(super) use targets::unusual;

/// The most layers. As with all upper ends, a slip of the finger shall not eat all memory.
const LAYERS: usize = 64;
/// The most weights and biases: 200 MB with Adam's memory of them.
const PARAMETERS: usize = 12_500_000;
/// The most samples that a generator is asked for.
const SAMPLES: f64 = 1e6;
/// The most numbers that they may have together.
const NUMBERS: f64 = 5e7;

/// Parts that do not go together, or do so in an unusual way.
#[derive(Debug)]
pub struct Issue {
    /// The dotted path of the part to change, layers counted from 1: `layers.3.units`.
    pub place: String,
    /// The mistake.
    pub message: String,
    /// The advice: what would be right.
    pub help: String,
}

fn issue(place: impl Into<String>, message: impl Into<String>, help: impl Into<String>) -> Issue {
    Issue { place: place.into(), message: message.into(), help: help.into() }
}

/// Checks what single values cannot tell; gives warnings, or the first error.
pub(super) fn check(experiment: &Experiment) -> Result<Vec<Issue>, Issue> {
    size(experiment)?;
    features(experiment)?;
    sequences::check(experiment)?;
    pairs(experiment)?;
    noise(experiment)?;
    outputs(experiment)?;
    targets::loss(experiment)?;
    averages(experiment)?;
    full_batch(experiment)?;
    Ok(unusual(experiment).into_iter().collect())
}

/// Nothing is too large for a machine's memory, nor missing.
fn size(experiment: &Experiment) -> Result<(), Issue> {
    let count = experiment.layers.len();
    if count == 0 {
        let help = "give at least the output layer: `[[layers]]` in a file, `2-softmax` in a recipe; \
                    a preset is changed by --set and --edit";
        return Err(issue("layers", "there are no layers", help));
    }
    if count > LAYERS {
        let help = format!("at most {LAYERS} are possible");
        return Err(issue("layers", format!("there are {count} layers"), help));
    }
    if let DataSource::Named(pick) = &experiment.data.source
        && let Some(samples) = pick.number_if_any("samples").filter(|&n| n > SAMPLES)
    {
        let help = format!("at most {SAMPLES} are possible");
        return Err(issue("data.samples", format!("{samples} samples are too many"), help));
    }
    if let DataSource::Named(pick) = &experiment.data.source
        && let Some(samples) = pick.number_if_any("samples")
        && let numbers = experiment.data.columns().numbers()
        && samples * numbers as f64 > NUMBERS
    {
        let most = (NUMBERS / numbers as f64).floor();
        let message = format!("{samples} samples of {numbers} numbers are too many");
        return Err(issue("data.samples", message, format!("at most {most} are possible")));
    }
    let parameters = experiment.parameters();
    if parameters > PARAMETERS {
        let widest = experiment.layers.iter().enumerate().max_by_key(|(_, layer)| layer.units);
        let place = format!("layers.{}.units", widest.map_or(1, |(index, _)| index + 1));
        let message = format!("the network would have {parameters} weights and biases");
        let help = format!("at most {PARAMETERS} are possible: use fewer units");
        return Err(issue(place, message, help));
    }
    Ok(())
}

/// Features are made of points of the plane.
fn features(experiment: &Experiment) -> Result<(), Issue> {
    let data = &experiment.data;
    if data.features.are_plain() || data.columns().is_plane() {
        return Ok(());
    }
    let (label, columns) = (data.label(), data.columns());
    let what = if columns.is_sequence() {
        "holds sequences".to_owned()
    } else {
        let plural = if columns.numbers() == 1 { "" } else { "s" };
        format!("has {} input{plural}", columns.numbers())
    };
    let message = format!("features are made of the two inputs of a plane, but `{label}` {what}");
    let plane = |pick: &Pick| catalog::dataset(pick).extent(pick).is_plane();
    let sets = catalog::Kind::Dataset.cards().into_iter().map(Pick::new).filter(plane);
    let sets: Vec<_> = sets.map(|pick| pick.key()).collect();
    let help = format!("leave `features` out, or use data of the plane: {}", sets.join(", "));
    Err(issue("data.features", message, help))
}

/// Gated activations have an even number of units.
fn pairs(experiment: &Experiment) -> Result<(), Issue> {
    for (index, layer) in experiment.layers.iter().enumerate() {
        let (key, units) = (layer.activation.key(), layer.units);
        if catalog::activation(&layer.activation).pairs && !units.is_multiple_of(2) {
            let place = format!("layers.{}.units", index + 1);
            let message = format!("`{key}` takes units in pairs, but there are {units}");
            return Err(issue(place, message, format!("use {}", units + 1)));
        }
    }
    Ok(())
}

/// Nothing is dropped from the outputs, and batches are large enough to be normalised.
fn noise(experiment: &Experiment) -> Result<(), Issue> {
    let last = experiment.layers.len();
    if experiment.layers.last().is_some_and(|layer| layer.dropout > 0.0) {
        let place = format!("layers.{last}.dropout");
        let message = "the output layer cannot drop out: its outputs are the answer";
        return Err(issue(place, message, "leave dropout to the layers before"));
    }
    let by_batch =
        |layer: &LayerSpec| layer.norm.as_ref().is_some_and(|norm| norm.key() == "batch_norm");
    let normed = experiment.layers.iter().position(by_batch);
    if let Some(index) = normed.filter(|_| experiment.train.batch_size == 1) {
        let place = format!("layers.{}.norm", index + 1);
        let message =
            "`batch_norm` of a batch of one sample is always 0: there is nothing to learn";
        return Err(issue(place, message, "use batch_size 2 or more, or layer_norm"));
    }
    Ok(())
}

/// The last layer gives as many numbers as there are to predict.
fn outputs(experiment: &Experiment) -> Result<(), Issue> {
    let Some(last) = experiment.layers.last() else { return Ok(()) };
    let outputs = experiment.outputs();
    let units = |wanted: usize| wanted * last.units / outputs.max(1);
    let data = experiment.data.label();
    let (wanted, has, help) = match experiment.data.task() {
        Task::Classes(2) if outputs == 1 => return Ok(()),
        Task::Classes(2) => {
            let help = format!("use {}, or {} with sigmoid and bce", units(2), units(1));
            (2, "2 classes".to_owned(), help)
        }
        Task::Classes(k) => (
            k,
            format!("{k} classes"),
            format!("use {}{}", units(k), as_quantity(experiment, outputs)),
        ),
        Task::Values(k) => {
            let plural = if k == 1 { "" } else { "s" };
            (k, format!("{k} value{plural} to predict"), format!("use {}", units(k)))
        }
    };
    if outputs == wanted {
        return Ok(());
    }
    let place = format!("layers.{}.units", experiment.layers.len());
    let plural = if outputs == 1 { "" } else { "s" };
    let message = format!("the last layer gives {outputs} output{plural}, but `{data}` has {has}");
    Err(issue(place, message, help))
}

/// The advice for classes of a CSV file that are numbers, if the network has a single output, as for a
/// quantity.
fn as_quantity(experiment: &Experiment, outputs: usize) -> &'static str {
    // Before the file is looked at: most outputs are as many as there are classes.
    if outputs != 1 || !matches!(experiment.data.source, DataSource::Csv { .. }) {
        return "";
    }
    let Ok(dataset) = experiment.data.load(0) else { return "" };
    let Target::Classes { names, .. } = &dataset.target else { return "" };
    if names.iter().all(|name| name.parse::<f64>().is_ok()) {
        ", or --set data.task=regression if the numbers are a quantity"
    } else {
        ""
    }
}

/// An optimizer that keeps points of its own and is evaluated at their average bears neither another
/// average nor a change of the weights behind its back.
fn averages(experiment: &Experiment) -> Result<(), Issue> {
    let train = &experiment.train;
    let (key, help) = if train.ema > 0.0 {
        ("ema", "leave ema out")
    } else if train.decoupled_decay > 0.0 {
        ("decoupled_decay", "use the optimizer's own weight_decay")
    } else {
        return Ok(());
    };
    let averaged = |pick: &&Pick| catalog::optimizer(pick).averages(pick);
    let mut picks = (0..experiment.layers.len()).map(|index| experiment.optimizer_of(index));
    picks.find(averaged).map_or(Ok(()), |pick| {
        let message = format!("`{key}` does not go with `{}`, which averages itself", pick.key());
        Err(issue(format!("train.{key}"), message, help))
    })
}

/// An optimizer that searches along a line has the whole network to itself, its slope as it is, and
/// all training rows.
fn full_batch(experiment: &Experiment) -> Result<(), Issue> {
    let needs = |pick: &Pick| catalog::optimizer(pick).needs_full_batch;
    let pick_of = |index| experiment.optimizer_of(index);
    let layers = 0..experiment.layers.len();
    let Some(first) = layers.clone().find(|&index| needs(pick_of(index))) else { return Ok(()) };
    let pick = pick_of(first);
    let key = pick.key();
    if let Some(other) = layers.clone().find(|&index| pick_of(index) != pick) {
        let own = |index: usize| experiment.layers[index].optimizer.is_some();
        let place = format!("layers.{}.optimizer", if own(other) { other } else { first } + 1);
        let (layer, name) = (other + 1, pick_of(other));
        let message = format!("`{key}` moves the whole network, but layer {layer} has `{name}`");
        return Err(issue(place, message, format!("give every layer `{pick}`, or none")));
    }
    let train = &experiment.train;
    for (setting, value, help) in [
        ("clip_norm", train.clip_norm, "leave it out: the search itself draws back"),
        ("clip_value", train.clip_value, "leave it out: the search itself draws back"),
        ("gradient_noise", train.gradient_noise, "leave it out"),
        ("decoupled_decay", train.decoupled_decay, "use l2, which the search sees"),
    ] {
        if value > 0.0 {
            let message =
                format!("`{setting}` does not go with `{key}`, which goes by the slope as it is");
            return Err(issue(format!("train.{setting}"), message, help));
        }
    }
    let data = &experiment.data;
    // A file that has gone is told of where it is read.
    let Ok(dataset) = data.load(experiment.data_seed()) else { return Ok(()) };
    let (rows, size) = (dataset.training_rows(data.test_fraction), train.batch_size);
    if size < rows {
        let message =
            format!("`{key}` takes all {rows} training rows at a time, but batch_size is {size}");
        return Err(issue("train.batch_size", message, format!("use batch_size {rows}")));
    }
    Ok(())
}

/// The loss that suits a task and a number of outputs when none is asked for.
pub(super) fn suitable_loss(task: Task, outputs: usize) -> Pick {
    let name = match task {
        Task::Values(_) => "mse",
        Task::Classes(_) if outputs == 1 => "bce",
        Task::Classes(_) => "cross_entropy",
    };
    standard(catalog::Kind::Loss, name)
}

/// The entry of this name, which is certain to exist.
pub(super) fn standard(kind: catalog::Kind, name: &str) -> Pick {
    match kind.pick(name) {
        Ok(pick) => pick,
        Err(error) => unreachable!("{error}"),
    }
}
