//! The arms of a race, trained again beside the run for their paths.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{Snapshot, Trail, Whose, trained_numbers};
use crate::experiment::{Experiment, Script};
use crate::train::landscape::{Plane, same_tensors};
use crate::train::problem::Problem;
use crate::train::session::Session;

/// Arms that are trained, at most.
const MOST: usize = 5;
/// Steps of each, at most, and the time for all of them.
const STEPS: u64 = 20_000;
const TIME: Duration = Duration::from_secs(5);
/// Steps between two looks at the clock.
const STRIDE: u64 = 16;
/// States of each path, about.
const STATES: u64 = 48;

/// The arms that can be seen from the run: those of a network of the same tensors on the same data.
#[derive(Debug, Default)]
pub(super) struct Arms {
    /// What they were begun for.
    of: Option<(Arc<[Script]>, u64, Arc<Problem>)>,
    seen: Vec<Arm>,
    spent: Duration,
}

#[derive(Debug)]
struct Arm {
    /// Its place among the arms of the race.
    index: usize,
    session: Session,
    states: Vec<State>,
    /// Steps to go.
    until: u64,
    /// It diverged there.
    diverged: bool,
}

#[derive(Debug)]
struct State {
    numbers: Arc<[f32]>,
    at: Option<[f64; 2]>,
}

impl Arms {
    /// Begins with `scripts` from the start of the run in `snapshot`, unless it has begun with these, and
    /// lets them go as far as the run is.
    pub fn take(&mut self, scripts: &Arc<[Script]>, snapshot: &Snapshot) {
        let Snapshot { experiment, problem, .. } = snapshot;
        let same = self.of.as_ref().is_some_and(|(arms, seed, data)| {
            Arc::ptr_eq(arms, scripts) && *seed == experiment.seed && Arc::ptr_eq(data, problem)
        });
        if !same {
            let arms = scripts.iter().enumerate();
            self.seen =
                arms.filter_map(|(index, it)| Arm::new(index, it, snapshot)).take(MOST).collect();
            self.of = Some((Arc::clone(scripts), experiment.seed, Arc::clone(problem)));
            self.spent = Duration::ZERO;
        }
        for arm in &mut self.seen {
            arm.until = snapshot.step.min(STEPS);
        }
    }

    /// Whether one of them has steps to go.
    pub fn is_under_way(&self) -> bool {
        self.spent < TIME && self.seen.iter().any(Arm::is_under_way)
    }

    /// Goes on for as long as `over` says no. Returns whether one of them has come to its end.
    pub fn go_on(&mut self, mut over: impl FnMut() -> bool) -> bool {
        if !self.is_under_way() {
            return false;
        }
        let begun = Instant::now();
        let mut news = false;
        loop {
            // All of them come along together.
            let behind = self.seen.iter_mut().filter(|arm| arm.is_under_way());
            let Some(arm) = behind.min_by_key(|arm| arm.session.engine().step_count()) else {
                break;
            };
            arm.advance();
            news |= !arm.is_under_way();
            if over() {
                break;
            }
        }
        self.spent += begun.elapsed();
        news || !self.is_under_way()
    }

    /// Forgets where states lie on another plane.
    pub fn leave_plane(&mut self) {
        self.seen.iter_mut().flat_map(|arm| &mut arm.states).for_each(|state| state.at = None);
    }

    /// Their paths on `plane`, as far as they have come.
    pub fn on(&mut self, plane: &Plane) -> Vec<Trail> {
        let trail = |arm: &mut Arm| {
            let place =
                |state: &mut State| *state.at.get_or_insert_with(|| plane.project(&state.numbers));
            let points = arm.states.iter_mut().map(place).collect();
            Trail { whose: Whose::Arm(arm.index), points }
        };
        self.seen.iter_mut().map(trail).collect()
    }
}

impl Arm {
    /// The arm that runs `script`, at its start; none if it cannot be seen from the run.
    fn new(index: usize, script: &Script, snapshot: &Snapshot) -> Option<Self> {
        let Snapshot { experiment, problem, params, .. } = snapshot;
        let script = script.with_seed(experiment.seed);
        let data = |it: &Experiment| (it.data_seed(), it.outputs(), it.target_scale());
        let start = script.start();
        if start.data != experiment.data || data(start) != data(experiment) {
            return None;
        }
        let mut session = Session::of_script(&script, Arc::clone(problem));
        session.set_single_threaded(true);
        if !same_tensors(&session.engine().parameters(), params) {
            return None;
        }
        let mut arm = Self { index, session, states: Vec::new(), until: 0, diverged: false };
        arm.keep();
        Some(arm)
    }

    fn is_under_way(&self) -> bool {
        !self.diverged && self.session.engine().step_count() < self.until
    }

    fn keep(&mut self) {
        let params = self.session.engine().predicting_parameters();
        self.states.push(State { numbers: trained_numbers(&params).into(), at: None });
    }

    /// Some steps; a state is kept every so often, and at the end.
    fn advance(&mut self) {
        let every = (self.until / STATES).max(1);
        for _ in 0..STRIDE {
            if !self.is_under_way() {
                return;
            }
            self.diverged = self.session.train().is_err();
            let step = self.session.engine().step_count();
            if !self.diverged && (step.is_multiple_of(every) || step == self.until) {
                self.keep();
            }
        }
        // The run has gone on meanwhile: as many states as before, farther apart.
        if self.states.len() as u64 > 2 * STATES {
            let mut index = 0;
            self.states.retain(|_| {
                index += 1;
                index % 2 == 1
            });
        }
    }
}
