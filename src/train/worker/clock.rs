//! When things are due.

use std::time::Instant;

/// When things are due.
pub(super) struct Clock {
    pub posted: Instant,
    pub window: (Instant, u64),
    pub speed: Option<f64>,
    /// Since when, and from which step on, the pace has been kept.
    pub paced: (Instant, u64),
    /// Steps left before the clock is looked at again.
    pub patience: u64,
}

impl Clock {
    pub fn new(step: u64) -> Self {
        let now = Instant::now();
        Self { posted: now, window: (now, step), speed: None, paced: (now, step), patience: 0 }
    }
}
