//! Lookahead.

use super::base;
use super::{Dim, Group, GroupOptimizer, Part, Precision, Rule, Share, State, lr};
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range, SearchRange};

/// Slow weights that go part of the way towards fast ones every few steps of another optimizer.
#[derive(Debug)]
pub struct Lookahead<F> {
    base: Rule<F>,
    k: u64,
    alpha: f64,
}

impl<F: Precision> Describe for Lookahead<F> {
    const CARD: Card = Card {
        key: "lookahead",
        title: "Lookahead",
        formula: "W ← W − step of the base, k times\n\
                  S ← S + α_slow·(W − S),  W ← S        S = W at the start",
        params: &[
            lr(0.001),
            base::base("adam"),
            Param {
                key: "k",
                default: DefaultValue::Integer(5),
                range: Range::AtLeast(1.0),
                meaning: "steps of the base between two of the slow weights",
                search: None,
            },
            Param {
                key: "alpha",
                default: DefaultValue::Number(0.5),
                range: Range::Closed(0.0, 1.0),
                meaning: "share of the way that the slow weights go",
                search: Some(SearchRange::linear(0.0, 1.0)),
            },
        ],
        usage: "steadies a base whose rate is high",
        caution: Some("the weights jump back every k steps, and the training loss with them"),
        source: "Zhang et al. 2019",
        differs: Some("evaluated at W, which is S every k steps; the base keeps its memory then"),
    };
    const FAMILY: &'static str = super::family::AROUND;
    fn build(pick: &Pick) -> Self {
        let k = pick.number("k") as u64;
        Self { base: base::build(pick), k, alpha: pick.number("alpha") }
    }
    fn check(pick: &Pick) -> Result<(), String> {
        if base::averages(pick) {
            return Err(format!(
                "the base `{}` averages its own path and would not notice; take another",
                pick.word("base")
            ));
        }
        Ok(())
    }
}

impl<F: Precision> GroupOptimizer<F> for Lookahead<F> {
    /// The base's, and the slow weights after it.
    fn state(&self, dim: Dim) -> State<F> {
        let mut state = self.base.state(dim);
        state.tensors.push(("slow", vec![F::ZERO; dim.elements()]));
        state
    }

    fn share(&self, name: &str, dim: Dim) -> Share {
        if name == "slow" { Share::Element } else { self.base.share(name, dim) }
    }

    fn scratch(&self, dim: Dim) -> u64 {
        self.base.scratch(dim)
    }

    fn update(&self, lr: f64, group: &mut dyn Group<F>) {
        let share = F::of(self.alpha);
        group.each(&mut |Part { dim, param, grad, state }| {
            if state.step == 1
                && let Some((_, slow)) = state.tensors.last_mut()
            {
                slow.copy_from_slice(param);
            }
            self.base.update(Part { dim, param, grad, state }.update(lr));
            if state.step.is_multiple_of(self.k)
                && let Some((_, slow)) = state.tensors.last_mut()
            {
                for (slow, fast) in slow.iter_mut().zip(param) {
                    *slow = share.mul_add(*fast - *slow, *slow);
                    *fast = *slow;
                }
            }
        });
    }
}
