//! The states along the paths, and where they lie on a plane.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::{Trail, Whose, trained_numbers};
use crate::train::engine::{Checkpoint, Engine, Parameters};
use crate::train::landscape::{PathPoint, Plane, TrainingLoss, same_tensors};
use crate::train::probe::Snapshot;
use crate::train::problem::Problem;
use crate::train::timeline::BranchPath;

/// A state that is kept.
#[derive(Debug)]
struct Known {
    /// As long as it is here, nothing else is at its place in memory.
    _checkpoint: Arc<Checkpoint>,
    /// The trained numbers to predict with; none if it is of another network.
    numbers: Option<Arc<[f32]>>,
    /// Where it lies on the plane.
    at: Option<[f64; 2]>,
}

/// What was shown last, with the paths of the run.
#[derive(Debug)]
struct Present {
    step: u64,
    params: Vec<Parameters>,
    numbers: Arc<[f32]>,
    loss: TrainingLoss,
    paths: Vec<BranchPath>,
}

/// The states of the paths, each read once.
#[derive(Debug, Default)]
pub(super) struct States {
    known: HashMap<usize, Known>,
    present: Option<Present>,
}

fn key(state: &Arc<Checkpoint>) -> usize {
    Arc::as_ptr(state).addr()
}

impl States {
    /// Takes in the paths of a snapshot, and reads what is new on them.
    pub fn take(&mut self, snapshot: &Snapshot) {
        let Snapshot { step, params, experiment, problem, paths, .. } = snapshot;
        let states = || paths.iter().flat_map(|path| &path.states);
        let kept: HashSet<usize> = states().map(key).collect();
        self.known.retain(|key, _| kept.contains(key));
        for state in states() {
            self.known.entry(key(state)).or_insert_with(|| Known {
                _checkpoint: Arc::clone(state),
                numbers: numbers(state, problem, params),
                at: None,
            });
        }
        self.present = Some(Present {
            step: *step,
            params: params.clone(),
            numbers: trained_numbers(params).into(),
            loss: TrainingLoss::new(experiment, Arc::clone(problem), params, usize::MAX),
            paths: paths.clone(),
        });
    }

    /// The trained numbers along the path of the run, those of the present last.
    pub fn path(&self) -> Vec<Arc<[f32]>> {
        let Some(present) = &self.present else { return Vec::new() };
        let before = present.paths.iter().filter(|path| path.present).flat_map(|path| &path.states);
        let before = before.filter(|state| state.step() < present.step);
        let numbers = before.filter_map(|state| self.known.get(&key(state))?.numbers.clone());
        numbers.chain([Arc::clone(&present.numbers)]).collect()
    }

    /// Forgets where states lie on another plane.
    pub fn leave_plane(&mut self) {
        self.known.values_mut().for_each(|known| known.at = None);
    }

    /// The present point and the paths on `plane`; none before anything was shown, or if what is shown
    /// is of another network.
    pub fn on(&mut self, plane: &Plane) -> Option<(PathPoint, Vec<Trail>)> {
        let Self { known, present } = self;
        let Present { step, params, numbers, loss, paths } = present.as_mut()?;
        if numbers.len() != plane.origin().len() {
            return None;
        }
        let here = PathPoint::of(plane, loss, (*step, params), numbers);
        let mut place = |state: &Arc<Checkpoint>| {
            let known = known.get_mut(&key(state))?;
            let numbers = known.numbers.as_ref()?;
            Some(*known.at.get_or_insert_with(|| plane.project(numbers)))
        };
        let trails = paths.iter().map(|path| {
            let shown = |state: &&Arc<Checkpoint>| !path.present || state.step() < *step;
            let mut points: Vec<[f64; 2]> =
                path.states.iter().filter(shown).filter_map(&mut place).collect();
            if path.present {
                points.push(here.at);
            }
            let whose = if path.present { Whose::Run } else { Whose::Branch(path.branch) };
            Trail { whose, points }
        });
        Some((here, trails.collect()))
    }
}

/// The trained numbers to predict with of a state; none if it is of another network than that of
/// `params`, or on other data.
fn numbers(
    state: &Checkpoint,
    problem: &Arc<Problem>,
    params: &[Parameters],
) -> Option<Arc<[f32]>> {
    let engine = Engine::resume(state, Arc::clone(problem)).ok()?;
    let then = engine.predicting_parameters();
    same_tensors(&then, params).then(|| trained_numbers(&then).into())
}
