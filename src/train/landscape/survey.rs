//! A map on its way: the choice of its plane, then its points.

use std::sync::Arc;

use super::extent::radius;
use super::{
    Grid, Plane, PlaneKind, TrainingLoss, axis, eigen_directions, extent, path_directions,
    random_directions,
};
use crate::experiment::Experiment;
use crate::parallel;
use crate::train::curvature::{Leading, dot};
use crate::train::engine::{Parameters, trained_numbers};
use crate::train::objective::{Objective, Purpose};
use crate::train::problem::Problem;

/// Products with the Hessian that a search for directions takes at most.
pub const PRODUCTS: usize = 200;

/// Products that may be taken of so many trained numbers, for the memory of their basis.
#[must_use]
pub fn most_products(parameters: usize) -> usize {
    Leading::most_products(parameters)
}

/// A run at one step, of which a map is made.
#[derive(Clone, Debug)]
pub struct Ground {
    /// What is run.
    pub experiment: Experiment,
    /// Its data.
    pub problem: Arc<Problem>,
    /// The parameters that it predicts with.
    pub params: Vec<Parameters>,
    /// Steps done.
    pub step: u64,
    /// Training rows to go by, at most.
    pub rows: usize,
}

impl Ground {
    /// The training loss around it.
    #[must_use]
    pub fn loss(&self) -> TrainingLoss {
        let problem = Arc::clone(&self.problem);
        TrainingLoss::new(&self.experiment, problem, &self.params, self.rows)
    }
}

/// A plane with the losses on it.
#[derive(Clone, Debug, PartialEq)]
pub struct Map {
    /// How the plane was chosen.
    pub kind: PlaneKind,
    /// Steps done at its centre.
    pub step: u64,
    /// The plane.
    pub plane: Plane,
    /// The shares of the path's variance that it holds, one a direction.
    pub variance: Option<[f64; 2]>,
    /// The eigenvalues of which its directions are, if it was chosen by them.
    pub eigenvalues: Option<[f64; 2]>,
    /// The losses.
    pub grid: Grid,
}

/// Why there is no plane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPlane {
    /// The path stays where it begins.
    #[error("there is no path yet: train for some steps, or take another plane")]
    NoPath,
    /// Something is infinite or not a number.
    #[error("the loss or its curvature is not finite here: take the random plane")]
    NotFinite,
}

/// A map that is being made.
#[derive(Debug)]
pub struct Survey {
    ground: Ground,
    loss: TrainingLoss,
    /// The trained numbers along the path, the present ones last.
    path: Vec<Arc<[f32]>>,
    /// Points across and up.
    size: (usize, usize),
    /// The directions of an earlier map.
    near: Vec<Vec<f64>>,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    Search(Box<Leading>),
    Points(Box<Map>),
}

impl Survey {
    /// Begins a map of `size` points on a plane of this kind. The trained numbers along the `path` of the
    /// run, the present ones last, are what the plane is chosen by or is said to hold; `near` are the
    /// directions of an earlier plane of the kind, if there was one.
    ///
    /// # Errors
    /// If there is no such plane.
    pub fn begin(
        ground: Ground,
        kind: PlaneKind,
        path: Vec<Arc<[f32]>>,
        size: (usize, usize),
        near: &[Vec<f64>],
    ) -> Result<Self, NoPlane> {
        let loss = ground.loss();
        let seed = ground.experiment.seed;
        let near = near.to_vec();
        let directions = match kind {
            PlaneKind::Random => Some(random_directions(&ground.params, seed)),
            PlaneKind::Trajectory => {
                let path: Vec<&[f32]> = path.iter().map(|state| &**state).collect();
                Some(path_directions(&path, seed).ok_or(NoPlane::NoPath)?)
            }
            PlaneKind::Hessian => None,
        };
        let at = trained_numbers(&ground.params);
        let stage = if let Some(directions) = directions {
            let plane = Plane::new(at, directions);
            Stage::Points(Box::new(map(&ground, kind, (plane, None), (&path, size), [0.0; 2])))
        } else {
            let purpose = (Purpose::Landscape, ground.rows);
            let problem = Arc::clone(&ground.problem);
            let objective = Objective::new(&ground.experiment, problem, &ground.params, purpose);
            let at = at.into_iter().map(f64::from).collect();
            Stage::Search(Box::new(Leading::new(objective, at, &near, (seed, PRODUCTS))))
        };
        Ok(Self { ground, loss, path, size, near, stage })
    }

    /// The map, as far as there is one.
    #[must_use]
    pub fn map(&self) -> Option<&Map> {
        match &self.stage {
            Stage::Points(map) => Some(map),
            Stage::Search(_) => None,
        }
    }

    /// The training loss around its centre.
    pub const fn loss(&mut self) -> &mut TrainingLoss {
        &mut self.loss
    }

    /// Goes on by one point, or by one chunk of rows in the search for directions. Returns whether the
    /// map is whole.
    ///
    /// # Errors
    /// If it turns out that there is no such plane.
    pub fn advance(&mut self) -> Result<bool, NoPlane> {
        match &mut self.stage {
            Stage::Search(search) => {
                if let Some(pairs) = search.advance() {
                    let seed = self.ground.experiment.seed;
                    let found = eigen_directions(pairs, &self.near, seed);
                    let (directions, eigenvalues) = found.ok_or(NoPlane::NotFinite)?;
                    self.settle_on(directions, eigenvalues);
                }
                Ok(false)
            }
            Stage::Points(map) => {
                if let Some(at) = map.grid.next() {
                    map.grid.take(self.loss.at(map.plane.point(at)));
                }
                Ok(map.grid.is_whole())
            }
        }
    }

    /// Takes the plane of two directions of curvature.
    fn settle_on(&mut self, directions: [Vec<f64>; 2], eigenvalues: [f64; 2]) {
        let plane = Plane::new(trained_numbers(&self.ground.params), directions);
        let loss = self.loss.at(plane.point([0.0; 2]));
        let numbers: Vec<f64> = plane.origin().iter().copied().map(f64::from).collect();
        let length = dot(&numbers, &numbers).sqrt();
        let radii = eigenvalues.map(|eigenvalue| radius(loss, eigenvalue, length));
        let found = (plane, Some(eigenvalues));
        let path = (&self.path[..], self.size);
        let map = map(&self.ground, PlaneKind::Hessian, found, path, radii);
        self.stage = Stage::Points(Box::new(map));
    }

    /// Makes all that is left of the map, on all cores.
    ///
    /// # Errors
    /// As [`Survey::advance`].
    pub fn complete(mut self) -> Result<Map, NoPlane> {
        loop {
            match self.stage {
                Stage::Search(_) => {
                    parallel::enter(|| self.advance())?;
                }
                Stage::Points(mut map) => {
                    let (ground, Map { plane, grid, .. }) = (&self.ground, &*map);
                    let row = |y: f64| {
                        let mut loss = ground.loss();
                        let at = |&x: &f64| loss.at(plane.point([x, y]));
                        grid.x().iter().map(at).collect::<Vec<f64>>()
                    };
                    let rows = parallel::each(grid.y().to_vec(), row);
                    map.grid.take_all(rows.concat());
                    return Ok(*map);
                }
            }
        }
    }
}

/// The map of a plane, of which no point is known yet.
fn map(
    ground: &Ground,
    kind: PlaneKind,
    (plane, eigenvalues): (Plane, Option<[f64; 2]>),
    (path, size): (&[Arc<[f32]>], (usize, usize)),
    radii: [f64; 2],
) -> Map {
    let states: Vec<&[f32]> = path.iter().map(|state| &**state).collect();
    let projected: Vec<[f64; 2]> = states.iter().map(|state| plane.project(state)).collect();
    let [x, y] = extent(kind, &projected, radii);
    let grid = Grid::new(axis(x, size.0), axis(y, size.1));
    let variance = plane.shares(&states);
    Map { kind, step: ground.step, plane, variance, eigenvalues, grid }
}
