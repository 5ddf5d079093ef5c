//! Sign of the momentum.

use super::{Dim, Elementwise, Optimizer, State, Update, fused, lr, momentum};
use crate::nn::Real;
use crate::spec::{Card, Describe, Pick};

/// Every weight moves by the learning rate, against the sign of its mean gradient.
#[derive(Clone, Copy, Debug)]
pub struct Signum {
    momentum: f64,
}

impl Describe for Signum {
    const CARD: Card = Card {
        key: "signum",
        title: "Signum",
        formula: "m ← momentum·m + (1 − momentum)·∇L\n\
                  W ← W − α·sign(m)",
        params: &[lr(0.001), momentum(0.9)],
        usage: "as sign_sgd, with noisy gradients",
        caution: Some("does not settle: every step is as long as the last, so the rate must fall"),
        source: "Bernstein et al. 2018",
        differs: None,
    };
    const FAMILY: &'static str = super::family::SIGNS;
    fn build(pick: &Pick) -> Self {
        Self { momentum: pick.number("momentum") }
    }
}

impl<F: Real> Optimizer<F> for Signum {
    fn state(&self, dim: Dim) -> State<F> {
        State::zeros(&["m"], dim.elements())
    }

    fn update(&self, update: Update<'_, F>) {
        let Update { lr, param, grad, state, .. } = update;
        let rule =
            Step { lr: F::of(lr), keep: F::of(self.momentum), fresh: F::of(1.0 - self.momentum) };
        fused(rule, param, grad, state.tensors_mut::<1>());
    }
}

#[derive(Clone, Copy)]
struct Step<F> {
    lr: F,
    keep: F,
    fresh: F,
}

impl<F: Real> Elementwise<F, 1> for Step<F> {
    #[inline(always)]
    fn apply(self, param: F, grad: F, [m]: [F; 1]) -> (F, [F; 1]) {
        let m = self.keep.mul_add(m, self.fresh * grad);
        ((-self.lr).mul_add(m.sign(), param), [m])
    }
}
