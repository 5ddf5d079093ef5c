//! Schedules over a whole run, to be listed and drawn.

use super::schedule;
use crate::optim::schedule::Scheduler;
use crate::spec::Pick;

/// Evaluations of a run that a schedule is drawn for.
const EVALUATIONS: u64 = 200;

/// The schedule `pick` in a run of `steps` steps at the rate `base`.
fn scheduler(pick: &Pick, base: f64, steps: u64) -> Scheduler {
    Scheduler::new(schedule(pick).build(pick), base, steps)
}

/// The learning rate at each of `steps` steps under the schedule `pick`, for one whose loss after
/// each step is `loss`.
#[must_use]
pub fn rates(pick: &Pick, base: f64, steps: u64, loss: impl Fn(u64) -> f64) -> Vec<f64> {
    let mut scheduler = scheduler(pick, base, steps);
    let mut rate = |step| {
        let rate = scheduler.rate(step);
        scheduler.observe(step + 1, loss(step));
        rate
    };
    (0..steps).map(&mut rate).collect()
}

/// The learning rate at about `points` of `steps` steps, as pairs of step and rate. A schedule that
/// watches the loss is drawn for one that never falls.
#[must_use]
pub fn schedule_curve(pick: &Pick, base: f64, steps: u64, points: u64) -> Vec<(f64, f64)> {
    let mut scheduler = scheduler(pick, base, steps);
    let last = steps.saturating_sub(1);
    let at = |index: u64, count: u64| (last as f64 * index as f64 / count as f64).round() as u64;
    for evaluation in 0..=EVALUATIONS {
        scheduler.observe(at(evaluation, EVALUATIONS), 1.0);
    }
    let count = points.clamp(2, last.max(2)) - 1;
    let point = |index| {
        let step = at(index, count);
        (step as f64, scheduler.rate(step))
    };
    (0..=count).map(point).collect()
}
