//! No schedule.

use super::{Moment, Schedule};
use crate::spec::{Card, Describe, Pick};

/// The rate that was set, always.
#[derive(Clone, Copy, Debug)]
pub struct NoSchedule;

impl Describe for NoSchedule {
    const CARD: Card = Card {
        key: "none",
        title: "No schedule",
        formula: "α = α₀",
        params: &[],
        usage: "while a good rate is being looked for, and with schedule-free optimizers",
        caution: None,
        source: "the default",
        differs: None,
    };
    fn build(_pick: &Pick) -> Self {
        Self
    }
}

impl Schedule for NoSchedule {
    fn rate(&self, at: Moment) -> f64 {
        at.base
    }
}
