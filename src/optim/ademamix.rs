//! AdamW with a second, very long memory.

use super::mean::Mean;
use super::{
    BETAS_SEARCH, DECAY_SEARCH, Dim, EPS_SEARCH, Elementwise, Optimizer, State, Update,
    bias_correction, fused, lr,
};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// Adam's step plus `alpha` times a slow mean of the gradient.
#[derive(Clone, Copy, Debug)]
pub struct AdEmaMix {
    betas: [f64; 3],
    alpha: f64,
    eps: f64,
    weight_decay: f64,
}

impl Describe for AdEmaMix {
    const CARD: Card = Card {
        key: "ademamix",
        title: "AdEMAMix",
        formula: "m: mean of ∇L (β₁)    v: mean of ∇L² (β₂)    s: slow mean of ∇L (β₃)\n\
                  W ← W − α·[(m̂ + alpha·s) / (√v̂ + ε) + λ·W]",
        params: &[
            lr(0.001),
            Param {
                key: "betas",
                default: DefaultValue::List(&[0.9, 0.999, 0.9999]),
                range: Range::HalfOpen(0.0, 1.0),
                meaning: "memory of m, v and s: 1/(1 − β) steps",
                search: BETAS_SEARCH,
            },
            Param {
                key: "alpha",
                default: DefaultValue::Number(5.0),
                range: Range::AtLeast(0.0),
                meaning: "weight of the slow mean",
                search: None,
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
                default: DefaultValue::Number(0.0),
                range: Range::AtLeast(0.0),
                meaning: "share of the weight, times the rate, lost each step",
                search: DECAY_SEARCH,
            },
        ],
        usage: "long runs: old gradients still help",
        caution: Some(
            "remembers 10,000 steps: needs long runs, and warm-up of alpha and β₃ in the paper",
        ),
        source: "Pagliardini, Ablin & Grangier 2024",
        differs: Some(
            "as the authors' code without its warm-ups: alpha and β₃ are constant, and the slow mean is not bias-corrected; the paper raises both slowly. alpha's default is 2 in that code, 5 to 10 in the paper",
        ),
    };
    const FAMILY: &'static str = super::family::ADAM;
    fn build(pick: &Pick) -> Self {
        Self {
            betas: pick.array("betas"),
            alpha: pick.number("alpha"),
            eps: pick.number("eps"),
            weight_decay: pick.number("weight_decay"),
        }
    }
}

impl<F: Real> Optimizer<F> for AdEmaMix {
    fn state(&self, dim: Dim) -> State<F> {
        State::zeros(&["m", "v", "slow"], dim.elements())
    }

    fn update(&self, update: Update<'_, F>) {
        let Update { lr, param, grad, state, .. } = update;
        let rule = Step {
            lr: F::of(lr),
            m: Mean::new(self.betas[0]),
            v: Mean::of_squares(self.betas[1], self.eps),
            slow: Mean::new(self.betas[2]),
            mean: F::of(1.0 / bias_correction(self.betas[0], state.step)),
            root: F::of(1.0 / bias_correction(self.betas[1], state.step).sqrt()),
            alpha: F::of(self.alpha),
            eps: F::of(self.eps),
            shrink: F::of(1.0 - lr * self.weight_decay),
        };
        fused(rule, param, grad, state.tensors_mut::<3>());
    }
}

#[derive(Clone, Copy)]
struct Step<F> {
    lr: F,
    m: Mean<F>,
    v: Mean<F>,
    slow: Mean<F>,
    mean: F,
    root: F,
    alpha: F,
    eps: F,
    shrink: F,
}

impl<F: Real> Elementwise<F, 3> for Step<F> {
    #[inline(always)]
    fn apply(self, param: F, grad: F, [m, v, slow]: [F; 3]) -> (F, [F; 3]) {
        let m = self.m.next(m, grad);
        let v = self.v.next_square(v, grad);
        let slow = self.slow.next(slow, grad);
        let direction = self.alpha.mul_add(slow, self.mean * m);
        let denominator = v.sqrt().mul_add(self.root, self.eps);
        ((-self.lr).mul_add(direction / denominator, param * self.shrink), [m, v, slow])
    }
}
