//! Sharpness-aware minimisation.

use super::base;
use super::rule::sum;
use super::{Dim, Group, GroupOptimizer, Part, Precision, Rule, Share, State, lr};
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range, SearchRange};

/// Another optimizer, by the gradients at a point a little uphill.
#[derive(Debug)]
pub struct Sam<F> {
    base: Rule<F>,
    rho: f64,
    adaptive: bool,
}

impl<F: Precision> Describe for Sam<F> {
    const CARD: Card = Card {
        key: "sam",
        title: "SAM",
        formula: "E = ρ·∇L(W) / ‖∇L(W)‖                  over all tensors together\n\
                  W ← W − step of the base by ∇L(W + E)\n\
                  adaptive: E = ρ·W²·∇L(W) / ‖W·∇L(W)‖",
        params: &[
            lr(0.01),
            base::base("sgd:momentum=0.9"),
            Param {
                key: "rho",
                default: DefaultValue::Number(0.05),
                range: Range::AtLeast(0.0),
                meaning: "ρ: how far uphill the gradients are taken",
                search: Some(SearchRange::log(1e-3, 1.0)),
            },
            Param {
                key: "adaptive",
                default: DefaultValue::Flag(false),
                range: Range::Any,
                meaning: "in proportion to each weight (ASAM); ρ is then some 10 times larger",
                search: None,
            },
        ],
        usage: "flat minima, which often generalise better",
        caution: Some("each step takes two passes over its batch"),
        source: "Foret et al. 2021; adaptive: Kwon et al. 2021",
        differs: Some(
            "beside layers of other optimizers: they too take the gradients at W + E, where only the layers with sam have moved uphill, each group of equal settings by its own ρ",
        ),
    };
    const FAMILY: &'static str = super::family::AROUND;
    fn build(pick: &Pick) -> Self {
        Self { base: base::build(pick), rho: pick.number("rho"), adaptive: pick.flag("adaptive") }
    }
}

impl<F: Precision> Sam<F> {
    /// What a weight counts in the direction uphill.
    fn scale(&self, weight: F) -> F {
        if self.adaptive { weight.abs() } else { F::ONE }
    }
}

impl<F: Precision> GroupOptimizer<F> for Sam<F> {
    /// The base's, and after it where the step began.
    fn state(&self, dim: Dim) -> State<F> {
        let mut state = self.base.state(dim);
        state.tensors.push(("start", vec![F::ZERO; dim.elements()]));
        state
    }

    fn share(&self, name: &str, dim: Dim) -> Share {
        if name == "start" { Share::Element } else { self.base.share(name, dim) }
    }

    fn scratch(&self, dim: Dim) -> u64 {
        self.base.scratch(dim)
    }

    fn perturb(&self, group: &mut dyn Group<F>) -> bool {
        let squares = sum(group, |Part { param, grad, .. }| {
            let scaled = param.iter().zip(grad).map(|(&w, &g)| (self.scale(w) * g).f64());
            scaled.map(|x| x * x).sum()
        });
        // As the authors' code: never divided by 0.
        let rate = F::of(self.rho / (squares.sqrt() + 1e-12));
        group.each(&mut |Part { param, grad, state, .. }| {
            let Some((_, start)) = state.tensors.last_mut() else { return };
            start.copy_from_slice(param);
            for (param, &grad) in param.iter_mut().zip(grad) {
                let scale = self.scale(*param);
                *param = (rate * scale * scale).mul_add(grad, *param);
            }
        });
        true
    }

    fn restore(&self, group: &mut dyn Group<F>) {
        group.each(&mut |Part { param, state, .. }| {
            if let Some((_, start)) = state.tensors.last() {
                param.copy_from_slice(start);
            }
        });
    }

    fn update(&self, lr: f64, group: &mut dyn Group<F>) {
        group.each(&mut |part| self.base.update(part.update(lr)));
    }

    fn evaluated<'a>(&self, state: &'a State<F>) -> Option<&'a [F]> {
        self.base.evaluated(state)
    }
}
