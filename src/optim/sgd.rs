//! Stochastic gradient descent.

use super::mean::Mean;
use super::{
    Dim, Elementwise, MOMENTUM_SEARCH, Optimizer, Present, Stability, State, Update, WEIGHT_DECAY,
    fused, lr,
};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range, SearchRange};

/// W ← W − α·∇L, with optional momentum.
#[derive(Clone, Copy, Debug)]
pub struct Sgd {
    momentum: f64,
    dampening: f64,
    weight_decay: f64,
    nesterov: bool,
}

impl Describe for Sgd {
    const CARD: Card = Card {
        key: "sgd",
        title: "SGD",
        formula: "u ← momentum·u + (1 − dampening)·∇L\n\
                  W ← W − α·u                  nesterov: W ← W − α·(∇L + momentum·u)",
        params: &[
            // The default is PyTorch's, and far below what plain gradients want.
            Param { search: Some(SearchRange::log(1e-3, 10.0)), ..lr(0.001) },
            Param {
                key: "momentum",
                default: DefaultValue::Number(0.0),
                range: Range::HalfOpen(0.0, 1.0),
                meaning: "share of the last step that is kept",
                search: MOMENTUM_SEARCH,
            },
            Param {
                key: "dampening",
                default: DefaultValue::Number(0.0),
                range: Range::Closed(0.0, 1.0),
                meaning: "share of the gradient kept out of the momentum",
                search: None,
            },
            WEIGHT_DECAY,
            Param {
                key: "nesterov",
                default: DefaultValue::Flag(false),
                range: Range::Any,
                meaning: "look ahead along the momentum",
                search: None,
            },
        ],
        usage: "the baseline; with momentum and a tuned rate often the best generaliser",
        caution: Some(
            "one rate for all weights: slow along flat directions, unstable along steep ones",
        ),
        source: "Robbins & Monro 1951; Polyak 1964; Sutskever et al. 2013",
        differs: Some(
            "the rate multiplies the momentum buffer (PyTorch); in Sutskever's form it enters the buffer, which differs when the rate changes. The first step is not dampened",
        ),
    };
    const TORCH: Option<&'static str> = Some("torch.optim.SGD");
    const FAMILY: &'static str = super::family::MOMENTUM;
    fn build(pick: &Pick) -> Self {
        Self {
            momentum: pick.number("momentum"),
            dampening: pick.number("dampening"),
            weight_decay: pick.number("weight_decay"),
            nesterov: pick.flag("nesterov"),
        }
    }
    fn check(pick: &Pick) -> Result<(), String> {
        let plain = pick.number("momentum") > 0.0 && pick.number("dampening") == 0.0;
        if pick.flag("nesterov") && !plain {
            return Err("nesterov needs momentum above 0 and dampening 0".to_owned());
        }
        Ok(())
    }
}

impl<F: Real> Optimizer<F> for Sgd {
    fn state(&self, dim: Dim) -> State<F> {
        let names: &[_] = if self.momentum == 0.0 { &[] } else { &["momentum"] };
        State::zeros(names, dim.elements())
    }

    fn update(&self, update: Update<'_, F>) {
        let Update { lr, param, grad, state, .. } = update;
        let (lr, weight_decay) = (F::of(lr), F::of(self.weight_decay));
        if self.momentum == 0.0 {
            return fused(Plain { lr, weight_decay }, param, grad, []);
        }
        let fresh = if state.step == 1 { 1.0 } else { 1.0 - self.dampening };
        let rule = Momentum {
            lr,
            weight_decay,
            buffer: Mean::weighted(self.momentum, fresh),
            keep: F::of(self.momentum),
            nesterov: self.nesterov,
        };
        fused(rule, param, grad, state.tensors_mut::<1>());
    }

    /// Below 2, or 2·(1 + μ) over the share of the gradient that enters the momentum; with Nesterov's
    /// look ahead below 2·(1 + μ)/(1 + 2μ).
    fn stability(&self, present: Present<'_, F>) -> Option<Stability> {
        let momentum = self.momentum;
        let divisor = match (momentum == 0.0, self.nesterov) {
            (true, _) => 1.0,
            (false, true) => 1.0 + 2.0 * momentum,
            (false, false) => 1.0 - self.dampening,
        };
        // Without a fresh gradient nothing is steered.
        let bound = 2.0 * (1.0 + momentum) / divisor;
        bound.is_finite().then(|| present.plain(bound, self.weight_decay))
    }
}

#[derive(Clone, Copy)]
struct Plain<F> {
    lr: F,
    weight_decay: F,
}

impl<F: Real> Elementwise<F, 0> for Plain<F> {
    #[inline(always)]
    fn apply(self, param: F, grad: F, _: [F; 0]) -> (F, [F; 0]) {
        let grad = self.weight_decay.mul_add(param, grad);
        ((-self.lr).mul_add(grad, param), [])
    }
}

#[derive(Clone, Copy)]
struct Momentum<F> {
    lr: F,
    weight_decay: F,
    buffer: Mean<F>,
    keep: F,
    nesterov: bool,
}

impl<F: Real> Elementwise<F, 1> for Momentum<F> {
    #[inline(always)]
    fn apply(self, param: F, grad: F, [buffer]: [F; 1]) -> (F, [F; 1]) {
        let grad = self.weight_decay.mul_add(param, grad);
        let buffer = self.buffer.next(buffer, grad);
        let step = if self.nesterov { self.keep.mul_add(buffer, grad) } else { buffer };
        ((-self.lr).mul_add(step, param), [buffer])
    }
}
