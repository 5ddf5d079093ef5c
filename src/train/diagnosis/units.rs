//! How much of a layer has gone flat.

use crate::catalog;
use crate::experiment::Experiment;
use crate::nn::activation::Flat;
use crate::nn::network::Network;

/// How much of a layer has gone flat.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DeadOrSaturated {
    /// Its activation never goes flat, or it is the output layer, whose ends are sure answers.
    None,
    /// The share of units that no sample can move any more.
    Dead(f64),
    /// The share of outputs, over units and samples, where the slope has nearly vanished.
    Saturated(f64),
}

/// A slope below this share of 1 counts as flat.
pub const FLAT_SLOPE: f32 = 0.05;

impl DeadOrSaturated {
    /// The share of dead units; 0 where none can be dead.
    #[must_use]
    pub const fn dead(self) -> f64 {
        if let Self::Dead(share) = self { share } else { 0.0 }
    }

    /// The share of saturated outputs; 0 where none can be saturated.
    #[must_use]
    pub const fn saturated(self) -> f64 {
        if let Self::Saturated(share) = self { share } else { 0.0 }
    }

    /// That of layer `index` of `network`, which has just taken `rows` samples forward, padded to
    /// `columns`.
    #[must_use]
    pub fn of(
        network: &Network<f32>,
        experiment: &Experiment,
        index: usize,
        (rows, columns): (usize, usize),
    ) -> Self {
        let last = experiment.layers.len() - 1;
        let flat = catalog::activation(&experiment.layers[index].activation).traits.flat;
        // At its ends an output is a sure answer; an output that is dead can never change.
        if flat == Flat::Never || index == last && flat == Flat::Ends {
            return Self::None;
        }
        let slopes = network.layers()[index].slopes(network.activated(index), columns);
        // A small slope is a small number at the output, not a dead one.
        let least = if index == last { f32::MIN_POSITIVE } else { FLAT_SLOPE };
        let is_flat = |slope: &f32| slope.abs() < least;
        let units: Vec<&[f32]> = slopes.chunks_exact(columns).map(|unit| &unit[..rows]).collect();
        if flat == Flat::Negative {
            let dead = units.iter().filter(|unit| unit.iter().all(is_flat)).count();
            Self::Dead(dead as f64 / units.len() as f64)
        } else {
            let flat = units.iter().flat_map(|unit| unit.iter()).filter(|s| is_flat(s)).count();
            Self::Saturated(flat as f64 / (units.len() * rows) as f64)
        }
    }
}
