//! The identity of one run of a plan.

/// One run of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Trial {
    /// Index of the arm.
    pub arm: usize,
    /// What it is run for.
    pub phase: Phase,
    /// The settings that it is run at, by their place among the arm's candidates.
    pub candidate: i32,
    /// The seed of all its randomness.
    pub seed: u64,
}

/// What a run is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// To find the best candidate, in this round; there is only one unless a time budget is halved.
    Tuning(usize),
    /// To show how an arm whose settings are searched does without: at its own, on the seeds that judge it.
    Defaults,
    /// To judge the arm at its best candidate.
    Final,
}

impl Phase {
    /// Its name in results and tables, the same for all rounds of tuning.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tuning(_) => "tuning",
            Self::Defaults => "defaults",
            Self::Final => "final",
        }
    }
}
