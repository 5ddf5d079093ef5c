//! Units: dead, saturated, or all the same.

use super::super::finding::{Case, Found};
use super::super::remedy::{assign, normalise, of_layer, scale_rates};
use super::{named, percent, worst};

/// The share of a layer that is dead from which on it is told while less than half was learned.
const DEAD: f64 = 0.5;
/// The same later: a network that learns can spare some units.
const DEAD_LEARNED: f64 = 0.6;
/// The same before the first step: narrow layers of a deep network lose up to 0.45 by mere chance.
const DEAD_AT_START: f64 = 0.75;
/// The share from which on a layer that was alive at the start needs a smaller rate as well.
const NEARLY_ALL: f64 = 0.9;
/// The share of outputs that are saturated, from which on it is told: networks that have learned well
/// come to 0.7.
const SATURATED: f64 = 0.9;
/// The same while less than half was learned.
const SATURATED_UNLEARNED: f64 = 0.75;
/// The same before the first step, where weights should keep a unit where its slope is steep.
const SATURATED_AT_START: f64 = 0.5;

/// Units that no sample moves.
pub fn dead(case: &Case<'_>) -> Option<Found> {
    let share = |index: usize| case.layer(index).wear.dead();
    let least = match case.learned() {
        _ if case.signs.step == 0 => DEAD_AT_START,
        Some(learned) if learned >= 0.5 => DEAD_LEARNED,
        _ => DEAD,
    };
    let mut layers: Vec<_> =
        (0..case.signs.layers.len()).filter(|&it| share(it) >= least).collect();
    worst(&mut layers, share);
    let &at = layers.first()?;
    let units = case.layer(at).units;
    let dead = (share(at) * units as f64).round();
    let more = others(&layers);
    // Those that died on the way were killed by a step that was too long.
    let killed = case.layer(at).dead_at_start.is_some_and(|start| start < DEAD / 2.0);
    let cause = if killed { ": the rate is above what they bear" } else { "" };
    let measured = format!("layer {}: {dead} of {units} units are dead{more}{cause}", at + 1);
    let output = case.signs.layers.len() - 1;
    let paths = layers.iter().map(|&index| {
        let text = if index == output { "identity" } else { "leaky_relu" };
        (of_layer(index, "activation"), text)
    });
    let revived = assign(&case.signs.experiment, paths.collect::<Vec<_>>());
    let slower = revived.as_ref().filter(|_| killed && share(at) > NEARLY_ALL);
    let remedy = slower.and_then(|it| scale_rates(it, 0.1)).or(revived);
    Some(Found { layers, measured, remedy })
}

/// Outputs at the flat ends of a hidden layer's activation.
pub fn saturated(case: &Case<'_>) -> Option<Found> {
    let share = |index: usize| case.layer(index).wear.saturated();
    let least = match case.learned() {
        _ if case.signs.step == 0 => SATURATED_AT_START,
        Some(learned) if learned >= 0.5 => SATURATED,
        _ => SATURATED_UNLEARNED,
    };
    if case.fitted() {
        return None;
    }
    let mut layers: Vec<_> = case.hidden().filter(|&it| share(it) >= least).collect();
    worst(&mut layers, share);
    let &at = layers.first()?;
    let more = others(&layers);
    let measured =
        format!("layer {}: {} of its outputs are saturated{more}", at + 1, percent(share(at)));
    let remedy = normalise(case, layers.iter().copied()).or_else(|| {
        let paths = layers.iter().map(|&index| (of_layer(index, "activation"), "relu"));
        assign(&case.signs.experiment, paths)
    });
    Some(Found { layers, measured, remedy })
}

fn others(layers: &[usize]) -> String {
    match &layers[1..] {
        [] => String::new(),
        others => format!(", as in {}", named(others)),
    }
}

/// Units of a layer that are one and the same.
pub fn symmetric(case: &Case<'_>) -> Option<Found> {
    let share = |index: usize| {
        let layer = case.layer(index);
        layer.twins as f64 / layer.units as f64
    };
    // A layer that is at rest at 0 is another matter: nothing is equal but by decay.
    let same = |&index: &usize| case.layer(index).units > 1 && share(index) > 0.5;
    let mut layers: Vec<_> = case.hidden().filter(same).collect();
    worst(&mut layers, share);
    let &at = layers.first()?;
    let layer = case.layer(at);
    let (twins, units) = (layer.twins, layer.units);
    let which = if twins == units { format!("all {units}") } else { format!("{twins} of {units}") };
    let more = others(&layers);
    let measured = format!("layer {}: {which} units have the same weights{more}", at + 1);
    let paths = layers.iter().map(|&index| (of_layer(index, "init"), "auto"));
    let remedy = assign(&case.signs.experiment, paths);
    Some(Found { layers, measured, remedy })
}
