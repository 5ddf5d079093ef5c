//! The rules, by what they are about.

use super::course::Course;
use super::finding::Case;
use super::signs::LayerSigns;

pub mod depth;
pub mod loss;
pub mod setup;
pub mod steps;
pub mod time;
pub mod units;

/// A loss this share below chance level, or less, is at chance level.
const CHANCE: f64 = 0.03;
/// A loss this share below chance level, or more, is fitted.
const FITTED: f64 = 0.98;

impl Case<'_> {
    /// The hidden layers.
    fn hidden(&self) -> std::ops::Range<usize> {
        0..self.signs.layers.len().saturating_sub(1)
    }

    fn layer(&self, index: usize) -> &LayerSigns {
        &self.signs.layers[index]
    }

    /// The share of the loss of who answers the same to all that has been learned; negative if the
    /// network does worse. None before the first evaluation.
    fn learned(&self) -> Option<f64> {
        let chance = self.signs.data.chance_loss;
        let scale = chance.abs().max(f64::MIN_POSITIVE);
        self.course.last().map(|last| (chance - last) / scale)
    }

    /// Whether the network does no better than who answers the same to all.
    fn at_chance(&self) -> bool {
        let guess = match (self.course.accuracy, self.signs.data.guessed) {
            (Some(accuracy), Some(guessed)) => Some(accuracy <= guessed),
            _ => None,
        };
        let loss = self.learned().is_some_and(|learned| learned <= CHANCE);
        // A loss may stay high by a few sure answers that are wrong.
        loss && guess.unwrap_or(true)
    }

    /// Whether there is next to nothing left to learn.
    fn fitted(&self) -> bool {
        self.learned().is_some_and(|learned| learned >= FITTED)
    }

    /// The relative size of the update of layer `index`.
    fn update_ratio(&self, index: usize) -> Option<f64> {
        self.layer(index).motion.and_then(|it| it.update_ratio)
    }

    /// The layers whose update, relative to the weights, is `wanted`, with the middle one of all.
    fn ratios(&self) -> Vec<f64> {
        let mut ratios: Vec<_> =
            (0..self.signs.layers.len()).filter_map(|it| self.update_ratio(it)).collect();
        ratios.sort_by(f64::total_cmp);
        ratios
    }
}

/// The layer of `layers` for which `value` is greatest.
fn worst(layers: &mut [usize], value: impl Fn(usize) -> f64) {
    layers.sort_by(|&a, &b| value(b).total_cmp(&value(a)));
}

/// "layer 2", or "layers 2 and 3", or "layers 2, 3 and 5", counted from 1.
fn named(layers: &[usize]) -> String {
    let mut numbers: Vec<_> = layers.iter().map(|index| index + 1).collect();
    numbers.sort_unstable();
    let words: Vec<_> = numbers.iter().map(ToString::to_string).collect();
    match &words[..] {
        [] => "the network".to_owned(),
        [only] => format!("layer {only}"),
        [before @ .., last] => format!("layers {} and {last}", before.join(", ")),
    }
}

/// A number of two digits that count.
fn short(value: f64) -> String {
    let size = value.abs();
    if value == 0.0 || (1e-2..1e4).contains(&size) {
        let digits = if size >= 10.0 {
            0
        } else if size >= 1.0 {
            1
        } else {
            3
        };
        let text = format!("{value:.digits$}");
        if text.contains('.') {
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        } else {
            text
        }
    } else {
        format!("{value:.0e}")
    }
}

/// A share in percent.
fn percent(share: f64) -> String {
    format!("{:.0}%", share * 100.0)
}

/// The best fit of a straight line to the last half of the training loss: how much it falls over that
/// half, as a share of its mean.
fn fall(course: &Course) -> f64 {
    let half = &course.train[course.len() / 2..];
    let quarter = half.len() / 2;
    let mean = |values: &[f64]| super::course::mean(values.iter().copied()).unwrap_or(f64::NAN);
    let (early, late) = (mean(&half[..quarter]), mean(&half[half.len() - quarter..]));
    (early - late) / early.abs().max(f64::MIN_POSITIVE)
}
