//! The initial weights of recurrent layers.

use ndarray::{Array2, Axis};

use crate::experiment::LayerSpec;
use crate::nn::init::{Initializer, Site};
use crate::nn::tensor::{Role, Tensor};
use crate::rng::Stream;

/// Fills the tensors of the layer of `spec`. Where no initializer was asked for, biases are drawn as
/// weights are, as PyTorch has it; else each gate of each matrix starts by itself, and biases as the
/// initializer has them.
pub(super) fn initialize(
    tensors: &mut [Tensor<f32>],
    spec: &LayerSpec,
    (init, site): (&dyn Initializer, Site),
    stream: &mut Stream,
) {
    let mut inputs = 0;
    for tensor in tensors {
        let is_weight = tensor.role == Role::Weight;
        if is_weight || spec.init.is_none() {
            let units = if is_weight { spec.units } else { 1 };
            for mut gate in tensor.value.axis_chunks_iter_mut(Axis(0), units.max(1)) {
                let mut weight = Array2::zeros(gate.dim());
                init.weight(&mut weight, site, stream);
                gate.assign(&weight);
            }
            inputs = tensor.value.ncols();
        } else {
            init.bias(tensor.parts_mut().0, inputs, stream);
        }
    }
}
