//! Running a plan on a pool of threads.
//!
//! ```text
//!             ┌─ Trial ─▶ worker ─┐
//! coordinator ┼─ Trial ─▶ worker ─┼─ record ─▶ coordinator ─▶ Store
//!             └─ Trial ─▶ worker ─┘                 └──────▶ Event (lossless), InFlight (latest wins)
//! ```
//! What a trial gives depends on nothing but the trial, and which trials there are only on the
//! outcomes of others: so the results are the same for any number of threads, and after any
//! interruption.

mod coordinator;
mod worker;

use std::sync::Arc;
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, unbounded};

use self::coordinator::Coordinator;
use super::control::Control;
use super::in_flight::InFlight;
use super::plan::Plan;
use super::record::Record;
use super::store::Store;
use super::trial::Trial;
use crate::parallel;

/// Sets of data that are kept beside those of the runs under way.
pub const DATA_KEPT: usize = 8;

/// What happens to a comparison; none is ever lost.
#[derive(Clone, Debug)]
pub enum Event {
    /// A run is done: put it into [`super::Results`].
    Finished {
        /// Which.
        trial: Trial,
        /// What it gave.
        record: Arc<Record>,
        /// Whether it was read from the store and not run.
        kept: bool,
    },
    /// A finished run could not be written to the store, and why. This comes once, for the first
    /// of them. The comparison goes on.
    NotKept(String),
    /// There is no more to come.
    Ended(Ending),
}

/// How a comparison ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// All that was wanted is done.
    Complete,
    /// It was cancelled; what is finished is kept.
    Cancelled,
    /// It could not go on.
    Failed(String),
}

/// A comparison under way, seen from outside. When it is dropped it is cancelled; nobody waits
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
        Self::of(plan, None, jobs, store, wake)
    }

    /// Starts these trials of `plan` alone, in their order; otherwise as [`Race::start`].
    #[must_use]
    pub fn of_trials(
        plan: Arc<Plan>,
        trials: Vec<Trial>,
        jobs: usize,
        store: Option<Store>,
        wake: &Sender<()>,
    ) -> Self {
        Self::of(plan, Some(trials), jobs, store, wake)
    }

    fn of(
        plan: Arc<Plan>,
        trials: Option<Vec<Trial>>,
        jobs: usize,
        store: Option<Store>,
        wake: &Sender<()>,
    ) -> Self {
        let (outbox, events) = unbounded();
        let in_flight = Arc::new(InFlight::default());
        let control = Arc::new(Control::default());
        let outlet = Outlet {
            events: outbox,
            in_flight: Arc::clone(&in_flight),
            control: Arc::clone(&control),
            wake: wake.clone(),
        };
        let unstarted = outlet.clone();
        let coordinator = Coordinator::new((plan, trials), store, outlet);
        let thread = parallel::spawn(move || coordinator.work(jobs.max(1)));
        let thread = thread.inspect_err(|error| {
            unstarted.event(Event::Ended(Ending::Failed(error.to_string())));
        });
        Self { events, in_flight, control, thread: thread.ok() }
    }

    /// Pauses all runs where they are, or lets them go on. The time of a pause counts as theirs, so
    /// seconds to the target are no longer to be trusted.
    pub fn pause(&self, pause: bool) {
        self.control.pause(pause);
    }

    /// Cancels it: runs under way are given up, finished ones are kept. [`Event::Ended`] follows.
    pub fn cancel(&self) {
        self.control.cancel();
    }

    /// Cancels it and waits until all threads have ended, and the store is free again.
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
