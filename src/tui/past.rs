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
/// A replay that takes longer than this is not waited for.
const LONG: Duration = Duration::from_millis(300);
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
    /// The step that the worker was asked for and has not shown yet, and when it was asked.
    asked: Option<(u64, Instant)>,
    /// Whether the worker takes long: it is told of another step at once then, and leaves the one that
    /// it is at.
    slow: bool,
    /// The way of the last key, when it came, and how often it came again while it was held.
    held: Option<(Towards, Instant, u32)>,
}

impl Past {
    /// The past of a run whose present settings are these.
    #[must_use]
    pub const fn new(present: Experiment) -> Self {
        Self { target: 0, shown: None, present, asked: None, slow: false, held: None }
    }

    /// Turns to a step at `now`. Returns what to tell the worker, if it has answered the last time or
    /// takes long.
    pub fn turn(&mut self, step: u64, now: Instant) -> Option<Command> {
        self.target = step;
        self.slow |= self.asked.is_some_and(|(_, since)| now - since > LONG);
        if self.asked.is_some() && !self.slow { None } else { self.ask(now) }
    }

    /// What to tell the worker so that it stands at the step that is to be shown, before it is told
    /// something else.
    pub fn ask(&mut self, now: Instant) -> Option<Command> {
        let stands = self.asked.map(|(step, _)| step).or(self.shown);
        if stands == Some(self.target) {
            return None;
        }
        self.asked = Some((self.target, now));
        Some(Command::Visit(self.target))
    }

    /// Takes in that the worker shows a step at `now`. Returns whether that is the one it was asked for
    /// last.
    pub fn arrive(&mut self, step: u64, now: Instant) -> bool {
        let Some((_, since)) = self.asked.filter(|asked| asked.0 == step) else { return false };
        self.asked = None;
        self.shown = Some(step);
        self.slow = now - since > LONG;
        true
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
        let (mut past, now) = (past(), Instant::now());
        assert!(matches!(past.turn(90, now), Some(Command::Visit(90))));
        assert!(past.turn(80, now).is_none() && past.turn(70, now).is_none());
        assert!(!past.arrive(30, now), "nobody asked for it");
        assert!(past.arrive(90, now) && !past.waits());
        assert!(matches!(past.ask(now), Some(Command::Visit(70))));
        assert!(past.ask(now).is_none(), "it has been asked");
        assert!(past.arrive(70, now) && past.ask(now).is_none());
        assert_eq!(past.shown, Some(70));
    }

    #[test]
    fn a_replay_that_takes_long_is_not_waited_for() {
        let (mut past, now) = (past(), Instant::now());
        let at = |ms| now + Duration::from_millis(ms);
        assert!(past.turn(90, at(0)).is_some() && past.turn(80, at(200)).is_none());
        assert!(matches!(past.turn(70, at(400)), Some(Command::Visit(70))));
        assert!(matches!(past.turn(60, at(410)), Some(Command::Visit(60))), "and none after it");
        assert!(!past.arrive(90, at(420)), "it was left");
        assert!(past.arrive(60, at(430)) && past.turn(50, at(440)).is_some());
        assert!(past.turn(40, at(450)).is_none(), "it has become fast");
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
