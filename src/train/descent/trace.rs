//! The arithmetic of one step.

use super::{DIM, Descent};
use crate::optim::{Share, State};
use crate::surface::Point;

/// What one step did, with the numbers that it went by.
#[derive(Clone, Debug, PartialEq)]
pub struct StepTrace {
    /// Its number, from 1.
    pub step: u64,
    /// Where it began.
    pub from: Point,
    /// Where it ended.
    pub to: Point,
    /// The gradient where it began, with the noise of the step.
    pub gradient: Point,
    /// The noise in it, if there is any.
    pub noise: Option<Point>,
    /// The gradient that the rule took last, and how many it took, if it took several.
    pub last_of: Option<(Point, usize)>,
    /// The rate.
    pub rate: f64,
    /// What the rule remembers, by name, before and after.
    pub memory: Vec<(&'static str, Memory)>,
}

/// What a rule remembers, before and after a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Memory {
    /// A number for each coordinate.
    Point(Point, Point),
    /// Numbers that belong to no single coordinate: how many after the step, and their norm before and
    /// after.
    Whole(usize, (f64, f64)),
    /// One number.
    Scalar((f64, f64)),
}

impl StepTrace {
    /// Where plain gradient descent would have gone: W − α·∇L.
    #[must_use]
    pub fn plain(&self) -> Point {
        [0, 1].map(|k| self.from[k] - self.rate * self.gradient[k])
    }
}

impl Descent {
    /// Takes one step and tells what it did. The step is the same as that of [`Descent::step`].
    pub fn traced_step(&mut self) -> StepTrace {
        let (from, rate, before) = (self.at, self.rate(), self.state.clone());
        let noise = self.noise.at(self.steps);
        let mut gradients = (0, [f64::NAN; 2], [f64::NAN; 2]);
        self.step_seeing(&mut |gradient| {
            let (count, first, _) = gradients;
            gradients = (count + 1, if count == 0 { gradient } else { first }, gradient);
        });
        let (count, gradient, last) = gradients;
        StepTrace {
            step: self.steps,
            from,
            to: self.at,
            gradient,
            noise,
            last_of: (count > 1).then_some((last, count)),
            rate,
            memory: self.memory(&before),
        }
    }

    /// What the rule remembers, before and after.
    fn memory(&self, before: &State<f64>) -> Vec<(&'static str, Memory)> {
        let norm = |of: &[f64]| of.iter().map(|x| x * x).sum::<f64>().sqrt();
        let tensors = self.state.tensors.iter().map(|(name, after)| {
            let before = before.tensor(name).unwrap_or_default();
            let own = self.rule.share(name, DIM) == Share::Element;
            let memory = match (before, after.as_slice()) {
                (&[a, b], &[c, d]) if own => Memory::Point([a, b], [c, d]),
                _ => Memory::Whole(after.len(), (norm(before), norm(after))),
            };
            (*name, memory)
        });
        let scalars = self.state.scalars.iter().map(|(name, after)| {
            let before = before.scalars.iter().find(|(its, _)| its == name);
            (*name, Memory::Scalar((before.map_or(0.0, |(_, value)| *value), *after)))
        });
        tensors.chain(scalars).collect()
    }
}
