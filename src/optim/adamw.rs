//! Adam with decoupled weight decay.

use super::adam::{AMSGRAD, Adam, BETAS, EPS};
use super::{DECAY_SEARCH, Dim, Optimizer, Present, Stability, State, Update, lr};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// Adam, with the weight itself shrunk by `lr · weight_decay` each step.
#[derive(Clone, Copy, Debug)]
pub struct AdamW(Adam);

impl Describe for AdamW {
    const CARD: Card = Card {
        key: "adamw",
        title: "AdamW",
        formula: "W ← W − α·λ·W                 λ = weight_decay\n\
                  then as Adam:  W ← W − α·m̂ / (√v̂ + ε)",
        params: &[
            lr(0.001),
            BETAS,
            EPS,
            Param {
                key: "weight_decay",
                default: DefaultValue::Number(0.01),
                range: Range::AtLeast(0.0),
                meaning: "share of the weight, times the rate, lost each step",
                search: DECAY_SEARCH,
            },
            AMSGRAD,
        ],
        usage: "Adam where weights must stay small: Transformers above all",
        caution: None,
        source: "Loshchilov & Hutter 2019",
        differs: Some("decay is multiplied by the learning rate, as PyTorch; the paper's is not"),
    };
    const TORCH: Option<&'static str> = Some("torch.optim.AdamW");
    const FAMILY: &'static str = super::family::ADAM;
    fn build(pick: &Pick) -> Self {
        Self(Adam { decoupled: true, ..Adam::build(pick) })
    }
}

impl<F: Real> Optimizer<F> for AdamW {
    fn state(&self, dim: Dim) -> State<F> {
        self.0.state(dim)
    }
    fn update(&self, update: Update<'_, F>) {
        self.0.update(update);
    }
    fn stability(&self, present: Present<'_, F>) -> Option<Stability> {
        self.0.stability(present)
    }
}
