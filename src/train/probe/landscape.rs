//! The network's own loss landscape: a map of the loss on a plane through the weights, with the paths
//! of the run and its branches.
//!
//! A map takes many passes over the training rows: like a look at the stability it goes on in small
//! parts of the observer's time, and is of the step at which it began. When it is whole and the run
//! has gone on, the next one begins.

use std::sync::Arc;

use super::slices::{Slice, Slices};
use super::{Model, Observation, Probe, Snapshot, View};
use crate::experiment::Script;
use crate::train::engine::trained_numbers;
use crate::train::landscape::{Ground, Map, NoPlane, PathPoint, PlaneKind, Survey};
use crate::train::timeline::BranchId;
use arms::Arms;
use states::States;

mod arms;
mod states;

/// Trained numbers of the largest network that is mapped.
const LARGEST: usize = 1 << 17;
/// Trained numbers times training rows of the largest map: what one point of it takes.
const MOST_WORK: usize = 1 << 26;
/// The share of the observer's time that the first map may take, and that the ones after it may: one in
/// so many.
const SHARES: (u32, u32) = (2, 6);

/// What is known of the landscape.
#[derive(Clone, Debug, PartialEq)]
pub enum Landscape {
    /// Nothing yet.
    Pending,
    /// The network is too large, or its data are too many.
    TooLarge {
        /// The trained numbers that it has.
        parameters: usize,
        /// The training rows.
        rows: usize,
    },
    /// There is no such plane here.
    NoPlane(NoPlane),
    /// A map.
    Seen(Arc<LandscapeView>),
}

impl Landscape {
    /// The limits: of trained numbers, and of their product with the training rows.
    pub const LIMITS: (usize, usize) = (LARGEST, MOST_WORK);
}

/// A map, whole or coarse, with the paths on it.
#[derive(Clone, Debug, PartialEq)]
pub struct LandscapeView {
    /// The plane and the losses on it.
    pub map: Arc<Map>,
    /// The paths, that of the run first.
    pub trails: Vec<Trail>,
    /// The present point.
    pub here: PathPoint,
}

/// What a path on the map is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The run, on its present branch.
    Run,
    /// Another branch of it.
    Branch(BranchId),
    /// An arm of a race, by its place there, from the start of the run.
    Arm(usize),
}

/// A path on the plane.
#[derive(Clone, Debug, PartialEq)]
pub struct Trail {
    /// What it is of.
    pub whose: Whose,
    /// Places, in lengths of the directions.
    pub points: Vec<[f64; 2]>,
}

/// What a map is of: the run, its branch, the plane and the points. Another one begins anew.
type Subject = (u64, BranchId, PlaneKind, (usize, usize));

/// The maps of an observer.
#[derive(Debug)]
pub(super) struct Surveys {
    of: Option<Subject>,
    step: u64,
    under_way: Option<Box<Survey>>,
    latest: Landscape,
    /// The directions of the last map by curvature.
    near: Vec<Vec<f64>>,
    states: States,
    arms: Arms,
    /// What the arms of the race run.
    scripts: Arc<[Script]>,
    /// Whether the landscape is shown.
    shown: bool,
    slices: Slices,
    in_slices: bool,
}

impl Surveys {
    /// Those of a thread that has more to do.
    pub fn in_slices() -> Self {
        Self { slices: Slices::one_in(SHARES.0), in_slices: true, ..Self::at_once() }
    }

    /// A map that is made at once.
    pub fn at_once() -> Self {
        Self {
            of: None,
            step: 0,
            under_way: None,
            latest: Landscape::Pending,
            near: Vec::new(),
            states: States::default(),
            arms: Arms::default(),
            scripts: Arc::new([]),
            shown: false,
            slices: Slices::AtOnce { parts: usize::MAX },
            in_slices: false,
        }
    }

    /// Whether a map is under way, or a path.
    pub fn is_under_way(&self) -> bool {
        self.under_way.is_some() || (self.shown && self.arms.is_under_way())
    }

    /// Gives up the map that is under way.
    pub fn forget(&mut self) {
        (self.under_way, self.shown) = (None, false);
    }

    /// Says what the arms of the race run.
    pub fn set_arms(&mut self, scripts: Arc<[Script]>) {
        self.scripts = scripts;
    }

    /// What is known of the run that was shown last.
    pub fn observation(&self) -> Observation {
        let (run, branch) = self.of.map_or((0, BranchId(0)), |(run, branch, ..)| (run, branch));
        let landscape = Some(self.latest.clone());
        Observation { landscape, ..Observation::nothing(run, branch, self.step) }
    }

    /// Begins a map at `snapshot` unless one is under way, goes on with it, and puts the present point
    /// and the paths on the last one.
    fn see(&mut self, snapshot: &Snapshot, view: View) {
        let of = (snapshot.run, snapshot.branch, view.plane, view.map);
        if self.of.replace(of) != Some(of) {
            (self.under_way, self.latest) = (None, Landscape::Pending);
            if self.in_slices {
                self.slices = Slices::one_in(SHARES.0);
            }
        }
        self.step = snapshot.step;
        let (parameters, rows) = (snapshot.experiment.parameters(), snapshot.problem.train.len());
        if parameters > LARGEST || parameters.saturating_mul(rows) > MOST_WORK {
            self.latest = Landscape::TooLarge { parameters, rows };
            return;
        }
        self.shown = true;
        self.states.take(snapshot);
        if self.in_slices {
            self.arms.take(&self.scripts, snapshot);
        }
        if self.under_way.is_none() && self.mapped_step() != Some(snapshot.step) {
            self.begin(snapshot, view);
        }
        self.go_on();
        self.renew();
    }

    /// The step of the map that is shown.
    fn mapped_step(&self) -> Option<u64> {
        match &self.latest {
            Landscape::Seen(seen) => Some(seen.map.step),
            _ => None,
        }
    }

    fn begin(&mut self, snapshot: &Snapshot, view: View) {
        let ground = Ground {
            experiment: snapshot.experiment.clone(),
            problem: Arc::clone(&snapshot.problem),
            params: snapshot.params.clone(),
            step: snapshot.step,
            rows: usize::MAX,
        };
        let path = self.states.path();
        match Survey::begin(ground, view.plane, path, view.map, &self.near) {
            Ok(survey) => self.under_way = Some(Box::new(survey)),
            Err(reason) => self.latest = Landscape::NoPlane(reason),
        }
    }

    /// Goes on with the map that is under way, for as long as may be. Returns whether there is more to
    /// see.
    pub fn go_on(&mut self) -> bool {
        let mut slice = self.slices.begin();
        let news = self.go_on_for(&mut slice);
        self.slices.end();
        news
    }

    fn go_on_for(&mut self, slice: &mut Slice) -> bool {
        let Some(survey) = &mut self.under_way else {
            let news = self.shown && self.arms.go_on(|| slice.part_done());
            if news {
                self.renew();
            }
            return news;
        };
        let passes = |survey: &Survey| survey.map().map_or(0, |map| map.grid.passes());
        let before = passes(survey);
        loop {
            match survey.advance() {
                Err(reason) => {
                    (self.latest, self.under_way) = (Landscape::NoPlane(reason), None);
                    return true;
                }
                Ok(true) => {
                    let map = survey.map().cloned();
                    self.under_way = None;
                    if self.in_slices {
                        self.slices = Slices::one_in(SHARES.1);
                    }
                    return map.is_some_and(|map| self.show(map));
                }
                Ok(false) if slice.part_done() => break,
                Ok(false) => {}
            }
        }
        // A coarse map is better than none, but not than a whole one.
        let first = match &self.latest {
            Landscape::Seen(seen) => !seen.map.grid.is_whole(),
            _ => true,
        };
        let coarse = survey.map().filter(|_| first && passes(survey) > before).cloned();
        coarse.is_some_and(|map| self.show(map))
    }

    /// Makes `map` the one that is shown.
    fn show(&mut self, map: Map) -> bool {
        if map.kind == PlaneKind::Hessian {
            self.near = map.plane.directions().to_vec();
        }
        self.states.leave_plane();
        self.arms.leave_plane();
        self.put_on(Arc::new(map));
        true
    }

    /// Puts what has come since on the map that is shown.
    fn renew(&mut self) {
        if let Landscape::Seen(seen) = &self.latest {
            self.put_on(Arc::clone(&seen.map));
        }
    }

    fn put_on(&mut self, map: Arc<Map>) {
        if let Some((here, mut trails)) = self.states.on(&map.plane) {
            trails.extend(self.arms.on(&map.plane));
            self.latest = Landscape::Seen(Arc::new(LandscapeView { map, trails, here }));
        }
    }
}

impl Probe for Landscape {
    fn of(model: &mut Model, snapshot: &Snapshot, view: View) -> Self {
        model.surveys.see(snapshot, view);
        model.surveys.latest.clone()
    }
}

#[cfg(test)]
mod tests;
