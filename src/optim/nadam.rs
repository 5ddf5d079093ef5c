//! Adam with Nesterov momentum.

use super::adam::{BETAS, EPS};
use super::mean::{Decay, Mean};
use super::{
    Dim, Elementwise, Group, Optimizer, State, Update, WEIGHT_DECAY, bias_correction, fused, lr,
};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// Adam that looks ahead along its mean gradient, with a warm-up of the momentum itself.
#[derive(Clone, Copy, Debug)]
pub struct NAdam {
    betas: [f64; 2],
    eps: f64,
    weight_decay: f64,
    momentum_decay: f64,
    decoupled: bool,
}

impl Describe for NAdam {
    const CARD: Card = Card {
        key: "nadam",
        title: "NAdam",
        formula: "μₜ = β₁·(1 − ½·0.96^(t·ψ))        Π = μ₁·μ₂·…·μₜ\n\
                  m, v̂ as in Adam\n\
                  W ← W − α·[(1 − μₜ)/(1 − Π)·∇L + μₜ₊₁/(1 − Π·μₜ₊₁)·m] / (√v̂ + ε)",
        params: &[
            lr(0.002),
            BETAS,
            EPS,
            WEIGHT_DECAY,
            Param {
                key: "momentum_decay",
                default: DefaultValue::Number(0.004),
                range: Range::AtLeast(0.0),
                meaning: "ψ: how fast the momentum warms up",
                search: None,
            },
            Param {
                key: "decoupled_weight_decay",
                default: DefaultValue::Flag(false),
                range: Range::Any,
                meaning: "shrink the weight itself, as adamw, instead",
                search: None,
            },
        ],
        usage: "where Adam works, often a little faster",
        caution: None,
        source: "Dozat 2016",
        differs: Some(
            "the warm-up of the momentum is PyTorch's and the paper's; Keras fixes ψ at 0.004",
        ),
    };
    const TORCH: Option<&'static str> = Some("torch.optim.NAdam");
    const FAMILY: &'static str = super::family::ADAM;
    fn build(pick: &Pick) -> Self {
        Self {
            betas: pick.array("betas"),
            eps: pick.number("eps"),
            weight_decay: pick.number("weight_decay"),
            momentum_decay: pick.number("momentum_decay"),
            decoupled: pick.flag("decoupled_weight_decay"),
        }
    }
}

impl NAdam {
    /// The momentum at step `t`.
    fn momentum(&self, t: u64) -> f64 {
        self.betas[0] * (1.0 - 0.5 * libm::pow(0.96, t as f64 * self.momentum_decay))
    }

    /// That of step `t` and that of the one after.
    fn momenta(&self, t: u64) -> [f64; 2] {
        [self.momentum(t), self.momentum(t + 1)]
    }

    /// One step by these momenta.
    fn step<F: Real>(&self, update: Update<'_, F>, [now, next]: [f64; 2]) {
        let Update { lr, param, grad, state, .. } = update;
        let [product] = state.scalars_mut();
        *product *= now;
        let of_gradient = lr * (1.0 - now) / (1.0 - *product);
        let of_mean = lr * next / (1.0 - *product * next);
        let [beta1, beta2] = self.betas;
        let rule = Step {
            of_gradient: F::of(of_gradient),
            of_mean: F::of(of_mean),
            root: F::of(1.0 / bias_correction(beta2, state.step).sqrt()),
            m: Mean::new(beta1),
            v: Mean::of_squares(beta2, self.eps),
            eps: F::of(self.eps),
            decay: Decay::new(self.weight_decay, lr, self.decoupled),
        };
        fused(rule, param, grad, state.tensors_mut::<2>());
    }
}

impl<F: Real> Optimizer<F> for NAdam {
    fn state(&self, dim: Dim) -> State<F> {
        State::zeros(&["m", "v"], dim.elements()).with_scalar("momentum_product", 1.0)
    }

    fn update(&self, update: Update<'_, F>) {
        let momenta = self.momenta(update.state.step);
        self.step(update, momenta);
    }

    fn update_all(&self, lr: f64, group: &mut dyn Group<F>) {
        let mut last: Option<(u64, [f64; 2])> = None;
        group.each(&mut |part| {
            let step = part.state.step;
            let known = last.filter(|(of, _)| *of == step).map(|(_, momenta)| momenta);
            let momenta = known.unwrap_or_else(|| self.momenta(step));
            self.step(part.update(lr), momenta);
            last = Some((step, momenta));
        });
    }
}

/// One step's constants.
#[derive(Clone, Copy)]
struct Step<F> {
    of_gradient: F,
    of_mean: F,
    root: F,
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
        let direction = self.of_gradient.mul_add(grad, self.of_mean * m);
        let denominator = v.sqrt().mul_add(self.root, self.eps);
        (self.decay.shrunk(param) - direction / denominator, [m, v])
    }
}
