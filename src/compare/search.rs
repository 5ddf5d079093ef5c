//! Settings of an arm that are searched together.
//!
//! The points are those of a Kronecker sequence: coordinate j of point k is the fractional part of
//! s + k·φ⁻ʲ, where φ is the root of x^(d+1) = x + 1 for d coordinates (Roberts 2018) and s is drawn once
//! from the seed of the comparison (Cranley & Patterson 1976). It covers a cube more evenly than chance
//! does, in any number of coordinates and without tables, and its beginning is a search by itself: more
//! trials begin with the same ones. Arms with as many coordinates have the same points.

use rand::Rng;

use crate::experiment::settings::{self, Place};
use crate::experiment::{Experiment, Script};
use crate::rng::{Purpose, stream};
use crate::spec::{SearchRange, Value};

/// The settings that are searched for one arm, and their values in each trial.
#[derive(Clone, Debug)]
pub struct Search {
    /// The settings.
    places: Vec<Place>,
    /// The values of a candidate, one for each of them; those of the first are the arm's own.
    candidates: Vec<Vec<Value>>,
}

impl Search {
    /// So many `trials` over those settings of `paths` that the arm has: one if it has none of them.
    pub(super) fn new(script: &Script, paths: &[String], trials: usize) -> Self {
        let start = script.start();
        let places: Vec<Place> = paths.iter().filter_map(|path| searched(start, path)).collect();
        let own: Vec<Value> =
            places.iter().filter_map(|place| place.value(start).cloned()).collect();
        let sizes: Vec<usize> = own.iter().map(elements).collect();
        let trials = if places.is_empty() { 1 } else { trials };
        let mut candidates = vec![own];
        for point in points(start.seed, sizes.iter().sum()).take(trials - 1) {
            let mut coordinates = point.into_iter();
            let values = places.iter().zip(&candidates[0]).filter_map(|(place, own)| {
                let range = place.param?.search?;
                Some(value(range, own, &mut coordinates))
            });
            let values = values.collect();
            candidates.push(values);
        }
        Self { places, candidates }
    }

    /// Whether the arm has any of the settings.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The number of candidates.
    #[must_use]
    pub fn len(&self) -> usize {
        self.candidates.len()
    }

    /// The settings of a candidate with their values.
    pub fn settings(&self, candidate: i32) -> impl Iterator<Item = (Place, &Value)> {
        self.places.iter().copied().zip(&self.candidates[candidate as usize])
    }

    /// The learning rate of a candidate, if that is searched.
    pub(super) fn lr(&self, candidate: i32) -> Option<f64> {
        let mut settings = self.settings(candidate);
        let found = settings.find(|(place, _)| is_rate(*place))?;
        if let Value::Number(lr) = found.1 { Some(*lr) } else { None }
    }

    /// `experiment`, a segment of `script`, with the values of a candidate but for the rate of the default
    /// optimizer. What an edit of the script has set to another value stays.
    pub(super) fn applied(
        &self,
        candidate: i32,
        script: &Script,
        experiment: &Experiment,
    ) -> Experiment {
        let mut experiment = experiment.clone();
        for (place, value) in self.settings(candidate).filter(|(place, _)| !is_rate(*place)) {
            if place.value(&experiment) == place.value(script.start()) {
                place.set(&mut experiment, value);
            }
        }
        experiment
    }
}

/// Whether a setting is the rate of the default optimizer, to which all others keep their ratio.
fn is_rate(place: Place) -> bool {
    place.to_string() == "optimizer.lr"
}

/// The setting at `path`, if `experiment` has one of its own there that can be searched.
pub(super) fn searched(experiment: &Experiment, path: &str) -> Option<Place> {
    let place = settings::find(experiment, path).ok()?;
    place.value(experiment)?;
    place.param?.search?;
    Some(place)
}

fn elements(value: &Value) -> usize {
    if let Value::List(list) = value { list.len() } else { 1 }
}

/// The value, of the kind of `own`, at the next coordinates of a point.
fn value(range: SearchRange, own: &Value, point: &mut impl Iterator<Item = f64>) -> Value {
    let mut next = || range.at(point.next().unwrap_or(0.5));
    match own {
        Value::List(list) => Value::List(list.iter().map(|_| next()).collect()),
        _ => Value::Number(next()),
    }
}

/// The points of a sequence in a cube of so many dimensions, in 64 binary digits.
fn points(seed: u64, dimensions: usize) -> impl Iterator<Item = Vec<f64>> {
    let mut random = stream(seed, Purpose::Search);
    let steps = steps(dimensions);
    let mut at: Vec<u64> = steps.iter().map(|_| random.next_u64()).collect();
    std::iter::repeat_with(move || {
        let point = at.iter().map(|x| (x >> 11) as f64 * 2f64.powi(-53)).collect();
        for (x, step) in at.iter_mut().zip(&steps) {
            *x = x.wrapping_add(*step);
        }
        point
    })
}

/// φ⁻¹ … φ⁻ᵈ as fractions of 2⁶⁴.
fn steps(dimensions: usize) -> Vec<u64> {
    let root = 1.0 / (dimensions as f64 + 1.0);
    // The map x ← (1 + x)^(1/(d + 1)) has φ as its only positive fixed point, and contracts.
    let phi = (0..64).fold(2.0, |x: f64, _| libm::pow(1.0 + x, root));
    let power = |j: usize| libm::pow(phi, -(j as f64));
    (1..=dimensions).map(|j| (power(j) * 2f64.powi(64)) as u64).collect()
}

#[cfg(test)]
mod tests;
