//! What `[train]` asks to be done to gradients and weights beside the optimizers' updates.
//!
//! In the order of a step: the penalties join the gradients as soon as there are any; where an
//! optimizer wants gradients elsewhere they are taken anew; then they are clipped, each and then all
//! together; then noise is added; and the weights shrink before the optimizers move them. What is
//! off costs nothing.

use super::Engine;
use crate::nn::{Layer, Network, Real, Tensor};
use crate::optim::penalty;
use crate::rng::{self, Purpose};

/// Steps from one look for weights that have dwindled to the next.
const FLUSH_EVERY: u64 = 64;

/// 32-bit words that [`rng::normal`] takes from a stream.
const WORDS_PER_NORMAL: u128 = 4;

impl Engine {
    /// Clips every element, as `torch.nn.utils.clip_grad_value_`; returns whether that is asked for.
    pub(super) fn clip_values(&mut self) -> bool {
        let max = self.experiment.train.clip_value;
        if max == 0.0 {
            return false;
        }
        let max = max as f32;
        for tensor in self.network.layers_mut().iter_mut().flat_map(Layer::trained_mut) {
            tensor.grad.mapv_inplace(|grad| grad.clamp(-max, max));
        }
        true
    }

    /// Adds normal noise of variance η/(1 + t)^0.55 to every gradient (Neelakantan et al. 2015);
    /// returns whether that is asked for.
    ///
    /// Where in the stream a step begins follows from the step, so a replay draws the same numbers.
    pub(super) fn add_gradient_noise(&mut self) -> bool {
        let eta = self.experiment.train.gradient_noise;
        if eta == 0.0 {
            return false;
        }
        let step = self.step;
        let std = (eta / libm::pow(1.0 + step as f64, 0.55)).sqrt();
        let layers = self.network.layers_mut();
        let tensors = layers.iter().flat_map(Layer::trained);
        let count: usize = tensors.map(|tensor| tensor.value.len()).sum();
        let mut stream = rng::stream(self.experiment.batch_seed(), Purpose::GradientNoise);
        stream.set_word_pos(u128::from(step) * count as u128 * WORDS_PER_NORMAL);
        for tensor in layers.iter_mut().flat_map(Layer::trained_mut) {
            tensor.grad.mapv_inplace(|grad| grad + (std * rng::normal(&mut stream)) as f32);
        }
        true
    }

    /// Sets parameters to 0 that are next to nothing ([`Real::settled`]): where decay is all that moves a
    /// weight, as at a dead unit, it dwindles until it is. From time to time is enough, since there 0 stays 0.
    pub(super) fn flush_dwindled(&mut self) {
        if self.step.is_multiple_of(FLUSH_EVERY) {
            for tensor in self.network.layers_mut().iter_mut().flat_map(Layer::trained_mut) {
                tensor.value.mapv_inplace(Real::settled);
            }
        }
    }
}

/// Shrinks the weights of `layer` by the share `rate·decay`, as AdamW does before its update.
pub(super) fn shrink(layer: &mut Layer<f32>, rate: f64, decay: f64) {
    if decay != 0.0 {
        let kept = (1.0 - rate * decay) as f32;
        for tensor in layer.weights_mut() {
            tensor.value.mapv_inplace(|weight| weight * kept);
        }
    }
}

/// Adds the gradients of the L1 and L2 penalties; they concern weights alone.
pub(super) fn penalize(network: &mut Network<f32>, (l1, l2): (f64, f64)) {
    if l1 == 0.0 && l2 == 0.0 {
        return;
    }
    for tensor in network.layers_mut().iter_mut().flat_map(Layer::weights_mut) {
        let (weight, grad) = tensor.parts_mut();
        penalty::add_gradient(weight, grad, l1, l2);
    }
}

/// What the penalties add to the loss.
pub(super) fn penalty(network: &Network<f32>, (l1, l2): (f64, f64)) -> f64 {
    if l1 == 0.0 && l2 == 0.0 {
        return 0.0;
    }
    let weights = network.layers().iter().flat_map(Layer::weights).map(Tensor::values);
    weights.map(|weight| penalty::value(weight, l1, l2)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::load;
    use crate::train::Problem;

    #[test]
    fn no_weight_dwindles_for_long() {
        // Most of a weight goes in each step, so that the gradient soon goes too.
        let decays =
            ["optimizer=sgd:weight_decay=6,lr=0.1", "optimizer=sgd,lr=0.1,decoupled_decay=6"];
        for decay in decays {
            let experiment = load(&format!("moons/8-relu/2-softmax/{decay}")).unwrap().experiment;
            let mut engine = Engine::new(&experiment, Problem::load(&experiment).unwrap());
            let mut met = false;
            for step in 1..=4 * FLUSH_EVERY {
                engine.step().unwrap();
                let mut weights = engine
                    .network
                    .layers()
                    .iter()
                    .flat_map(Layer::weights)
                    .flat_map(Tensor::values);
                let subnormal = weights.any(|weight| weight.is_subnormal());
                met |= subnormal;
                assert!(!subnormal || step % FLUSH_EVERY != 0, "{decay}: {step}");
            }
            assert!(met, "{decay} leaves no weight so small");
        }
    }
}
