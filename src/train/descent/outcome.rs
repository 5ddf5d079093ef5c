//! What became of a walker.

use crate::catalog;
use crate::experiment::walk::Walk;
use crate::surface::Point;

/// How near to a minimum a walker must stay to have arrived, as a share of the longer side of the
/// surface's usual map. A rule of thumb: about what can be told apart on the map.
pub const REACH: f64 = 0.01;

/// What became of a walker so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The step from which on it has been near a minimum without a break, if it is.
    pub arrived: Option<u64>,
    /// The step from which on it has been off the surface's usual map, if it is.
    pub left: Option<u64>,
    /// The step after which place or height were not finite, if any.
    pub diverged: Option<u64>,
    minima: &'static [Point],
    x: (f64, f64),
    y: (f64, f64),
}

impl Outcome {
    /// Nothing yet, at the start of `walk`.
    #[must_use]
    pub fn at_start(walk: &Walk) -> Self {
        let scene = &catalog::surface(&walk.surface).scene;
        let (x, y, minima) = (scene.x, scene.y, scene.minima);
        let mut outcome = Self { arrived: None, left: None, diverged: None, minima, x, y };
        let built = catalog::surface(&walk.surface).build(&walk.surface);
        outcome.see(0, walk.start, built.value(walk.start));
        outcome
    }

    /// Whether there is a minimum to arrive at.
    #[must_use]
    pub const fn has_minimum(&self) -> bool {
        !self.minima.is_empty()
    }

    /// How near to a minimum is near enough.
    #[must_use]
    pub fn reach(&self) -> f64 {
        REACH * (self.x.1 - self.x.0).max(self.y.1 - self.y.0)
    }

    /// Takes in where a walker stands after `step` steps, at which height.
    pub fn see(&mut self, step: u64, at: Point, height: f64) {
        let [x, y] = at;
        let reach = self.reach();
        let near = |minimum: &Point| libm::hypot(x - minimum[0], y - minimum[1]) <= reach;
        let inside = |(low, high): (f64, f64), at: f64| low <= at && at <= high;
        let since =
            |state: Option<u64>, holds: bool| if holds { state.or(Some(step)) } else { None };
        self.arrived = since(self.arrived, self.minima.iter().any(near));
        self.left = since(self.left, !(inside(self.x, x) && inside(self.y, y)));
        if !(x.is_finite() && y.is_finite() && height.is_finite()) {
            self.diverged = self.diverged.or(Some(step));
        }
    }
}
