//! The time that work takes which goes on through many observations.

use std::time::{Duration, Instant};

/// The shortest and the longest time that it takes at once, as far as one part of it allows.
const AT_ONCE: (Duration, Duration) = (Duration::from_millis(2), Duration::from_millis(25));

/// How much of the observer's time some work may take.
#[derive(Debug)]
pub(super) enum Slices {
    /// A share of the time between observations: one in so many, counted from the end of the last
    /// slice.
    Shared { one_in: u32, rested: Instant },
    /// All at once, but for at most so many parts: what is found does not depend on time.
    AtOnce { parts: usize },
}

/// A slice of time that is being used.
#[derive(Debug)]
pub(super) struct Slice {
    begun: Instant,
    budget: Option<Duration>,
    parts: usize,
}

impl Slices {
    /// One in so many parts of the time from now on.
    pub fn one_in(one_in: u32) -> Self {
        Self::Shared { one_in, rested: Instant::now() }
    }

    /// Begins a slice.
    pub fn begin(&self) -> Slice {
        let begun = Instant::now();
        match self {
            Self::Shared { one_in, rested } => {
                let spare = (begun - *rested) / *one_in;
                let budget = Some(spare.clamp(AT_ONCE.0, AT_ONCE.1));
                Slice { begun, budget, parts: usize::MAX }
            }
            Self::AtOnce { parts } => Slice { begun, budget: None, parts: *parts },
        }
    }

    /// Ends the slice that was begun last.
    pub fn end(&mut self) {
        if let Self::Shared { rested, .. } = self {
            *rested = Instant::now();
        }
    }
}

impl Slice {
    /// Notes that a part of the work is done. Returns whether the slice is over.
    pub fn part_done(&mut self) -> bool {
        self.parts = self.parts.saturating_sub(1);
        self.budget.map_or(self.parts == 0, |budget| self.begun.elapsed() >= budget)
    }
}
