//! The thread that decides which trial comes next, and keeps what was found.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender, unbounded};

use super::worker::{self, Done, Problems};
use super::{Ending, Event, Outlet};
use crate::compare::plan::Plan;
use crate::compare::record::Record;
use crate::compare::results::Results;
use crate::compare::store::Store;
use crate::compare::trial::Trial;
use crate::parallel;

/// Trials handed out for each worker: the one that it runs, and one that waits, so that it need not wait
/// itself for the next.
const HANDED_OUT: usize = 2;

/// The coordinator's state.
pub(super) struct Coordinator {
    plan: Arc<Plan>,
    /// Whether not all trials of the plan are to be run, but given ones.
    given: bool,
    /// Trials that are to be run and were not handed out yet, as far as was known when there were none.
    wanted: VecDeque<Trial>,
    store: Option<Store>,
    results: Results,
    /// Whether a record could not be written.
    failed_to_keep: bool,
    outlet: Outlet,
}

impl Coordinator {
    pub fn new(
        (plan, trials): (Arc<Plan>, Option<Vec<Trial>>),
        store: Option<Store>,
        outlet: Outlet,
    ) -> Self {
        let given = trials.is_some();
        let wanted = trials.map(VecDeque::from).unwrap_or_default();
        let results = Results::default();
        Self { plan, given, wanted, store, results, failed_to_keep: false, outlet }
    }

    pub fn work(mut self, jobs: usize) {
        let (tasks, todo) = unbounded();
        let (outbox, done) = unbounded();
        let problems = Arc::new(Problems::default());
        let most = if self.given { self.wanted.len() } else { self.plan.total(&self.results) };
        let started = (0..jobs.min(most.max(1))).map(|_| {
            let (plan, outlet) = (Arc::clone(&self.plan), self.outlet.clone());
            let (todo, outbox, problems) = (todo.clone(), outbox.clone(), Arc::clone(&problems));
            parallel::spawn(move || worker::work(&plan, &todo, &outbox, &outlet, &problems))
        });
        let (mut workers, mut none) = (Vec::new(), None);
        for worker in started {
            match worker {
                Ok(worker) => workers.push(worker),
                // Those that there are do the work of the others.
                Err(error) => {
                    none = Some(error);
                    break;
                }
            }
        }
        drop((todo, outbox));
        let ending = match none {
            Some(error) if workers.is_empty() => Ending::Failed(error.to_string()),
            _ => self.coordinate(&tasks, &done, HANDED_OUT * workers.len()),
        };
        if ending != Ending::Complete {
            self.outlet.control.cancel();
        }
        drop(tasks);
        for worker in workers {
            // A panic has been caught and reported by then.
            let _ = worker.join();
        }
        // The store is free before anyone hears that this is the end.
        self.store = None;
        self.outlet.event(Event::Ended(ending));
    }

    /// Keeps so many trials handed out until none is wanted any more.
    fn coordinate(&mut self, tasks: &Sender<Trial>, done: &Receiver<Done>, most: usize) -> Ending {
        let mut handed_out = HashSet::new();
        loop {
            self.hand_out(tasks, &mut handed_out, most);
            if handed_out.is_empty() {
                return Ending::Complete;
            }
            let Ok((trial, outcome)) = done.recv() else {
                return Ending::Failed("the comparison's threads are gone".to_owned());
            };
            handed_out.remove(&trial);
            self.outlet.in_flight.forget(trial);
            match outcome {
                Ok(Some(record)) => {
                    self.keep(&record);
                    self.finish(trial, record, false);
                }
                Ok(None) => return Ending::Cancelled,
                Err(reason) => return Ending::Failed(reason),
            }
        }
    }

    fn hand_out(&mut self, tasks: &Sender<Trial>, handed_out: &mut HashSet<Trial>, most: usize) {
        while handed_out.len() < most {
            let Some(trial) = self.next(handed_out) else { return };
            match self.look_up(trial) {
                // It may tell what else is wanted.
                Some(record) => self.finish(trial, record, true),
                None if tasks.send(trial).is_ok() => drop(handed_out.insert(trial)),
                None => return,
            }
        }
    }

    /// The next trial that is neither done nor handed out.
    fn next(&mut self, handed_out: &HashSet<Trial>) -> Option<Trial> {
        if self.wanted.is_empty() && !self.given {
            let known =
                |trial: &Trial| handed_out.contains(trial) || self.results.get(*trial).is_some();
            let wanted = self.plan.wanted(&self.results);
            self.wanted.extend(wanted.into_iter().filter(|trial| !known(trial)));
        }
        self.wanted.pop_front()
    }

    /// The record that the store held of a trial.
    fn look_up(&mut self, trial: Trial) -> Option<Record> {
        let store = self.store.as_mut().filter(|store| store.kept() > 0)?;
        store.take(&self.plan.key(trial))
    }

    /// Writes a record to the store. A full disk is no reason to lose the comparison: it goes on in
    /// memory, and says so once.
    fn keep(&mut self, record: &Record) {
        let Some(Err(error)) = self.store.as_mut().map(|store| store.append(record)) else {
            return;
        };
        if !std::mem::replace(&mut self.failed_to_keep, true) {
            self.outlet.event(Event::NotKept(error.to_string()));
        }
    }

    fn finish(&mut self, trial: Trial, record: Record, kept: bool) {
        let record = Arc::new(record);
        if !self.given {
            self.results.insert(trial, Arc::clone(&record));
        }
        self.outlet.event(Event::Finished { trial, record, kept });
    }
}
