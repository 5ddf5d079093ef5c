//! Schedule-free learning: an average of the path takes the place of a falling rate.
//!
//! The parameter that training sees, y, lies between a fast point z, which takes the steps, and
//! the average x of all z, at which the network is to be evaluated.

use super::adam::EPS;
use super::mean::Mean;
use super::{
    BETAS_SEARCH, DECAY_SEARCH, Dim, Elementwise, Optimizer, State, Update, WEIGHT_DECAY,
    bias_correction, fused, lr, momentum,
};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// How z and y follow the gradient's direction.
#[derive(Clone, Copy)]
struct Points<F> {
    lr: F,
    /// The weight of x in y.
    share: F,
    /// The weight of the newest z in x.
    newest: F,
}

impl<F: Real> Points<F> {
    /// The constants of this step. A step counts in the average by the square of the largest rate
    /// so far, so that a warm-up counts little.
    fn of_step(lr: f64, share: f64, state: &mut State<F>) -> Self {
        let [total, largest] = state.scalars_mut::<2>();
        *largest = largest.max(lr);
        let weight = *largest * *largest;
        *total += weight;
        let newest = if *total > 0.0 { weight / *total } else { 0.0 };
        Self { lr: F::of(lr), share: F::of(share), newest: F::of(newest) }
    }

    /// (y, x, z) after a step along `direction`.
    #[inline(always)]
    fn moved(self, direction: F, x: F, z: F) -> (F, F, F) {
        let z = (-self.lr).mul_add(direction, z);
        let x = self.newest.mul_add(z - x, x);
        (self.share.mul_add(x - z, z), x, z)
    }
}

/// What both rules remember: x, z, and `more`.
fn state<F: Real>(more: &[&'static str], len: usize) -> State<F> {
    let names = [&["x", "z"], more].concat();
    State::zeros(&names, len).with_scalar("weight_sum", 0.0).with_scalar("max_lr", 0.0)
}

/// At the first step all points are where the parameter is.
fn start<F: Real>(state: &mut State<F>, param: &[F]) {
    if state.step == 1 {
        for point in state.tensors_mut::<2>() {
            point.copy_from_slice(param);
        }
    }
}

/// x, once there is one.
fn average<F: Real>(state: &State<F>) -> Option<&[F]> {
    let started = state.tensors.first().filter(|_| state.step > 0);
    started.map(|(_, x)| x.as_slice())
}

/// Schedule-free SGD.
#[derive(Clone, Copy, Debug)]
pub struct Sgd {
    momentum: f64,
    weight_decay: f64,
}

impl Describe for Sgd {
    const CARD: Card = Card {
        key: "schedule_free_sgd",
        title: "Schedule-free SGD",
        formula: "z ← z − α·∇L(y)        x ← mean of all z\n\
                  y = momentum·x + (1 − momentum)·z        evaluated at x",
        params: &[lr(1.0), momentum(0.9), WEIGHT_DECAY],
        usage: "SGD without a schedule, for runs of any length",
        caution: Some("its training loss, at y, differs from the loss at x"),
        source: "Defazio et al. 2024",
        differs: Some(
            "as the authors' code and optax: steps count in the mean by the square of the largest rate so far; decay is taken at y",
        ),
    };
    const FAMILY: &'static str = super::family::FREE;
    fn build(pick: &Pick) -> Self {
        Self { momentum: pick.number("momentum"), weight_decay: pick.number("weight_decay") }
    }
}

impl<F: Real> Optimizer<F> for Sgd {
    fn state(&self, dim: Dim) -> State<F> {
        state(&[], dim.elements())
    }

    fn update(&self, update: Update<'_, F>) {
        let Update { lr, param, grad, state, .. } = update;
        start(state, param);
        let rule = Plain {
            points: Points::of_step(lr, self.momentum, state),
            weight_decay: F::of(self.weight_decay),
        };
        fused(rule, param, grad, state.tensors_mut::<2>());
    }

    fn evaluated<'a>(&self, state: &'a State<F>) -> Option<&'a [F]> {
        average(state)
    }
}

#[derive(Clone, Copy)]
struct Plain<F> {
    points: Points<F>,
    weight_decay: F,
}

impl<F: Real> Elementwise<F, 2> for Plain<F> {
    #[inline(always)]
    fn apply(self, y: F, grad: F, [x, z]: [F; 2]) -> (F, [F; 2]) {
        let (y, x, z) = self.points.moved(self.weight_decay.mul_add(y, grad), x, z);
        (y, [x, z])
    }
}

/// Schedule-free AdamW.
#[derive(Clone, Copy, Debug)]
pub struct AdamW {
    betas: [f64; 2],
    eps: f64,
    weight_decay: f64,
}

impl Describe for AdamW {
    const CARD: Card = Card {
        key: "schedule_free_adamw",
        title: "Schedule-free AdamW",
        formula: "v ← β₂·v + (1 − β₂)·∇L(y)²\n\
                  z ← z − α·[∇L(y) / (√v̂ + ε) + λ·y]        x ← mean of all z\n\
                  y = β₁·x + (1 − β₁)·z        evaluated at x",
        params: &[
            lr(0.0025),
            Param {
                key: "betas",
                default: DefaultValue::List(&[0.9, 0.999]),
                range: Range::HalfOpen(0.0, 1.0),
                meaning: "share of x in y, and memory of the mean square",
                search: BETAS_SEARCH,
            },
            EPS,
            Param {
                key: "weight_decay",
                default: DefaultValue::Number(0.0),
                range: Range::AtLeast(0.0),
                meaning: "share of the weight, times the rate, lost each step",
                search: DECAY_SEARCH,
            },
        ],
        usage: "AdamW without a schedule, for runs of any length",
        caution: Some("its training loss, at y, differs from the loss at x"),
        source: "Defazio et al. 2024",
        differs: Some(
            "as the authors' code and optax: steps count in the mean by the square of the largest rate so far; decay is taken at y",
        ),
    };
    const FAMILY: &'static str = super::family::FREE;
    fn build(pick: &Pick) -> Self {
        Self {
            betas: pick.array("betas"),
            eps: pick.number("eps"),
            weight_decay: pick.number("weight_decay"),
        }
    }
}

impl<F: Real> Optimizer<F> for AdamW {
    fn state(&self, dim: Dim) -> State<F> {
        state(&["v"], dim.elements())
    }

    fn update(&self, update: Update<'_, F>) {
        let Update { lr, param, grad, state, .. } = update;
        start(state, param);
        let [share, beta2] = self.betas;
        let rule = Scaled {
            points: Points::of_step(lr, share, state),
            v: Mean::of_squares(beta2, self.eps),
            root: F::of(1.0 / bias_correction(beta2, state.step).sqrt()),
            eps: F::of(self.eps),
            weight_decay: F::of(self.weight_decay),
        };
        fused(rule, param, grad, state.tensors_mut::<3>());
    }

    fn evaluated<'a>(&self, state: &'a State<F>) -> Option<&'a [F]> {
        average(state)
    }
}

#[derive(Clone, Copy)]
struct Scaled<F> {
    points: Points<F>,
    v: Mean<F>,
    root: F,
    eps: F,
    weight_decay: F,
}

impl<F: Real> Elementwise<F, 3> for Scaled<F> {
    #[inline(always)]
    fn apply(self, y: F, grad: F, [x, z, v]: [F; 3]) -> (F, [F; 3]) {
        let v = self.v.next_square(v, grad);
        let scaled = grad / v.sqrt().mul_add(self.root, self.eps);
        let (y, x, z) = self.points.moved(self.weight_decay.mul_add(y, scaled), x, z);
        (y, [x, z, v])
    }
}
