//! The gradient on its way back through the layers.

use super::super::finding::{Case, Found};
use super::super::remedy::{assign, normalise, of_layer, set};
use super::short;

/// ‖∂L/∂z‖ of the first layer over that of the last: below it the gradient has vanished.
const VANISHED: f64 = 2e-2;
/// Above it the gradient has exploded.
const EXPLODED: f64 = 1e2;
/// Before the first step, where a layer should keep its size, it is too much already…
const EXPLODED_AT_START: f64 = 10.0;
/// … if each layer multiplies it by this on average.
const GROWTH: f64 = 1.7;

/// The norm of ∂L/∂z at the first layer over that at the last.
fn first_to_last(case: &Case<'_>) -> Option<f64> {
    let deltas = || case.signs.layers.iter().map(|it| it.delta);
    let (first, last) = (deltas().next()?, deltas().next_back()?);
    let ratio = first / last;
    (!case.hidden().is_empty() && last > 0.0 && ratio.is_finite()).then_some(ratio)
}

/// A gradient that shrinks on its way back.
pub fn vanishing(case: &Case<'_>) -> Option<Found> {
    let ratio = first_to_last(case).filter(|ratio| *ratio < VANISHED)?;
    // A gradient of 0 is the business of other rules: symmetric weights, dead units.
    if ratio == 0.0 || case.signs.step > 0 && !case.at_chance() {
        return None;
    }
    let measured = format!(
        "the gradient shrinks on its way back: at layer 1 it is {} times that at layer {}",
        short(ratio),
        case.signs.layers.len()
    );
    let layers: Vec<_> = case.hidden().filter(|&it| share_of_last(case, it) < VANISHED).collect();
    let remedy = normalise(case, case.hidden()).or_else(|| {
        let paths = case.hidden().map(|index| (of_layer(index, "activation"), "relu"));
        assign(&case.signs.experiment, paths)
    });
    Some(Found { layers, measured, remedy })
}

fn share_of_last(case: &Case<'_>, index: usize) -> f64 {
    let last = case.signs.layers.last().map_or(f64::NAN, |it| it.delta);
    case.layer(index).delta / last
}

/// A gradient that grows on its way back.
pub fn exploding(case: &Case<'_>) -> Option<Found> {
    let ratio = first_to_last(case)?;
    let growth = libm::pow(ratio, 1.0 / case.hidden().len() as f64);
    // Before a normalisation the gradient goes by the size of what is normalised.
    let normed = case.hidden().any(|it| case.signs.experiment.layers[it].norm.is_some());
    let at_start = case.signs.step == 0 && !normed;
    let exploded = if at_start {
        ratio > EXPLODED_AT_START && growth > GROWTH
    } else {
        // Networks that have learned well come to 50.
        ratio > EXPLODED && growth > GROWTH && case.learned().is_none_or(|learned| learned < 0.5)
    };
    if !exploded {
        return None;
    }
    let measured = format!(
        "the gradient grows on its way back: at layer 1 it is {} times that at layer {}",
        short(ratio),
        case.signs.layers.len()
    );
    let layers: Vec<_> =
        case.hidden().filter(|&it| share_of_last(case, it) > EXPLODED_AT_START).collect();
    let remedy = normalise(case, case.hidden())
        .or_else(|| set(&case.signs.experiment, "train.clip_norm", "1"));
    Some(Found { layers, measured, remedy })
}
