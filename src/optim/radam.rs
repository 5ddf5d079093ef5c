//! Adam with its early variance rectified.

use super::adam::{BETAS, EPS};
use super::mean::{Decay, Mean};
use super::{Dim, Elementwise, Optimizer, State, Update, WEIGHT_DECAY, bias_correction, fused, lr};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// Adam that runs as momentum until its mean square can be trusted, and is damped for a while after.
#[derive(Clone, Copy, Debug)]
pub struct RAdam {
    betas: [f64; 2],
    eps: f64,
    weight_decay: f64,
    decoupled: bool,
}

impl Describe for RAdam {
    const CARD: Card = Card {
        key: "radam",
        title: "RAdam",
        formula: "ρ∞ = 2/(1 − β₂) − 1        ρₜ = ρ∞ − 2·t·β₂ᵗ/(1 − β₂ᵗ)\n\
                  ρₜ > 5:  W ← W − α·rₜ·m̂·√(1 − β₂ᵗ) / (√v + ε)\n\
                  else:    W ← W − α·m̂",
        params: &[
            lr(0.001),
            BETAS,
            EPS,
            WEIGHT_DECAY,
            Param {
                key: "decoupled_weight_decay",
                default: DefaultValue::Flag(false),
                range: Range::Any,
                meaning: "shrink the weight itself, as adamw, instead",
                search: None,
            },
        ],
        usage: "Adam without a warm-up of the learning rate",
        caution: Some("the first few steps are plain momentum: they are as long as the gradient"),
        source: "Liu et al. 2020",
        differs: Some(
            "rₜ = √((ρₜ−4)(ρₜ−2)ρ∞ / ((ρ∞−4)(ρ∞−2)ρₜ)); ε before bias correction, as PyTorch",
        ),
    };
    const TORCH: Option<&'static str> = Some("torch.optim.RAdam");
    const FAMILY: &'static str = super::family::ADAM;
    fn build(pick: &Pick) -> Self {
        Self {
            betas: pick.array("betas"),
            eps: pick.number("eps"),
            weight_decay: pick.number("weight_decay"),
            decoupled: pick.flag("decoupled_weight_decay"),
        }
    }
}

impl RAdam {
    /// The rectification at step `t`; none while the variance cannot be estimated.
    fn rectification(&self, t: u64) -> Option<f64> {
        let beta2 = self.betas[1];
        let limit = 2.0 / (1.0 - beta2) - 1.0;
        let correction = bias_correction(beta2, t);
        let length = limit - 2.0 * t as f64 * (1.0 - correction) / correction;
        let ratio =
            (length - 4.0) * (length - 2.0) * limit / ((limit - 4.0) * (limit - 2.0) * length);
        (length > 5.0).then(|| ratio.sqrt() * correction.sqrt())
    }
}

impl<F: Real> Optimizer<F> for RAdam {
    fn state(&self, dim: Dim) -> State<F> {
        State::zeros(&["m", "v"], dim.elements())
    }

    fn update(&self, update: Update<'_, F>) {
        let Update { lr, param, grad, state, .. } = update;
        let [beta1, beta2] = self.betas;
        let rectification = self.rectification(state.step);
        let rate = lr / bias_correction(beta1, state.step) * rectification.unwrap_or(1.0);
        let rule = Step {
            rate: F::of(rate),
            adaptive: rectification.is_some(),
            m: Mean::new(beta1),
            v: Mean::of_squares(beta2, self.eps),
            eps: F::of(self.eps),
            decay: Decay::new(self.weight_decay, lr, self.decoupled),
        };
        fused(rule, param, grad, state.tensors_mut::<2>());
    }
}

/// One step's constants.
#[derive(Clone, Copy)]
struct Step<F> {
    rate: F,
    adaptive: bool,
    m: Mean<F>,
    v: Mean<F>,
    eps: F,
    decay: Decay<F>,
}

impl<F: Real> Elementwise<F, 2> for Step<F> {
    #[inline(always)]
    fn apply(self, param: F, grad: F, [m, v]: [F; 2]) -> (F, [F; 2]) {
        let grad = self.decay.gradient(param, grad);
        let m = self.m.next(m, grad);
        let v = self.v.next_square(v, grad);
        let denominator = F::select(self.adaptive, v.sqrt() + self.eps, F::ONE);
        ((-self.rate).mul_add(m / denominator, self.decay.shrunk(param)), [m, v])
    }
}
