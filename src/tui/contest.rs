//! A race and how it is being looked at. Keys go in, orders come out; nothing here draws or waits.

pub mod board;
pub mod referee;

use std::collections::BTreeSet;
use std::sync::Arc;

use self::board::Board;
use self::referee::Order;
use super::keymap::Action;
use crate::catalog::Kind;
use crate::compare::statistics::{Quartiles, seeds_needed};
use crate::compare::{BandPoint, Plan};
use crate::data::Target as Data;
use crate::experiment::{ArmSpec, CompareSpec, Experiment, Metric, Target, parse_picks};
use crate::train::Problem;
use crate::train::probe::View;

/// What the x axis of the curves counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XAxis {
    /// Steps.
    Step,
    /// Passes over the training rows.
    Epoch,
    /// Seconds spent on steps.
    Seconds,
}

impl XAxis {
    const fn next(self) -> Self {
        match self {
            Self::Step => Self::Epoch,
            Self::Epoch => Self::Seconds,
            Self::Seconds => Self::Step,
        }
    }

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Step => "step",
            Self::Epoch => "epoch",
            Self::Seconds => "seconds",
        }
    }

    /// Where an evaluation lies.
    #[must_use]
    pub const fn of(self, point: &BandPoint) -> f64 {
        match self {
            Self::Step => point.step,
            Self::Epoch => point.epoch,
            Self::Seconds => point.seconds,
        }
    }
}

/// A panel that has the whole screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zoom {
    /// Everything at once.
    Off,
    /// Loss by learning rate.
    Sensitivity,
    /// What two networks make of their data.
    Networks,
    /// Loss over time.
    Curves,
    /// The ranking.
    Ranking,
}

impl Zoom {
    /// First what a small screen leaves out.
    const fn next(self) -> Self {
        match self {
            Self::Off => Self::Sensitivity,
            Self::Sensitivity => Self::Networks,
            Self::Networks => Self::Curves,
            Self::Curves => Self::Ranking,
            Self::Ranking => Self::Off,
        }
    }
}

/// A race on the Compare screen.
#[derive(Debug)]
pub struct Contest {
    /// What is compared on.
    pub name: String,
    /// What is run.
    pub plan: Arc<Plan>,
    /// How it stands.
    pub board: Box<Board>,
    /// The arm under the cursor.
    pub arm: usize,
    /// Arms whose curves are not drawn.
    pub hidden: BTreeSet<usize>,
    /// What the curves show.
    pub metric: Metric,
    /// What their x axis counts.
    pub x_axis: XAxis,
    /// Whether that axis is logarithmic.
    pub log_x_axis: bool,
    /// Whether losses are on a logarithmic axis.
    pub log_loss: bool,
    /// The evaluation at which values are read, if not the last.
    pub cursor: Option<usize>,
    /// Which panel has the whole screen.
    pub zoom: Zoom,
    /// The arms whose networks are shown.
    pub pair: [usize; 2],
    /// What there is room for in a picture of a network; none where none is drawn.
    pub view: Option<View>,
    /// The first row of the ranking that is shown.
    pub top: usize,
}

impl Contest {
    /// The race of `plan`, called `name`, before its first run.
    #[must_use]
    pub fn new(name: String, plan: Arc<Plan>) -> Self {
        Self {
            name,
            board: Box::new(Board::new(&plan)),
            pair: [0, 1.min(plan.arms.len().saturating_sub(1))],
            plan,
            arm: 0,
            hidden: BTreeSet::new(),
            metric: Metric::TestLoss,
            x_axis: XAxis::Step,
            log_x_axis: false,
            log_loss: true,
            cursor: None,
            zoom: Zoom::Off,
            view: None,
            top: 0,
        }
    }

    /// Whether runs are still to come.
    #[must_use]
    pub const fn goes_on(&self) -> bool {
        self.board.ending.is_none()
    }

    /// How many runs are done, of how many.
    #[must_use]
    pub fn runs(&self) -> (usize, usize) {
        (self.board.score.ranking.done, self.board.score.ranking.total)
    }

    /// How far it is, in percent.
    #[must_use]
    pub fn percent(&self) -> u32 {
        (self.board.progress(&self.plan) * 100.0).floor() as u32
    }

    /// What its referee should look at.
    #[must_use]
    pub const fn sight(&self) -> Order {
        Order::Show(self.pair, self.view)
    }

    /// Does what a key of the Compare screen asks for.
    pub fn act(&mut self, action: Action) -> Option<Order> {
        match action {
            Action::Rest if self.goes_on() => return Some(Order::Pause(!self.board.paused)),
            Action::Save => return Some(Order::Export),
            Action::Tick if !self.hidden.remove(&self.arm) => {
                self.hidden.insert(self.arm);
            }
            Action::Solo => self.solo(),
            Action::Up => self.step_arm(-1),
            Action::Down => self.step_arm(1),
            Action::Increase => self.move_cursor(1),
            Action::Decrease => self.move_cursor(-1),
            Action::Home => self.cursor = Some(0),
            Action::End => self.cursor = None,
            Action::XAxis => self.x_axis = self.x_axis.next(),
            Action::LogXAxis => self.log_x_axis = !self.log_x_axis,
            Action::LogAxis => self.log_loss = !self.log_loss,
            Action::Metric => self.metric = self.next_metric(),
            Action::NetworkView if !self.pair.contains(&self.arm) => {
                self.pair = [self.pair[1], self.arm];
            }
            Action::Zoom => self.zoom = self.zoom.next(),
            _ => {}
        }
        None
    }

    /// Hides all others, or none if they are.
    fn solo(&mut self) {
        let others: BTreeSet<_> =
            (0..self.plan.arms.len()).filter(|arm| *arm != self.arm).collect();
        self.hidden = if self.hidden == others { BTreeSet::new() } else { others };
    }

    fn step_arm(&mut self, distance: isize) {
        let order: Vec<_> =
            self.board.score.ranking.standings.iter().map(|standing| standing.arm).collect();
        let here = order.iter().position(|arm| *arm == self.arm).unwrap_or(0);
        if let Some(arm) = here.checked_add_signed(distance).and_then(|row| order.get(row)) {
            self.arm = *arm;
        }
    }

    /// Evaluations on the longest curve.
    fn evaluations(&self) -> usize {
        self.courses().map(|(_, course)| course.len()).max().unwrap_or(0)
    }

    fn move_cursor(&mut self, distance: isize) {
        let Some(last) = self.evaluations().checked_sub(1) else { return };
        let from = match (self.cursor, distance) {
            (Some(cursor), _) => cursor.min(last),
            (None, 1) => return,
            (None, _) => last,
        };
        self.cursor = Some(from.saturating_add_signed(distance)).filter(|cursor| *cursor < last);
    }

    fn next_metric(&self) -> Metric {
        let here = Metric::ALL.iter().position(|metric| *metric == self.metric).unwrap_or(0);
        let mut others = (1..=Metric::ALL.len()).map(|n| Metric::ALL[(here + n) % 4]);
        let known = |metric: &Metric| {
            self.board.score.courses(*metric).iter().any(|course| !course.is_empty())
        };
        others.find(known).unwrap_or(self.metric)
    }

    /// The curve of every arm: of an arm without results that of its run under way that has come
    /// farthest.
    pub fn courses(&self) -> impl Iterator<Item = (usize, Vec<BandPoint>)> {
        let finished = self.board.score.courses(self.metric).iter().cloned().enumerate();
        finished.map(|(arm, course)| {
            let course = if course.is_empty() { self.under_way(arm) } else { course };
            (arm, course)
        })
    }

    fn under_way(&self, arm: usize) -> Vec<BandPoint> {
        let runs = self.board.under_way.iter().filter(|(trial, _)| trial.arm == arm);
        let Some((_, points)) = runs.max_by_key(|(_, points)| points.len()) else {
            return Vec::new();
        };
        let band = |value| Quartiles { low: value, median: value, high: value };
        points
            .iter()
            .filter(|point| !point.get(self.metric).is_nan())
            .map(|point| BandPoint {
                step: point.step as f64,
                epoch: point.epoch,
                seconds: point.seconds,
                value: band(point.get(self.metric)),
            })
            .collect()
    }

    /// Where the cursor is on the x axis.
    #[must_use]
    pub fn cursor_at(&self) -> Option<f64> {
        let cursor = self.cursor?;
        let courses: Vec<_> = self.courses().map(|(_, course)| course).collect();
        let longest = courses.iter().max_by_key(|course| course.len())?;
        let last = longest.len().checked_sub(1)?;
        let cursor = cursor.min(last);
        Some(match self.x_axis {
            XAxis::Seconds => {
                let ends = courses.iter().filter_map(|course| Some(course.last()?.seconds));
                ends.fold(0.0, f64::max) * cursor as f64 / last.max(1) as f64
            }
            across => across.of(&longest[cursor]),
        })
    }

    /// What the curve of an arm reads at `x`: its latest evaluation there.
    #[must_use]
    pub fn read(&self, course: &[BandPoint], x: f64) -> Option<Quartiles> {
        let reached = |point: &&BandPoint| self.x_axis.of(point) <= x * (1.0 + 1e-9);
        course.iter().rev().find(reached).map(|point| point.value)
    }
}

/// Optimizers that everyone knows.
pub const KNOWN: &str = "sgd,sgd:momentum=0.9,adam,rmsprop";

/// What to race if nobody says otherwise: what the experiment itself asks for, or its present
/// optimizer against those that everyone knows.
#[must_use]
pub fn proposal(experiment: &Experiment, problem: Option<&Problem>) -> CompareSpec {
    const STEPS: u64 = 5000;
    if let Some(spec) = &experiment.compare {
        return spec.clone();
    }
    let mixed = experiment.layers.iter().any(|layer| layer.optimizer.is_some());
    let own = &experiment.optimizer;
    let known = parse_picks(Kind::Optimizer, KNOWN).unwrap_or_default();
    let others = known.into_iter().filter(|pick| pick.key() != own.key());
    let classes =
        problem.is_none_or(|problem| matches!(problem.split.train.target, Data::Classes { .. }));
    let optimizers: Vec<_> =
        Some(own.clone()).filter(|_| !mixed).into_iter().chain(others).collect();
    let plain = CompareSpec::default();
    CompareSpec {
        // As many as it takes to tell all of them apart.
        seeds: plain.seeds.max(seeds_needed(optimizers.len() + usize::from(mixed) - 1)),
        optimizers,
        arms: if mixed { vec![as_it_is()] } else { Vec::new() },
        steps: Some(experiment.train.steps.min(STEPS)),
        target: classes.then_some(Target { metric: Metric::TestAccuracy, value: 0.95 }),
        ..plain
    }
}

/// The experiment itself as an arm: optimizers mixed by layer cannot be said by one pick.
#[must_use]
pub fn as_it_is() -> ArmSpec {
    ArmSpec { name: "as it is".to_owned(), set: Vec::new() }
}

#[cfg(test)]
mod tests;
