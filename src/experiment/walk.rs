//! Walks: optimizers that go down one test surface together, from one start.

use std::fmt;
use std::str::FromStr;

use crate::catalog::{self, Kind};
use crate::spec::{Pick, PickError};
use crate::surface::Point;
use crate::text::Untrusted;

pub mod preset;
mod read;

pub use preset::WALKS;
pub use read::parse;
pub(super) use read::walk as read_walk;

/// A walk. Two that are equal give the same paths, bit for bit.
#[derive(Clone, Debug, PartialEq)]
pub struct Walk {
    /// Its name; may be empty.
    pub title: Untrusted,
    /// What to look at; may be empty.
    pub about: Untrusted,
    /// The surface.
    pub surface: Pick,
    /// Where all walkers start.
    pub start: Point,
    /// σ of the noise on both coordinates of the gradient, the same for all walkers.
    pub noise: f64,
    /// The seed of the noise.
    pub seed: u64,
    /// The length of the schedules, and how many steps are walked.
    pub steps: u64,
    /// The walkers, from 1 to [`MOST_WALKERS`].
    pub walkers: Vec<WalkerSpec>,
}

/// The most walkers on one surface.
pub const MOST_WALKERS: usize = 6;
/// The most steps of a walk.
pub const MOST_STEPS: u64 = 1_000_000;
/// The steps of a walk that says nothing else.
pub const STEPS: u64 = 200;

impl Walk {
    /// A walk of `walkers` from the usual start of `surface`, without noise.
    #[must_use]
    pub fn new(surface: Pick, walkers: Vec<WalkerSpec>) -> Self {
        let start = catalog::surface(&surface).scene.start;
        Self {
            title: Untrusted::default(),
            about: Untrusted::default(),
            surface,
            start,
            noise: 0.0,
            seed: 0,
            steps: STEPS,
            walkers,
        }
    }
}

/// An optimizer that walks, with the course of its rate.
///
/// As text it is an optimizer as everywhere, and perhaps a schedule: `sgd:lr=0.1/schedule=cosine`.
#[derive(Clone, Debug, PartialEq)]
pub struct WalkerSpec {
    /// The optimizer.
    pub optimizer: Pick,
    /// The schedule of its rate over the steps of the walk.
    pub schedule: Pick,
}

/// What stands between an optimizer and its schedule.
const SCHEDULE: &str = "/schedule=";

impl From<Pick> for WalkerSpec {
    fn from(optimizer: Pick) -> Self {
        Self { optimizer, schedule: Pick::new(Kind::Schedule.cards()[0]) }
    }
}

impl WalkerSpec {
    /// Whether its rate is the same at all steps.
    #[must_use]
    pub fn is_steady(&self) -> bool {
        self.schedule.key() == Kind::Schedule.cards()[0].key
    }
}

impl FromStr for WalkerSpec {
    type Err = PickError;
    fn from_str(text: &str) -> std::result::Result<Self, PickError> {
        let (optimizer, schedule) = match text.split_once('/') {
            None => (text, None),
            Some((optimizer, rest)) => match rest.strip_prefix(&SCHEDULE[1..]) {
                Some(schedule) => (optimizer, Some(schedule)),
                None => return Err(PickError::Syntax { given: format!("/{rest}") }),
            },
        };
        let walker = Self::from(Kind::Optimizer.parse(optimizer)?);
        Ok(match schedule {
            Some(schedule) => Self { schedule: Kind::Schedule.parse(schedule)?, ..walker },
            None => walker,
        })
    }
}

impl fmt::Display for WalkerSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.optimizer)?;
        if self.is_steady() { Ok(()) } else { write!(f, "{SCHEDULE}{}", self.schedule) }
    }
}

/// The walk that the program opens with.
///
/// # Panics
/// If that preset is not valid, which a test sees to.
#[must_use]
pub fn standard() -> Walk {
    match WALKS.find(preset::DEFAULT) {
        Ok(shipped) => shipped.get().clone(),
        Err(error) => unreachable!("{error}"),
    }
}

#[cfg(test)]
mod tests;
