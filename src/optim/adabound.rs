//! Adam that turns into SGD.

use super::adam::{BETAS, EPS};
use super::mean::Mean;
use super::{Dim, Elementwise, Optimizer, State, Update, bias_correction, fused, lr};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// Adam with each weight's rate held between two bounds that close in on `final_lr`.
#[derive(Clone, Copy, Debug)]
pub struct AdaBound {
    /// The rate that was set, before any schedule.
    lr: f64,
    final_lr: f64,
    betas: [f64; 2],
    gamma: f64,
    eps: f64,
}

impl Describe for AdaBound {
    const CARD: Card = Card {
        key: "adabound",
        title: "AdaBound",
        formula: "η = α·√(1 − β₂ᵗ)/(1 − β₁ᵗ) / (√v + ε)        m, v as in Adam\n\
                  η held within f·[1 − 1/(γ·t + 1), 1 + 1/(γ·t)],  f = final_lr\n\
                  W ← W − η·m",
        params: &[
            lr(0.001),
            Param {
                key: "final_lr",
                default: DefaultValue::Number(0.1),
                range: Range::AtLeast(0.0),
                meaning: "the rate of SGD that it ends with; a schedule scales it as it does lr",
                search: None,
            },
            BETAS,
            Param {
                key: "gamma",
                default: DefaultValue::Number(0.001),
                range: Range::Above(0.0),
                meaning: "how fast the bounds close: within about 1/γ steps",
                search: None,
            },
            EPS,
        ],
        usage: "Adam's quick start with SGD's finish",
        caution: Some("final_lr must be as well chosen as SGD's rate"),
        source: "Luo et al. 2019",
        differs: Some(
            "as the authors' code: ε before bias correction, and final_lr follows a schedule in proportion; the paper divides the bounded rate by √t, and libraries leave final_lr fixed",
        ),
    };
    const FAMILY: &'static str = super::family::ADAM;
    fn build(pick: &Pick) -> Self {
        Self {
            lr: pick.number("lr"),
            final_lr: pick.number("final_lr"),
            betas: pick.array("betas"),
            gamma: pick.number("gamma"),
            eps: pick.number("eps"),
        }
    }
}

impl<F: Real> Optimizer<F> for AdaBound {
    fn state(&self, dim: Dim) -> State<F> {
        State::zeros(&["m", "v"], dim.elements())
    }

    fn update(&self, update: Update<'_, F>) {
        let Update { lr, param, grad, state, .. } = update;
        let [beta1, beta2] = self.betas;
        let share = if self.lr > 0.0 { lr / self.lr } else { 1.0 };
        let final_lr = self.final_lr * share;
        let pace = self.gamma * state.step as f64;
        let root = bias_correction(beta2, state.step).sqrt();
        let rule = Step {
            rate: F::of(lr * root / bias_correction(beta1, state.step)),
            lowest: F::of(final_lr * (1.0 - 1.0 / (pace + 1.0))),
            highest: F::of(final_lr * (1.0 + 1.0 / pace)),
            m: Mean::new(beta1),
            v: Mean::of_squares(beta2, self.eps),
            eps: F::of(self.eps),
        };
        fused(rule, param, grad, state.tensors_mut::<2>());
    }
}

#[derive(Clone, Copy)]
struct Step<F> {
    rate: F,
    lowest: F,
    highest: F,
    m: Mean<F>,
    v: Mean<F>,
    eps: F,
}

impl<F: Real> Elementwise<F, 2> for Step<F> {
    #[inline(always)]
    fn apply(self, param: F, grad: F, [m, v]: [F; 2]) -> (F, [F; 2]) {
        let m = self.m.next(m, grad);
        let v = self.v.next_square(v, grad);
        let rate = self.rate / (v.sqrt() + self.eps);
        let rate = rate.larger(self.lowest).smaller(self.highest);
        ((-rate).mul_add(m, param), [m, v])
    }
}
