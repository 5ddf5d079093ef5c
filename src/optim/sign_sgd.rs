//! Sign of the gradient.

use super::{Dim, Elementwise, Optimizer, State, Update, fused, lr};
use crate::nn::Real;
use crate::spec::{Card, Describe, Pick};

/// Every weight moves by the learning rate, against the sign of its gradient.
#[derive(Clone, Copy, Debug)]
pub struct SignSgd;

impl Describe for SignSgd {
    const CARD: Card = Card {
        key: "sign_sgd",
        title: "signSGD",
        formula: "W ← W − α·sign(∇L)",
        params: &[lr(0.001)],
        usage: "to see what only the signs tell; one bit a weight between machines",
        caution: Some("does not settle: every step is as long as the last, so the rate must fall"),
        source: "Bernstein et al. 2018",
        differs: None,
    };
    const FAMILY: &'static str = super::family::SIGNS;
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl<F: Real> Optimizer<F> for SignSgd {
    fn state(&self, dim: Dim) -> State<F> {
        State::zeros(&[], dim.elements())
    }

    fn update(&self, update: Update<'_, F>) {
        let Update { lr, param, grad, .. } = update;
        fused(Step { lr: F::of(lr) }, param, grad, []);
    }
}

#[derive(Clone, Copy)]
struct Step<F> {
    lr: F,
}

impl<F: Real> Elementwise<F, 0> for Step<F> {
    #[inline(always)]
    fn apply(self, param: F, grad: F, _: [F; 0]) -> (F, [F; 0]) {
        ((-self.lr).mul_add(grad.sign(), param), [])
    }
}
