//! The size of the steps.

use super::super::course::{mean, tail};
use super::super::finding::{Case, Found, Stage};
use super::super::remedy::{scale_rates, set};
use super::{percent, short};

/// The usual size of an update, relative to the weights.
const USUAL: f64 = 1e-3;
/// Updates two decades below it are tiny.
pub const TINY: f64 = 1e-5;
/// Updates two decades above it are huge.
pub const HUGE: f64 = 1e-1;
/// Evaluations before the course of the loss says anything of the rate.
const EVALUATIONS: usize = 8;
/// A loss at so many times the loss of a constant answer is worse than none.
const WORSE: f64 = 1.5;
/// A rate so many times the largest stable one is too high, if the loss climbs. At the edge of stability
/// both are about the same.
const BEYOND: f64 = 2.0;
/// Rates below this share of the largest one have been decayed to nothing.
const NOTHING: f64 = 1e-2;
/// The share of the run that must be left for that to matter.
const LEFT: f64 = 0.3;

/// A loss that is no longer finite.
pub fn diverged(case: &Case<'_>) -> Option<Found> {
    if case.stage != Stage::Diverged {
        return None;
    }
    let measured = "the loss is no longer finite".to_owned();
    let remedy = scale_rates(&case.signs.experiment, 0.1);
    Some(Found { layers: Vec::new(), measured, remedy })
}

/// Steps that are too long for the curvature: the loss is worse than that of a constant answer and
/// does not recover, or it leaps.
pub fn rate_too_high(case: &Case<'_>) -> Option<Found> {
    let train = &case.course.train;
    if train.len() < EVALUATIONS {
        return None;
    }
    let half = tail(train, train.len() / 2);
    let (low, middle) =
        (half.iter().copied().fold(f64::INFINITY, f64::min), mean(half.iter().copied())?);
    let chance = case.signs.data.chance_loss;
    // A loss that began so high is the initializer's doing.
    let lifted = chance > 0.0 && low > WORSE * chance && low > train[0];
    let leaps = chance > 0.0 && middle > chance && middle > 2.0 * low;
    let beyond = case.stable.filter(|(stable, now)| now > stable);
    let climbs = beyond.is_some_and(|(stable, now)| now > BEYOND * stable) && middle > train[0];
    if !lifted && !leaps && !climbs {
        return None;
    }
    let experiment = &case.signs.experiment;
    let measured = match beyond {
        Some((stable, now)) => format!(
            "the largest stable rate is about {}; this one is {}",
            short(stable),
            short(now)
        ),
        _ if lifted => format!(
            "the loss stays above {}, and a constant answer has {}: the rate is too high",
            short(low),
            short(chance)
        ),
        _ => format!(
            "the loss leaps between {} and {}: the rate is too high",
            short(low),
            short(half.iter().copied().fold(0.0, f64::max))
        ),
    };
    let factor = beyond.map_or(0.1, |(stable, now)| (stable / now / 2.0).clamp(1e-3, 0.5));
    Some(Found { layers: Vec::new(), measured, remedy: scale_rates(experiment, factor) })
}

/// Updates that are nearly as large as the weights.
pub fn huge(case: &Case<'_>) -> Option<Found> {
    let ratios = case.ratios();
    let middle = *ratios.get(ratios.len() / 2)?;
    if middle <= HUGE {
        return None;
    }
    let layers = (0..case.signs.layers.len())
        .filter(|&it| case.update_ratio(it).is_some_and(|ratio| ratio > HUGE))
        .collect();
    let measured = format!(
        "an update changes the weights by {}, log10(update : weight) = {:.1}, where about -3 is usual",
        percent(middle),
        libm::log10(middle)
    );
    Some(Found { layers, measured, remedy: scale_rates(&case.signs.experiment, 0.1) })
}

/// Updates that change next to nothing, although there is much to learn.
pub fn tiny(case: &Case<'_>) -> Option<Found> {
    let ratios = case.ratios();
    let largest = *ratios.last()?;
    let slowed = case.signs.rate.now < NOTHING * case.signs.rate.before;
    // Where nothing moves at all, no rate would help.
    if largest == 0.0
        || largest >= TINY
        || slowed
        || case.learned().is_none_or(|learned| learned > 0.5)
    {
        return None;
    }
    let middle = ratios[ratios.len() / 2];
    let measured = format!(
        "log10(update : weight) = {:.1}, where about -3 is usual: the steps are tiny",
        libm::log10(middle)
    );
    // A round factor that leads to the usual size.
    let decades = libm::ceil(libm::log10(USUAL / middle.max(1e-12))).clamp(1.0, 4.0);
    let layers = (0..case.signs.layers.len()).collect();
    let remedy = scale_rates(&case.signs.experiment, libm::exp10(decades));
    Some(Found { layers, measured, remedy })
}

/// A rate that a schedule has brought to nothing, with much of the run left.
pub fn decayed(case: &Case<'_>) -> Option<Found> {
    let (rate, signs) = (case.signs.rate, case.signs);
    let steps = signs.experiment.train.steps;
    let left = steps.saturating_sub(signs.step) as f64 / steps.max(1) as f64;
    let gone = rate.now.max(rate.after) < NOTHING * rate.before;
    if !gone || left < LEFT || case.fitted() {
        return None;
    }
    let share = if rate.now == 0.0 { "0".to_owned() } else { short(rate.now / rate.before) };
    let measured = format!(
        "the schedule has brought the rate to {share} of its peak, with {} of the run left",
        percent(left)
    );
    let remedy = set(&signs.experiment, "schedule", "none");
    Some(Found { layers: Vec::new(), measured, remedy })
}
