//! The gradient on its way back through the steps of a sequence.

use super::super::finding::{Case, Found};
use super::super::remedy::{of_layer, set};
use super::short;
use crate::catalog;

/// The gradient at the first step in the largest of any: below it no more is learnt of how a sequence
/// begins.
const VANISHED: f64 = 1e-3;

/// A gradient that shrinks from step to step, in a layer without gates.
pub fn vanishing(case: &Case<'_>) -> Option<Found> {
    if case.signs.step == 0 || !case.at_chance() {
        return None;
    }
    let of_first = |index: usize| {
        let by_step = &case.signs.by_step[index];
        let largest = by_step.iter().copied().fold(0.0, f64::max);
        by_step.first().map(|first| first / largest)
    };
    let gates = |index: usize| {
        let kind = &case.signs.experiment.layers[index].kind;
        catalog::layer(kind).recurrence.map_or(0, |it| it.gates)
    };
    // A gradient of 0 everywhere is the business of other rules.
    let vanished = |&index: &usize| of_first(index).is_some_and(|ratio| ratio < VANISHED);
    let layers: Vec<_> =
        (0..case.signs.by_step.len()).filter(|&it| gates(it) == 1).filter(vanished).collect();
    let first = *layers.first()?;
    let measured = format!(
        "the gradient shrinks on its way back through time: in layer {} it is {} times as large at the \
         first step as at its largest",
        first + 1,
        short(of_first(first)?)
    );
    let remedy = set(&case.signs.experiment, &of_layer(first, "kind"), "gru");
    Some(Found { layers, measured, remedy })
}
