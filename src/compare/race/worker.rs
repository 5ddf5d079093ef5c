//! A thread that runs trial after trial.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use crossbeam_channel::{Receiver, Sender};

use super::{DATA_KEPT, Outlet};
use crate::compare::plan::Plan;
use crate::compare::record::{PROTOCOL, Record};
use crate::compare::run;
use crate::compare::trial::{Phase, Trial};
use crate::experiment::Experiment;
use crate::text::Untrusted;
use crate::train::Problem;

/// What a worker gives back: a record, none if it was cancelled, or why it broke down.
pub(super) type Done = (Trial, Result<Option<Record>, String>);

/// Data that is shared by all arms and rates: phase, seed and outputs with what was made of them, the
/// latest used first.
pub(super) type Problems = Mutex<Vec<((Phase, u64, usize), Arc<Problem>)>>;

/// Runs trial after trial until there are no more.
pub(super) fn work(
    plan: &Plan,
    todo: &Receiver<Trial>,
    outbox: &Sender<Done>,
    outlet: &Outlet,
    problems: &Problems,
) {
    for trial in todo {
        let attempt = || attempt(plan, trial, outlet, problems);
        let outcome = catch_unwind(AssertUnwindSafe(attempt)).unwrap_or_else(|_| {
            Err(format!("a run of `{}` broke down", plan.arms[trial.arm].name.on_terminal()))
        });
        if outbox.send((trial, outcome)).is_err() {
            return;
        }
    }
}

fn attempt(
    plan: &Plan,
    trial: Trial,
    outlet: &Outlet,
    problems: &Problems,
) -> Result<Option<Record>, String> {
    if !outlet.control.go_on() {
        return Ok(None);
    }
    let script = plan.script(trial);
    let problem = problem(script.start(), trial, problems)?;
    let (script, limit) = ((&script, trial.phase), plan.limit(trial));
    let outcome = run::run(script, problem, limit, &outlet.control, |point, session| {
        outlet.in_flight.post(trial, point, session);
        outlet.wake();
    });
    Ok(outcome.map(|outcome| Record {
        key: plan.key(trial),
        protocol: PROTOCOL,
        arm: plan.arms[trial.arm].name.clone(),
        phase: trial.phase.name().to_owned(),
        lr: plan.rate(trial),
        seed: trial.seed,
        diverged: outcome.diverged.map(Untrusted::from),
        points: outcome.points,
        seconds: outcome.seconds,
        wall_seconds: outcome.wall_seconds,
    }))
}

/// The data of a trial, loaded by the first that needs it.
fn problem(
    experiment: &Experiment,
    trial: Trial,
    problems: &Problems,
) -> Result<Arc<Problem>, String> {
    let mut known = problems.lock().unwrap_or_else(PoisonError::into_inner);
    let key = (trial.phase, trial.seed, experiment.outputs());
    let place = known.iter().position(|(other, _)| *other == key);
    let problem = match place {
        Some(place) => known.remove(place).1,
        None => run::problem(experiment, trial.phase).map_err(|error| error.to_string())?,
    };
    known.insert(0, (key, Arc::clone(&problem)));
    known.truncate(DATA_KEPT);
    Ok(problem)
}
