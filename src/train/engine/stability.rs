//! How the optimizers of a run are about to move each layer, as far as there is a theory of it.

use super::Engine;
use crate::nn::tensor::Role;
use crate::optim::{Present, Stability};

/// The rate of a layer's optimizer at the next step, and where it is stable.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerStability {
    /// The optimizer's name.
    pub optimizer: &'static str,
    /// The learning rate of the next step.
    pub lr: f64,
    /// The bound of each trained tensor, in their order; none if the rule has no theory, or not yet.
    pub tensors: Option<Vec<Stability>>,
}

impl LayerStability {
    /// The curvature that the layer's rate can take, as its weights have it: divided as the rule
    /// divides the rate.
    #[must_use]
    pub fn threshold(&self) -> Option<f64> {
        let threshold = self.tensors.as_ref()?.first()?.bound / self.lr;
        Some(threshold).filter(|threshold| threshold.is_finite())
    }

    /// The paper that its bound is from.
    #[must_use]
    pub fn source(&self) -> Option<&'static str> {
        self.tensors.as_ref()?.first().map(|tensor| tensor.source)
    }
}

impl Engine {
    /// The rates of the next step, layer by layer.
    #[must_use]
    pub fn stability(&self) -> Vec<LayerStability> {
        let layers = 0..self.network.layers().len();
        layers.filter_map(|layer| self.stability_of(layer)).collect()
    }

    fn stability_of(&self, layer: usize) -> Option<LayerStability> {
        let factor = self.scheduler.factor(self.step);
        let group = self.groups.iter().find(|group| group.moves(layer))?;
        let lr = group.lr() * factor;
        let decay = self.experiment.train.decoupled_decay;
        let bound = |(tensor, state)| {
            let role = self.network.layers()[layer].get(tensor).map(|tensor| tensor.role);
            let shrink = if role == Some(Role::Weight) { lr * decay } else { 0.0 };
            group.rule.stability(Present { lr, shrink, state })
        };
        let tensors = group.memory_of(layer).map(bound).collect();
        Some(LayerStability { optimizer: group.key, lr, tensors })
    }
}
