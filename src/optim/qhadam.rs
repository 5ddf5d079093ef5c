//! Quasi-hyperbolic Adam.

use super::adam::{BETAS, EPS};
use super::mean::Mean;
use super::{Dim, Elementwise, Optimizer, State, Update, bias_correction, fused, lr};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range, SearchRange};

/// Adam whose moments are mixed with the newest gradient.
#[derive(Clone, Copy, Debug)]
pub struct QhAdam {
    betas: [f64; 2],
    nus: [f64; 2],
    eps: f64,
}

impl Describe for QhAdam {
    const CARD: Card = Card {
        key: "qhadam",
        title: "QHAdam",
        formula: "m̂, v̂ as in Adam\n\
                  W ← W − α·[ν₁·m̂ + (1 − ν₁)·∇L] / (√(ν₂·v̂ + (1 − ν₂)·∇L²) + ε)",
        params: &[
            lr(0.001),
            BETAS,
            Param {
                key: "nus",
                default: DefaultValue::List(&[0.7, 1.0]),
                range: Range::Closed(0.0, 1.0),
                meaning: "share of the mean and of the mean square; 1, 1 is Adam",
                search: Some(SearchRange::linear(0.0, 1.0)),
            },
            EPS,
        ],
        usage: "as Adam with long memories that still react at once",
        caution: None,
        source: "Ma & Yarats 2019",
        differs: Some(
            "as the authors' code, but for nus of 0.7 and 1, which the paper recommends; that code defaults to 1 and 1, which is Adam",
        ),
    };
    const FAMILY: &'static str = super::family::ADAM;
    fn build(pick: &Pick) -> Self {
        Self { betas: pick.array("betas"), nus: pick.array("nus"), eps: pick.number("eps") }
    }
}

impl<F: Real> Optimizer<F> for QhAdam {
    fn state(&self, dim: Dim) -> State<F> {
        State::zeros(&["m", "v"], dim.elements())
    }

    fn update(&self, update: Update<'_, F>) {
        let Update { lr, param, grad, state, .. } = update;
        let [beta1, beta2] = self.betas;
        let rule = Step {
            lr: F::of(lr),
            mean: F::of(self.nus[0] / bias_correction(beta1, state.step)),
            newest: F::of(1.0 - self.nus[0]),
            square: F::of(self.nus[1] / bias_correction(beta2, state.step)),
            newest_square: F::of(1.0 - self.nus[1]),
            m: Mean::new(beta1),
            v: Mean::of_squares(beta2, self.eps),
            eps: F::of(self.eps),
        };
        fused(rule, param, grad, state.tensors_mut::<2>());
    }
}

#[derive(Clone, Copy)]
struct Step<F> {
    lr: F,
    mean: F,
    newest: F,
    square: F,
    newest_square: F,
    m: Mean<F>,
    v: Mean<F>,
    eps: F,
}

impl<F: Real> Elementwise<F, 2> for Step<F> {
    #[inline(always)]
    fn apply(self, param: F, grad: F, [m, v]: [F; 2]) -> (F, [F; 2]) {
        let m = self.m.next(m, grad);
        let v = self.v.next_square(v, grad);
        let direction = self.mean.mul_add(m, self.newest * grad);
        let square = self.square.mul_add(v, self.newest_square * grad * grad);
        ((-self.lr).mul_add(direction / (square.sqrt() + self.eps), param), [m, v])
    }
}
