//! Edits that help.

use super::finding::Case;
use crate::catalog;
use crate::experiment::Experiment;

/// With the settings at `paths` as typed, as far as each is possible; none if none is.
pub fn assign<'a>(
    experiment: &Experiment,
    paths: impl IntoIterator<Item = (String, &'a str)>,
) -> Option<Experiment> {
    let mut edited = experiment.clone();
    for (path, text) in paths {
        edited = edited.assign(&path, text).unwrap_or(edited);
    }
    (edited != *experiment).then_some(edited)
}

/// With one setting as typed.
pub fn set(experiment: &Experiment, path: &str, text: &str) -> Option<Experiment> {
    assign(experiment, [(path.to_owned(), text)])
}

/// With every learning rate multiplied by a factor.
pub fn scale_rates(experiment: &Experiment, factor: f64) -> Option<Experiment> {
    experiment.with_rates_scaled(factor).ok().filter(|it| it != experiment)
}

/// The path of a setting of layer `index`, counted from 0.
pub fn of_layer(index: usize, key: &str) -> String {
    format!("layers.{}.{key}", index + 1)
}

/// With a normalisation before the activation of each of `layers` that has none.
pub fn normalise(case: &Case<'_>, layers: impl Iterator<Item = usize>) -> Option<Experiment> {
    let experiment = &case.signs.experiment;
    // A batch of a few samples says little of mean and variance.
    let norm = if experiment.train.batch_size < 16 { "layer_norm" } else { "batch_norm" };
    let bare = layers.filter(|&index| experiment.layers[index].norm.is_none());
    assign(experiment, bare.map(|index| (of_layer(index, "norm"), norm)))
}

/// Without any decay of the weights.
pub fn without_decay(experiment: &Experiment) -> Option<Experiment> {
    let train = &experiment.train;
    let mut paths = Vec::new();
    for (key, value) in
        [("l1", train.l1), ("l2", train.l2), ("decoupled_decay", train.decoupled_decay)]
    {
        if value > 0.0 {
            paths.push((format!("train.{key}"), "none"));
        }
    }
    let decays = |pick: &crate::spec::Pick| {
        pick.number_if_any("weight_decay").is_some_and(|decay| decay > 0.0)
    };
    if decays(&experiment.optimizer) {
        paths.push(("optimizer.weight_decay".to_owned(), "0"));
    }
    for (index, layer) in experiment.layers.iter().enumerate() {
        if layer.optimizer.as_ref().is_some_and(decays) {
            paths.push((of_layer(index, "optimizer.weight_decay"), "0"));
        }
    }
    assign(experiment, paths)
}

/// With one setting after another tried, the first that is possible.
pub fn first<const N: usize>(
    experiment: &Experiment,
    tries: [(String, &str); N],
) -> Option<Experiment> {
    tries.into_iter().find_map(|(path, text)| set(experiment, &path, text))
}

/// The activation that suits the loss at the output.
pub fn suitable_output(experiment: &Experiment) -> &'static str {
    catalog::loss(&experiment.train.loss).fuses().unwrap_or("identity")
}
