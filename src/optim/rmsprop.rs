//! `RMSprop`.

use super::mean::Mean;
use super::{
    Dim, EPS_SEARCH, Elementwise, MOMENTUM_SEARCH, Optimizer, Present, Stability, State, Update,
    WEIGHT_DECAY, fused, lr,
};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// The gradient divided by the root of its running mean square.
#[derive(Clone, Copy, Debug)]
pub struct RmsProp {
    alpha: f64,
    eps: f64,
    weight_decay: f64,
    momentum: f64,
    centered: bool,
}

impl Describe for RmsProp {
    const CARD: Card = Card {
        key: "rmsprop",
        title: "RMSprop",
        formula: "v ← ρ·v + (1 − ρ)·∇L²                     ρ = alpha\n\
                  W ← W − α·∇L / (√v + ε)\n\
                  centered: √(v − g²), g the running mean of ∇L",
        params: &[
            lr(0.01),
            Param {
                key: "alpha",
                default: DefaultValue::Number(0.99),
                range: Range::HalfOpen(0.0, 1.0),
                meaning: "memory of the mean square: 1/(1 − alpha) steps",
                search: MOMENTUM_SEARCH,
            },
            Param {
                key: "eps",
                default: DefaultValue::Number(1e-8),
                range: Range::AtLeast(0.0),
                meaning: "added to the root, outside it, against division by 0",
                search: EPS_SEARCH,
            },
            WEIGHT_DECAY,
            Param {
                key: "momentum",
                default: DefaultValue::Number(0.0),
                range: Range::HalfOpen(0.0, 1.0),
                meaning: "share of the last step that is kept",
                search: MOMENTUM_SEARCH,
            },
            Param {
                key: "centered",
                default: DefaultValue::Flag(false),
                range: Range::Any,
                meaning: "divide by the standard deviation instead",
                search: None,
            },
        ],
        usage: "recurrent networks and noisy, changing objectives such as reinforcement learning",
        caution: Some("without bias correction: the first steps are long"),
        source: "Tieleman & Hinton 2012, lecture 6e",
        differs: Some(
            "ε outside the root and memory 0.99, as PyTorch; TensorFlow puts ε inside and remembers 0.9",
        ),
    };
    const TORCH: Option<&'static str> = Some("torch.optim.RMSprop");
    const FAMILY: &'static str = super::family::ADAPTIVE;
    fn build(pick: &Pick) -> Self {
        Self {
            alpha: pick.number("alpha"),
            eps: pick.number("eps"),
            weight_decay: pick.number("weight_decay"),
            momentum: pick.number("momentum"),
            centered: pick.flag("centered"),
        }
    }
}

impl<F: Real> Optimizer<F> for RmsProp {
    fn state(&self, dim: Dim) -> State<F> {
        let names: &[_] = match (self.centered, self.momentum != 0.0) {
            (false, false) => &["v"],
            (false, true) => &["v", "momentum"],
            (true, false) => &["v", "g"],
            (true, true) => &["v", "g", "momentum"],
        };
        State::zeros(names, dim.elements())
    }

    fn update(&self, update: Update<'_, F>) {
        let Update { lr, param, grad, state, .. } = update;
        let rule = Step {
            lr: F::of(lr),
            v: Mean::of_squares(self.alpha, self.eps),
            fresh: F::of(1.0 - self.alpha),
            eps: F::of(self.eps),
            weight_decay: F::of(self.weight_decay),
            momentum: Mean::sum(self.momentum),
        };
        match (self.centered, self.momentum != 0.0) {
            (false, false) => fused(rule, param, grad, state.tensors_mut::<1>()),
            (false, true) => fused(Moving(rule), param, grad, state.tensors_mut::<2>()),
            (true, false) => fused(Centred(rule), param, grad, state.tensors_mut::<2>()),
            (true, true) => fused(Centred(rule), param, grad, state.tensors_mut::<3>()),
        }
    }

    /// Below 2·(1 + momentum), the rate divided by √v + ε. A centred divisor follows the gradient's
    /// sign too closely to be taken for standing still.
    fn stability(&self, present: Present<'_, F>) -> Option<Stability> {
        if self.centered {
            return None;
        }
        let bound = (2.0 * (1.0 + self.momentum), self.weight_decay);
        present.divided(bound, "v", |v| v.sqrt() + self.eps)
    }
}

/// One step's constants; by itself the plain rule.
#[derive(Clone, Copy)]
struct Step<F> {
    lr: F,
    v: Mean<F>,
    fresh: F,
    eps: F,
    weight_decay: F,
    momentum: Mean<F>,
}

impl<F: Real> Step<F> {
    /// The gradient with its penalty, and the new mean square.
    #[inline(always)]
    fn square(self, param: F, grad: F, v: F) -> (F, F) {
        let grad = self.weight_decay.mul_add(param, grad);
        (grad, self.v.next_square(v, grad))
    }

    /// The mean gradient and the direction divided by the standard deviation.
    #[inline(always)]
    fn centred(self, grad: F, v: F, g: F) -> (F, F) {
        let g = self.v.settled(self.fresh.mul_add(grad - g, g));
        (g, grad / ((-g).mul_add(g, v).sqrt() + self.eps))
    }
}

impl<F: Real> Elementwise<F, 1> for Step<F> {
    #[inline(always)]
    fn apply(self, param: F, grad: F, [v]: [F; 1]) -> (F, [F; 1]) {
        let (grad, v) = self.square(param, grad, v);
        ((-self.lr).mul_add(grad / (v.sqrt() + self.eps), param), [v])
    }
}

/// With momentum.
#[derive(Clone, Copy)]
struct Moving<F>(Step<F>);

impl<F: Real> Elementwise<F, 2> for Moving<F> {
    #[inline(always)]
    fn apply(self, param: F, grad: F, [v, momentum]: [F; 2]) -> (F, [F; 2]) {
        let (grad, v) = self.0.square(param, grad, v);
        let momentum = self.0.momentum.next(momentum, grad / (v.sqrt() + self.0.eps));
        ((-self.0.lr).mul_add(momentum, param), [v, momentum])
    }
}

/// Centred, without and with momentum.
#[derive(Clone, Copy)]
struct Centred<F>(Step<F>);

impl<F: Real> Elementwise<F, 2> for Centred<F> {
    #[inline(always)]
    fn apply(self, param: F, grad: F, [v, g]: [F; 2]) -> (F, [F; 2]) {
        let (grad, v) = self.0.square(param, grad, v);
        let (g, direction) = self.0.centred(grad, v, g);
        ((-self.0.lr).mul_add(direction, param), [v, g])
    }
}

impl<F: Real> Elementwise<F, 3> for Centred<F> {
    #[inline(always)]
    fn apply(self, param: F, grad: F, [v, g, momentum]: [F; 3]) -> (F, [F; 3]) {
        let (grad, v) = self.0.square(param, grad, v);
        let (g, direction) = self.0.centred(grad, v, g);
        let momentum = self.0.momentum.next(momentum, direction);
        ((-self.0.lr).mul_add(momentum, param), [v, g, momentum])
    }
}
