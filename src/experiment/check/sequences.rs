//! Checks that recurrent layers are given sequences, and that what they hand on can be used.

use super::{Issue, issue};
use crate::catalog::{self, Kind};
use crate::data::Extent;
use crate::experiment::{Experiment, LayerSpec};
use crate::spec::Pick;

/// Every recurrent layer has a sequence before it, and what sees a whole layer at once is given no
/// sequence.
pub(super) fn check(experiment: &Experiment) -> Result<(), Issue> {
    let mut inputs = experiment.data.extent();
    for (index, layer) in experiment.layers.iter().enumerate() {
        if layer.is_recurrent() {
            goes_through(experiment, index, inputs)?;
            starts(index, layer)?;
        }
        let outputs = layer.outputs(inputs);
        if outputs.is_sequence() {
            is_taken_step_by_step(index, layer)?;
        }
        inputs = outputs;
    }
    Ok(())
}

/// There is a sequence to go through.
fn goes_through(experiment: &Experiment, index: usize, inputs: Extent) -> Result<(), Issue> {
    if inputs.is_sequence() {
        return Ok(());
    }
    let key = experiment.layers[index].kind.key();
    let place = format!("layers.{}.kind", index + 1);
    let Some(before) = index.checked_sub(1) else {
        let data = experiment.data.label();
        let message = format!("`{key}` goes through a sequence, but a sample of `{data}` is none");
        let sets = Kind::Dataset.cards().into_iter().filter(|card| {
            let pick = Pick::new(card);
            catalog::dataset(&pick).extent(&pick).is_sequence()
        });
        let sets: Vec<_> = sets.map(|card| card.key).collect();
        let help = match sets.as_slice() {
            [] => "use dense".to_owned(),
            sets => format!("use dense, or data of sequences: {}", sets.join(", ")),
        };
        return Err(issue(place, message, help));
    };
    let (layer, number) = (&experiment.layers[before], before + 1);
    let message = format!("`{key}` goes through a sequence, but layer {number} hands on none");
    let help = if layer.is_recurrent() && experiment.inputs_of(before).is_sequence() {
        format!("give layer {number} return_sequences=true")
    } else {
        "use dense, or put it before".to_owned()
    };
    Err(issue(place, message, help))
}

/// Its weights do not start from what is defined by the pre-activations of a dense layer.
fn starts(index: usize, layer: &LayerSpec) -> Result<(), Issue> {
    let scales = |init: &Pick| catalog::initializer(init).build(init).rows().is_some();
    match layer.init.as_ref().filter(|init| scales(init)) {
        None => Ok(()),
        Some(init) => {
            let message = format!("`{}` scales the pre-activations of a dense layer", init.key());
            let help = format!("use another initializer for `{}`, or none", layer.kind.key());
            Err(issue(format!("layers.{}.init", index + 1), message, help))
        }
    }
}

/// Nothing behind it goes by the numbers of several steps at once.
fn is_taken_step_by_step(index: usize, layer: &LayerSpec) -> Result<(), Issue> {
    let entry = catalog::activation(&layer.activation);
    let (key, what) = match &layer.norm {
        Some(norm) => ("norm", norm.key()),
        None if entry.rowwise || entry.pairs => ("activation", layer.activation.key()),
        None => return Ok(()),
    };
    let message = format!("`{what}` is for one state, but the layer hands on a sequence of them");
    let help = "leave it out, or hand on the last state (return_sequences=false)";
    Err(issue(format!("layers.{}.{key}", index + 1), message, help))
}
