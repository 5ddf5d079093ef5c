//! Prodigy.

use super::adam::{BETAS, EPS};
use super::mean::Mean;
use super::{
    DECAY_SEARCH, Dim, Elementwise, Group, GroupOptimizer, Part, State, bias_correction, fused, lr,
};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// Adam whose rate is an estimate, from below, of how far the solution lies from the start.
#[derive(Clone, Copy, Debug)]
pub struct Prodigy {
    betas: [f64; 2],
    eps: f64,
    weight_decay: f64,
    first: f64,
    coefficient: f64,
}

impl Describe for Prodigy {
    const CARD: Card = Card {
        key: "prodigy",
        title: "Prodigy",
        formula: "d ← max(d, r/Σ|s|),  η = α·d·√(1 − β₂ᵗ)/(1 − β₁ᵗ)\n\
                  r ← √β₂·r + (d/d₀)·η·⟨∇L, W₀ − W⟩     s ← √β₂·s + (d/d₀)·η·∇L\n\
                  W ← W − η·m / (√v + d·ε)              m, v as in Adam, of d·∇L",
        params: &[
            lr(1.0),
            BETAS,
            EPS,
            Param {
                key: "weight_decay",
                default: DefaultValue::Number(0.0),
                range: Range::AtLeast(0.0),
                meaning: "share of the weight, times the rate, lost each step",
                search: DECAY_SEARCH,
            },
            Param {
                key: "estim_lr0",
                default: DefaultValue::Number(1e-6),
                range: Range::Above(0.0),
                meaning: "d₀: the first estimate; too small costs some steps, too large is kept",
                search: None,
            },
            Param {
                key: "estim_lr_coef",
                default: DefaultValue::Number(1.0),
                range: Range::Above(0.0),
                meaning: "factor on the estimates",
                search: None,
            },
        ],
        usage: "when no rate is to be tuned: leave lr at 1, or let it fall by a schedule",
        caution: Some("the estimate never shrinks: one wild start is remembered"),
        source: "Mishchenko & Defazio 2024",
        differs: Some(
            "as optax: bias-corrected throughout, which the authors' code is only on request; layers of another optimizer or rate have an estimate of their own",
        ),
    };
    const FAMILY: &'static str = super::family::FREE;
    fn build(pick: &Pick) -> Self {
        Self {
            betas: pick.array("betas"),
            eps: pick.number("eps"),
            weight_decay: pick.number("weight_decay"),
            first: pick.number("estim_lr0"),
            coefficient: pick.number("estim_lr_coef"),
        }
    }
}

impl<F: Real> GroupOptimizer<F> for Prodigy {
    fn state(&self, dim: Dim) -> State<F> {
        State::zeros(&["m", "v", "s", "start"], dim.elements())
            .with_scalar("d", self.first)
            .with_scalar("r", 0.0)
    }

    /// One d for the group: every tensor keeps it, with its own share of r.
    fn update(&self, lr: f64, group: &mut dyn Group<F>) {
        let [beta1, beta2] = self.betas;
        let memory = beta2.sqrt();
        let scalars = |state: &State<F>| [state.scalars[0].1, state.scalars[1].1];
        // A tensor that has just joined begins at d₀.
        let d = group.states().iter().map(|state| scalars(state)[0]).fold(self.first, f64::max);
        let rate =
            |step| d * lr * bias_correction(beta2, step).sqrt() / bias_correction(beta1, step);

        let (mut r, mut size) = (0.0, 0.0);
        group.each(&mut |Part { param, grad, state, .. }| {
            let weight = d / self.first * rate(state.step);
            let begins = state.step == 1;
            let [m, v, s, start] = state.tensors_mut::<4>();
            if begins {
                start.copy_from_slice(param);
            }
            let moved = start.iter().zip(param.iter()).map(|(from, to)| from.f64() - to.f64());
            let progress: f64 = grad.iter().zip(moved).map(|(g, moved)| g.f64() * moved).sum();
            let averages = Averages {
                d: F::of(d),
                m: Mean::new(self.betas[0]),
                v: Mean::of_squares(self.betas[1], d * self.eps),
                s: Mean::weighted(memory, weight),
            };
            fused(averages, param, grad, [m, v, &mut *s]);
            size += s.iter().map(|s| s.f64().abs()).sum::<f64>();
            let [_, share] = state.scalars_mut::<2>();
            *share = memory * *share + weight * progress;
            r += *share;
        });

        let estimate = if size > 0.0 { self.coefficient * r / size } else { d };
        let larger = d.max(estimate);
        group.each(&mut |Part { param, grad, state, .. }| {
            let rate = rate(state.step);
            let rule = Step {
                rate: F::of(rate),
                eps: F::of(larger * self.eps),
                shrink: F::of(1.0 - rate * self.weight_decay),
            };
            fused(rule, param, grad, state.tensors_mut::<2>());
            let [d, _] = state.scalars_mut::<2>();
            *d = larger;
        });
    }
}

/// Moves the averages and leaves the parameter.
#[derive(Clone, Copy)]
struct Averages<F> {
    d: F,
    m: Mean<F>,
    v: Mean<F>,
    s: Mean<F>,
}

impl<F: Real> Elementwise<F, 3> for Averages<F> {
    #[inline(always)]
    fn apply(self, param: F, grad: F, [m, v, s]: [F; 3]) -> (F, [F; 3]) {
        let scaled = self.d * grad;
        let m = self.m.next(m, scaled);
        let v = self.v.next_square(v, scaled);
        let s = self.s.next(s, grad);
        (param, [m, v, s])
    }
}

/// Moves the parameter and leaves the averages.
#[derive(Clone, Copy)]
struct Step<F> {
    rate: F,
    eps: F,
    shrink: F,
}

impl<F: Real> Elementwise<F, 2> for Step<F> {
    #[inline(always)]
    fn apply(self, param: F, _: F, [m, v]: [F; 2]) -> (F, [F; 2]) {
        let direction = m / (v.sqrt() + self.eps);
        ((-self.rate).mul_add(direction, param * self.shrink), [m, v])
    }
}
