//! The landscape of a network's loss: the training loss on a plane through the present weights, and
//! what of the path of the run the plane holds.
//!
//! The loss is that of the data over all training rows in evaluation, at the weights that predict,
//! computed by the network that trains: at the centre it is the training loss of the run, to the bit.
//! Two directions out of all dimensions show two of them: how much of the path lies in their plane is
//! told beside ([`Plane::shares`]).

use crate::train::engine::Parameters;

pub use directions::{eigen_directions, path_directions, random_directions};
pub use extent::extent;
pub use grid::{Grid, PASSES, axis};
pub use loss::TrainingLoss;
pub use plane::Plane;
pub use survey::{Ground, Map, NoPlane, PRODUCTS, Survey, most_products};
pub use trajectory::{State, Trajectory, most_states, same_tensors};

mod directions;
mod extent;
mod grid;
mod loss;
mod plane;
mod survey;
mod trajectory;

/// A way to choose the plane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PlaneKind {
    /// Two random directions, filter-normalised (Li et al. 2018).
    Random,
    /// The two main directions of the path (principal component analysis).
    #[default]
    Trajectory,
    /// The two directions in which the loss curves most (eigenvectors of its Hessian).
    Hessian,
}

impl PlaneKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Random, Self::Trajectory, Self::Hessian];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Random => "random",
            Self::Trajectory => "trajectory",
            Self::Hessian => "hessian",
        }
    }

    /// The kind of this name, if there is one.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The two directions in words.
    #[must_use]
    pub const fn directions(self) -> &'static str {
        match self {
            Self::Random => "two random directions, filter-normalised",
            Self::Trajectory => "the two main directions of the path",
            Self::Hessian => "the two directions of largest curvature",
        }
    }

    /// The one after it, in a circle.
    #[must_use]
    pub fn next(self) -> Self {
        let at = Self::ALL.iter().position(|kind| *kind == self).unwrap_or(0);
        Self::ALL[(at + 1) % Self::ALL.len()]
    }
}

/// A point of a path, on the plane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PathPoint {
    /// Steps done there.
    pub step: u64,
    /// Its projection, in lengths of the directions.
    pub at: [f64; 2],
    /// The training loss there.
    pub loss: f64,
    /// The training loss at its projection.
    pub plane_loss: f64,
}

impl PathPoint {
    /// The point of a run that has these parameters after `step` steps.
    pub fn of(
        plane: &Plane,
        loss: &mut TrainingLoss,
        (step, params): (u64, &[Parameters]),
        numbers: &[f32],
    ) -> Self {
        let at = plane.project(numbers);
        Self { step, at, loss: loss.of(params), plane_loss: loss.at(plane.point(at)) }
    }
}
