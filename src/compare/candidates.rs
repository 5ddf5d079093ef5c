//! What an arm is tuned over.

use std::ops::RangeInclusive;

use super::search::Search;
use crate::experiment::Grid;

/// The settings that an arm is tuned over. Each choice of them is a candidate, which has a place.
#[derive(Clone, Debug)]
pub enum Candidates {
    /// Learning rates, by their places on a grid.
    Rates(Grid),
    /// Settings that are searched together, by the number of the trial: 0 is the arm as it is.
    Search(Search),
}

impl Candidates {
    /// The places that are tried in any case.
    #[must_use]
    pub fn start(&self) -> RangeInclusive<i32> {
        match self {
            Self::Rates(grid) => grid.start(),
            Self::Search(search) => 0..=search.len() as i32 - 1,
        }
    }

    /// All places that may be tried.
    #[must_use]
    pub fn reach(&self) -> RangeInclusive<i32> {
        match self {
            Self::Rates(grid) => grid.reach(),
            Self::Search(_) => self.start(),
        }
    }

    /// The number of candidates that are tried in any case.
    #[must_use]
    pub fn points(&self) -> usize {
        self.start().count()
    }

    /// Whether it reaches farther than it starts.
    #[must_use]
    pub fn extends(&self) -> bool {
        self.reach() != self.start()
    }

    /// The search, if it is one.
    #[must_use]
    pub const fn search(&self) -> Option<&Search> {
        match self {
            Self::Search(search) => Some(search),
            Self::Rates(_) => None,
        }
    }

    /// `places` in the order in which they are best run. Rates go from the middle out, since good ones are
    /// more often there and a first ranking should not be of the smallest.
    pub(super) fn ordered(&self, places: RangeInclusive<i32>) -> Vec<i32> {
        let ends = *places.start() + *places.end();
        let mut order: Vec<i32> = places.collect();
        if let Self::Rates(_) = self {
            order.sort_by_key(|&place| ((2 * place - ends).abs(), place));
        }
        order
    }
}
