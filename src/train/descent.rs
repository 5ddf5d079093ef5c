//! Optimizers on a test surface, by the very code that trains networks.

mod noise;
mod outcome;
mod trace;
mod walker;

use self::noise::Noise;
pub use self::outcome::{Outcome, REACH};
pub use self::trace::{Memory, StepTrace};
pub use self::walker::{MOST_STEPS, Walker};
use crate::catalog;
use crate::experiment::walk::{Walk, WalkerSpec};
use crate::optim::schedule::Scheduler;
use crate::optim::{Dim, Rule, State};
use crate::spec::Pick;
use crate::surface::{Point, Surface};

/// A walk down a surface: the point is one parameter, a row of two elements.
#[derive(Debug)]
pub struct Descent {
    surface: Box<dyn Surface>,
    rule: Rule<f64>,
    scheduler: Scheduler,
    /// Whether the schedule goes by the height.
    watched: bool,
    noise: Noise,
    at: Point,
    grad: Point,
    state: State<f64>,
    /// Steps made.
    steps: u64,
}

/// Rows and columns of a point.
const DIM: Dim = Dim::Vector(2);

impl Descent {
    /// Walker `spec` of `walk`, ready at the start.
    #[must_use]
    pub fn new(walk: &Walk, spec: &WalkerSpec) -> Self {
        let WalkerSpec { optimizer, schedule } = spec;
        let rule = catalog::optimizer(optimizer).build::<f64>(optimizer);
        let state = rule.state(DIM);
        let entry = catalog::schedule(schedule);
        let lr = optimizer.number("lr");
        Self {
            surface: catalog::surface(&walk.surface).build(&walk.surface),
            rule,
            scheduler: Scheduler::new(entry.build(schedule), lr, walk.steps),
            watched: entry.watches_loss,
            noise: Noise { sigma: walk.noise, seed: walk.seed },
            at: walk.start,
            grad: [0.0; 2],
            state,
            steps: 0,
        }
    }

    /// The rate of the next step.
    #[must_use]
    pub fn rate(&self) -> f64 {
        self.scheduler.rate(self.steps)
    }

    /// Takes one step; returns the height it saw.
    pub fn step(&mut self) -> f64 {
        self.step_seeing(&mut |_| {})
    }

    /// Takes one step, and shows each gradient that its rule takes.
    fn step_seeing(&mut self, see: &mut dyn FnMut(Point)) -> f64 {
        let (surface, from, rate) = (&self.surface, self.at, self.rate());
        let noise = self.noise.at(self.steps);
        let mut objective = |at: &[f64], grad: &mut [f64]| {
            let at = [at[0], at[1]];
            let mut slope = surface.gradient(at);
            let mut height = surface.value(at);
            // The noise of a step tilts the whole surface, as another mini-batch would: a rule that
            // evaluates it several times finds height and gradient in agreement.
            if let Some(noise) = noise {
                for k in 0..2 {
                    slope[k] += noise[k];
                    height += noise[k] * (at[k] - from[k]);
                }
            }
            see(slope);
            grad.copy_from_slice(&slope);
            height
        };
        let here = (self.at.as_mut_slice(), self.grad.as_mut_slice());
        let seen = self.rule.descend(rate, DIM, here, &mut self.state, &mut objective);
        self.steps += 1;
        if self.watched {
            self.scheduler.observe(self.steps, self.surface.value(self.at));
        }
        seen
    }

    /// Where it stands: where the next step takes the gradient.
    #[must_use]
    pub const fn at(&self) -> Point {
        self.at
    }

    /// The height where it stands.
    #[must_use]
    pub fn height(&self) -> f64 {
        self.surface.value(self.at)
    }

    /// Where it is to be evaluated: elsewhere for a rule that averages its path.
    #[must_use]
    pub fn evaluated(&self) -> Point {
        match self.rule.evaluated(&self.state) {
            Some(&[x, y]) => [x, y],
            _ => self.at,
        }
    }
}

/// A whole path.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// Where it started.
    pub start: Point,
    /// Where it stood after each step; it ends early with the first place that is not finite.
    pub points: Vec<Point>,
    /// The height that each step saw.
    pub losses: Vec<f64>,
    /// Where it ended: the last point, or where the rule says it is to be evaluated.
    pub end: Point,
    /// What became of it.
    pub outcome: Outcome,
}

impl Path {
    /// Walks `steps` steps of one optimizer from `start`, without noise.
    #[must_use]
    pub fn walk(surface: &Pick, optimizer: &Pick, start: Point, steps: usize) -> Self {
        let walker = WalkerSpec::from(optimizer.clone());
        let walk = Walk { start, steps: steps as u64, ..Walk::new(surface.clone(), Vec::new()) };
        Self::of(&walk, &walker)
    }

    /// Walks walker `spec` of `walk` to the end.
    #[must_use]
    pub fn of(walk: &Walk, spec: &WalkerSpec) -> Self {
        let mut descent = Descent::new(walk, spec);
        let (mut points, mut losses) = (Vec::new(), Vec::new());
        let mut outcome = Outcome::at_start(walk);
        while descent.steps < walk.steps && outcome.diverged.is_none() {
            losses.push(descent.step());
            points.push(descent.at());
            outcome.see(descent.steps, descent.at(), descent.height());
        }
        Self { start: walk.start, points, losses, end: descent.evaluated(), outcome }
    }
}

#[cfg(test)]
mod tests;
