//! Adagrad.

use super::{
    Dim, Elementwise, Optimizer, Present, Stability, State, Update, WEIGHT_DECAY, fused, lr,
};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// The gradient divided by the root of the sum of all its squares so far.
#[derive(Clone, Copy, Debug)]
pub struct Adagrad {
    lr_decay: f64,
    weight_decay: f64,
    initial: f64,
    eps: f64,
}

impl Describe for Adagrad {
    const CARD: Card = Card {
        key: "adagrad",
        title: "Adagrad",
        formula: "s ← s + ∇L²\n\
                  W ← W − α / (1 + (t − 1)·lr_decay) · ∇L / (√s + ε)",
        params: &[
            lr(0.01),
            Param {
                key: "lr_decay",
                default: DefaultValue::Number(0.0),
                range: Range::AtLeast(0.0),
                meaning: "how fast the rate itself falls with the steps",
                search: None,
            },
            WEIGHT_DECAY,
            Param {
                key: "initial_accumulator_value",
                default: DefaultValue::Number(0.0),
                range: Range::AtLeast(0.0),
                meaning: "what the sum of squares starts from",
                search: None,
            },
            Param {
                key: "eps",
                default: DefaultValue::Number(1e-10),
                range: Range::AtLeast(0.0),
                meaning: "added to the root, outside it, against division by 0",
                search: None,
            },
        ],
        usage: "sparse features: rare ones keep a high rate",
        caution: Some("the sum only grows, so the steps only shrink: long runs stall"),
        source: "Duchi, Hazan & Singer 2011",
        differs: Some("ε 1e-10 and the sum starts at 0, as PyTorch; TensorFlow starts it at 0.1"),
    };
    const TORCH: Option<&'static str> = Some("torch.optim.Adagrad");
    const FAMILY: &'static str = super::family::ADAPTIVE;
    fn build(pick: &Pick) -> Self {
        Self {
            lr_decay: pick.number("lr_decay"),
            weight_decay: pick.number("weight_decay"),
            initial: pick.number("initial_accumulator_value"),
            eps: pick.number("eps"),
        }
    }
}

impl Adagrad {
    /// As PyTorch has it.
    pub(super) const DEFAULT: Self =
        Self { lr_decay: 0.0, weight_decay: 0.0, initial: 0.0, eps: 1e-10 };
}

impl<F: Real> Optimizer<F> for Adagrad {
    fn state(&self, dim: Dim) -> State<F> {
        let mut state = State::zeros(&["sum"], dim.elements());
        let [sum] = state.tensors_mut::<1>();
        sum.fill(F::of(self.initial));
        state
    }

    fn update(&self, update: Update<'_, F>) {
        let Update { lr, param, grad, state, .. } = update;
        let rule = Step {
            lr: F::of(lr / (1.0 + (state.step - 1) as f64 * self.lr_decay)),
            weight_decay: F::of(self.weight_decay),
            eps: F::of(self.eps),
        };
        fused(rule, param, grad, state.tensors_mut::<1>());
    }

    /// Below 2, the rate divided by √s + ε and by its own decay.
    fn stability(&self, present: Present<'_, F>) -> Option<Stability> {
        let slowed = 1.0 + present.state.step as f64 * self.lr_decay;
        present.divided((2.0, self.weight_decay), "sum", |s| slowed * (s.sqrt() + self.eps))
    }
}

#[derive(Clone, Copy)]
struct Step<F> {
    lr: F,
    weight_decay: F,
    eps: F,
}

impl<F: Real> Elementwise<F, 1> for Step<F> {
    #[inline(always)]
    fn apply(self, param: F, grad: F, [sum]: [F; 1]) -> (F, [F; 1]) {
        let grad = self.weight_decay.mul_add(param, grad);
        let sum = grad.mul_add(grad, sum);
        ((-self.lr).mul_add(grad / (sum.sqrt() + self.eps), param), [sum])
    }
}
