//! The thread between a race and the user interface.
//!
//! ```text
//! Order ──▶ referee ──▶ Board    (latest wins)
//!             │  ▲ └──▶ report   (lossless)
//!             ▼  │
//!             Race (threads)
//! ```
//! It ranks, looks at weights and writes files, so that the user interface waits for none of that.
//! When it is dropped the race is called off.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded, select, unbounded};

use super::board::{Board, NetworkView, Score};
use crate::compare::{Event, Plan, Race, Results, Store};
use crate::export::comparison::{self, Comparison};
use crate::train::probe::{Snapshot, View};

/// The shortest time between two boards.
const REST: Duration = Duration::from_millis(50);
/// A board that took long to make is followed by a rest of so many times that.
const SHARE: u32 = 3;

/// What a referee can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Rest the runs where they are, or let them go on.
    Pause(bool),
    /// Call the race off; what is finished is kept.
    Stop,
    /// Write everything that is known to a new folder.
    Export,
    /// Look at the networks of these arms, if there is room for their pictures.
    Show([usize; 2], Option<View>),
}

/// A referee, seen from outside.
#[derive(Debug)]
pub struct Referee {
    orders: Sender<Order>,
    board: Arc<Mutex<Option<Box<Board>>>>,
    /// Where it wrote to, or why it could not.
    pub reports: Receiver<Result<PathBuf, String>>,
}

impl Referee {
    /// Starts the race of `plan`, called `name`, on all cores. `wake` gets a token whenever there is
    /// something new to look at; a full one is left alone.
    #[must_use]
    pub fn start(name: String, plan: Arc<Plan>, wake: &Sender<()>) -> Self {
        let (orders, inbox) = unbounded();
        let (outbox, reports) = unbounded();
        let board = Arc::new(Mutex::new(None));
        let outlet = Outlet { board: Arc::clone(&board), reports: outbox, wake: wake.clone() };
        std::thread::spawn(move || work(name, plan, &inbox, outlet));
        Self { orders, board, reports }
    }

    /// Sends an order; one to a referee that has ended is dropped.
    pub fn send(&self, order: Order) {
        let _ = self.orders.send(order);
    }

    /// Takes the latest board, if there is one that was not taken yet.
    #[must_use]
    pub fn take(&self) -> Option<Box<Board>> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

struct Outlet {
    board: Arc<Mutex<Option<Box<Board>>>>,
    reports: Sender<Result<PathBuf, String>>,
    wake: Sender<()>,
}

fn work(name: String, plan: Arc<Plan>, inbox: &Receiver<Order>, outlet: Outlet) {
    let (wake, woken) = bounded(1);
    let jobs = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let race = Race::start(Arc::clone(&plan), jobs, None, &wake);
    race.in_flight.watch(&(0..plan.arms.len()).collect::<Vec<_>>());
    let mut monitor = MonitorLoop {
        name,
        board: Board::new(&plan),
        plan,
        race,
        results: Results::default(),
        weights: BTreeMap::new(),
        shown: ([0, 0], None),
        since: Some(Instant::now()),
        outlet,
    };
    loop {
        select! {
            recv(inbox) -> order => match order {
                Ok(order) => monitor.obey(order),
                Err(_) => return,
            },
            recv(woken) -> _ => {}
        }
        let begun = Instant::now();
        inbox.try_iter().for_each(|order| monitor.obey(order));
        monitor.look();
        std::thread::sleep(REST.max(begun.elapsed() * SHARE));
    }
}

struct MonitorLoop {
    name: String,
    plan: Arc<Plan>,
    race: Race,
    results: Results,
    board: Board,
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
            Order::Pause(pause) if self.board.ending.is_none() => {
                self.count_time();
                self.since = (!pause).then(Instant::now);
                self.board.paused = pause;
                self.race.pause(pause);
            }
            Order::Pause(_) => {}
            Order::Stop => self.race.cancel(),
            Order::Export => {
                // Nobody is left to tell if the user interface is gone.
                let _ = self.outlet.reports.send(self.export());
            }
            Order::Show(pair, view) => {
                if (pair, view) != self.shown {
                    self.shown = (pair, view);
                    self.board.faces = [None, None];
                }
            }
        }
    }

    /// Takes in what the race left, and shows what has become of it.
    fn look(&mut self) {
        let before = self.results.len();
        for event in self.race.events.try_iter() {
            match event {
                Event::Started(_) => {}
                Event::Finished { trial, record, .. } => self.results.insert(trial, record),
                Event::Ended(ending) => {
                    self.board.ending = Some(ending);
                    self.board.paused = false;
                }
            }
        }
        if self.results.len() > before {
            self.board.score = Arc::new(Score::of(&self.plan, &self.results));
        }
        self.count_time();
        if self.board.ending.is_some() {
            self.since = None;
        }
        self.board.under_way = self.race.in_flight.runs();
        self.look_at_weights();
        let board = Some(Box::new(self.board.clone()));
        *self.outlet.board.lock().unwrap_or_else(PoisonError::into_inner) = board;
        let _ = self.outlet.wake.try_send(());
    }

    fn look_at_weights(&mut self) {
        let (pair, view) = self.shown;
        for arm in 0..self.plan.arms.len() {
            if let Some(snapshot) = self.race.in_flight.take_snapshot(arm) {
                self.weights.insert(arm, snapshot);
                for (face, _) in self.board.faces.iter_mut().zip(pair).filter(|it| it.1 == arm) {
                    *face = None;
                }
            }
        }
        let Some(view) = view else { return };
        for (face, arm) in self.board.faces.iter_mut().zip(pair) {
            if let (None, Some(snapshot)) = (&face, self.weights.get(&arm)) {
                *face = NetworkView::of(arm, snapshot, view).map(Arc::new);
            }
        }
    }

    fn count_time(&mut self) {
        if let Some(since) = self.since.replace(Instant::now()) {
            self.board.elapsed += since.elapsed();
        } else {
            self.since = None;
        }
    }

    /// Writes what `gradlab compare --out` writes, results file included, to a new folder.
    fn export(&self) -> Result<PathBuf, String> {
        let folder = (1..=u32::MAX)
            .map(|n| PathBuf::from(format!("gradlab-race-{n}")))
            .find(|folder| !folder.exists())
            .ok_or("there are too many folders here")?;
        self.write(&folder).map_err(|error| error.to_string())?;
        Ok(folder)
    }

    fn write(&self, folder: &Path) -> anyhow::Result<()> {
        std::fs::create_dir_all(folder)?;
        let mut store = Store::open(&folder.join("results.jsonl"))?;
        for arm in 0..self.plan.arms.len() {
            for (_, record) in self.results.of_arm(arm) {
                store.append(record)?;
            }
        }
        let comparison = Comparison {
            name: &self.name,
            plan: &self.plan,
            results: &self.results,
            ranking: &self.board.score.ranking,
        };
        Ok(comparison::write(folder, &comparison)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::Ending;
    use crate::experiment::{CompareSpec, load};
    use crate::train::probe::Requests;
    use crate::tui::contest::tests::quick;

    fn wait<T>(
        referee: &Referee,
        woken: &Receiver<()>,
        mut look: impl FnMut(&Board) -> Option<T>,
    ) -> T {
        loop {
            woken.recv_timeout(Duration::from_mins(1)).expect("the referee is silent");
            if let Some(found) = referee.take().and_then(|board| look(&board)) {
                return found;
            }
        }
    }

    #[test]
    fn a_race_is_refereed_to_its_end() {
        let plan = Arc::new(quick(&CompareSpec::default()));
        let (wake, woken) = bounded(1);
        let referee = Referee::start("moons".to_owned(), Arc::clone(&plan), &wake);
        let view = View { grid: (8, 6), samples: 4, bins: 4, requests: Requests::ALL };
        referee.send(Order::Show([1, 0], Some(view)));
        let board = wait(&referee, &woken, |board| {
            (board.ending == Some(Ending::Complete)).then(|| board.clone())
        });
        assert!(board.score.ranking.complete());
        assert_eq!(board.progress(&plan), 1.0);
        let arms = board.faces.map(|face| face.expect("nothing seen").arm);
        assert_eq!(arms, [1, 0]);
        // Another sight of the same weights, although no run goes on.
        referee.send(Order::Show([0, 1], Some(view)));
        wait(&referee, &woken, |board| {
            (board.faces[0].as_ref().map(|face| face.arm) == Some(0)).then_some(())
        });
    }

    #[test]
    fn a_pause_holds_and_an_end_is_final() {
        let mut experiment = load("moons").unwrap().experiment;
        experiment.train.steps = 1_000_000_000;
        let spec = CompareSpec {
            optimizers: crate::experiment::parse_picks(crate::catalog::Kind::Optimizer, "sgd,adam")
                .unwrap(),
            ..CompareSpec::default()
        };
        let plan = Arc::new(Plan::new(&experiment, &spec).unwrap());
        let (wake, woken) = bounded(1);
        let referee = Referee::start(String::new(), Arc::clone(&plan), &wake);
        wait(&referee, &woken, |board| (!board.under_way.is_empty()).then_some(()));
        referee.send(Order::Pause(true));
        wait(&referee, &woken, |board| board.paused.then_some(()));
        referee.send(Order::Stop);
        let ending = wait(&referee, &woken, |board| board.ending.clone());
        assert_eq!(ending, Ending::Cancelled);
    }
}
