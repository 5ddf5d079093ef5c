//! Adam.

use super::mean::{Decay, Mean};
use super::{
    BETAS_SEARCH, Dim, EPS_SEARCH, Elementwise, Group, Optimizer, Part, Present, Stability, State,
    Update, WEIGHT_DECAY, bias_correction, fused, lr,
};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// Adaptive moments: a step divided by the root of the gradient's running mean square.
#[derive(Clone, Copy, Debug)]
pub struct Adam {
    pub(super) betas: [f64; 2],
    pub(super) eps: f64,
    pub(super) weight_decay: f64,
    /// Decay the weight itself (`AdamW`) instead of adding to the gradient.
    pub(super) decoupled: bool,
    pub(super) amsgrad: bool,
}

pub(super) const BETAS: Param = Param {
    key: "betas",
    default: DefaultValue::List(&[0.9, 0.999]),
    range: Range::HalfOpen(0.0, 1.0),
    meaning: "memory of the mean and of the mean square: 1/(1 − β) steps",
    search: BETAS_SEARCH,
};
pub(super) const EPS: Param = Param {
    key: "eps",
    default: DefaultValue::Number(1e-8),
    range: Range::AtLeast(0.0),
    meaning: "added to the root, outside it, against division by 0",
    search: EPS_SEARCH,
};
pub(super) const AMSGRAD: Param = Param {
    key: "amsgrad",
    default: DefaultValue::Flag(false),
    range: Range::Any,
    meaning: "divide by the largest mean square so far",
    search: None,
};

impl Describe for Adam {
    const CARD: Card = Card {
        key: "adam",
        title: "Adam",
        formula: "m ← β₁·m + (1 − β₁)·∇L        v ← β₂·v + (1 − β₂)·∇L²\n\
                  m̂ = m / (1 − β₁ᵗ)             v̂ = v / (1 − β₂ᵗ)\n\
                  W ← W − α·m̂ / (√v̂ + ε)",
        params: &[lr(0.001), BETAS, EPS, WEIGHT_DECAY, AMSGRAD],
        usage: "the default when nothing is known: a good rate differs little between problems",
        caution: Some("its weight decay is an L2 penalty that the division weakens: use adamw"),
        source: "Kingma & Ba 2015",
        differs: Some(
            "ε outside the root and after bias correction, as PyTorch and the paper's algorithm 1; Keras puts ε before the correction",
        ),
    };
    const TORCH: Option<&'static str> = Some("torch.optim.Adam");
    const FAMILY: &'static str = super::family::ADAM;
    fn build(pick: &Pick) -> Self {
        Self {
            betas: pick.array("betas"),
            eps: pick.number("eps"),
            weight_decay: pick.number("weight_decay"),
            decoupled: false,
            amsgrad: pick.flag("amsgrad"),
        }
    }
}

impl Adam {
    /// Those of a step, counted from 1.
    fn constants<F: Real>(&self, lr: f64, step: u64) -> Step<F> {
        let [beta1, beta2] = self.betas;
        Step {
            rate: F::of(lr / bias_correction(beta1, step)),
            root: F::of(1.0 / bias_correction(beta2, step).sqrt()),
            m: Mean::new(beta1),
            v: Mean::of_squares(beta2, self.eps),
            eps: F::of(self.eps),
            decay: Decay::new(self.weight_decay, lr, self.decoupled),
        }
    }

    /// As PyTorch has it.
    pub(super) const DEFAULT: Self = Self {
        betas: [0.9, 0.999],
        eps: 1e-8,
        weight_decay: 0.0,
        decoupled: false,
        amsgrad: false,
    };
}

impl<F: Real> Optimizer<F> for Adam {
    fn state(&self, dim: Dim) -> State<F> {
        let names: &[_] = if self.amsgrad { &["m", "v", "v_max"] } else { &["m", "v"] };
        State::zeros(names, dim.elements())
    }

    fn update(&self, update: Update<'_, F>) {
        let Update { lr, param, grad, state, .. } = update;
        self.constants(lr, state.step).update(self.amsgrad, param, grad, state);
    }

    fn update_all(&self, lr: f64, group: &mut dyn Group<F>) {
        let mut last: Option<(u64, Step<F>)> = None;
        group.each(&mut |Part { param, grad, state, .. }| {
            let step = state.step;
            let (_, rule) = match &mut last {
                Some(of) if of.0 == step => of,
                last => last.insert((step, self.constants(lr, step))),
            };
            rule.update(self.amsgrad, param, grad, state);
        });
    }

    /// Below (2 + 2β₁)/(1 − β₁), the rate divided by √v̂ + ε and by the correction of the mean.
    fn stability(&self, present: Present<'_, F>) -> Option<Stability> {
        let [beta1, beta2] = self.betas;
        let step = present.state.step.max(1);
        let (mean, square) = (bias_correction(beta1, step), bias_correction(beta2, step));
        let bound = (2.0 + 2.0 * beta1) / (1.0 - beta1);
        let (penalty, shrink) = if self.decoupled {
            (0.0, present.lr * self.weight_decay)
        } else {
            (self.weight_decay, 0.0)
        };
        let shrink = 1.0 - (1.0 - present.shrink) * (1.0 - shrink);
        let name = if self.amsgrad { "v_max" } else { "v" };
        let present = Present { shrink, ..present };
        present.divided((bound, penalty), name, |v| mean * ((v / square).sqrt() + self.eps))
    }
}

/// One step's constants.
#[derive(Clone, Copy)]
struct Step<F> {
    rate: F,
    root: F,
    m: Mean<F>,
    v: Mean<F>,
    eps: F,
    decay: Decay<F>,
}

impl<F: Real> Step<F> {
    /// Moves one parameter.
    fn update(&self, amsgrad: bool, param: &mut [F], grad: &[F], state: &mut State<F>) {
        if amsgrad {
            fused(*self, param, grad, state.tensors_mut::<3>());
        } else {
            fused(*self, param, grad, state.tensors_mut::<2>());
        }
    }

    /// The new moments.
    #[inline(always)]
    fn moments(self, grad: F, m: F, v: F) -> (F, F) {
        let m = self.m.next(m, grad);
        let v = self.v.next_square(v, grad);
        (m, v)
    }

    /// The parameter moved along `m`, scaled by the root of `v`.
    #[inline(always)]
    fn moved(self, param: F, m: F, v: F) -> F {
        let denominator = v.sqrt().mul_add(self.root, self.eps);
        (-self.rate).mul_add(m / denominator, self.decay.shrunk(param))
    }
}

impl<F: Real> Elementwise<F, 2> for Step<F> {
    #[inline(always)]
    fn apply(self, param: F, grad: F, [m, v]: [F; 2]) -> (F, [F; 2]) {
        let (m, v) = self.moments(self.decay.gradient(param, grad), m, v);
        (self.moved(param, m, v), [m, v])
    }
}

impl<F: Real> Elementwise<F, 3> for Step<F> {
    #[inline(always)]
    fn apply(self, param: F, grad: F, [m, v, v_max]: [F; 3]) -> (F, [F; 3]) {
        let (m, v) = self.moments(self.decay.gradient(param, grad), m, v);
        let v_max = v_max.larger(v);
        (self.moved(param, m, v_max), [m, v, v_max])
    }
}
