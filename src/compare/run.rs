//! One training run of a trial, on the thread that calls.
//!
//! Its time is that of the thread on the processor, which does not depend on what else the machine does.
//! A limit on time is one by the clock on the wall.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::clock::ThreadTime;
use super::control::Control;
use super::plan::VALIDATION;
use super::record::Point;
use super::trial::Phase;
use crate::data::csv;
use crate::experiment::{Experiment, Script};
use crate::train::{Problem, Session};

/// Evaluations of a run whose time is limited, spread evenly over that time.
const SLICES: u32 = 100;

/// About as many evaluations has a run that is not judged by: all that is made of it in the end is its
/// last one, and most runs of a race are such runs.
const PROVISIONAL: u64 = 20;

/// How a run ended.
#[derive(Debug)]
pub(super) struct Outcome {
    /// Its evaluations.
    pub points: Vec<Point>,
    /// Why and where it diverged, if it did.
    pub diverged: Option<String>,
    /// Time of the thread on the processor spent on its steps.
    pub seconds: f64,
    /// The same by the clock on the wall.
    pub wall_seconds: f64,
}

/// The data of a trial: in tuning, the test rows are put away, and a part of the training rows
/// takes their place.
///
/// # Errors
/// If its file cannot be read.
pub(super) fn problem(experiment: &Experiment, phase: Phase) -> Result<Arc<Problem>, csv::Error> {
    match phase {
        Phase::Tuning(_) => Problem::load_for_tuning(experiment, VALIDATION),
        Phase::Defaults | Phase::Final => Problem::load(experiment),
    }
}

/// Runs `script` in `phase` to its end, or for the time that `limit` gives, and shows each evaluation
/// to `watch`. None if it was called off.
pub(super) fn run(
    (script, phase): (&Script, Phase),
    problem: Arc<Problem>,
    limit: Option<Duration>,
    control: &Control,
    mut watch: impl FnMut(Point, &Session),
) -> Option<Outcome> {
    let mut session = Session::of_script(script, problem);
    session.set_single_threaded(true);
    if limit.is_some() {
        session.until = u64::MAX;
    }
    let mut points: Vec<Point> = Vec::new();
    let (mut stepping, mut evaluating) = (Duration::ZERO, Duration::ZERO);
    let mut computing = Duration::ZERO;
    let mut diverged = None;
    let mut due = Some(session.evaluate());
    loop {
        if let Some(row) = due.take() {
            let point = Point::new(&row, computing.as_secs_f64());
            points.push(point);
            watch(point, &session);
        }
        let over = limit.is_some_and(|limit| stepping + evaluating >= limit);
        if over || session.finished() {
            break;
        }
        let slice = limit.map(|limit| limit / SLICES);
        let (begun, thread) = (Instant::now(), ThreadTime::now());
        loop {
            if !control.go_on() {
                return None;
            }
            if let Err(divergence) = session.train() {
                diverged = Some(divergence.to_string());
                break;
            }
            match slice {
                Some(slice) if begun.elapsed() >= slice => break,
                None if is_evaluated(&session, phase) => break,
                _ => {}
            }
        }
        stepping += begun.elapsed();
        computing += thread.elapsed();
        if diverged.is_some() {
            break;
        }
        let begun = Instant::now();
        match session.checked_evaluation() {
            Ok(row) => due = Some(row),
            Err(divergence) => {
                diverged = Some(divergence.to_string());
                break;
            }
        }
        evaluating += begun.elapsed();
    }
    let (seconds, wall_seconds) = (computing.as_secs_f64(), stepping.as_secs_f64());
    Some(Outcome { points, diverged, seconds, wall_seconds })
}

/// Whether a run in `phase` whose time is not limited is evaluated at its present step.
fn is_evaluated(session: &Session, phase: Phase) -> bool {
    if !session.evaluation_is_due() {
        return false;
    }
    let interval = session.eval_every();
    let one_in = match phase {
        Phase::Final => 1,
        Phase::Tuning(_) | Phase::Defaults => {
            let steps = session.engine().experiment().train.steps;
            (steps / interval / PROVISIONAL).max(1)
        }
    };
    (session.engine().step_count() / interval).is_multiple_of(one_in)
        || session.awaits_loss()
        || session.finished()
}
