//! What of a network's start depends on the data.

use crate::catalog;
use crate::data::batch::Samples;
use crate::experiment::Experiment;
use crate::nn::network::{Batch, Network};

/// Scales the weights of every layer whose initializer asks for it, first layer first, so that its
/// pre-activations have a variance of 1 over units and the first training rows.
pub(super) fn unit_variance(
    network: &mut Network<f32>,
    experiment: &Experiment,
    samples: &Samples,
) {
    let mut batch = Batch::default();
    for (index, spec) in experiment.layers.iter().enumerate() {
        let pick = spec.initializer();
        let Some(rows) = catalog::initializer(&pick).build(&pick).rows() else { continue };
        samples.chunk(0, rows.min(samples.len()), &mut batch);
        network.forward(&batch);
        let (z, _) = network.flow(index);
        let units = z.chunks_exact(batch.columns()).map(|unit| &unit[..batch.len]);
        let std = variance(units.flatten().map(|&z| f64::from(z))).sqrt();
        if std.is_normal() {
            let factor = 1.0 / std;
            for weight in network.layers_mut()[index].weights_mut() {
                weight.value.mapv_inplace(|w| (f64::from(w) * factor) as f32);
            }
        }
    }
}

fn variance(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let (count, sum) = values.clone().fold((0.0, 0.0), |(count, sum), x| (count + 1.0, sum + x));
    let mean = sum / count;
    values.map(|x| (x - mean) * (x - mean)).sum::<f64>() / count
}
