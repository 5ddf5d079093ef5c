//! A race at one moment.

use std::sync::Arc;
use std::time::Duration;

use super::curve::{BandPoint, curve};
use super::plan::Plan;
use super::race::Ending;
use super::record::Point;
use super::results::Results;
use super::standing::Ranking;
use super::trial::Trial;
use crate::experiment::Metric;
use crate::train::Problem;
use crate::train::probe::{Predictions, Requests, Snapshot, View, observe};

/// What a [`super::Monitor`] shows.
#[derive(Clone, Debug)]
pub struct RaceStatus {
    /// The finished runs.
    pub results: Arc<Results>,
    /// What follows from them.
    pub score: Arc<RaceScore>,
    /// The runs under way, each with its evaluations so far.
    pub under_way: Vec<(Trial, Vec<Point>)>,
    /// What the networks of two arms make of their data.
    pub network_views: [Option<Arc<NetworkView>>; 2],
    /// Whether it is paused.
    pub paused: bool,
    /// How it ended, if it has.
    pub ending: Option<Ending>,
    /// Time spent on it, pauses left out.
    pub elapsed: Duration,
    /// Finished runs that were found in its folder and not run.
    pub found: usize,
    /// Why finished runs are not, or no longer, written to its folder.
    pub not_kept: Option<Arc<str>>,
}

impl RaceStatus {
    /// The status before the first run.
    #[must_use]
    pub fn new(plan: &Plan) -> Self {
        Self {
            results: Arc::default(),
            score: Arc::new(RaceScore::of(plan, &Results::default())),
            under_way: Vec::new(),
            network_views: [None, None],
            paused: false,
            ending: None,
            elapsed: Duration::ZERO,
            found: 0,
            not_kept: None,
        }
    }

    /// The share of all steps that are done, 0 to 1; a run that diverged counts as a whole one.
    #[must_use]
    pub fn progress(&self, plan: &Plan) -> f64 {
        let step = |points: &[Point]| points.last().map_or(0.0, |point| point.step as f64);
        let begun = self.under_way.iter().map(|(_, points)| step(points) / plan.steps as f64);
        let ranking = &self.score.ranking;
        let done = ranking.done as f64 + begun.sum::<f64>();
        (done / ranking.total.max(1) as f64).clamp(0.0, 1.0)
    }

    /// About how long it takes from here; none before there is anything to tell by.
    #[must_use]
    pub fn left(&self, plan: &Plan) -> Option<Duration> {
        let done = self.progress(plan);
        let run = done - self.found as f64 / self.score.ranking.total.max(1) as f64;
        let seconds = self.elapsed.as_secs_f64() * (1.0 - done) / run;
        let told = run > 0.0 && self.elapsed > Duration::from_millis(500);
        told.then(|| Duration::try_from_secs_f64(seconds).ok()).flatten()
    }
}

/// What follows from the finished runs: it is worked out only when there are more of them.
#[derive(Clone, Debug)]
pub struct RaceScore {
    /// The ranking.
    pub ranking: Ranking,
    /// How each arm goes over time, by metric in the order of [`Metric::ALL`].
    courses: [Vec<Vec<BandPoint>>; 4],
}

impl RaceScore {
    /// What `results` come to.
    #[must_use]
    pub fn of(plan: &Plan, results: &Results) -> Self {
        let course = |metric| move |arm| curve(plan, results, arm, metric);
        let all = |metric| (0..plan.arms.len()).map(course(metric)).collect();
        Self { ranking: Ranking::of(plan, results), courses: Metric::ALL.map(all) }
    }

    /// How each arm goes by `metric`: empty for an arm without results, or without such a number.
    #[must_use]
    pub fn courses(&self, metric: Metric) -> &[Vec<BandPoint>] {
        let place = Metric::ALL.iter().position(|it| *it == metric).unwrap_or(0);
        &self.courses[place]
    }
}

/// What the network of one run makes of its data.
#[derive(Clone, Debug)]
pub struct NetworkView {
    /// Index of the arm.
    pub arm: usize,
    /// The learning rate.
    pub lr: f64,
    /// Steps done.
    pub step: u64,
    /// The data.
    pub problem: Arc<Problem>,
    /// The picture that fits it.
    pub predictions: Predictions,
}

impl NetworkView {
    /// The view of a snapshot of a run of `arm`, as far as there is room.
    #[must_use]
    pub fn of(arm: usize, snapshot: &Snapshot, view: View) -> Option<Self> {
        Some(Self {
            arm,
            lr: snapshot.experiment.optimizer.number_if_any("lr").unwrap_or(f64::NAN),
            step: snapshot.step,
            problem: Arc::clone(&snapshot.problem),
            predictions: predictions(snapshot, view)?,
        })
    }
}

/// The predictions of the network of a snapshot: all that is asked of the probes here.
fn predictions(snapshot: &Snapshot, view: View) -> Option<Predictions> {
    let requests = Requests { predictions: true, ..Requests::NONE };
    observe(snapshot, View { requests, ..view }).predictions
}
