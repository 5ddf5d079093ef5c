//! Signs of life: how the weights move, and how many units have gone flat.

use super::{DeadOrSaturated, Model, Probe, Snapshot, UpdateStats, View};

/// How a layer is doing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Health {
    /// How it moved in the last measured step, if one was.
    pub motion: Option<UpdateStats>,
    /// How much of it has gone flat.
    pub wear: DeadOrSaturated,
}

/// Training rows that are looked at.
const ROWS: usize = 256;

impl Probe for Vec<Health> {
    fn of(model: &mut Model, snapshot: &Snapshot, _: View) -> Self {
        let Snapshot { experiment, problem, motion, .. } = snapshot;
        let rows = problem.train.len().min(ROWS);
        problem.train.chunk(0, rows, &mut model.batch);
        model.network.forward(&model.batch);
        let columns = model.batch.columns();
        (0..experiment.layers.len())
            .map(|index| Health {
                motion: motion.get(index).map(|step| step.stats),
                wear: DeadOrSaturated::of(&model.network, experiment, index, (rows, columns)),
            })
            .collect()
    }
}
