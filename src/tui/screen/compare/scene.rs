//! The race together with how it is being looked at, as the panels read them.

use crate::compare::BandPoint;
use crate::compare::statistics::Quartiles;
use crate::experiment::Metric;
use crate::tui::race_view::RaceView;

use super::CompareScreen;

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
    pub(super) const fn next(self) -> Self {
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

/// The race together with how it is being looked at.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// The race.
    pub race: &'a RaceView,
    /// How it is being looked at.
    pub screen: &'a CompareScreen,
}

impl Scene<'_> {
    /// The arm that stands `distance` rows below the one under the cursor.
    pub fn arm_at(&self, distance: isize) -> Option<usize> {
        let standings = &self.race.status.score.ranking.standings;
        let here = standings.iter().position(|it| it.arm == self.screen.arm).unwrap_or(0);
        let row = here.checked_add_signed(distance)?;
        standings.get(row).map(|standing| standing.arm)
    }

    /// The cursor moved by `distance` evaluations, which is none at the last one.
    pub fn cursor_moved(&self, distance: isize) -> Option<usize> {
        let cursor = self.screen.cursor;
        let longest = self.courses().map(|(_, course)| course.len()).max().unwrap_or(0);
        let Some(last) = longest.checked_sub(1) else { return cursor };
        let from = match (cursor, distance) {
            (Some(cursor), _) => cursor.min(last),
            (None, 1) => return None,
            (None, _) => last,
        };
        Some(from.saturating_add_signed(distance)).filter(|cursor| *cursor < last)
    }

    /// The next metric of which there are numbers.
    pub fn next_metric(&self) -> Metric {
        let present = self.screen.metric;
        let here = Metric::ALL.iter().position(|metric| *metric == present).unwrap_or(0);
        let mut others = (1..=Metric::ALL.len()).map(|n| Metric::ALL[(here + n) % 4]);
        let known = |metric: &Metric| {
            self.race.status.score.courses(*metric).iter().any(|course| !course.is_empty())
        };
        others.find(known).unwrap_or(present)
    }

    /// The curve of every arm: of an arm without results that of its run under way that has come
    /// farthest.
    pub fn courses(&self) -> impl Iterator<Item = (usize, Vec<BandPoint>)> {
        let finished =
            self.race.status.score.courses(self.screen.metric).iter().cloned().enumerate();
        finished.map(|(arm, course)| {
            let course = if course.is_empty() { self.under_way(arm) } else { course };
            (arm, course)
        })
    }

    fn under_way(&self, arm: usize) -> Vec<BandPoint> {
        let runs = self.race.status.under_way.iter().filter(|(trial, _)| trial.arm == arm);
        let Some((_, points)) = runs.max_by_key(|(_, points)| points.len()) else {
            return Vec::new();
        };
        let band = |value| Quartiles { low: value, median: value, high: value };
        points
            .iter()
            .filter(|point| !point.get(self.screen.metric).is_nan())
            .map(|point| BandPoint {
                step: point.step as f64,
                epoch: point.epoch,
                seconds: point.seconds,
                value: band(point.get(self.screen.metric)),
            })
            .collect()
    }

    /// Where the cursor is on the x axis.
    pub fn cursor_at(&self) -> Option<f64> {
        let cursor = self.screen.cursor?;
        let courses: Vec<_> = self.courses().map(|(_, course)| course).collect();
        let longest = courses.iter().max_by_key(|course| course.len())?;
        let last = longest.len().checked_sub(1)?;
        let cursor = cursor.min(last);
        Some(match self.screen.x_axis {
            XAxis::Seconds => {
                let ends = courses.iter().filter_map(|course| Some(course.last()?.seconds));
                ends.fold(0.0, f64::max) * cursor as f64 / last.max(1) as f64
            }
            across => across.of(&longest[cursor]),
        })
    }

    /// What the curve of an arm reads at `x`: its latest evaluation there.
    pub fn read(&self, course: &[BandPoint], x: f64) -> Option<Quartiles> {
        let reached = |point: &&BandPoint| self.screen.x_axis.of(point) <= x * (1.0 + 1e-9);
        course.iter().rev().find(reached).map(|point| point.value)
    }
}
