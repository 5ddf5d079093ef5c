//! Adaptive Nesterov momentum.

use super::mean::Mean;
use super::{
    BETAS_SEARCH, Dim, EPS_SEARCH, Elementwise, Optimizer, PENALTY_SEARCH, State, Update,
    bias_correction, fused, lr,
};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// Adam with a third average, of how the gradient changes, to look ahead.
#[derive(Clone, Copy, Debug)]
pub struct Adan {
    betas: [f64; 3],
    eps: f64,
    weight_decay: f64,
}

impl Describe for Adan {
    const CARD: Card = Card {
        key: "adan",
        title: "Adan",
        formula: "m: mean of ∇L (β₁)    d: mean of ∇L − ∇Lₜ₋₁ (β₂)\n\
                  n: mean of (∇L + β₂·(∇L − ∇Lₜ₋₁))² (β₃)\n\
                  W ← [W − α·(m̂ + β₂·d̂) / (√n̂ + ε)] / (1 + α·λ)",
        params: &[
            lr(0.001),
            Param {
                key: "betas",
                default: DefaultValue::List(&[0.98, 0.92, 0.99]),
                range: Range::HalfOpen(0.0, 1.0),
                meaning: "memory of m, d and n: 1/(1 − β) steps",
                search: BETAS_SEARCH,
            },
            Param {
                key: "eps",
                default: DefaultValue::Number(1e-8),
                range: Range::AtLeast(0.0),
                meaning: "added to the root, outside it, against division by 0",
                search: EPS_SEARCH,
            },
            Param {
                key: "weight_decay",
                default: DefaultValue::Number(0.02),
                range: Range::AtLeast(0.0),
                meaning: "λ: the step is divided by 1 + α·λ, which pulls each weight towards 0",
                search: PENALTY_SEARCH,
            },
        ],
        usage: "as AdamW, in vision and language models; needs more memory",
        caution: None,
        source: "Xie et al. 2022, algorithm 1",
        differs: Some(
            "β as in the authors' code, 1 minus the paper's, whose factor 1 − β is β₂ here; optax and others take 1 − β₂, a second ε inside the root and a decay that is added. weight_decay 0.02 as in the paper's experiments; the authors' code has 0",
        ),
    };
    const FAMILY: &'static str = super::family::ADAM;
    fn build(pick: &Pick) -> Self {
        Self {
            betas: pick.array("betas"),
            eps: pick.number("eps"),
            weight_decay: pick.number("weight_decay"),
        }
    }
}

impl<F: Real> Optimizer<F> for Adan {
    fn state(&self, dim: Dim) -> State<F> {
        State::zeros(&["m", "d", "n", "previous"], dim.elements())
    }

    fn update(&self, update: Update<'_, F>) {
        let Update { lr, param, grad, state, .. } = update;
        let rule = Step {
            lr: F::of(lr),
            m: Mean::new(self.betas[0]),
            d: Mean::new(self.betas[1]),
            n: Mean::of_squares(self.betas[2], self.eps),
            of_change: F::of(self.betas[1]),
            corrections: self.betas.map(|beta| F::of(bias_correction(beta, state.step))),
            eps: F::of(self.eps),
            shrink: F::of(1.0 / (1.0 + lr * self.weight_decay)),
            first: state.step == 1,
        };
        fused(rule, param, grad, state.tensors_mut::<4>());
    }
}

#[derive(Clone, Copy)]
struct Step<F> {
    lr: F,
    m: Mean<F>,
    d: Mean<F>,
    n: Mean<F>,
    of_change: F,
    corrections: [F; 3],
    eps: F,
    shrink: F,
    first: bool,
}

impl<F: Real> Elementwise<F, 4> for Step<F> {
    #[inline(always)]
    fn apply(self, param: F, grad: F, [m, d, n, previous]: [F; 4]) -> (F, [F; 4]) {
        let change = F::select(self.first, F::ZERO, grad - previous);
        let ahead = self.of_change.mul_add(change, grad);
        let m = self.m.next(m, grad);
        let d = self.d.next(d, change);
        let n = self.n.next_square(n, ahead);
        let direction = self.of_change.mul_add(d / self.corrections[1], m / self.corrections[0]);
        let denominator = (n / self.corrections[2]).sqrt() + self.eps;
        ((-self.lr).mul_add(direction / denominator, param) * self.shrink, [m, d, n, grad])
    }
}
