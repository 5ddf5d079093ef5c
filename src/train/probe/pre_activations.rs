//! The numbers that activations are given.

use super::{Layers, Model, Probe, Snapshot, View};

/// Inputs of the activations of layers: pre-activations, normalised where a layer does that.
#[derive(Clone, Debug, PartialEq)]
pub struct PreActivations {
    /// The layers.
    pub layers: Layers,
    /// Those over the first training rows, in evaluation, evenly chosen.
    pub values: Vec<f64>,
}

/// Training rows that are looked at.
const ROWS: usize = 256;
/// Numbers that are enough to tell how they are spread.
const MOST: usize = 4096;

impl Probe for PreActivations {
    fn of(model: &mut Model, snapshot: &Snapshot, view: View) -> Self {
        let problem = &snapshot.problem;
        let rows = problem.train.len().min(ROWS);
        problem.train.chunk(0, rows, &mut model.batch);
        model.network.forward(&model.batch);
        let columns = model.batch.columns();
        let layers = view.subject.layers;
        let units = || {
            let all = layers.of(&snapshot.experiment).into_iter();
            let z = all.map(|layer| model.network.activated(layer));
            z.flat_map(move |z| z.chunks_exact(columns)).flat_map(move |unit| &unit[..rows])
        };
        let stride = units().count().div_ceil(MOST).max(1);
        // An odd stride does not keep to one unit's rows.
        let values = units().step_by(stride | 1).map(|&z| f64::from(z)).collect();
        Self { layers, values }
    }
}
