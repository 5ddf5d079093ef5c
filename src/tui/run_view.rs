//! What the user interface knows of the run: put together from the worker's messages.

use std::sync::Arc;

use crate::experiment::Experiment;
use crate::train::diagnosis::{Case, Course, Finding, Stage, Watch, diagnose};
use crate::train::probe::{Examined, Landscape, Observation, Stability};
use crate::train::strips::{Column, DETAIL, Strips};
use crate::train::telemetry::{History, Latest, Series};
use crate::train::timeline::{BranchId, Stretch, TimelineView};
use crate::train::{Divergence, Event, Problem, Row};
use crate::tui::landscape_map::LandscapeMap;
use crate::tui::stability_series::StabilitySeries;

/// Buckets a series that are kept for the charts: enough for the widest screen.
const KEPT: usize = 4096;

/// How the run stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Status {
    /// The data is being made.
    Loading,
    /// Steps are being made.
    Running,
    /// It rests.
    Paused,
    /// It rests, its budget used up.
    Finished,
    /// It rests at its last finite state.
    Diverged(Box<Divergence>),
    /// It cannot go on.
    Failed(String),
}

/// A change in the middle of the run.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Steps done before it.
    pub step: u64,
    /// What was changed or what happened.
    pub text: String,
    /// Whether it is marked on the chart.
    pub marked: bool,
}

/// The run as it is known here.
#[derive(Debug)]
pub struct RunView {
    /// Which run of the worker this is about.
    pub run: u64,
    /// How it stands.
    pub status: Status,
    /// What the worker runs.
    pub experiment: Option<Box<Experiment>>,
    /// Its data.
    pub problem: Option<Arc<Problem>>,
    /// Steps done.
    pub step: u64,
    /// Passes over the training rows.
    pub epoch: f64,
    /// The default optimizer's rate at the next step, under the schedule.
    pub rate: Option<f64>,
    /// Its speed, while it runs.
    pub speed: Option<f64>,
    /// What is drawn over the steps.
    pub history: History,
    /// What was changed, and what happened.
    pub log: Vec<Entry>,
    /// The latest look at the weights.
    pub seen: Option<Box<Observation>>,
    /// What is wrong at the moment seen, whether it stands or not.
    pub findings: Vec<Finding>,
    /// What has been wrong for long enough to be told.
    pub watch: Watch,
    /// What went on inside of its layers.
    strips: Strips,
    /// What went on in a part of it that is shown large.
    detail: Strips,
    /// The sharpness over the steps.
    pub stability: StabilitySeries,
    /// The latest map of its loss landscape.
    pub landscape: Option<LandscapeMap>,
    /// Its branches and keyframes.
    pub timeline: TimelineView,
    /// How often another moment or branch came to be shown.
    pub moves: u64,
}

impl Default for RunView {
    fn default() -> Self {
        Self {
            run: 0,
            status: Status::Loading,
            experiment: None,
            problem: None,
            step: 0,
            epoch: 0.0,
            rate: None,
            speed: None,
            history: History::new(KEPT),
            log: Vec::new(),
            seen: None,
            findings: Vec::new(),
            watch: Watch::default(),
            strips: Strips::default(),
            detail: Strips::new(DETAIL),
            stability: StabilitySeries::default(),
            landscape: None,
            timeline: TimelineView::default(),
            moves: 0,
        }
    }
}

impl RunView {
    /// Takes in what happened.
    pub fn on_event(&mut self, event: Event) {
        match event {
            Event::Started { run, experiment, problem, changes, .. } => {
                self.run = run;
                self.step = 0;
                self.epoch = 0.0;
                self.history.clear();
                self.stability = StabilitySeries::default();
                self.seen = None;
                self.forget_findings();
                // What came before stays on record, but it is not on the new run's chart.
                self.log.iter_mut().for_each(|entry| entry.marked = false);
                for text in changes {
                    self.note(0, text, false);
                }
                self.note(0, format!("run {run} starts, seed {}", experiment.seed), false);
                self.experiment = Some(experiment);
                self.problem = Some(problem);
                // A worker that is being loaded has been told to run: to call it paused in between
                // would turn the key that pauses into one that runs.
                self.status = match self.status {
                    Status::Running | Status::Loading => Status::Running,
                    _ => Status::Paused,
                };
            }
            Event::Running(running) => {
                self.status = if running { Status::Running } else { Status::Paused };
            }
            Event::Edited { step, changes, experiment, .. } => {
                for text in changes {
                    self.note(step, text, true);
                }
                self.experiment = Some(experiment);
                self.forget_findings();
            }
            Event::Moved { run, step, experiment, problem, history, over, .. } => {
                self.on_moved((run, step, over), experiment, problem, &history);
            }
            Event::Visiting { .. } | Event::Returned => self.moves += 1,
            Event::Timeline(timeline) => {
                self.timeline = *timeline;
                self.mark_edits();
            }
            Event::Finished { step } => {
                self.note(step, "the budget is used up".to_owned(), false);
                self.status = Status::Finished;
            }
            Event::Diverged(divergence) => {
                self.note(divergence.last_finite_step, format!("diverged: {divergence}"), false);
                self.step = divergence.last_finite_step;
                self.status = Status::Diverged(divergence);
            }
            Event::Failed(text) => {
                self.note(self.step, text.clone(), false);
                self.status = Status::Failed(text);
            }
        }
    }

    /// Takes in that it goes on from another branch or step.
    fn on_moved(
        &mut self,
        (run, step, over): (u64, u64, bool),
        experiment: Box<Experiment>,
        problem: Arc<Problem>,
        history: &History,
    ) {
        let same_data = self.problem.as_ref().is_some_and(|it| Arc::ptr_eq(it, &problem));
        let shapes = |it: &Experiment| it.layers.iter().map(|it| it.units).collect::<Vec<_>>();
        let same_shapes =
            self.experiment.as_ref().is_some_and(|it| shapes(it) == shapes(&experiment));
        if !same_data || !same_shapes {
            self.seen = None;
        }
        self.forget_findings();
        (self.run, self.step) = (run, step);
        self.stability.cut(step);
        self.history = History::new(KEPT);
        self.history.extend(history);
        self.experiment = Some(experiment);
        self.problem = Some(problem);
        // Edits at this step may be among those that were left: the timeline that follows knows.
        self.log
            .iter_mut()
            .filter(|entry| entry.step > step)
            .for_each(|entry| entry.marked = false);
        if self.status != Status::Running {
            self.status = if over { Status::Finished } else { Status::Paused };
        }
        self.moves += 1;
    }

    /// Marks the edits of the present branch, and no others.
    fn mark_edits(&mut self) {
        let Some(branch) = self.timeline.present() else { return };
        let script = Arc::clone(&branch.script);
        let of_script = script
            .changes()
            .flat_map(|(step, changes)| changes.into_iter().map(move |change| (step, change.text)));
        // Those that are still to come are no marks yet.
        let made = branch.step;
        let mut left: Vec<_> = of_script.filter(|(step, _)| *step <= made).collect();
        for entry in self.log.iter_mut().rev() {
            let known = left.iter().position(|it| it.0 == entry.step && it.1 == entry.text);
            entry.marked = known.map(|index| left.remove(index)).is_some();
        }
        for (step, text) in left {
            self.note(step, text, true);
        }
    }

    /// Its branches and keyframes, the present branch as it is now.
    #[must_use]
    pub fn timeline_now(&self) -> TimelineView {
        let mut timeline = self.timeline.clone();
        for branch in timeline.branches.iter_mut().filter(|branch| branch.present) {
            branch.step = self.step;
            branch.test_loss = self.latest(Series::TestLoss).or(branch.test_loss);
            branch.best = self.best().or(branch.best);
        }
        timeline
    }

    /// Where the loss over the held-out rows was lowest, and the loss there.
    #[must_use]
    pub fn best(&self) -> Option<(u64, f64)> {
        let buckets = self.history.series(Series::TestLoss).buckets().iter();
        buckets.min_by(|a, b| a.min.total_cmp(&b.min)).map(|it| (it.lowest, it.min))
    }

    /// The edits that are marked on the chart.
    pub fn marks(&self) -> impl Iterator<Item = &Entry> {
        self.log.iter().filter(|entry| entry.marked)
    }

    /// Enters into the log what was done at the present step.
    pub fn record(&mut self, text: String) {
        self.note(self.step, text, false);
    }

    /// Whether something was changed after what last happened: it may be the remedy.
    #[must_use]
    pub fn edited(&self) -> bool {
        self.log.last().is_some_and(|entry| entry.marked)
    }

    fn note(&mut self, step: u64, text: String, marked: bool) {
        self.log.push(Entry { step, text, marked });
    }

    /// Takes in the latest numbers of this run.
    pub fn on_latest(&mut self, latest: &Latest) {
        self.step = latest.step;
        self.epoch = latest.epoch;
        self.rate = latest.rate;
        self.speed = latest.steps_per_second;
        self.history.extend(&latest.news);
        if let Some(keyframes) = &latest.keyframes {
            self.timeline.keyframes.clone_from(keyframes);
        }
    }

    /// Takes in a look at the weights, unless it is of an older run. While the run rests or goes
    /// slowly its scores go to the charts as well, between the evaluations that come by themselves.
    pub fn on_observation(&mut self, mut observation: Box<Observation>) {
        if observation.run != self.run {
            return;
        }
        let known = self.history.series(Series::TestLoss).buckets().last().map(|b| b.last);
        let slow = self.speed.is_none_or(|speed| speed < 50.0);
        let step = observation.step;
        if let Some(scores) = observation.scores
            && slow
            && known.is_some_and(|known| known < step)
        {
            self.history.push_row(&Row {
                step,
                epoch: self.epoch,
                train_loss: scores.train.loss,
                test_loss: scores.test.loss,
                train_accuracy: scores.train.accuracy,
                test_accuracy: scores.test.accuracy,
                lr: self.rate.unwrap_or(f64::NAN),
                train_rmse: scores.train.rmse,
                test_rmse: scores.test.rmse,
            });
        }
        if let Some(landscape) = &observation.landscape {
            let earlier = self.landscape.take();
            if let Landscape::Seen(seen) = landscape {
                self.landscape = Some(LandscapeMap::new(Arc::clone(seen), earlier));
            }
        }
        if let Some(Examined(Some(signs))) = &observation.examined {
            // Losses under other settings say nothing of these.
            let edits = self.marks().map(|entry| entry.step).filter(|edit| *edit <= step);
            let course = Course::of(&self.history, (edits.max().unwrap_or(0), step));
            let stable = match &observation.stability {
                Some(Stability::Seen { sighting, .. }) => sighting.largest_stable_rate(),
                _ => None,
            };
            let stage = self.stage(step);
            self.findings = diagnose(&Case { signs, course: &course, stage, stable });
            // The past is looked at, but nothing is told of it.
            let current = self.experiment.as_deref() == Some(&signs.experiment);
            if current && (step == self.step || self.running()) {
                let steps = signs.experiment.train.steps;
                self.watch.look(step, steps, self.findings.clone());
            }
        }
        self.see_layers(&observation);
        if let Some(stability) = &observation.stability {
            self.stability.push(stability);
        }
        if let Some(earlier) = self.seen.take() {
            *observation = observation.or_earlier(*earlier);
        }
        self.seen = Some(observation);
    }

    fn forget_findings(&mut self) {
        self.findings.clear();
        self.watch.clear();
    }

    /// How the run stands, seen at `step`; of the past its end is not known.
    #[must_use]
    pub fn stage(&self, step: u64) -> Stage {
        match self.status {
            _ if step < self.step => Stage::GoesOn,
            Status::Loading | Status::Running | Status::Paused => Stage::GoesOn,
            Status::Finished => Stage::Ended,
            Status::Diverged(_) | Status::Failed(_) => Stage::Diverged,
        }
    }

    /// Takes in what was seen of the layers at any step of any branch.
    fn see_layers(&mut self, observation: &Observation) {
        if let Some(layers) = &observation.layers {
            self.strips.add(observation.branch, observation.step, layers);
        }
    }

    /// Takes in a step that was looked at again.
    pub fn recall(&mut self, observation: &Observation) {
        self.see_layers(observation);
        if let Some(layers) = &observation.layers {
            self.detail.add(observation.branch, observation.step, layers);
        }
    }

    /// Forgets what is known of other steps than those from the first to the last of `part` beyond what
    /// is known of the whole run; if there is no part, all of that.
    pub fn keep_detail(&mut self, part: Option<(u64, u64)>) {
        match part {
            Some((low, high)) => self.detail.keep(low, high),
            None => self.detail.clear(),
        }
    }

    /// What went on inside of the layers on the present branch, step after step.
    pub fn columns(&self) -> impl Iterator<Item = &Column> {
        self.strips.columns(self.way())
    }

    /// The same where more is known of a part that is shown large.
    pub fn detail(&self) -> impl Iterator<Item = &Column> {
        self.detail.columns(self.way())
    }

    fn way(&self) -> &[Stretch] {
        // Without a worker there is only one way.
        const ALONE: &[Stretch] = &[Stretch { branch: BranchId(0), end: u64::MAX }];
        let way = &self.timeline.way;
        if way.is_empty() { ALONE } else { way }
    }

    /// Whether nothing is known of the layers.
    #[must_use]
    pub fn strips_are_empty(&self) -> bool {
        self.columns().next().is_none()
    }

    /// Whether steps are being made.
    #[must_use]
    pub fn running(&self) -> bool {
        self.status == Status::Running
    }

    /// After a divergence, the step of the latest evaluation, if the run does not stand there: its
    /// numbers are those of an earlier state.
    #[must_use]
    pub fn stale_step(&self) -> Option<u64> {
        let latest = self.history.series(Series::TestLoss).buckets().last()?.last;
        (matches!(self.status, Status::Diverged(_)) && latest != self.step).then_some(latest)
    }

    /// The latest value of a series.
    #[must_use]
    pub fn latest(&self, series: Series) -> Option<f64> {
        self.history.series(series).latest()
    }
}
