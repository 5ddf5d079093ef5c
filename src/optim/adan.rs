//! Adaptive Nesterov momentum.

use super::{Elementwise, Optimizer, State, Update, bias_correction, fused, lr};
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
                  n: mean of (∇L + (1 − β₂)·(∇L − ∇Lₜ₋₁))² (β₃)\n\
                  W ← W − α·[(m̂ + (1 − β₂)·d̂) / (√(n̂ + ε) + ε) + λ·W]",
        params: &[
            lr(0.001),
            Param {
                key: "betas",
                default: DefaultValue::List(&[0.98, 0.92, 0.99]),
                range: Range::HalfOpen(0.0, 1.0),
                meaning: "memory of m, d and n: 1/(1 − β) steps",
            },
            Param {
                key: "eps",
                default: DefaultValue::Number(1e-8),
                range: Range::AtLeast(0.0),
                meaning: "added inside the root and outside it",
            },
            Param {
                key: "weight_decay",
                default: DefaultValue::Number(0.02),
                range: Range::AtLeast(0.0),
                meaning: "share of the weight, times the rate, lost each step",
            },
        ],
        usage: "as AdamW, in vision and language models; needs more memory",
        caution: None,
        source: "Xie et al. 2022",
        differs: Some(
            "β as in optax, 1 minus the paper's; decay added to the step, not divided by 1 + α·λ",
        ),
    };
    fn build(pick: &Pick) -> Self {
        Self {
            betas: pick.array("betas"),
            eps: pick.number("eps"),
            weight_decay: pick.number("weight_decay"),
        }
    }
}

impl<F: Real> Optimizer<F> for Adan {
    fn state(&self, (rows, columns): (usize, usize)) -> State<F> {
        State::zeros(&["m", "d", "n", "previous"], rows * columns)
    }

    fn update(&self, update: Update<'_, F>) {
        let Update { lr, param, grad, state, .. } = update;
        let rule = Step {
            lr: F::of(lr),
            betas: self.betas.map(F::of),
            fresh: self.betas.map(|beta| F::of(1.0 - beta)),
            corrections: self.betas.map(|beta| F::of(bias_correction(beta, state.step))),
            eps: F::of(self.eps),
            shrink: F::of(1.0 - lr * self.weight_decay),
            first: state.step == 1,
        };
        fused(rule, param, grad, state.tensors_mut::<4>());
    }
}

#[derive(Clone, Copy)]
struct Step<F> {
    lr: F,
    betas: [F; 3],
    fresh: [F; 3],
    corrections: [F; 3],
    eps: F,
    shrink: F,
    first: bool,
}

impl<F: Real> Elementwise<F, 4> for Step<F> {
    #[inline(always)]
    fn apply(self, param: F, grad: F, [m, d, n, previous]: [F; 4]) -> (F, [F; 4]) {
        let change = F::select(self.first, F::ZERO, grad - previous);
        let ahead = self.fresh[1].mul_add(change, grad);
        let m = self.betas[0].mul_add(m, self.fresh[0] * grad);
        let d = self.betas[1].mul_add(d, self.fresh[1] * change);
        let n = self.betas[2].mul_add(n, self.fresh[2] * ahead * ahead);
        let direction = self.fresh[1].mul_add(d / self.corrections[1], m / self.corrections[0]);
        let denominator = (n / self.corrections[2] + self.eps).sqrt() + self.eps;
        ((-self.lr).mul_add(direction / denominator, param * self.shrink), [m, d, n, grad])
    }
}
