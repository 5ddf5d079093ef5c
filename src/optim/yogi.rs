//! Adam whose mean square grows slowly.

use super::adam::BETAS;
use super::mean::Mean;
use super::{Dim, Elementwise, Optimizer, State, Update, bias_correction, fused, lr};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// Adam with a mean square that moves towards the squared gradient by a bounded amount.
#[derive(Clone, Copy, Debug)]
pub struct Yogi {
    betas: [f64; 2],
    eps: f64,
}

impl Describe for Yogi {
    const CARD: Card = Card {
        key: "yogi",
        title: "Yogi",
        formula: "m ← β₁·m + (1 − β₁)·∇L        v ← v − (1 − β₂)·sign(v − ∇L²)·∇L²\n\
                  W ← W − α·m̂ / (√v̂ + ε)        m, v from 1e-6 at first",
        params: &[
            lr(0.01),
            BETAS,
            Param {
                key: "eps",
                default: DefaultValue::Number(1e-3),
                range: Range::AtLeast(0.0),
                meaning: "added to the root, outside it, against division by 0",
                search: None,
            },
        ],
        usage: "sparse or bursty gradients: a burst does not make the rate jump back",
        caution: None,
        source: "Zaheer et al. 2018",
        differs: Some(
            "as optax: both averages start at 1e-6 and are bias-corrected; the paper corrects neither and starts m at 0",
        ),
    };
    const FAMILY: &'static str = super::family::ADAM;
    fn build(pick: &Pick) -> Self {
        Self { betas: pick.array("betas"), eps: pick.number("eps") }
    }
}

impl<F: Real> Optimizer<F> for Yogi {
    fn state(&self, dim: Dim) -> State<F> {
        let mut state = State::zeros(&["m", "v"], dim.elements());
        for tensor in state.tensors_mut::<2>() {
            tensor.fill(F::of(1e-6));
        }
        state
    }

    fn update(&self, update: Update<'_, F>) {
        let Update { lr, param, grad, state, .. } = update;
        let [beta1, beta2] = self.betas;
        let rule = Step {
            rate: F::of(lr / bias_correction(beta1, state.step)),
            root: F::of(1.0 / bias_correction(beta2, state.step).sqrt()),
            m: Mean::new(beta1),
            v: Mean::of_squares(beta2, self.eps),
            fresh: F::of(1.0 - beta2),
            eps: F::of(self.eps),
        };
        fused(rule, param, grad, state.tensors_mut::<2>());
    }
}

#[derive(Clone, Copy)]
struct Step<F> {
    rate: F,
    root: F,
    m: Mean<F>,
    v: Mean<F>,
    fresh: F,
    eps: F,
}

impl<F: Real> Elementwise<F, 2> for Step<F> {
    #[inline(always)]
    fn apply(self, param: F, grad: F, [m, v]: [F; 2]) -> (F, [F; 2]) {
        let m = self.m.next(m, grad);
        let seen = self.v.rooted(grad);
        let square = seen * seen;
        let v = v - self.fresh * (v - square).sign() * square;
        let denominator = v.sqrt().mul_add(self.root, self.eps);
        ((-self.rate).mul_add(m / denominator, param), [m, v])
    }
}
