//! What can be told of an experiment before its first step.

use super::super::finding::{Case, Found};
use super::super::remedy::{first, of_layer, set, suitable_output};
use super::short;
use crate::catalog;
use crate::data::Task;
use crate::nn::loss::Link;

/// Inputs of more than this many times unit size are out of scale.
const SCALE: f64 = 10.0;
/// Inputs of which one is this many times as wide as another are out of scale.
const SPREAD: f64 = 100.0;
/// Batches smaller than this say little of mean and variance.
const BATCH: usize = 8;

/// An output activation that does not fit the loss.
pub fn output(case: &Case<'_>) -> Option<Found> {
    let experiment = &case.signs.experiment;
    let last = experiment.layers.len() - 1;
    let output = experiment.layers[last].activation.key();
    let loss = experiment.train.loss.key();
    let entry = catalog::loss(&experiment.train.loss);
    let classes = matches!(experiment.data.task(), Task::Classes(_));
    let activation = of_layer(last, "activation");
    if classes && entry.link == Link::Identity && matches!(output, "softmax" | "sigmoid") {
        let fitting = if experiment.outputs() == 1 { "bce" } else { "cross_entropy" };
        let measured = format!(
            "{output} under {loss}: where an answer is surely wrong, its gradient vanishes"
        );
        let remedy = set(experiment, "train.loss", fitting);
        return Some(Found { layers: vec![last], measured, remedy });
    }
    let unusual = experiment.unusual()?;
    let remedy = if unusual.place == "train.loss" {
        first(experiment, ["cross_entropy", "bce"].map(|it| ("train.loss".to_owned(), it)))
    } else {
        set(experiment, &activation, suitable_output(experiment))
    };
    let measured = unusual.message.replace('`', "");
    Some(Found { layers: vec![last], measured, remedy })
}

/// Inputs that are not of unit size.
pub fn inputs(case: &Case<'_>) -> Option<Found> {
    let (data, experiment) = (&case.signs.data, &case.signs.experiment);
    let (feature, size) = data.largest;
    let measured = if size > SCALE {
        format!("input {} is {} in size, where about 1 is usual", feature + 1, short(size))
    } else if data.spread > SPREAD && !data.image {
        format!("one input is {} times as wide as another", short(data.spread))
    } else {
        return None;
    };
    // A first layer that is the output has nothing to normalise for.
    let remedy =
        if size > SCALE && experiment.layers.len() > 1 && experiment.layers[0].norm.is_none() {
            let norm = if experiment.train.batch_size < 16 { "layer_norm" } else { "batch_norm" };
            set(experiment, &of_layer(0, "norm"), norm)
        } else {
            set(experiment, "optimizer", "adam")
        };
    Some(Found { layers: Vec::new(), measured, remedy })
}

/// Targets that are not of unit size.
pub fn targets(case: &Case<'_>) -> Option<Found> {
    let size = case.signs.data.targets.filter(|size| *size > SCALE)?;
    let experiment = &case.signs.experiment;
    let measured = format!("targets are {} in size, where about 1 is usual", short(size));
    let raw = catalog::loss(&experiment.train.loss).targets.are_raw();
    let remedy = set(experiment, "train.loss", if raw { "mse" } else { "huber" });
    Some(Found { layers: Vec::new(), measured, remedy })
}

/// Batch normalisation by batches of a few rows.
pub fn small_batches(case: &Case<'_>) -> Option<Found> {
    let experiment = &case.signs.experiment;
    let by_batch = |index: &usize| {
        experiment.layers[*index].norm.as_ref().is_some_and(|it| it.key() == "batch_norm")
    };
    let layers: Vec<_> = (0..experiment.layers.len()).filter(by_batch).collect();
    let size = experiment.train.batch_size;
    if layers.is_empty() || size >= BATCH {
        return None;
    }
    let measured =
        format!("batch_norm goes by batches of {size} rows: mean and variance are mostly noise");
    Some(Found { layers, measured, remedy: set(experiment, "train.batch_size", "32") })
}
