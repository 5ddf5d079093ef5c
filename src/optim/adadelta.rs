//! Adadelta.

use super::mean::Mean;
use super::{Dim, Elementwise, MOMENTUM_SEARCH, Optimizer, State, Update, WEIGHT_DECAY, fused, lr};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// Steps in the units of past steps: no learning rate needs to be found.
#[derive(Clone, Copy, Debug)]
pub struct Adadelta {
    rho: f64,
    eps: f64,
    weight_decay: f64,
}

impl Describe for Adadelta {
    const CARD: Card = Card {
        key: "adadelta",
        title: "Adadelta",
        formula: "v ← ρ·v + (1 − ρ)·∇L²\n\
                  Δ = √(d + ε) / √(v + ε) · ∇L        d ← ρ·d + (1 − ρ)·Δ²\n\
                  W ← W − α·Δ",
        params: &[
            lr(1.0),
            Param {
                key: "rho",
                default: DefaultValue::Number(0.9),
                range: Range::HalfOpen(0.0, 1.0),
                meaning: "memory of both mean squares: 1/(1 − ρ) steps",
                search: MOMENTUM_SEARCH,
            },
            Param {
                key: "eps",
                default: DefaultValue::Number(1e-6),
                range: Range::AtLeast(0.0),
                meaning: "added inside both roots; it sets the length of the first steps",
                search: None,
            },
            WEIGHT_DECAY,
        ],
        usage: "when no rate is to be tuned",
        caution: Some("starts very slowly: the first steps are about √ε long"),
        source: "Zeiler 2012",
        differs: Some("the paper has no learning rate: it is 1"),
    };
    const TORCH: Option<&'static str> = Some("torch.optim.Adadelta");
    const FAMILY: &'static str = super::family::ADAPTIVE;
    fn build(pick: &Pick) -> Self {
        Self {
            rho: pick.number("rho"),
            eps: pick.number("eps"),
            weight_decay: pick.number("weight_decay"),
        }
    }
}

impl<F: Real> Optimizer<F> for Adadelta {
    fn state(&self, dim: Dim) -> State<F> {
        State::zeros(&["v", "d"], dim.elements())
    }

    fn update(&self, update: Update<'_, F>) {
        let Update { lr, param, grad, state, .. } = update;
        let rule = Step {
            lr: F::of(lr),
            mean: Mean::of_squares(self.rho, self.eps),
            eps: F::of(self.eps),
            weight_decay: F::of(self.weight_decay),
        };
        fused(rule, param, grad, state.tensors_mut::<2>());
    }
}

#[derive(Clone, Copy)]
struct Step<F> {
    lr: F,
    mean: Mean<F>,
    eps: F,
    weight_decay: F,
}

impl<F: Real> Elementwise<F, 2> for Step<F> {
    #[inline(always)]
    fn apply(self, param: F, grad: F, [v, d]: [F; 2]) -> (F, [F; 2]) {
        let grad = self.weight_decay.mul_add(param, grad);
        let v = self.mean.next_square(v, grad);
        let delta = (d + self.eps).sqrt() / (v + self.eps).sqrt() * grad;
        let d = self.mean.next_square(d, delta);
        ((-self.lr).mul_add(delta, param), [v, d])
    }
}
