//! A walker that is watched: it keeps as much of its path as can be drawn.

use super::{Descent, Outcome, StepTrace};
use crate::experiment::walk::{self, Walk, WalkerSpec};
use crate::surface::Point;

/// The most steps of a walker that is watched.
pub const MOST_STEPS: u64 = 100_000;
const _: () = assert!(MOST_STEPS <= walk::MOST_STEPS);
/// Places of a path that are kept: beyond, every second one is dropped.
const KEPT: usize = 4096;

/// A walker under way, in bounded memory.
#[derive(Debug)]
pub struct Walker {
    descent: Descent,
    /// Where it stood after every `stride` steps, from the start on, and last where it stands.
    points: Vec<(f64, f64)>,
    /// The heights there.
    heights: Vec<f64>,
    stride: u64,
    outcome: Outcome,
    last: Option<StepTrace>,
}

impl Walker {
    /// Walker `spec` of `walk`, at the start.
    #[must_use]
    pub fn new(walk: &Walk, spec: &WalkerSpec) -> Self {
        let descent = Descent::new(walk, spec);
        let ([x, y], height) = (descent.at(), descent.height());
        Self {
            descent,
            points: vec![(x, y)],
            heights: vec![height],
            stride: 1,
            outcome: Outcome::at_start(walk),
            last: None,
        }
    }

    /// Walks up to `count` steps; returns how many it did.
    pub fn advance(&mut self, count: u64) -> u64 {
        let first = self.steps();
        let until = (first + count).min(MOST_STEPS);
        while self.steps() < until && !self.rests() {
            self.last = Some(self.descent.traced_step());
            let (at, height) = (self.descent.at(), self.descent.height());
            self.outcome.see(self.steps(), at, height);
            self.keep(at, height);
        }
        self.steps() - first
    }

    fn keep(&mut self, [x, y]: Point, height: f64) {
        // The place before stays if it is one of those at whole strides.
        if !(self.steps() - 1).is_multiple_of(self.stride) {
            self.points.pop();
            self.heights.pop();
        }
        if self.points.len() == KEPT {
            halve(&mut self.points);
            halve(&mut self.heights);
            self.stride *= 2;
        }
        self.points.push((x, y));
        self.heights.push(height);
    }

    /// Whether it goes no farther: it has diverged, or made [`MOST_STEPS`].
    #[must_use]
    pub fn rests(&self) -> bool {
        self.outcome.diverged.is_some() || self.steps() >= MOST_STEPS
    }

    /// Steps made.
    #[must_use]
    pub const fn steps(&self) -> u64 {
        self.descent.steps
    }

    /// The rate of the next step.
    #[must_use]
    pub fn rate(&self) -> f64 {
        self.descent.rate()
    }

    /// The height where it stands.
    #[must_use]
    pub fn height(&self) -> f64 {
        self.descent.height()
    }

    /// Its path as far as it is kept, from the start to where it stands.
    #[must_use]
    pub fn points(&self) -> &[(f64, f64)] {
        &self.points
    }

    /// Steps and heights along its path as far as it is kept.
    pub fn heights(&self) -> impl Iterator<Item = (u64, f64)> {
        let (stride, steps) = (self.stride, self.steps());
        let step = move |index: usize| (index as u64 * stride).min(steps);
        self.heights.iter().enumerate().map(move |(index, height)| (step(index), *height))
    }

    /// What became of it so far.
    #[must_use]
    pub const fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    /// The arithmetic of its last step; none at the start.
    #[must_use]
    pub const fn last(&self) -> Option<&StepTrace> {
        self.last.as_ref()
    }
}

/// Drops every second of `kept`; the first stays.
fn halve<T>(kept: &mut Vec<T>) {
    let mut odd = false;
    kept.retain(|_| {
        odd = !odd;
        odd
    });
}
