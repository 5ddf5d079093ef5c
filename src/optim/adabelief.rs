//! Adam that divides by how far the gradient strays from its mean.

use super::adam::BETAS;
use super::mean::Mean;
use super::{Dim, Elementwise, Optimizer, State, Update, bias_correction, fused, lr};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// Long steps where the gradient is as predicted, short ones where it surprises.
#[derive(Clone, Copy, Debug)]
pub struct AdaBelief {
    betas: [f64; 2],
    eps: f64,
    eps_root: f64,
}

impl Describe for AdaBelief {
    const CARD: Card = Card {
        key: "adabelief",
        title: "AdaBelief",
        formula: "m ← β₁·m + (1 − β₁)·∇L        s ← β₂·s + (1 − β₂)·(∇L − m)² + ε_root\n\
                  W ← W − α·m̂ / (√ŝ + ε)",
        params: &[
            lr(0.001),
            BETAS,
            Param {
                key: "eps",
                default: DefaultValue::Number(1e-16),
                range: Range::AtLeast(0.0),
                meaning: "added to the root, outside it, against division by 0",
                search: None,
            },
            Param {
                key: "eps_root",
                default: DefaultValue::Number(1e-16),
                range: Range::AtLeast(0.0),
                meaning: "added to s at each step",
                search: None,
            },
        ],
        usage: "as Adam, said to generalise nearer to SGD",
        caution: Some("with a steady gradient s tends to 0 and steps grow long"),
        source: "Zhuang et al. 2020",
        differs: Some(
            "as the paper's algorithm 2 and optax: ε_root stays in s from step to step; the authors' code also rectifies as RAdam and decays by default",
        ),
    };
    const FAMILY: &'static str = super::family::ADAM;
    fn build(pick: &Pick) -> Self {
        Self {
            betas: pick.array("betas"),
            eps: pick.number("eps"),
            eps_root: pick.number("eps_root"),
        }
    }
}

impl<F: Real> Optimizer<F> for AdaBelief {
    fn state(&self, dim: Dim) -> State<F> {
        State::zeros(&["m", "s"], dim.elements())
    }

    fn update(&self, update: Update<'_, F>) {
        let Update { lr, param, grad, state, .. } = update;
        let [beta1, beta2] = self.betas;
        let rule = Step {
            rate: F::of(lr / bias_correction(beta1, state.step)),
            root: F::of(1.0 / bias_correction(beta2, state.step).sqrt()),
            m: Mean::new(beta1),
            s: Mean::of_squares(beta2, self.eps),
            eps: F::of(self.eps),
            eps_root: F::of(self.eps_root),
        };
        fused(rule, param, grad, state.tensors_mut::<2>());
    }
}

#[derive(Clone, Copy)]
struct Step<F> {
    rate: F,
    root: F,
    m: Mean<F>,
    s: Mean<F>,
    eps: F,
    eps_root: F,
}

impl<F: Real> Elementwise<F, 2> for Step<F> {
    #[inline(always)]
    fn apply(self, param: F, grad: F, [m, s]: [F; 2]) -> (F, [F; 2]) {
        let m = self.m.next(m, grad);
        let surprise = grad - m;
        let s = self.s.next_square(s, surprise) + self.eps_root;
        let denominator = s.sqrt().mul_add(self.root, self.eps);
        ((-self.rate).mul_add(m / denominator, param), [m, s])
    }
}
