//! Averaged stochastic gradient descent.

use super::{Dim, Elementwise, Optimizer, State, Update, WEIGHT_DECAY, fused, lr};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// SGD with a falling rate, which also keeps the average of the weights.
#[derive(Clone, Copy, Debug)]
pub struct Asgd {
    lambd: f64,
    alpha: f64,
    t0: f64,
    weight_decay: f64,
}

impl Describe for Asgd {
    const CARD: Card = Card {
        key: "asgd",
        title: "ASGD",
        formula: "η = α / (1 + λ·α·(t − 1))^alpha        λ = lambd; α of the step before\n\
                  W ← (1 − λ·η)·W − η·∇L\n\
                  average ← average + (W − average) / max(1, t − 1 − t0)",
        params: &[
            lr(0.01),
            Param {
                key: "lambd",
                default: DefaultValue::Number(1e-4),
                range: Range::AtLeast(0.0),
                meaning: "decay of the weights and of the rate",
                search: None,
            },
            Param {
                key: "alpha",
                default: DefaultValue::Number(0.75),
                range: Range::AtLeast(0.0),
                meaning: "power by which the rate falls",
                search: None,
            },
            Param {
                key: "t0",
                default: DefaultValue::Number(1e6),
                range: Range::AtLeast(0.0),
                meaning: "steps before averaging starts",
                search: None,
            },
            WEIGHT_DECAY,
        ],
        usage: "noisy convex problems, whose average settles sooner than any iterate",
        caution: None,
        source: "Polyak & Juditsky 1992",
        differs: Some(
            "as PyTorch: a step's η follows from the α of the step before it, the first from its own; the network trains and predicts with W, the average is only kept",
        ),
    };
    const TORCH: Option<&'static str> = Some("torch.optim.ASGD");
    const FAMILY: &'static str = super::family::MOMENTUM;
    fn build(pick: &Pick) -> Self {
        Self {
            lambd: pick.number("lambd"),
            alpha: pick.number("alpha"),
            t0: pick.number("t0"),
            weight_decay: pick.number("weight_decay"),
        }
    }
}

impl<F: Real> Optimizer<F> for Asgd {
    fn state(&self, dim: Dim) -> State<F> {
        State::zeros(&["average"], dim.elements()).with_scalar("eta", 0.0)
    }

    fn update(&self, update: Update<'_, F>) {
        let Update { lr, param, grad, state, .. } = update;
        let before = (state.step - 1) as f64;
        let steps = state.step as f64;
        let [eta] = state.scalars_mut::<1>();
        let rate = if before == 0.0 { lr } else { *eta };
        *eta = lr / libm::pow(1.0 + self.lambd * lr * steps, self.alpha);
        let rule = Step {
            rate: F::of(rate),
            shrink: F::of(1.0 - self.lambd * rate),
            share: F::of(1.0 / (before - self.t0).max(1.0)),
            weight_decay: F::of(self.weight_decay),
        };
        fused(rule, param, grad, state.tensors_mut::<1>());
    }
}

#[derive(Clone, Copy)]
struct Step<F> {
    rate: F,
    shrink: F,
    share: F,
    weight_decay: F,
}

impl<F: Real> Elementwise<F, 1> for Step<F> {
    #[inline(always)]
    fn apply(self, param: F, grad: F, [average]: [F; 1]) -> (F, [F; 1]) {
        let grad = self.weight_decay.mul_add(param, grad);
        let param = (-self.rate).mul_add(grad, param * self.shrink);
        (param, [self.share.mul_add(param - average, average)])
    }
}
