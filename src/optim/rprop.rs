//! Resilient propagation.

use super::{Dim, Elementwise, Optimizer, State, Update, fused, lr};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// A step length for each weight that grows while the gradient keeps its sign and shrinks when it turns.
#[derive(Clone, Copy, Debug)]
pub struct Rprop {
    etas: [f64; 2],
    step_sizes: [f64; 2],
}

impl Describe for Rprop {
    const CARD: Card = Card {
        key: "rprop",
        title: "Rprop",
        formula: "s ← s·η⁺ if ∇L keeps its sign, s·η⁻ if it turns (∇L then counts as 0)\n\
                  W ← W − s·sign(∇L)        s within step_sizes, from α at first",
        params: &[
            lr(0.01),
            Param {
                key: "etas",
                default: DefaultValue::List(&[0.5, 1.2]),
                range: Range::Above(0.0),
                meaning: "η⁻ and η⁺: factors on a step length",
                search: None,
            },
            Param {
                key: "step_sizes",
                default: DefaultValue::List(&[1e-6, 50.0]),
                range: Range::Above(0.0),
                meaning: "the shortest and the longest step",
                search: None,
            },
        ],
        usage: "full batches of small problems",
        caution: Some("not for mini-batches: noise turns the sign at random"),
        source: "Riedmiller & Braun 1993",
        differs: Some(
            "the learning rate is only the first step length: changing it later does nothing",
        ),
    };
    const TORCH: Option<&'static str> = Some("torch.optim.Rprop");
    const FAMILY: &'static str = super::family::SIGNS;
    fn build(pick: &Pick) -> Self {
        Self { etas: pick.array("etas"), step_sizes: pick.array("step_sizes") }
    }
    fn check(pick: &Pick) -> Result<(), String> {
        let (etas, sizes) = (pick.list("etas"), pick.list("step_sizes"));
        if !(etas[0] < 1.0 && 1.0 < etas[1]) {
            return Err("etas must lie on both sides of 1, the smaller first".to_owned());
        }
        if sizes[0] > sizes[1] {
            return Err("step_sizes must be the shortest, then the longest".to_owned());
        }
        Ok(())
    }
}

impl<F: Real> Optimizer<F> for Rprop {
    fn state(&self, dim: Dim) -> State<F> {
        State::zeros(&["step_size", "previous"], dim.elements())
    }

    fn update(&self, update: Update<'_, F>) {
        let Update { lr, param, grad, state, .. } = update;
        let first = state.step == 1;
        let [step_size, previous] = state.tensors_mut::<2>();
        if first {
            step_size.fill(F::of(lr));
        }
        let rule = Step {
            shrink: F::of(self.etas[0]),
            grow: F::of(self.etas[1]),
            shortest: F::of(self.step_sizes[0]),
            longest: F::of(self.step_sizes[1]),
        };
        fused(rule, param, grad, [step_size, previous]);
    }
}

#[derive(Clone, Copy)]
struct Step<F> {
    shrink: F,
    grow: F,
    shortest: F,
    longest: F,
}

impl<F: Real> Elementwise<F, 2> for Step<F> {
    #[inline(always)]
    fn apply(self, param: F, grad: F, [step_size, previous]: [F; 2]) -> (F, [F; 2]) {
        let agreement = grad.sign() * previous.sign();
        let turned = agreement < F::ZERO;
        let factor = F::select(agreement > F::ZERO, self.grow, F::ONE);
        let factor = F::select(turned, self.shrink, factor);
        let step_size = (step_size * factor).larger(self.shortest).smaller(self.longest);
        let grad = F::select(turned, F::ZERO, grad);
        ((-grad.sign()).mul_add(step_size, param), [step_size, grad])
    }
}
