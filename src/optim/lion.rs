//! Evolved sign momentum.

use super::{BETAS_SEARCH, DECAY_SEARCH, Dim, Elementwise, Optimizer, State, Update, fused, lr};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// The sign of a mix of gradient and momentum: every weight moves by the same length.
#[derive(Clone, Copy, Debug)]
pub struct Lion {
    betas: [f64; 2],
    weight_decay: f64,
}

impl Describe for Lion {
    const CARD: Card = Card {
        key: "lion",
        title: "Lion",
        formula: "u = β₁·m + (1 − β₁)·∇L        m ← β₂·m + (1 − β₂)·∇L\n\
                  W ← W − α·(sign(u) + λ·W)",
        params: &[
            lr(1e-4),
            Param {
                key: "betas",
                default: DefaultValue::List(&[0.9, 0.99]),
                range: Range::HalfOpen(0.0, 1.0),
                meaning: "weight of the momentum in the step, and its memory",
                search: BETAS_SEARCH,
            },
            Param {
                key: "weight_decay",
                default: DefaultValue::Number(0.0),
                range: Range::AtLeast(0.0),
                meaning: "share of the weight, times the rate, lost each step",
                search: DECAY_SEARCH,
            },
        ],
        usage: "large networks, with half of Adam's memory",
        caution: Some("wants a rate 3 to 10 times smaller than Adam's, and as much more decay"),
        source: "Chen et al. 2023",
        differs: Some(
            "as the paper's algorithm 2 and the authors' code: decay is multiplied by the learning rate, none by default (optax: 0.001)",
        ),
    };
    const FAMILY: &'static str = super::family::SIGNS;
    fn build(pick: &Pick) -> Self {
        Self { betas: pick.array("betas"), weight_decay: pick.number("weight_decay") }
    }
}

impl<F: Real> Optimizer<F> for Lion {
    fn state(&self, dim: Dim) -> State<F> {
        State::zeros(&["m"], dim.elements())
    }

    fn update(&self, update: Update<'_, F>) {
        let Update { lr, param, grad, state, .. } = update;
        let rule = Step {
            lr: F::of(lr),
            betas: self.betas.map(F::of),
            fresh: self.betas.map(|beta| F::of(1.0 - beta)),
            shrink: F::of(1.0 - lr * self.weight_decay),
        };
        fused(rule, param, grad, state.tensors_mut::<1>());
    }
}

#[derive(Clone, Copy)]
struct Step<F> {
    lr: F,
    betas: [F; 2],
    fresh: [F; 2],
    shrink: F,
}

impl<F: Real> Elementwise<F, 1> for Step<F> {
    #[inline(always)]
    fn apply(self, param: F, grad: F, [m]: [F; 1]) -> (F, [F; 1]) {
        let direction = self.betas[0].mul_add(m, self.fresh[0] * grad).sign();
        let m = self.betas[1].mul_add(m, self.fresh[1] * grad);
        ((-self.lr).mul_add(direction, param * self.shrink), [m])
    }
}
