//! The course of the loss.

use super::super::course::{mean, tail};
use super::super::finding::{Case, Found};
use super::super::remedy::{first, scale_rates, set, without_decay};
use super::{fall, percent, short};

/// Evaluations before the course of the loss says anything.
const EVALUATIONS: usize = 8;
/// The share of a run from which on a loss at chance level is told: there are plateaus at the start.
const PATIENCE: f64 = 0.25;
/// The share of a run from which on it is told however the loss falls: what is left is little.
const LATE: f64 = 0.75;
/// A loss that falls by less than this share over the last half of its course does not fall.
const FLAT: f64 = 0.01;
/// A rise of the test loss by this share of what was learned is over-fitting.
const RISE: f64 = 0.25;
/// Before this share of chance level was learned there is nothing to fit too well.
const LEARNED: f64 = 0.1;
/// It must be so many times its own scatter.
const NOISE: f64 = 3.0;
/// Weights below this share of the usual size have been decayed away.
const SHRUNK: f64 = 0.1;
/// The share of rows of the most frequent class where classes are unbalanced, and there are others.
const UNBALANCED: std::ops::Range<f64> = 0.6..0.999;
/// The share of answers for one class from which on nothing else is answered.
const ALWAYS: f64 = 0.995;

/// Whether the loss has been at chance level for long enough, and goes on to be.
fn stays_at_chance(case: &Case<'_>) -> bool {
    let steps = case.signs.experiment.train.steps as f64;
    let since = case.course.steps.first().copied().unwrap_or(0);
    let made = case.signs.step.saturating_sub(since) as f64;
    case.course.len() >= EVALUATIONS
        && made >= PATIENCE * steps
        && case.at_chance()
        && (fall(case.course) < FLAT || made >= LATE * steps)
}

/// A loss that does not fall below chance level.
pub fn at_chance(case: &Case<'_>) -> Option<Found> {
    if !stays_at_chance(case) {
        return None;
    }
    let last = case.course.last()?;
    let chance = case.signs.data.chance_loss;
    let measured = format!(
        "the loss hardly falls: it is {}, and a constant answer has {}",
        short(last),
        short(chance)
    );
    let experiment = &case.signs.experiment;
    let ratios = case.ratios();
    let middle = ratios.get(ratios.len() / 2).copied().unwrap_or(0.0);
    let remedy = if case.hidden().is_empty() {
        experiment.with_layer_after(0).ok()
    } else if middle > 0.0 && middle < 3e-4 {
        scale_rates(experiment, 10.0)
    } else if middle > 1e-2 || middle == 0.0 {
        scale_rates(experiment, 0.1)
    } else {
        first(experiment, [("optimizer".to_owned(), "adam")])
            .or_else(|| scale_rates(experiment, 0.1))
    };
    Some(Found { layers: Vec::new(), measured, remedy })
}

/// Weights that decay to nothing.
pub fn decay_dominates(case: &Case<'_>) -> Option<Found> {
    if case.course.len() < EVALUATIONS || !case.at_chance() {
        return None;
    }
    let remedy = without_decay(&case.signs.experiment)?;
    let gains = || case.signs.layers.iter().map(|it| it.gain);
    let largest = gains().fold(0.0, f64::max);
    if largest > SHRUNK {
        return None;
    }
    let measured = format!(
        "weights decay to nothing: their size is {} of what keeps signals alive, and the loss is at chance",
        percent(largest)
    );
    let layers = (0..case.signs.layers.len()).collect();
    Some(Found { layers, measured, remedy: Some(remedy) })
}

/// The same class for every row, where one is more frequent than all others.
pub fn majority(case: &Case<'_>) -> Option<Found> {
    let (_, share) = case.signs.answer?;
    let majority = case.signs.data.majority?;
    if share < ALWAYS || !UNBALANCED.contains(&majority) || !stays(case) {
        return None;
    }
    let measured = format!(
        "every answer is the most frequent class, which {} of the rows are of",
        percent(majority)
    );
    let experiment = &case.signs.experiment;
    let remedy = set(experiment, "train.loss", "focal").or_else(|| scale_rates(experiment, 10.0));
    Some(Found { layers: Vec::new(), measured, remedy })
}

fn stays(case: &Case<'_>) -> bool {
    let steps = case.signs.experiment.train.steps as f64;
    case.course.len() >= EVALUATIONS && case.signs.step as f64 >= PATIENCE / 2.0 * steps
}

/// A test loss that rises while the training loss falls.
pub fn overfitting(case: &Case<'_>) -> Option<Found> {
    let (train, test) = (&case.course.train, &case.course.test);
    if test.len() < 2 * EVALUATIONS || train.len() != test.len() {
        return None;
    }
    // Means of a few evaluations, so that no lucky one is the lowest.
    let few = (test.len() / 20).clamp(3, 20);
    let smooth = |values: &[f64]| -> Vec<f64> {
        values.windows(few).filter_map(|it| mean(it.iter().copied())).collect()
    };
    let (smooth_train, smooth_test) = (smooth(train), smooth(test));
    let lowest =
        (0..smooth_test.len()).min_by(|&a, &b| smooth_test[a].total_cmp(&smooth_test[b]))?;
    let (least, now) = (smooth_test[lowest], *smooth_test.last()?);
    let rise = now - least;
    let (train_now, chance) = (*smooth_train.last()?, case.signs.data.chance_loss);
    // Rows learned by heart may have taught nothing at all of others.
    let some = LEARNED * chance.abs();
    let learned = (chance - least).max(some);
    let recent = tail(test, 3 * few);
    let middle = mean(recent.iter().copied())?;
    let scatter = mean(recent.iter().map(|it| (it - middle).powi(2))).map(libm::sqrt)?;
    let falls = train_now < smooth_train[lowest];
    let enough = chance - train_now > some
        && rise > RISE * learned
        && rise > NOISE * scatter / libm::sqrt(few as f64);
    if !falls || !enough || now < train_now {
        return None;
    }
    let measured = format!(
        "over-fitting: the test loss has risen from {} at step {} to {}, while the training loss fell to {}",
        short(least),
        case.course.steps[lowest + few / 2],
        short(now),
        short(train_now)
    );
    let experiment = &case.signs.experiment;
    let l2 = experiment.train.l2;
    let next = if l2 == 0.0 { 0.001 } else { l2 * 10.0 };
    let remedy = set(experiment, "train.l2", &format!("{next}"));
    Some(Found { layers: Vec::new(), measured, remedy })
}
