//! The thread between a race and whoever watches it.
//!
//! ```text
//! Order ──▶ monitor ──▶ RaceStatus    (latest wins)
//!             │  ▲
//!             ▼  │
//!             Race (threads) ──▶ Store
//! ```
//! It ranks and looks at weights, so that a user interface waits for none of that. When it is
//! dropped the race is cancelled.

use std::collections::BTreeMap;
use std::io;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded, select, unbounded};

use super::plan::Plan;
use super::race::{Event, Race};
use super::saved;
use super::status::{NetworkView, RaceScore, RaceStatus};
use super::store::Store;
use super::watch::FolderWatch;
use crate::parallel;
use crate::train::probe::{Snapshot, View};

/// The shortest time between two updates of the status.
const REST: Duration = Duration::from_millis(50);
/// An update that took long is followed by a rest of so many times that.
const SHARE: u32 = 3;

/// What a monitor can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Pause the runs where they are, or let them go on.
    Pause(bool),
    /// Cancel the race; what is finished is kept.
    Stop,
    /// Look at the networks of these arms, if there is room for their pictures.
    Show([usize; 2], Option<View>),
}

/// A monitor, seen from outside.
#[derive(Debug)]
pub struct Monitor {
    orders: Sender<Order>,
    status: Arc<Mutex<Option<Box<RaceStatus>>>>,
    thread: JoinHandle<()>,
}

impl Monitor {
    /// Starts the race of `plan` on all cores, once the race of `before` has ended if it comes in
    /// its place. Finished runs are kept in a folder of their own in `races`, and those that are
    /// there already are not run again. `wake` gets a token whenever there is something new to look
    /// at; a full one is left alone.
    ///
    /// # Errors
    /// If the system gives no thread for it.
    pub fn start(
        plan: Arc<Plan>,
        races: Option<PathBuf>,
        before: Option<Self>,
        wake: &Sender<()>,
    ) -> io::Result<Self> {
        let (orders, inbox) = unbounded();
        let status = Arc::new(Mutex::new(None));
        let outlet = Outlet { status: Arc::clone(&status), wake: wake.clone() };
        let before = before.map(|monitor| monitor.thread);
        let thread = parallel::spawn(move || {
            if let Some(before) = before {
                // It may have the same folder. How it ended does not matter here.
                let _ = before.join();
            }
            work(plan, races, &inbox, outlet);
        })?;
        Ok(Self { orders, status, thread })
    }

    /// Watches a folder that other processes fill, in place of a race. `wake` as for [`Monitor::start`].
    ///
    /// # Errors
    /// If the system gives no thread for it.
    pub fn watch(watch: FolderWatch, wake: &Sender<()>) -> io::Result<Self> {
        let (orders, inbox) = unbounded();
        let status = Arc::new(Mutex::new(None));
        let outlet = Outlet { status: Arc::clone(&status), wake: wake.clone() };
        let thread = parallel::spawn(move || folder::work(watch, &inbox, &outlet))?;
        Ok(Self { orders, status, thread })
    }

    /// Sends an order; one to a monitor that has ended is dropped.
    pub fn send(&self, order: Order) {
        let _ = self.orders.send(order);
    }

    /// Takes the latest status, if there is one that was not taken yet.
    #[must_use]
    pub fn take(&self) -> Option<Box<RaceStatus>> {
        self.status.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

struct Outlet {
    status: Arc<Mutex<Option<Box<RaceStatus>>>>,
    wake: Sender<()>,
}

impl Outlet {
    /// Leaves a status for whoever watches.
    fn show(&self, status: &RaceStatus) {
        let status = Some(Box::new(status.clone()));
        *self.status.lock().unwrap_or_else(PoisonError::into_inner) = status;
        let _ = self.wake.try_send(());
    }
}

/// The store of a race in a folder of `races`, or why there is none.
fn store(plan: &Plan, races: Option<PathBuf>) -> (Option<Store>, Option<Arc<str>>) {
    let Some(races) = races else { return (None, Some("it has no folder".into())) };
    match saved::keep(&races, plan) {
        Ok(store) => (Some(store), None),
        Err(error) => (None, Some(error.to_string().into())),
    }
}

fn work(plan: Arc<Plan>, races: Option<PathBuf>, inbox: &Receiver<Order>, outlet: Outlet) {
    let (wake, woken) = bounded(1);
    let jobs = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let (store, not_kept) = store(&plan, races);
    let race = Race::start(Arc::clone(&plan), jobs, store, &wake);
    race.in_flight.watch(&(0..plan.arms.len()).collect::<Vec<_>>());
    let mut monitor = MonitorLoop {
        status: RaceStatus { not_kept, ..RaceStatus::new(&plan) },
        plan,
        race,
        weights: BTreeMap::new(),
        shown: ([0, 0], None),
        since: Some(Instant::now()),
        outlet,
    };
    loop {
        select! {
            recv(inbox) -> order => match order {
                Ok(order) => monitor.obey(order),
                // Whoever watched is gone.
                Err(_) => return monitor.race.stop(),
            },
            recv(woken) -> _ => {}
        }
        let begun = Instant::now();
        inbox.try_iter().for_each(|order| monitor.obey(order));
        monitor.update();
        std::thread::sleep(REST.max(begun.elapsed() * SHARE));
    }
}

struct MonitorLoop {
    plan: Arc<Plan>,
    race: Race,
    status: RaceStatus,
    /// The latest weights of each arm.
    weights: BTreeMap<usize, Box<Snapshot>>,
    shown: ([usize; 2], Option<View>),
    /// Since when time is running, if it is.
    since: Option<Instant>,
    outlet: Outlet,
}

impl MonitorLoop {
    fn obey(&mut self, order: Order) {
        match order {
            Order::Pause(pause) if self.status.ending.is_none() => {
                self.count_time();
                self.since = (!pause).then(Instant::now);
                self.status.paused = pause;
                self.race.pause(pause);
            }
            Order::Pause(_) => {}
            Order::Stop => self.race.cancel(),
            Order::Show(pair, view) => {
                if (pair, view) != self.shown {
                    self.shown = (pair, view);
                    self.status.network_views = [None, None];
                }
            }
        }
    }

    /// Takes in what the race left, and shows what has become of it.
    fn update(&mut self) {
        self.take_events();
        self.count_time();
        if self.status.ending.is_some() {
            self.since = None;
        }
        self.status.under_way = self.race.in_flight.runs();
        self.look_at_weights();
        self.outlet.show(&self.status);
    }

    fn take_events(&mut self) {
        let mut finished = Vec::new();
        for event in self.race.events.try_iter() {
            match event {
                Event::Finished { trial, record, kept } => {
                    self.status.found += usize::from(kept);
                    finished.push((trial, record));
                }
                Event::NotKept(reason) => self.status.not_kept = Some(reason.into()),
                Event::Ended(ending) => {
                    self.status.ending = Some(ending);
                    self.status.paused = false;
                }
            }
        }
        if !finished.is_empty() {
            let results = Arc::make_mut(&mut self.status.results);
            for (trial, record) in finished {
                results.insert(trial, record);
            }
            self.status.score = Arc::new(RaceScore::of(&self.plan, &self.status.results));
        }
    }

    fn look_at_weights(&mut self) {
        let (pair, view) = self.shown;
        for arm in 0..self.plan.arms.len() {
            if let Some(snapshot) = self.race.in_flight.take_snapshot(arm) {
                self.weights.insert(arm, snapshot);
                for (shown, _) in
                    self.status.network_views.iter_mut().zip(pair).filter(|it| it.1 == arm)
                {
                    *shown = None;
                }
            }
        }
        let Some(view) = view else { return };
        for (shown, arm) in self.status.network_views.iter_mut().zip(pair) {
            if let (None, Some(snapshot)) = (&shown, self.weights.get(&arm)) {
                *shown = NetworkView::of(arm, snapshot, view).map(Arc::new);
            }
        }
    }

    fn count_time(&mut self) {
        if let Some(since) = self.since.replace(Instant::now()) {
            self.status.elapsed += since.elapsed();
        } else {
            self.since = None;
        }
    }
}

mod folder;
#[cfg(test)]
mod tests;
