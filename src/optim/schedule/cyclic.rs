//! Cyclical rates.

use super::{Moment, Schedule, given, length};
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// Up and down between two rates.
#[derive(Clone, Copy, Debug)]
pub struct Cyclic {
    base_lr: Option<f64>,
    max_lr: Option<f64>,
    up: f64,
    down: f64,
    mode: Mode,
}

/// How the height of a cycle changes.
#[derive(Clone, Copy, Debug)]
enum Mode {
    Triangular,
    Triangular2,
    /// With the factor of each step.
    ExpRange(f64),
}

impl Describe for Cyclic {
    const CARD: Card = Card {
        key: "cyclic",
        title: "Cyclical (triangular)",
        formula: "α from base_lr up to max_lr in step_size_up, then down again\n\
                  triangular2: half as high each cycle;  exp_range: γᵗ",
        params: &[
            Param {
                key: "base_lr",
                default: DefaultValue::Number(0.0),
                range: Range::AtLeast(0.0),
                meaning: "the lower end; 0: a tenth of the rate that is set",
                search: None,
            },
            Param {
                key: "max_lr",
                default: DefaultValue::Number(0.0),
                range: Range::AtLeast(0.0),
                meaning: "the upper end; 0: the rate that is set",
                search: None,
            },
            Param {
                key: "step_size_up",
                default: DefaultValue::Integer(2000),
                range: Range::AtLeast(1.0),
                meaning: "steps from the lower to the upper end",
                search: None,
            },
            length("step_size_down", "steps back; 0: as many"),
            Param {
                key: "mode",
                default: DefaultValue::Word("triangular"),
                range: Range::OneOf(&["triangular", "triangular2", "exp_range"]),
                meaning: "how the height of a cycle changes",
                search: None,
            },
            Param {
                key: "gamma",
                default: DefaultValue::Number(1.0),
                range: Range::AtLeast(0.0),
                meaning: "factor of the height at each step, with exp_range",
                search: None,
            },
        ],
        usage: "to see which rates a network bears, and to leave sharp minima again",
        caution: None,
        source: "Smith 2017; torch.optim.lr_scheduler.CyclicLR",
        differs: Some(
            "the momentum is not cycled; base_lr and max_lr replace the optimizer's rate as in PyTorch, and a layer's own rate keeps its ratio to that",
        ),
    };
    fn build(pick: &Pick) -> Self {
        let up = pick.number("step_size_up");
        Self {
            base_lr: given(pick, "base_lr"),
            max_lr: given(pick, "max_lr"),
            up,
            down: given(pick, "step_size_down").unwrap_or(up),
            mode: match pick.word("mode") {
                "triangular2" => Mode::Triangular2,
                "exp_range" => Mode::ExpRange(pick.number("gamma")),
                _ => Mode::Triangular,
            },
        }
    }
    fn check(pick: &Pick) -> Result<(), String> {
        match (given(pick, "base_lr"), given(pick, "max_lr")) {
            (Some(low), Some(high)) if low > high => {
                Err(format!("base_lr is the lower end: at most the max_lr of {high}"))
            }
            _ => Ok(()),
        }
    }
}

impl Schedule for Cyclic {
    fn rate(&self, at: Moment) -> f64 {
        let low = self.base_lr.unwrap_or(at.base / 10.0);
        let high = self.max_lr.unwrap_or(at.base);
        let step = at.step as f64;
        let period = self.up + self.down;
        let (cycle, place) = ((step / period).floor(), step % period);
        let height = if place <= self.up { place / self.up } else { (period - place) / self.down };
        let scale = match self.mode {
            Mode::Triangular => 1.0,
            Mode::Triangular2 => libm::exp2(-cycle),
            Mode::ExpRange(gamma) => libm::pow(gamma, step),
        };
        low + (high - low) * height * scale
    }
}
