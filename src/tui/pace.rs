//! How fast a run is allowed to go, so that it can be watched.

use std::fmt;

/// Steps a second. A small network makes its whole budget in a blink: the workbench starts at a
/// pace that spreads it over about twenty seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pace(usize);

const LADDER: [Option<f64>; 13] = [
    Some(1.0),
    Some(3.0),
    Some(10.0),
    Some(30.0),
    Some(100.0),
    Some(300.0),
    Some(1e3),
    Some(3e3),
    Some(1e4),
    Some(3e4),
    Some(1e5),
    Some(3e5),
    None,
];

impl Pace {
    /// As fast as possible.
    pub const UNLIMITED: Self = Self(LADDER.len() - 1);

    /// The pace that spreads `steps` over about twenty seconds.
    #[must_use]
    pub fn suiting(steps: u64) -> Self {
        let wanted = steps as f64 / 20.0;
        Self(LADDER.iter().rposition(|pace| pace.is_some_and(|pace| pace <= wanted)).unwrap_or(0))
    }

    /// At most so many steps a second; none if as fast as possible.
    #[must_use]
    pub const fn limit(self) -> Option<f64> {
        LADDER[self.0]
    }

    /// The next faster one.
    #[must_use]
    pub fn faster(self) -> Self {
        Self((self.0 + 1).min(LADDER.len() - 1))
    }

    /// The next slower one.
    #[must_use]
    pub const fn slower(self) -> Self {
        Self(self.0.saturating_sub(1))
    }
}

impl fmt::Display for Pace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.limit() {
            None => f.write_str("max"),
            Some(pace) if pace >= 1000.0 => write!(f, "{}k/s", pace / 1000.0),
            Some(pace) => write!(f, "{pace}/s"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_takes_a_while_but_not_long() {
        for steps in [20, 500, 2_000, 20_000, 1_000_000] {
            let Some(pace) = Pace::suiting(steps).limit() else { unreachable!() };
            let seconds = steps as f64 / pace;
            assert!((19.0..=70.0).contains(&seconds), "{steps} steps take {seconds} s");
        }
    }
}
