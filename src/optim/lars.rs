//! Momentum with a step in proportion to each tensor's norm.

use super::mean::{Decay, Mean};
use super::{Dim, Elementwise, Optimizer, State, Update, WEIGHT_DECAY, fused, lr, momentum, norm};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// SGD with momentum, each tensor's gradient rescaled to a share of the length of its weights.
#[derive(Clone, Copy, Debug)]
pub struct Lars {
    momentum: f64,
    weight_decay: f64,
    trust_coefficient: f64,
}

impl Describe for Lars {
    const CARD: Card = Card {
        key: "lars",
        title: "LARS",
        formula: "g = ∇L + λ·W\n\
                  u ← momentum·u + α·trust_coefficient·‖W‖/‖g‖·g        1 if a norm is 0\n\
                  W ← W − u",
        params: &[
            lr(0.1),
            momentum(0.9),
            WEIGHT_DECAY,
            Param {
                key: "trust_coefficient",
                default: DefaultValue::Number(0.001),
                range: Range::Above(0.0),
                meaning: "length of a step as a share of the weights' norm, at rate 1",
                search: None,
            },
        ],
        usage: "convolutional networks with very large batches",
        caution: Some(
            "wants rates around 1 to 10; a tensor of zeros moves by the plain gradient at first",
        ),
        source: "You, Gitman & Ginsburg 2017",
        differs: Some(
            "the rate enters the momentum, as in the paper; divided by ‖∇L + λ·W‖, as optax, where the paper has ‖∇L‖ + λ·‖W‖",
        ),
    };
    const FAMILY: &'static str = super::family::LAYERWISE;
    fn build(pick: &Pick) -> Self {
        Self {
            momentum: pick.number("momentum"),
            weight_decay: pick.number("weight_decay"),
            trust_coefficient: pick.number("trust_coefficient"),
        }
    }
}

impl<F: Real> Optimizer<F> for Lars {
    fn state(&self, dim: Dim) -> State<F> {
        State::zeros(&["step"], dim.elements())
    }

    fn update(&self, update: Update<'_, F>) {
        let Update { lr, param, grad, state, .. } = update;
        let decay = Decay::new(self.weight_decay, lr, false);
        let elements = param.iter().zip(grad);
        let length = norm(elements.map(|(&param, &grad)| decay.gradient(param, grad)));
        let weight = norm(param.iter().copied());
        let ratio = self.trust_coefficient * weight / length;
        let rate = if weight == 0.0 || length == 0.0 { lr } else { lr * ratio };
        let rule = Step { buffer: Mean::weighted(self.momentum, rate), decay };
        fused(rule, param, grad, state.tensors_mut::<1>());
    }
}

#[derive(Clone, Copy)]
struct Step<F> {
    buffer: Mean<F>,
    decay: Decay<F>,
}

impl<F: Real> Elementwise<F, 1> for Step<F> {
    #[inline(always)]
    fn apply(self, param: F, grad: F, [buffer]: [F; 1]) -> (F, [F; 1]) {
        let buffer = self.buffer.next(buffer, self.decay.gradient(param, grad));
        (param - buffer, [buffer])
    }
}
