//! The exponential moving average of the weights.

use crate::nn::simd::{self, Kernel};
use crate::nn::{Layer, Network, Tensor};

/// The average of every trained parameter: ē ← β·ē + (1 − β)·w after each step, beginning at the
/// weights after the first, as `torch.optim.swa_utils.get_ema_multi_avg_fn` has it.
#[derive(Debug)]
pub struct Average {
    decay: f64,
    /// Tensor after tensor, layer after layer; empty before the first step.
    tensors: Vec<Vec<f32>>,
}

impl Clone for Average {
    fn clone(&self) -> Self {
        Self { decay: self.decay, tensors: self.tensors.clone() }
    }
    /// In place: checkpoints are made this way.
    fn clone_from(&mut self, source: &Self) {
        self.decay = source.decay;
        self.tensors.clone_from(&source.tensors);
    }
}

fn tensors(network: &Network<f32>) -> impl Iterator<Item = &[f32]> {
    network.layers().iter().flat_map(Layer::trained).map(Tensor::values)
}

impl Average {
    /// An average of no steps yet; none if `decay` is 0.
    pub fn new(decay: f64) -> Option<Self> {
        (decay > 0.0).then_some(Self { decay, tensors: Vec::new() })
    }

    /// An average of these tensors, none of them before the first step; none if `decay` is 0.
    pub fn of(decay: f64, tensors: Vec<Vec<f32>>) -> Option<Self> {
        Some(Self { tensors, ..Self::new(decay)? })
    }

    /// This average under another decay; it starts again if the network has changed its shape.
    pub fn with_decay(self, decay: f64, network: &Network<f32>) -> Option<Self> {
        let lengths = |tensor: &Vec<f32>| tensor.len();
        let fits = self.tensors.iter().map(lengths).eq(tensors(network).map(<[f32]>::len));
        let kept = if fits { self.tensors } else { Vec::new() };
        Some(Self { tensors: kept, ..Self::new(decay)? })
    }

    /// Takes in the weights after a step.
    pub fn update(&mut self, network: &Network<f32>) {
        if self.tensors.is_empty() {
            self.tensors = tensors(network).map(<[f32]>::to_vec).collect();
            return;
        }
        let newest = (1.0 - self.decay) as f32;
        for (average, value) in self.tensors.iter_mut().zip(tensors(network)) {
            simd::run(Blend { average, value, newest });
        }
    }

    /// The averages, tensor after tensor; none before the first step.
    pub fn tensors(&self) -> Option<&[Vec<f32>]> {
        Some(self.tensors.as_slice()).filter(|tensors| !tensors.is_empty())
    }
}

struct Blend<'a> {
    average: &'a mut [f32],
    value: &'a [f32],
    newest: f32,
}

impl Kernel for Blend<'_> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let Self { average, value, newest } = self;
        for (average, &value) in average.iter_mut().zip(value) {
            *average = newest.mul_add(value - *average, *average);
        }
    }
}
