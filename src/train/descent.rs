//! An optimizer on a test surface, by the very code that trains networks.

use crate::catalog;
use crate::optim::{Dim, Rule, State};
use crate::spec::Pick;
use crate::surface::{Point, Surface};

/// A walk down a surface: the point is one parameter, a row of two elements.
#[derive(Debug)]
pub struct Descent {
    surface: Box<dyn Surface>,
    rule: Rule<f64>,
    lr: f64,
    at: Point,
    grad: Point,
    state: State<f64>,
}

/// Rows and columns of a point.
const DIM: Dim = Dim::Vector(2);

impl Descent {
    /// Ready at `start`.
    #[must_use]
    pub fn new(surface: &Pick, optimizer: &Pick, start: Point) -> Self {
        let rule = catalog::optimizer(optimizer).build::<f64>(optimizer);
        let state = rule.state(DIM);
        let surface = catalog::surface(surface).build(surface);
        Self { surface, rule, lr: optimizer.number("lr"), at: start, grad: [0.0; 2], state }
    }

    /// Takes one step; returns the height it saw.
    pub fn step(&mut self) -> f64 {
        let surface = &self.surface;
        let mut objective = |at: &[f64], grad: &mut [f64]| {
            let at = [at[0], at[1]];
            grad.copy_from_slice(&surface.gradient(at));
            surface.value(at)
        };
        let here = (self.at.as_mut_slice(), self.grad.as_mut_slice());
        self.rule.descend(self.lr, DIM, here, &mut self.state, &mut objective)
    }

    /// Where it stands: where the next step takes the gradient.
    #[must_use]
    pub const fn at(&self) -> Point {
        self.at
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

/// A whole walk.
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
    /// The step after which place or height were not finite, if any.
    pub diverged: Option<usize>,
}

impl Path {
    /// Walks `steps` steps from `start`.
    #[must_use]
    pub fn walk(surface: &Pick, optimizer: &Pick, start: Point, steps: usize) -> Self {
        let mut descent = Descent::new(surface, optimizer, start);
        let (mut points, mut losses, mut diverged) = (Vec::new(), Vec::new(), None);
        while points.len() < steps && diverged.is_none() {
            losses.push(descent.step());
            points.push(descent.at());
            let finite = descent.surface.value(descent.at()).is_finite();
            diverged = (!finite).then_some(points.len());
        }
        Self { start, points, losses, end: descent.evaluated(), diverged }
    }
}
