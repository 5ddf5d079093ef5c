//! Fromage.

use super::{Dim, Elementwise, Optimizer, State, Update, fused, lr, norm};
use crate::nn::Real;
use crate::spec::{Card, Describe, Pick};

/// Every tensor turns by the same angle at each step, whatever the size of its gradient.
#[derive(Clone, Copy, Debug)]
pub struct Fromage;

impl Describe for Fromage {
    const CARD: Card = Card {
        key: "fromage",
        title: "Fromage",
        formula: "W ← [W − α·‖W‖/‖∇L‖·∇L] / √(1 + α²)        each tensor by its norms\n\
                  factor ‖W‖/‖∇L‖ = 1 where either is 0",
        params: &[lr(0.01)],
        usage: "deep networks of many kinds of layers, with no rate but an angle to choose",
        caution: Some("near a minimum it circles at its angle: let the rate fall"),
        source: "Bernstein et al. 2020",
        differs: None,
    };
    const FAMILY: &'static str = super::family::LAYERWISE;
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl<F: Real> Optimizer<F> for Fromage {
    fn state(&self, _: Dim) -> State<F> {
        State::zeros(&[], 0)
    }

    fn update(&self, update: Update<'_, F>) {
        let Update { lr, param, grad, .. } = update;
        let (size, steepness) = (norm(param.iter().copied()), norm(grad.iter().copied()));
        let ratio = if size > 0.0 && steepness > 0.0 { size / steepness } else { 1.0 };
        let rule =
            Step { rate: F::of(lr * ratio), shrink: F::of(1.0 / lr.mul_add(lr, 1.0).sqrt()) };
        fused(rule, param, grad, []);
    }
}

#[derive(Clone, Copy)]
struct Step<F> {
    rate: F,
    shrink: F,
}

impl<F: Real> Elementwise<F, 0> for Step<F> {
    #[inline(always)]
    fn apply(self, param: F, grad: F, []: [F; 0]) -> (F, [F; 0]) {
        ((-self.rate).mul_add(grad, param) * self.shrink, [])
    }
}
