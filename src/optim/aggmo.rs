//! Aggregated momentum.

use super::mean::Mean;
use super::{Dim, Elementwise, Optimizer, State, Update, WEIGHT_DECAY, fused, lr};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// The mean of several momenta, from none to heavy.
#[derive(Clone, Debug)]
pub struct AggMo {
    betas: Vec<f64>,
    weight_decay: f64,
}

/// The velocities by name; there are at most so many.
const NAMES: [&str; 8] = ["u1", "u2", "u3", "u4", "u5", "u6", "u7", "u8"];

impl Describe for AggMo {
    const CARD: Card = Card {
        key: "aggmo",
        title: "AggMo",
        formula: "uₖ ← βₖ·uₖ + ∇L        for each of the K betas\n\
                  W ← W − α/K·Σ uₖ",
        params: &[
            lr(0.01),
            Param {
                key: "betas",
                default: DefaultValue::Series(&[0.0, 0.9, 0.99]),
                range: Range::HalfOpen(0.0, 1.0),
                meaning: "the momenta, up to 8",
                search: None,
            },
            WEIGHT_DECAY,
        ],
        usage: "the speed of a heavy momentum without its oscillations",
        caution: Some("a copy of the network for each of its betas"),
        source: "Lucas et al. 2019",
        differs: None,
    };
    const FAMILY: &'static str = super::family::MOMENTUM;
    fn build(pick: &Pick) -> Self {
        Self { betas: pick.list("betas").to_vec(), weight_decay: pick.number("weight_decay") }
    }
    fn check(pick: &Pick) -> Result<(), String> {
        match pick.list("betas").len() {
            1..=8 => Ok(()),
            n => Err(format!("betas are from 1 to {} numbers, not {n}", NAMES.len())),
        }
    }
}

impl<F: Real> Optimizer<F> for AggMo {
    fn state(&self, dim: Dim) -> State<F> {
        State::zeros(&NAMES[..self.betas.len()], dim.elements())
    }

    fn update(&self, update: Update<'_, F>) {
        let Update { lr, param, grad, state, .. } = update;
        // All velocities first: the penalty is of the weights before the step.
        for ((_, velocity), &beta) in state.tensors.iter_mut().zip(&self.betas) {
            let rule = Gather { velocity: Mean::sum(beta), weight_decay: F::of(self.weight_decay) };
            fused(rule, param, grad, [velocity]);
        }
        let rate = F::of(lr / self.betas.len() as f64);
        // A rule around this one may keep tensors of its own behind these.
        for (_, velocity) in state.tensors.iter_mut().take(self.betas.len()) {
            fused(Move { rate }, param, grad, [velocity]);
        }
    }
}

#[derive(Clone, Copy)]
struct Gather<F> {
    velocity: Mean<F>,
    weight_decay: F,
}

impl<F: Real> Elementwise<F, 1> for Gather<F> {
    #[inline(always)]
    fn apply(self, param: F, grad: F, [velocity]: [F; 1]) -> (F, [F; 1]) {
        let grad = self.weight_decay.mul_add(param, grad);
        (param, [self.velocity.next(velocity, grad)])
    }
}

#[derive(Clone, Copy)]
struct Move<F> {
    rate: F,
}

impl<F: Real> Elementwise<F, 1> for Move<F> {
    #[inline(always)]
    fn apply(self, param: F, _: F, [velocity]: [F; 1]) -> (F, [F; 1]) {
        ((-self.rate).mul_add(velocity, param), [velocity])
    }
}
