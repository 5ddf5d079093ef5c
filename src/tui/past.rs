//! The moment of the past that is looked at. The worker is asked for one step at a time, so that a key
//! that is held down leaves no queue of replays behind.

use std::time::{Duration, Instant};

use crate::experiment::Experiment;
use crate::train::Command;
use crate::train::telemetry::{History, Series};

/// A way through time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Towards {
    /// To the start.
    Start,
    /// To the present.
    Present,
}

/// A key that comes again within this time is held down.
const HELD: Duration = Duration::from_millis(150);
/// Presses of a held key after which its strides double.
const PATIENCE: u32 = 12;

/// A moment of the past, while the run rests.
#[derive(Clone, Debug)]
pub struct Past {
    /// The step to be shown.
    pub target: u64,
    /// The step that is shown; none before the first one.
    pub shown: Option<u64>,
    /// The settings of the present.
    pub present: Experiment,
    /// The step that the worker was asked for and has not shown yet.
    asked: Option<u64>,
    /// The way of the last key, when it came, and how often it came again while it was held.
    held: Option<(Towards, Instant, u32)>,
}

impl Past {
    /// The past of a run whose present settings are these.
    #[must_use]
    pub const fn new(present: Experiment) -> Self {
        Self { target: 0, shown: None, present, asked: None, held: None }
    }

    /// Turns to a step. Returns what to tell the worker, if it has answered the last time.
    pub fn turn(&mut self, step: u64) -> Option<Command> {
        self.target = step;
        if self.asked.is_some() { None } else { self.ask() }
    }

    /// What to tell the worker so that it stands at the step that is to be shown, before it is told
    /// something else.
    pub fn ask(&mut self) -> Option<Command> {
        let stands = self.asked.or(self.shown);
        if stands == Some(self.target) {
            return None;
        }
        self.asked = Some(self.target);
        Some(Command::Visit(self.target))
    }

    /// Takes in that the worker shows a step. Returns whether that is the one it was asked for last.
    pub fn arrive(&mut self, step: u64) -> bool {
        let expected = self.asked == Some(step);
        if expected {
            self.asked = None;
            self.shown = Some(step);
        }
        expected
    }

    /// Whether the worker has still to answer.
    #[must_use]
    pub const fn waits(&self) -> bool {
        self.asked.is_some()
    }

    /// Evaluations to pass over at a press at `now`: more and more while the key is held down, but at
    /// most a share of all `count`.
    pub fn stride(&mut self, towards: Towards, now: Instant, count: usize) -> usize {
        let again = match self.held {
            Some((way, since, again))
                if way == towards && now.saturating_duration_since(since) <= HELD =>
            {
                again + 1
            }
            _ => 0,
        };
        self.held = Some((towards, now, again));
        (1 << (again / PATIENCE).min(10)).min(count / 40).max(1)
    }
}

/// The steps at which the run was evaluated, ascending.
#[must_use]
pub fn evaluations(history: &History) -> Vec<u64> {
    history.series(Series::TestLoss).buckets().iter().map(|bucket| bucket.last).collect()
}

/// The step `stride` places from `step` on among `steps`, which ascend; none at the end of them.
#[must_use]
pub fn neighbour(steps: &[u64], step: u64, towards: Towards, stride: usize) -> Option<u64> {
    match towards {
        Towards::Start => {
            let before = steps.partition_point(|it| *it < step);
            before.checked_sub(1).map(|last| steps[(last + 1).saturating_sub(stride.max(1))])
        }
        Towards::Present => {
            let after = steps.partition_point(|it| *it <= step);
            steps.get(after + stride.max(1) - 1).copied()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::load;

    fn past() -> Past {
        Past::new(load("xor/4-tanh/2").unwrap().experiment)
    }

    #[test]
    fn only_the_newest_step_is_asked_for() {
        let mut past = past();
        assert!(matches!(past.turn(90), Some(Command::Visit(90))));
        assert!(past.turn(80).is_none() && past.turn(70).is_none());
        assert!(!past.arrive(30), "nobody asked for it");
        assert!(past.arrive(90) && !past.waits());
        assert!(matches!(past.ask(), Some(Command::Visit(70))));
        assert!(past.ask().is_none(), "it has been asked");
        assert!(past.arrive(70) && past.ask().is_none());
        assert_eq!(past.shown, Some(70));
    }

    #[test]
    fn a_key_that_is_held_goes_faster() {
        let (mut past, now) = (past(), Instant::now());
        let at = |press: u64| now + Duration::from_millis(40 * press);
        let strides: Vec<_> =
            (0..60).map(|press| past.stride(Towards::Start, at(press), 4000)).collect();
        assert_eq!([strides[0], strides[11], strides[12], strides[59]], [1, 1, 2, 16]);
        assert_eq!(past.stride(Towards::Present, at(60), 4000), 1, "the other way");
        for press in 61..200 {
            assert!(past.stride(Towards::Present, at(press), 80) <= 2, "few evaluations");
        }
        assert_eq!(past.stride(Towards::Present, at(300), 4000), 1, "after a rest");
    }

    #[test]
    fn steps_have_neighbours() {
        use Towards::{Present, Start};
        let steps = [0, 10, 20, 30];
        for (step, towards, stride, expected) in [
            (35, Start, 1, Some(30)),
            (30, Start, 1, Some(20)),
            (30, Start, 9, Some(0)),
            (0, Start, 1, None),
            (0, Present, 1, Some(10)),
            (15, Present, 2, Some(30)),
            (20, Present, 2, None),
            (30, Present, 1, None),
        ] {
            assert_eq!(neighbour(&steps, step, towards, stride), expected, "{step} {towards:?}");
        }
        assert_eq!(neighbour(&[], 5, Start, 1), None);
    }
}
