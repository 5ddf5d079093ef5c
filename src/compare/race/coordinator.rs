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

/// The coordinator's state.
pub(super) struct Coordinator {
    plan: Arc<Plan>,
    /// The trials left of those that are to be run, if not all of the plan are.
    given: Option<VecDeque<Trial>>,
    store: Option<Store>,
    results: Results,
    /// Trials that the store has been searched for.
    looked_up: HashSet<Trial>,
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
        let (results, looked_up) = (Results::default(), HashSet::new());
        let given = trials.map(VecDeque::from);
        Self { plan, given, store, results, looked_up, failed_to_keep: false, outlet }
    }

    pub fn work(mut self, jobs: usize) {
        let (tasks, todo) = unbounded();
        let (outbox, done) = unbounded();
        let problems = Arc::new(Problems::default());
        let most = match &self.given {
            Some(trials) => trials.len(),
            None => self.plan.total(&self.results),
        };
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
            _ => self.coordinate(&tasks, &done, workers.len()),
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
                    self.keep(&record);
                    self.finish(trial, record, false);
                }
                Ok(None) => return Ending::Cancelled,
                Err(reason) => return Ending::Failed(reason),
            }
        }
    }

    fn hand_out(&mut self, tasks: &Sender<Trial>, under_way: &mut HashSet<Trial>, jobs: usize) {
        let mut found = true;
        // What is found in the store makes room, and may tell what else is wanted.
        while found {
            found = false;
            for trial in self.next(under_way, jobs) {
                if let Some(record) = self.look_up(trial) {
                    self.finish(trial, record, true);
                    found = true;
                } else if under_way.len() < jobs && tasks.send(trial).is_ok() {
                    under_way.insert(trial);
                }
            }
        }
    }

    /// Trials that are neither done nor under way: of those given as many as there is room for, else all
    /// that are known to be wanted.
    fn next(&mut self, under_way: &HashSet<Trial>, jobs: usize) -> Vec<Trial> {
        if let Some(given) = &mut self.given {
            let room = jobs.saturating_sub(under_way.len()).min(given.len());
            return given.drain(..room).collect();
        }
        let mut wanted = self.plan.wanted(&self.results);
        wanted.retain(|trial| !under_way.contains(trial) && self.results.get(*trial).is_none());
        wanted
    }

    /// The record that the store held of a trial.
    fn look_up(&mut self, trial: Trial) -> Option<Record> {
        let store = self.store.as_mut().filter(|store| store.kept() > 0)?;
        // Once is enough, since a key takes a while.
        self.looked_up.insert(trial).then(|| store.take(&self.plan.key(trial)))?
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
        if self.given.is_none() {
            self.results.insert(trial, Arc::clone(&record));
        }
        self.outlet.event(Event::Finished { trial, record, kept });
    }
}
