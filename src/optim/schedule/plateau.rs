//! A lower rate when the loss stops falling.

use super::{Moment, Schedule};
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// The rate falls by a factor when the loss has not improved for some evaluations.
#[derive(Clone, Copy, Debug)]
pub struct ReduceOnPlateau {
    factor: f64,
    patience: f64,
    threshold: f64,
    cooldown: f64,
    min_lr: f64,
}

/// What a schedule has seen of the loss.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlateauState {
    /// The smallest loss so far, infinite before the first.
    pub best: f64,
    /// Evaluations in a row without a better one.
    pub bad: f64,
    /// Evaluations still to be let pass.
    pub cooldown: f64,
}

impl Default for PlateauState {
    fn default() -> Self {
        Self { best: f64::INFINITY, bad: 0.0, cooldown: 0.0 }
    }
}

impl Describe for ReduceOnPlateau {
    const CARD: Card = Card {
        key: "reduce_on_plateau",
        title: "Reduce on plateau",
        formula: "α ← max(factor·α, min_lr)  after more evaluations in a row\n\
                  than patience without a loss < best·(1 − threshold)",
        params: &[
            Param {
                key: "factor",
                default: DefaultValue::Number(0.1),
                range: Range::HalfOpen(0.0, 1.0),
                meaning: "what the rate is multiplied by",
                search: None,
            },
            Param {
                key: "patience",
                default: DefaultValue::Integer(10),
                range: Range::AtLeast(0.0),
                meaning: "evaluations without improvement that are put up with",
                search: None,
            },
            Param {
                key: "threshold",
                default: DefaultValue::Number(1e-4),
                range: Range::HalfOpen(0.0, 1.0),
                meaning: "the share by which a loss must be lower to count as better",
                search: None,
            },
            Param {
                key: "cooldown",
                default: DefaultValue::Integer(0),
                range: Range::AtLeast(0.0),
                meaning: "evaluations after a reduction that do not count as bad",
                search: None,
            },
            Param {
                key: "min_lr",
                default: DefaultValue::Number(0.0),
                range: Range::AtLeast(0.0),
                meaning: "the smallest rate",
                search: None,
            },
        ],
        usage: "when it is not known beforehand how long a rate will help (drawn for a loss that never falls)",
        caution: Some("a noisy loss looks like a plateau: evaluate rarely, or have patience"),
        source: "torch.optim.lr_scheduler.ReduceLROnPlateau",
        differs: Some(
            "mode min and a relative threshold only; it watches the training loss at each evaluation; PyTorch leaves out reductions by less than its eps of 1e-8",
        ),
    };
    fn build(pick: &Pick) -> Self {
        Self {
            factor: pick.number("factor"),
            patience: pick.number("patience"),
            threshold: pick.number("threshold"),
            cooldown: pick.number("cooldown"),
            min_lr: pick.number("min_lr"),
        }
    }
}

impl Schedule for ReduceOnPlateau {
    fn rate(&self, at: Moment) -> f64 {
        // A rate that is below the smallest one stays: nothing here raises it.
        let floor = self.min_lr.min(at.base);
        (at.base * libm::pow(self.factor, at.reductions as f64)).max(floor)
    }

    fn reduces(&self, plateau: &mut PlateauState, loss: f64) -> bool {
        if loss < plateau.best * (1.0 - self.threshold) {
            (plateau.best, plateau.bad) = (loss, 0.0);
        } else {
            plateau.bad += 1.0;
        }
        if plateau.cooldown > 0.0 {
            plateau.cooldown -= 1.0;
            plateau.bad = 0.0;
        }
        let reduces = plateau.bad > self.patience;
        if reduces {
            (plateau.cooldown, plateau.bad) = (self.cooldown, 0.0);
        }
        reduces
    }
}
