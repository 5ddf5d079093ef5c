//! NovoGrad.

use super::adam::EPS;
use super::mean::Mean;
use super::{BETAS_SEARCH, Dim, Elementwise, Optimizer, PENALTY_SEARCH, State, Update, fused, lr};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// Momentum over gradients that each tensor divides by the running size of its own.
#[derive(Clone, Copy, Debug)]
pub struct NovoGrad {
    betas: [f64; 2],
    eps: f64,
    weight_decay: f64,
}

impl Describe for NovoGrad {
    const CARD: Card = Card {
        key: "novograd",
        title: "NovoGrad",
        formula: "v ← β₂·v + (1 − β₂)·‖∇L‖²                    a number a tensor\n\
                  m ← β₁·m + [∇L / (√v + ε) + λ·W]\n\
                  W ← W − α·m                  at first v = ‖∇L‖²",
        params: &[
            lr(0.001),
            Param {
                key: "betas",
                default: DefaultValue::List(&[0.95, 0.98]),
                range: Range::HalfOpen(0.0, 1.0),
                meaning: "memory of the sum and of the square: 1/(1 − β) steps",
                search: BETAS_SEARCH,
            },
            EPS,
            Param {
                key: "weight_decay",
                default: DefaultValue::Number(0.0),
                range: Range::AtLeast(0.0),
                meaning: "λ: share of the weight that joins the divided gradient",
                search: PENALTY_SEARCH,
            },
        ],
        usage: "large batches and rates, with half of Adam's memory",
        caution: Some("m is a sum, not a mean: the step is 1/(1 − β₁) times α in the long run"),
        source: "Ginsburg et al. 2019",
        differs: Some(
            "as the paper's algorithm 1; libraries that take a mean in m (grad_averaging) have another α",
        ),
    };
    const FAMILY: &'static str = super::family::LAYERWISE;
    fn build(pick: &Pick) -> Self {
        Self {
            betas: pick.array("betas"),
            eps: pick.number("eps"),
            weight_decay: pick.number("weight_decay"),
        }
    }
}

impl<F: Real> Optimizer<F> for NovoGrad {
    fn state(&self, dim: Dim) -> State<F> {
        State::zeros(&["m"], dim.elements()).with_scalar("v", 0.0)
    }

    fn update(&self, update: Update<'_, F>) {
        let Update { lr, param, grad, state, .. } = update;
        let [beta1, beta2] = self.betas;
        let first = state.step == 1;
        let square: f64 = grad.iter().map(|g| g.f64() * g.f64()).sum();
        let [v] = state.scalars_mut::<1>();
        *v = if first { square } else { beta2 * *v + (1.0 - beta2) * square };
        let size = v.sqrt() + self.eps;
        let rule = Step {
            lr: F::of(lr),
            m: Mean::sum(beta1),
            // A tensor without any gradient yet stays where it is.
            share: F::of(if size > 0.0 { 1.0 / size } else { 0.0 }),
            weight_decay: F::of(self.weight_decay),
        };
        fused(rule, param, grad, state.tensors_mut::<1>());
    }
}

#[derive(Clone, Copy)]
struct Step<F> {
    lr: F,
    m: Mean<F>,
    share: F,
    weight_decay: F,
}

impl<F: Real> Elementwise<F, 1> for Step<F> {
    #[inline(always)]
    fn apply(self, param: F, grad: F, [m]: [F; 1]) -> (F, [F; 1]) {
        let fresh = self.weight_decay.mul_add(param, grad * self.share);
        let m = self.m.next(m, fresh);
        ((-self.lr).mul_add(m, param), [m])
    }
}
