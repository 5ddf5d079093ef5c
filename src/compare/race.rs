//! Running a plan on a pool of threads.
//!
//! ```text
//!             ┌─ Trial ─▶ worker ─┐
//! coordinator ┼─ Trial ─▶ worker ─┼─ outcome ─▶ coordinator ─▶ results file
//!             └─ Trial ─▶ worker ─┘                  └──────▶ Event (lossless), InFlight (latest wins)
//! ```
//! What a trial gives depends on nothing but the trial, and which trials there are only on the
//! outcomes of others: so the results are the same for any number of threads, and after any
//! interruption.

use std::collections::{HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, unbounded};

use super::in_flight::InFlight;
use super::plan::{Phase, Plan, Trial};
use super::record::Record;
use super::results::Results;
use super::store::Store;
use super::trial;
use crate::train::Problem;

/// What happens to a comparison; none is ever lost.
#[derive(Clone, Debug)]
pub enum Event {
    /// A run has begun.
    Started(Trial),
    /// A run is done: [`Results::insert`] it.
    Finished {
        /// Which.
        trial: Trial,
        /// What it gave.
        record: Arc<Record>,
        /// Whether it was read from the results file and not run.
        kept: bool,
    },
    /// There is no more to come.
    Ended(Ending),
}

/// How a comparison ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// All that was wanted is done.
    Complete,
    /// It was called off; what is finished is kept.
    Cancelled,
    /// It could not go on.
    Failed(String),
}

/// A comparison under way, seen from outside. When it is dropped it is called off; nobody waits
/// for it.
#[derive(Debug)]
pub struct Race {
    /// What happens to it.
    pub events: Receiver<Event>,
    /// Its runs under way.
    pub in_flight: Arc<InFlight>,
    control: Arc<Control>,
    thread: Option<JoinHandle<()>>,
}

impl Race {
    /// Starts `plan` on `jobs` threads, at least one. Finished runs go to `store`, and what it
    /// holds already is not run again. `wake` gets a token whenever there is something new to look
    /// at; a full one is left alone.
    #[must_use]
    pub fn start(plan: Arc<Plan>, jobs: usize, store: Option<Store>, wake: &Sender<()>) -> Self {
        let (outbox, events) = unbounded();
        let in_flight = Arc::new(InFlight::default());
        let control = Arc::new(Control::default());
        let coordinator = Coordinator {
            plan,
            store,
            results: Results::default(),
            looked_up: HashSet::new(),
            outlet: Outlet {
                events: outbox,
                in_flight: Arc::clone(&in_flight),
                control: Arc::clone(&control),
                wake: wake.clone(),
            },
        };
        let thread = std::thread::spawn(move || coordinator.work(jobs.max(1)));
        Self { events, in_flight, control, thread: Some(thread) }
    }

    /// Rests all runs where they are, or lets them go on. Time at rest is counted as theirs, so
    /// seconds to the target are no longer to be trusted.
    pub fn pause(&self, pause: bool) {
        self.control.set(if pause { PAUSED } else { RUNNING });
    }

    /// Calls it off: runs under way are given up, finished ones are kept. [`Event::Ended`] follows.
    pub fn cancel(&self) {
        self.control.set(CANCELLED);
    }

    /// Calls it off and waits until all threads have ended, and the results file is free again.
    pub fn stop(mut self) {
        self.cancel();
        if let Some(thread) = self.thread.take() {
            // It has said by then how it ended.
            let _ = thread.join();
        }
    }
}

impl Drop for Race {
    fn drop(&mut self) {
        self.cancel();
    }
}

const RUNNING: u8 = 0;
const PAUSED: u8 = 1;
const CANCELLED: u8 = 2;

/// Whether runs may go on.
#[derive(Debug, Default)]
pub(super) struct Control {
    state: AtomicU8,
    asleep: Mutex<()>,
    changed: Condvar,
}

impl Control {
    fn set(&self, new: u8) {
        let _asleep = self.asleep.lock().unwrap_or_else(PoisonError::into_inner);
        // Nothing comes after the end.
        let _ = self.state.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |old| {
            (old != CANCELLED).then_some(new)
        });
        self.changed.notify_all();
    }

    /// Whether to go on; waits while there is a pause.
    pub(super) fn go_on(&self) -> bool {
        match self.state.load(Ordering::Relaxed) {
            RUNNING => true,
            CANCELLED => false,
            _ => self.wait(),
        }
    }

    fn wait(&self) -> bool {
        let asleep = self.asleep.lock().unwrap_or_else(PoisonError::into_inner);
        let paused = |(): &mut ()| self.state.load(Ordering::Relaxed) == PAUSED;
        drop(self.changed.wait_while(asleep, paused));
        self.state.load(Ordering::Relaxed) != CANCELLED
    }
}

/// Where findings go.
#[derive(Clone, Debug)]
struct Outlet {
    events: Sender<Event>,
    in_flight: Arc<InFlight>,
    control: Arc<Control>,
    wake: Sender<()>,
}

impl Outlet {
    fn event(&self, event: Event) {
        let _ = self.events.send(event);
        self.wake();
    }

    fn wake(&self) {
        let _ = self.wake.try_send(());
    }
}

/// What a worker gives back: a record, none if it was called off, or why it broke down.
type Done = (Trial, Result<Option<Record>, String>);

/// Data that is shared by all arms and rates.
type Problems = Mutex<HashMap<(Phase, u64, usize), Arc<Problem>>>;

/// The coordinator.
struct Coordinator {
    plan: Arc<Plan>,
    store: Option<Store>,
    results: Results,
    /// Trials that the file has been searched for.
    looked_up: HashSet<Trial>,
    outlet: Outlet,
}

impl Coordinator {
    fn work(mut self, jobs: usize) {
        let (tasks, todo) = unbounded();
        let (outbox, done) = unbounded();
        let problems = Arc::new(Problems::default());
        let workers: Vec<_> = (0..jobs.min(self.plan.total()))
            .map(|_| {
                let (plan, outlet) = (Arc::clone(&self.plan), self.outlet.clone());
                let (todo, outbox, problems) =
                    (todo.clone(), outbox.clone(), Arc::clone(&problems));
                std::thread::spawn(move || work(&plan, &todo, &outbox, &outlet, &problems))
            })
            .collect();
        drop((todo, outbox));
        let ending = self.coordinate(&tasks, &done, workers.len());
        if ending != Ending::Complete {
            self.outlet.control.set(CANCELLED);
        }
        drop(tasks);
        for worker in workers {
            // A panic has been caught and reported by then.
            let _ = worker.join();
        }
        // The file is free before anyone hears that this is the end.
        self.store = None;
        self.outlet.event(Event::Ended(ending));
    }

    /// Keeps as many trials under way as there are workers until none is wanted any more.
    fn coordinate(&mut self, tasks: &Sender<Trial>, done: &Receiver<Done>, jobs: usize) -> Ending {
        let mut under_way = HashSet::new();
        loop {
            self.hand_out(tasks, &mut under_way, jobs);
            if under_way.is_empty() {
                return Ending::Complete;
            }
            let Ok((trial, outcome)) = done.recv() else {
                return Ending::Failed("the comparison's threads are gone".to_owned());
            };
            under_way.remove(&trial);
            self.outlet.in_flight.forget(trial);
            match outcome {
                Ok(Some(record)) => {
                    if let Some(Err(error)) = self.store.as_mut().map(|it| it.append(&record)) {
                        return Ending::Failed(error.to_string());
                    }
                    self.finish(trial, record, false);
                }
                Ok(None) => return Ending::Cancelled,
                Err(reason) => return Ending::Failed(reason),
            }
        }
    }

    fn hand_out(&mut self, tasks: &Sender<Trial>, under_way: &mut HashSet<Trial>, jobs: usize) {
        let mut found = true;
        // What is found in the file may tell what else is wanted.
        while found {
            found = false;
            for trial in self.plan.wanted(&self.results) {
                if under_way.contains(&trial) || self.results.get(trial).is_some() {
                    continue;
                }
                if let Some(record) = self.look_up(trial) {
                    self.finish(trial, record, true);
                    found = true;
                } else if under_way.len() < jobs && tasks.send(trial).is_ok() {
                    under_way.insert(trial);
                }
            }
        }
    }

    /// The record that the results file held of a trial.
    fn look_up(&mut self, trial: Trial) -> Option<Record> {
        let store = self.store.as_mut().filter(|store| store.kept() > 0)?;
        // Once is enough, since a key takes a while.
        self.looked_up.insert(trial).then(|| store.take(&self.plan.key(trial)))?
    }

    fn finish(&mut self, trial: Trial, record: Record, kept: bool) {
        let record = Arc::new(record);
        self.results.insert(trial, Arc::clone(&record));
        self.outlet.event(Event::Finished { trial, record, kept });
    }
}

/// A worker's thread: trial after trial until there are no more.
fn work(
    plan: &Plan,
    todo: &Receiver<Trial>,
    outbox: &Sender<Done>,
    outlet: &Outlet,
    problems: &Problems,
) {
    for trial in todo {
        outlet.event(Event::Started(trial));
        let attempt = || attempt(plan, trial, outlet, problems);
        let outcome = catch_unwind(AssertUnwindSafe(attempt)).unwrap_or_else(|_| {
            Err(format!("a run of `{}` broke down", plan.arms[trial.arm].name))
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
    let experiment = plan.experiment(trial);
    let problem = {
        let mut known = problems.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (trial.phase, trial.seed, experiment.outputs());
        if let Some(problem) = known.get(&key) {
            Arc::clone(problem)
        } else {
            let problem = trial::problem(&experiment, trial.phase).map_err(|e| e.to_string())?;
            known.insert(key, Arc::clone(&problem));
            problem
        }
    };
    let limit = plan.limit(trial);
    let outcome = trial::run(&experiment, problem, limit, &outlet.control, |point, session| {
        outlet.in_flight.post(trial, point, session);
        outlet.wake();
    });
    Ok(outcome.map(|outcome| Record {
        key: plan.key(trial),
        arm: plan.arms[trial.arm].name.clone(),
        phase: match trial.phase {
            Phase::Tuning(_) => "tuning".to_owned(),
            Phase::Final => "final".to_owned(),
        },
        lr: plan.rate(trial),
        seed: trial.seed,
        diverged: outcome.diverged,
        points: outcome.points,
        seconds: outcome.seconds,
    }))
}
