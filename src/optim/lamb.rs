//! Adam with a step in proportion to each tensor's norm.

use super::adam::BETAS;
use super::mean::Mean;
use super::{
    Dim, Elementwise, Optimizer, PENALTY_SEARCH, State, Update, bias_correction, fused, lr, norm,
};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// Adam's direction, rescaled for each tensor to the length of its weights.
#[derive(Clone, Copy, Debug)]
pub struct Lamb {
    betas: [f64; 2],
    eps: f64,
    weight_decay: f64,
}

impl Describe for Lamb {
    const CARD: Card = Card {
        key: "lamb",
        title: "LAMB",
        formula: "u = m̂ / (√v̂ + ε) + λ·W        m̂, v̂ as in Adam\n\
                  W ← W − α·‖W‖/‖u‖·u        factor 1 where either norm is 0",
        params: &[
            lr(0.001),
            BETAS,
            Param {
                key: "eps",
                default: DefaultValue::Number(1e-6),
                range: Range::AtLeast(0.0),
                meaning: "added to the root, outside it, against division by 0",
                search: None,
            },
            Param {
                key: "weight_decay",
                default: DefaultValue::Number(0.0),
                range: Range::AtLeast(0.0),
                meaning: "λ: pull of each weight towards 0, before the rescaling",
                search: PENALTY_SEARCH,
            },
        ],
        usage: "very large batches",
        caution: Some("a tensor of zeros, such as a fresh bias, has factor 1 at first"),
        source: "You et al. 2020",
        differs: Some(
            "as the paper's algorithm 2 with bias correction, and optax: no bound on ‖W‖; some libraries hold it to 10 or leave the correction out",
        ),
    };
    const FAMILY: &'static str = super::family::LAYERWISE;
    fn build(pick: &Pick) -> Self {
        Self {
            betas: pick.array("betas"),
            eps: pick.number("eps"),
            weight_decay: pick.number("weight_decay"),
        }
    }
}

impl<F: Real> Optimizer<F> for Lamb {
    fn state(&self, dim: Dim) -> State<F> {
        State::zeros(&["m", "v"], dim.elements())
    }

    fn update(&self, update: Update<'_, F>) {
        let Update { lr, param, grad, state, .. } = update;
        let [beta1, beta2] = self.betas;
        let step = state.step;
        let [m, v] = state.tensors_mut::<2>();
        let moments = Moments { m: Mean::new(beta1), v: Mean::of_squares(beta2, self.eps) };
        fused(moments, param, grad, [&mut *m, &mut *v]);
        let mut rule = Step {
            rate: F::ZERO,
            mean: F::of(1.0 / bias_correction(beta1, step)),
            root: F::of(1.0 / bias_correction(beta2, step).sqrt()),
            eps: F::of(self.eps),
            weight_decay: F::of(self.weight_decay),
        };
        let elements = param.iter().zip(m.iter().zip(v.iter()));
        let length = norm(elements.map(|(&param, (&m, &v))| rule.direction(param, m, v)));
        rule.rate = F::of(lr * trust_ratio(norm(param.iter().copied()), length));
        fused(rule, param, grad, [m, v]);
    }
}

/// ‖W‖/‖u‖, or 1 where either is 0.
pub(super) fn trust_ratio(param: f64, update: f64) -> f64 {
    if param == 0.0 || update == 0.0 { 1.0 } else { param / update }
}

/// Moves the moments and leaves the parameter.
#[derive(Clone, Copy)]
struct Moments<F> {
    m: Mean<F>,
    v: Mean<F>,
}

impl<F: Real> Elementwise<F, 2> for Moments<F> {
    #[inline(always)]
    fn apply(self, param: F, grad: F, [m, v]: [F; 2]) -> (F, [F; 2]) {
        let m = self.m.next(m, grad);
        let v = self.v.next_square(v, grad);
        (param, [m, v])
    }
}

/// Moves the parameter and leaves the moments.
#[derive(Clone, Copy)]
struct Step<F> {
    rate: F,
    mean: F,
    root: F,
    eps: F,
    weight_decay: F,
}

impl<F: Real> Step<F> {
    #[inline(always)]
    fn direction(self, param: F, m: F, v: F) -> F {
        let denominator = v.sqrt().mul_add(self.root, self.eps);
        self.weight_decay.mul_add(param, self.mean * m / denominator)
    }
}

impl<F: Real> Elementwise<F, 2> for Step<F> {
    #[inline(always)]
    fn apply(self, param: F, _: F, [m, v]: [F; 2]) -> (F, [F; 2]) {
        ((-self.rate).mul_add(self.direction(param, m, v), param), [m, v])
    }
}
