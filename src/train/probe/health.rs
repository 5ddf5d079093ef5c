//! Signs of life: how the weights move, and how many units have gone flat.

use super::{Model, Probe, Snapshot, UpdateStats, View};
use crate::catalog;
use crate::nn::activation::Flat;

/// How a layer is doing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Health {
    /// How it moved in the last measured step, if one was.
    pub motion: Option<UpdateStats>,
    /// How much of it has gone flat.
    pub wear: DeadOrSaturated,
}

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
/// Training rows that are looked at.
const ROWS: usize = 256;

impl Probe for Vec<Health> {
    fn of(model: &mut Model, snapshot: &Snapshot, _: View) -> Self {
        let Snapshot { experiment, problem, motion, .. } = snapshot;
        let rows = problem.train.len().min(ROWS);
        problem.train.chunk(0, rows, &mut model.batch);
        model.network.forward(&model.batch);
        let columns = model.batch.columns();
        let last = experiment.layers.len() - 1;
        (0..=last)
            .map(|index| {
                let motion = motion.get(index).map(|step| step.stats);
                let flat = catalog::activation(&experiment.layers[index].activation).traits.flat;
                // At its ends an output is a sure answer; an output that is dead can never change.
                if flat == Flat::Never || index == last && flat == Flat::Ends {
                    return Health { motion, wear: DeadOrSaturated::None };
                }
                let slopes =
                    model.network.layers()[index].slopes(model.network.activated(index), columns);
                // A small slope is a small number at the output, not a dead one.
                let least = if index == last { f32::MIN_POSITIVE } else { FLAT_SLOPE };
                let is_flat = |slope: &f32| slope.abs() < least;
                let units: Vec<&[f32]> =
                    slopes.chunks_exact(columns).map(|unit| &unit[..rows]).collect();
                let wear = if flat == Flat::Negative {
                    let dead = units.iter().filter(|unit| unit.iter().all(is_flat)).count();
                    DeadOrSaturated::Dead(dead as f64 / units.len() as f64)
                } else {
                    let flat =
                        units.iter().flat_map(|unit| unit.iter()).filter(|s| is_flat(s)).count();
                    DeadOrSaturated::Saturated(flat as f64 / (units.len() * rows) as f64)
                };
                Health { motion, wear }
            })
            .collect()
    }
}
