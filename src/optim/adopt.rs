//! Adam that converges with any β₂.

use super::mean::Mean;
use super::{BETAS_SEARCH, Dim, Elementwise, Optimizer, State, Update, fused, lr};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// The gradient is divided by the root of the mean square *before* it, then averaged.
#[derive(Clone, Copy, Debug)]
pub struct Adopt {
    betas: [f64; 2],
    eps: f64,
}

impl Describe for Adopt {
    const CARD: Card = Card {
        key: "adopt",
        title: "ADOPT",
        formula: "g = clip(∇L / max(√v, ε), ±(t − 1)^¼)        v ← β₂·v + (1 − β₂)·∇L²\n\
                  m ← β₁·m + (1 − β₁)·g\n\
                  W ← W − α·m        the first step only sets v = ∇L²",
        params: &[
            lr(0.001),
            Param {
                key: "betas",
                default: DefaultValue::List(&[0.9, 0.9999]),
                range: Range::HalfOpen(0.0, 1.0),
                meaning: "memory of the mean and of the mean square: 1/(1 − β) steps",
                search: BETAS_SEARCH,
            },
            Param {
                key: "eps",
                default: DefaultValue::Number(1e-6),
                range: Range::AtLeast(0.0),
                meaning: "least divisor",
                search: None,
            },
        ],
        usage: "as Adam, where its β₂ would have to be tuned",
        caution: Some("the first step does not move the weights"),
        source: "Taniguchi et al. 2024",
        differs: Some(
            "as the authors' code and optax: clipped by the fourth root of the step, divided by max(√v, ε); the paper's first version does not clip",
        ),
    };
    const FAMILY: &'static str = super::family::ADAM;
    fn build(pick: &Pick) -> Self {
        Self { betas: pick.array("betas"), eps: pick.number("eps") }
    }
}

impl<F: Real> Optimizer<F> for Adopt {
    fn state(&self, dim: Dim) -> State<F> {
        State::zeros(&["scaled_mean", "v"], dim.elements())
    }

    fn update(&self, update: Update<'_, F>) {
        let Update { lr, param, grad, state, .. } = update;
        let before = (state.step - 1) as f64;
        let [beta1, beta2] = if state.step == 1 { [1.0, 0.0] } else { self.betas };
        let rule = Step {
            lr: F::of(lr),
            m: Mean::new(beta1),
            v: Mean::of_squares(beta2, self.eps),
            eps: F::of(self.eps),
            bound: F::of(before.sqrt().sqrt()),
        };
        fused(rule, param, grad, state.tensors_mut::<2>());
    }
}

#[derive(Clone, Copy)]
struct Step<F> {
    lr: F,
    m: Mean<F>,
    v: Mean<F>,
    eps: F,
    bound: F,
}

impl<F: Real> Elementwise<F, 2> for Step<F> {
    #[inline(always)]
    fn apply(self, param: F, grad: F, [m, v]: [F; 2]) -> (F, [F; 2]) {
        let scaled = grad / v.sqrt().larger(self.eps);
        let scaled = F::select(scaled > self.bound, self.bound, scaled);
        let scaled = F::select(scaled < -self.bound, -self.bound, scaled);
        let m = self.m.next(m, scaled);
        let v = self.v.next_square(v, grad);
        ((-self.lr).mul_add(m, param), [m, v])
    }
}
