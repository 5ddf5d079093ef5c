//! Backward held against central differences, in `f64`, on the very code that training runs in
//! `f32`.

use super::engine::{Engine, network_f64};
use crate::experiment::Experiment;
use crate::nn::network::{Batch, Network};
use crate::train::Problem;

use std::sync::Arc;

/// Elements of one tensor that are tried, evenly spread.
const TRIED: usize = 200;
/// A relative error up to this passes: central differences in `f64` are good to about 1e-9.
pub const TOLERANCE: f64 = 1e-5;
/// Gradients smaller than this are compared absolutely.
const FLOOR: f64 = 1e-5;

/// How one tensor's gradient compares.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The layer, counted from 0.
    pub layer: usize,
    /// The tensor's name.
    pub tensor: &'static str,
    /// Elements tried.
    pub tried: usize,
    /// Elements there are.
    pub elements: usize,
    /// The largest |backward − difference|.
    pub absolute: f64,
    /// The largest |backward − difference| / max(|backward|, |difference|, 1e-5).
    pub relative: f64,
}

impl Comparison {
    /// Whether backward is right.
    #[must_use]
    pub fn passes(&self) -> bool {
        self.relative <= TOLERANCE
    }
}

/// Compares every tensor at the start of `experiment`, on its first training rows.
#[must_use]
pub fn check(experiment: &Experiment, problem: &Arc<Problem>) -> Vec<Comparison> {
    let params = Engine::new(experiment, Arc::clone(problem)).parameters();
    let mut network = network_f64(experiment, &params);
    let mut narrow = Batch::<f32>::default();
    let rows = experiment.train.batch_size.min(problem.train.len());
    problem.train.chunk(0, rows, &mut narrow);
    let widen = |values: &[f32]| values.iter().map(|&x| f64::from(x)).collect();
    let (x, target) = (widen(&narrow.x), widen(&narrow.target));
    let batch = Batch { x, target, len: narrow.len, ..Batch::default() };
    network.loss_and_gradients(&batch);
    let tensors: Vec<(usize, &'static str, Vec<f64>)> = network
        .layers()
        .iter()
        .enumerate()
        .flat_map(|(layer, l)| l.trained().map(move |t| (layer, t.name, t.grads().to_vec())))
        .collect();
    tensors
        .into_iter()
        .map(|(layer, tensor, grads)| compare(&mut network, &batch, (layer, tensor), &grads))
        .collect()
}

fn compare(
    network: &mut Network<f64>,
    batch: &Batch<f64>,
    (layer, tensor): (usize, &'static str),
    grads: &[f64],
) -> Comparison {
    let stride = grads.len().div_ceil(TRIED).max(1);
    let mut comparison =
        Comparison { layer, tensor, tried: 0, elements: grads.len(), absolute: 0.0, relative: 0.0 };
    for index in (0..grads.len()).step_by(stride) {
        let mut loss_at = |shift: f64| {
            nudge(network, layer, tensor, index, shift);
            let loss = network.training_loss(batch);
            nudge(network, layer, tensor, index, -shift);
            loss
        };
        let h = 1e-5;
        let difference = (loss_at(h) - loss_at(-h)) / (2.0 * h);
        let absolute = (grads[index] - difference).abs();
        let size = grads[index].abs().max(difference.abs()).max(FLOOR);
        comparison.tried += 1;
        comparison.absolute = comparison.absolute.max(absolute);
        comparison.relative = comparison.relative.max(absolute / size);
    }
    comparison
}

fn nudge(network: &mut Network<f64>, layer: usize, tensor: &str, index: usize, shift: f64) {
    let found = network.layers_mut()[layer].trained_mut().find(|it| it.name == tensor);
    if let Some(tensor) = found {
        tensor.parts_mut().0[index] += shift;
    }
}
