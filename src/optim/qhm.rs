//! Quasi-hyperbolic momentum.

use super::mean::Mean;
use super::{Dim, Elementwise, Optimizer, State, Update, fused, lr, momentum};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range, SearchRange};

/// The mean gradient mixed with the newest one.
#[derive(Clone, Copy, Debug)]
pub struct Qhm {
    momentum: f64,
    nu: f64,
}

impl Describe for Qhm {
    const CARD: Card = Card {
        key: "qhm",
        title: "QHM",
        formula: "m ← momentum·m + (1 − momentum)·∇L\n\
                  W ← W − α·[ν·m + (1 − ν)·∇L]        ν = nu",
        params: &[
            lr(0.01),
            momentum(0.9),
            Param {
                key: "nu",
                default: DefaultValue::Number(0.7),
                range: Range::Closed(0.0, 1.0),
                meaning: "share of the mean; 0 is plain SGD, 1 dampened momentum",
                search: Some(SearchRange::linear(0.0, 1.0)),
            },
        ],
        usage: "SGD with a long momentum that still reacts at once",
        caution: Some("its momentum is an average: rates are 1/(1 − momentum) times those of sgd"),
        source: "Ma & Yarats 2019",
        differs: None,
    };
    const FAMILY: &'static str = super::family::MOMENTUM;
    fn build(pick: &Pick) -> Self {
        Self { momentum: pick.number("momentum"), nu: pick.number("nu") }
    }
}

impl<F: Real> Optimizer<F> for Qhm {
    fn state(&self, dim: Dim) -> State<F> {
        State::zeros(&["m"], dim.elements())
    }

    fn update(&self, update: Update<'_, F>) {
        let Update { lr, param, grad, state, .. } = update;
        let rule = Step {
            of_mean: F::of(lr * self.nu),
            of_gradient: F::of(lr * (1.0 - self.nu)),
            m: Mean::new(self.momentum),
        };
        fused(rule, param, grad, state.tensors_mut::<1>());
    }
}

#[derive(Clone, Copy)]
struct Step<F> {
    of_mean: F,
    of_gradient: F,
    m: Mean<F>,
}

impl<F: Real> Elementwise<F, 1> for Step<F> {
    #[inline(always)]
    fn apply(self, param: F, grad: F, [m]: [F; 1]) -> (F, [F; 1]) {
        let m = self.m.next(m, grad);
        (param - self.of_mean.mul_add(m, self.of_gradient * grad), [m])
    }
}
