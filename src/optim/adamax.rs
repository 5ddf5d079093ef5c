//! Adam with the largest gradient in place of the mean square.

use super::adam::BETAS;
use super::mean::Mean;
use super::{
    Dim, EPS_SEARCH, Elementwise, Optimizer, State, Update, WEIGHT_DECAY, bias_correction, fused,
    lr,
};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// The mean gradient divided by a fading maximum of its size.
#[derive(Clone, Copy, Debug)]
pub struct Adamax {
    betas: [f64; 2],
    eps: f64,
    weight_decay: f64,
}

impl Describe for Adamax {
    const CARD: Card = Card {
        key: "adamax",
        title: "Adamax",
        formula: "m ← β₁·m + (1 − β₁)·∇L        u ← max(β₂·u, |∇L| + ε)\n\
                  W ← W − α / (1 − β₁ᵗ) · m / u",
        params: &[
            lr(0.002),
            BETAS,
            Param {
                key: "eps",
                default: DefaultValue::Number(1e-8),
                range: Range::AtLeast(0.0),
                meaning: "added to the gradient's size, against division by 0",
                search: EPS_SEARCH,
            },
            WEIGHT_DECAY,
        ],
        usage: "gradients with rare, very large entries: embeddings",
        caution: None,
        source: "Kingma & Ba 2015",
        differs: Some(
            "ε added to |∇L| inside the maximum, as PyTorch; the paper has none, others add it to u",
        ),
    };
    const TORCH: Option<&'static str> = Some("torch.optim.Adamax");
    const FAMILY: &'static str = super::family::ADAM;
    fn build(pick: &Pick) -> Self {
        Self {
            betas: pick.array("betas"),
            eps: pick.number("eps"),
            weight_decay: pick.number("weight_decay"),
        }
    }
}

impl<F: Real> Optimizer<F> for Adamax {
    fn state(&self, dim: Dim) -> State<F> {
        State::zeros(&["m", "u"], dim.elements())
    }

    fn update(&self, update: Update<'_, F>) {
        let Update { lr, param, grad, state, .. } = update;
        let [beta1, beta2] = self.betas;
        let rule = Step {
            rate: F::of(lr / bias_correction(beta1, state.step)),
            m: Mean::new(beta1),
            beta2: F::of(beta2),
            eps: F::of(self.eps),
            weight_decay: F::of(self.weight_decay),
        };
        fused(rule, param, grad, state.tensors_mut::<2>());
    }
}

#[derive(Clone, Copy)]
struct Step<F> {
    rate: F,
    m: Mean<F>,
    beta2: F,
    eps: F,
    weight_decay: F,
}

impl<F: Real> Elementwise<F, 2> for Step<F> {
    #[inline(always)]
    fn apply(self, param: F, grad: F, [m, u]: [F; 2]) -> (F, [F; 2]) {
        let grad = self.weight_decay.mul_add(param, grad);
        let m = self.m.next(m, grad);
        let u = (self.beta2 * u).larger(grad.abs() + self.eps);
        ((-self.rate).mul_add(m / u, param), [m, u])
    }
}
