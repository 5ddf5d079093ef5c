//! Decay at chosen steps.

use super::{Moment, Schedule, gamma};
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// The rate falls by a factor at each milestone.
#[derive(Clone, Debug)]
pub struct MultiStep {
    milestones: Vec<f64>,
    gamma: f64,
}

/// Where the milestones are, as shares of the run, when none are given.
const SHARES: [f64; 2] = [0.5, 0.75];

impl Describe for MultiStep {
    const CARD: Card = Card {
        key: "multi_step",
        title: "Multi-step decay",
        formula: "α = α₀·γᵏ,  k = milestones reached (≤ t)",
        params: &[
            Param {
                key: "milestones",
                default: DefaultValue::Series(&[]),
                range: Range::AtLeast(0.0),
                meaning: "the steps at which it falls; none: at 1/2 and 3/4 of the run",
                search: None,
            },
            gamma(0.1),
        ],
        usage: "to repeat a paper that states when the rate falls, as most on CIFAR do",
        caution: Some("the milestones that suit one length of a run do not suit another"),
        source: "torch.optim.lr_scheduler.MultiStepLR",
        differs: Some("milestones are steps, not epochs"),
    };
    fn build(pick: &Pick) -> Self {
        Self { milestones: pick.list("milestones").to_vec(), gamma: pick.number("gamma") }
    }
    fn check(pick: &Pick) -> Result<(), String> {
        match pick.list("milestones").iter().find(|milestone| milestone.fract() != 0.0) {
            None => Ok(()),
            Some(x) => {
                Err(format!("a milestone is a whole number of steps: {} for {x}", x.round()))
            }
        }
    }
}

impl Schedule for MultiStep {
    fn rate(&self, at: Moment) -> f64 {
        let step = at.step as f64;
        let reached = if self.milestones.is_empty() {
            SHARES.iter().filter(|&&share| share * at.budget as f64 <= step).count()
        } else {
            self.milestones.iter().filter(|&&milestone| milestone <= step).count()
        };
        at.base * libm::pow(self.gamma, reached as f64)
    }
}
