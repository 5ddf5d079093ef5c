//! The walkers of a walk under way, at a pace.

use std::fmt;
use std::time::{Duration, Instant};

use crate::experiment::walk::Walk;
use crate::train::descent::{MOST_STEPS, Walker};
use crate::tui::screen::{WalkState, WalkerState};

/// The shortest time between two moves: no screen shows more.
const TICK: Duration = Duration::from_millis(33);
/// What is walked at one time is at most what takes this long: time that was missed is not caught up.
const MISSED: Duration = Duration::from_millis(250);

/// Steps a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace(usize);

const PACES: [u32; 11] = [1, 2, 5, 10, 20, 60, 120, 300, 600, 1200, 3000];

impl Default for Pace {
    /// 60 steps a second.
    fn default() -> Self {
        Self(5)
    }
}

impl Pace {
    fn steps(self) -> f64 {
        f64::from(PACES[self.0])
    }
}

impl fmt::Display for Pace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/s", PACES[self.0])
    }
}

/// A walk and its walkers. Where they are after so many steps does not depend on the pace.
#[derive(Debug)]
pub struct Simulation {
    walk: Walk,
    walkers: Vec<Walker>,
    /// Steps made by those that did not stop before.
    steps: u64,
    /// The step at which it pauses by itself.
    until: u64,
    running: bool,
    pace: Pace,
    /// When it was moved last; none since it was paused or hidden.
    last: Option<Instant>,
    /// A part of a step that was due and has not been made.
    owed: f64,
    /// Whether its last step was made by hand, to be looked at.
    stepped: bool,
}

impl Simulation {
    /// A walk at its start, walking.
    #[must_use]
    pub fn new(walk: Walk) -> Self {
        let mut simulation = Self {
            walkers: Vec::new(),
            steps: 0,
            until: 0,
            running: true,
            pace: Pace::default(),
            last: None,
            owed: 0.0,
            stepped: false,
            walk,
        };
        simulation.reset();
        simulation
    }

    /// The walk.
    #[must_use]
    pub const fn walk(&self) -> &Walk {
        &self.walk
    }

    /// The walkers, in the order of the walk.
    #[must_use]
    pub fn walkers(&self) -> &[Walker] {
        &self.walkers
    }

    /// Steps made.
    #[must_use]
    pub const fn steps(&self) -> u64 {
        self.steps
    }

    /// The pace.
    #[must_use]
    pub const fn pace(&self) -> Pace {
        self.pace
    }

    /// Whether it moves by itself.
    #[must_use]
    pub const fn is_running(&self) -> bool {
        self.running
    }

    /// Whether its last step was made by hand.
    #[must_use]
    pub const fn is_stepped(&self) -> bool {
        self.stepped
    }

    /// Whether none of the walkers goes any farther.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.walkers.iter().all(Walker::rests)
    }

    /// How it stands.
    #[must_use]
    pub fn state(&self) -> WalkState {
        let walker = |walker: &Walker| {
            let at = walker.points().last().map_or([f64::NAN; 2], |(x, y)| [*x, *y]);
            WalkerState { at, height: walker.height(), arrived: walker.outcome().arrived }
        };
        let ended = self.steps >= self.walk.steps || self.steps > 0 && self.is_over();
        WalkState {
            over: ended && !self.running,
            under_way: self.running.then_some(self.steps),
            walkers: self.walkers.iter().map(walker).collect(),
        }
    }

    /// Back to the start; it goes on walking if it did.
    pub fn reset(&mut self) {
        self.walkers = self.walk.walkers.iter().map(|spec| Walker::new(&self.walk, spec)).collect();
        (self.steps, self.owed, self.last, self.stepped) = (0, 0.0, None, false);
        self.until = self.walk.steps.min(MOST_STEPS);
    }

    /// Takes up another walk, and walks it from the start.
    pub fn take(&mut self, walk: Walk) {
        self.walk = walk;
        self.reset();
        self.running = true;
    }

    /// Pauses, or walks; from the end of the walk on for as long again.
    pub fn toggle(&mut self) {
        self.running = !self.running && !self.is_over();
        if self.running && self.steps >= self.until {
            self.until = (self.until + self.walk.steps).min(MOST_STEPS);
        }
        (self.last, self.stepped) = (None, false);
    }

    /// One step of all, then a pause.
    pub fn step(&mut self) {
        self.pause();
        self.advance(1);
        self.until = self.until.max(self.steps);
        self.stepped = true;
    }

    /// Pauses.
    pub const fn pause(&mut self) {
        self.running = false;
        self.last = None;
    }

    /// Is told that time passes unseen.
    pub const fn hide(&mut self) {
        self.last = None;
    }

    /// The next faster pace, or the one before.
    pub fn set_pace(&mut self, faster: bool) {
        let Pace(index) = self.pace;
        let next = if faster { index + 1 } else { index.saturating_sub(1) };
        self.pace = Pace(next.min(PACES.len() - 1));
    }

    /// When it is to move next.
    #[must_use]
    pub fn due(&self) -> Option<Instant> {
        let step = Duration::from_secs_f64(1.0 / self.pace.steps());
        let next = || self.last.map_or_else(Instant::now, |last| last + step.max(TICK));
        self.running.then(next)
    }

    /// Moves as far as the pace asks for by now. Returns whether it did, or paused.
    pub fn tick(&mut self, now: Instant) -> bool {
        let Some(last) = self.last.filter(|_| self.running) else {
            // From here on time counts.
            self.last = self.running.then_some(now);
            return false;
        };
        if self.due().is_none_or(|due| due > now) {
            return false;
        }
        let passed = now.saturating_duration_since(last);
        self.last = Some(now);
        let step = Duration::from_secs_f64(1.0 / self.pace.steps());
        self.owed += passed.min(MISSED.max(step)).as_secs_f64() * self.pace.steps();
        let whole = self.owed.floor();
        self.owed -= whole;
        self.advance((whole as u64).min(self.until - self.steps));
        if self.steps >= self.until || self.is_over() {
            self.pause();
            return true;
        }
        whole > 0.0
    }

    fn advance(&mut self, count: u64) {
        let made = self.walkers.iter_mut().map(|walker| walker.advance(count)).max();
        self.steps += made.unwrap_or(0);
    }
}
