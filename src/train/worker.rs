//! The training thread.
//!
//! ```text
//! Command ──▶ worker ──▶ Event          (lossless)
//!               ├──────▶ Mailbox        (latest wins, merged, never waits)
//!               └──────▶ observer ──▶ Observation   (a copy of the weights, on request)
//! ```
//! Commands are taken between steps. A resting worker sleeps in `recv`; a running one looks at the
//! clock only every millisecond or so. Nothing here changes what is computed: the weights after N
//! steps are those of a run without a watcher.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, TryRecvError, unbounded};

use super::engine::{Divergence, Parameters, UpdateStats};
use super::message::{Command, Event};
use super::probe::{Observer, Snapshot};
use super::problem::Problem;
use super::session::{Row, Session};
use super::telemetry::{History, Mailbox};
use crate::experiment::{Change, Experiment, changes};
use crate::parallel;

/// How often the mailbox is filled.
const POST_EVERY: Duration = Duration::from_millis(16);
/// A run that is behind its pace by more than this does not try to catch up: after a stop it would
/// rush through all the steps that it might have made.
const LATE: Duration = Duration::from_millis(250);
/// Speed is measured over about this long.
const SPEED_WINDOW: Duration = Duration::from_millis(500);

/// A training thread with its observer, seen from outside. When it is dropped both end by
/// themselves, after the step or the loading they are at; nobody waits for them.
#[derive(Debug)]
pub struct Worker {
    commands: Sender<Command>,
    /// What happens to the run.
    pub events: Receiver<Event>,
    /// Its latest numbers.
    pub mailbox: Arc<Mailbox>,
    /// Looks at the weights.
    pub observer: Observer,
    /// None if the system gave none.
    thread: Option<JoinHandle<Option<Vec<Parameters>>>>,
}

impl Worker {
    /// Starts a thread that loads the data of `experiment` and rests at the start of its run.
    /// `wake` gets a token whenever there is something new to look at; a full one is left alone.
    /// If the system gives no thread, that is the first event.
    #[must_use]
    pub fn spawn(experiment: Experiment, wake: &Sender<()>) -> Self {
        let (commands, inbox) = unbounded();
        let (outbox, events) = unbounded();
        let mailbox = Arc::new(Mailbox::default());
        let (observer, observes) = Observer::spawn(wake.clone());
        let outlet = Outlet {
            events: outbox.clone(),
            mailbox: Arc::clone(&mailbox),
            wake: wake.clone(),
            snapshots: observer.inlet(),
        };
        let train = move || guarded(experiment, &inbox, &outlet);
        let thread = observes.and_then(|()| parallel::spawn(train));
        let thread = thread.inspect_err(|error| {
            let _ = outbox.send(Event::Failed(format!("training cannot start: {error}")));
            let _ = wake.try_send(());
        });
        let thread = thread.ok();
        Self { commands, events, mailbox, observer, thread }
    }

    /// Sends a command; one to a thread that has ended is dropped.
    pub fn send(&self, command: Command) {
        let _ = self.commands.send(command);
    }

    /// Whether the thread still takes commands: it does not if its first data could not be read, or
    /// after it broke down.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        self.thread.as_ref().is_some_and(|thread| !thread.is_finished())
    }

    /// Ends the thread and returns the weights it had, if its run had started.
    #[must_use]
    pub fn stop(self) -> Option<Vec<Parameters>> {
        self.send(Command::Stop);
        self.thread?.join().ok().flatten()
    }
}

/// Where a worker's findings go.
struct Outlet {
    events: Sender<Event>,
    mailbox: Arc<Mailbox>,
    wake: Sender<()>,
    snapshots: Sender<Box<Snapshot>>,
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

/// Runs the thread; a panic becomes a [`Event::Failed`].
fn guarded(
    experiment: Experiment,
    inbox: &Receiver<Command>,
    outlet: &Outlet,
) -> Option<Vec<Parameters>> {
    let work = || {
        let mut worker = WorkerLoop::open(experiment, outlet)?;
        worker.work(inbox);
        Some(worker.session.engine().parameters())
    };
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let text = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("unknown cause");
        outlet.event(Event::Failed(format!("the training thread broke down: {text}")));
        None
    })
}

/// What a running worker runs up to.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Goal {
    Rest,
    End,
    Step(u64),
    Epoch(f64),
}

/// The worker's own state.
struct WorkerLoop<'a> {
    session: Session,
    run: u64,
    goal: Goal,
    pace: Option<f64>,
    observe: bool,
    motion: Vec<UpdateStats>,
    news: History,
    clock: Clock,
    outlet: &'a Outlet,
}

/// When things are due.
struct Clock {
    posted: Instant,
    window: (Instant, u64),
    speed: Option<f64>,
    /// Since when, and from which step on, the pace has been kept.
    paced: (Instant, u64),
    /// Steps left before the clock is looked at again.
    patience: u64,
}

impl Clock {
    fn new(step: u64) -> Self {
        let now = Instant::now();
        Self { posted: now, window: (now, step), speed: None, paced: (now, step), patience: 0 }
    }
}

impl<'a> WorkerLoop<'a> {
    fn open(experiment: Experiment, outlet: &'a Outlet) -> Option<Self> {
        match Problem::load(&experiment) {
            Ok(problem) => {
                let mut worker = Self {
                    session: Session::new(&experiment, problem),
                    run: 0,
                    goal: Goal::Rest,
                    pace: None,
                    observe: false,
                    motion: Vec::new(),
                    news: History::new(1024),
                    clock: Clock::new(0),
                    outlet,
                };
                worker.announce(Vec::new());
                Some(worker)
            }
            Err(error) => {
                outlet.event(Event::Failed(error.to_string()));
                None
            }
        }
    }

    /// Tells of a run at its start, with its first evaluation.
    fn announce(&mut self, changes: Vec<String>) {
        self.run += 1;
        self.motion.clear();
        self.news.clear();
        self.clock = Clock::new(0);
        let engine = self.session.engine();
        self.outlet.event(Event::Started {
            run: self.run,
            experiment: Box::new(engine.experiment().clone()),
            problem: Arc::clone(engine.problem()),
            changes,
        });
        let (run, row) = (self.run, self.session.evaluate());
        self.outlet.mailbox.post(|latest| {
            latest.news.clear();
            (latest.run, latest.step, latest.epoch) = (run, 0, 0.0);
        });
        self.news.push_row(&row);
        self.post();
    }

    fn work(&mut self, inbox: &Receiver<Command>) {
        loop {
            let command = match self.wait() {
                None => inbox.recv().ok(),
                Some(Duration::ZERO) => match inbox.try_recv() {
                    Ok(command) => Some(command),
                    Err(TryRecvError::Empty) => {
                        self.step();
                        continue;
                    }
                    Err(TryRecvError::Disconnected) => None,
                },
                Some(wait) => match inbox.recv_timeout(wait) {
                    Ok(command) => Some(command),
                    Err(RecvTimeoutError::Timeout) => continue,
                    Err(RecvTimeoutError::Disconnected) => None,
                },
            };
            let Some(command) = command else { return };
            let mut waiting = std::iter::once(command).chain(inbox.try_iter()).peekable();
            while let Some(command) = waiting.next() {
                match (&command, waiting.peek()) {
                    (Command::Stop, _) => return,
                    // Of experiments in a row only the last one counts, so that a key that is held
                    // down does not leave a queue of runs behind.
                    (Command::Apply(_), Some(Command::Apply(_))) => {}
                    _ => self.obey(command),
                }
            }
        }
    }

    /// How long to wait before the next step: none means until a command comes.
    fn wait(&mut self) -> Option<Duration> {
        if self.goal == Goal::Rest {
            return None;
        }
        let Some(pace) = self.pace else { return Some(Duration::ZERO) };
        let (since, from) = self.clock.paced;
        let step = self.session.engine().step_count();
        let due = Duration::from_secs_f64((step - from) as f64 / pace);
        let elapsed = since.elapsed();
        if elapsed > due + LATE {
            self.clock.paced = (Instant::now(), step);
            return Some(Duration::ZERO);
        }
        let wait = due.saturating_sub(elapsed);
        // Steps come in bursts of a frame, not one by one, so that a high pace can be kept.
        Some(if wait < Duration::from_millis(4) { Duration::ZERO } else { wait })
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::Run => {
                if self.session.finished() {
                    self.session.prolong();
                }
                self.set_goal(Goal::End);
            }
            Command::Pause => self.set_goal(Goal::Rest),
            Command::Steps(n) => {
                let target = self.session.engine().step_count() + n;
                self.set_goal(Goal::Step(target));
            }
            Command::Epoch => {
                let target = self.session.engine().epoch().floor() + 1.0;
                self.set_goal(Goal::Epoch(target));
            }
            Command::Reset => {
                let experiment = self.session.engine().experiment().clone();
                let problem = Arc::clone(self.session.engine().problem());
                self.restart(&experiment, problem, Vec::new());
            }
            Command::Apply(experiment) => self.apply(&experiment),
            Command::Pace(pace) => {
                self.pace = pace.filter(|pace| *pace > 0.0);
                self.clock = Clock::new(self.session.engine().step_count());
            }
            Command::Observe => {
                self.observe = true;
                if self.goal == Goal::Rest {
                    self.show();
                }
            }
            Command::Stop => {}
        }
    }

    fn set_goal(&mut self, goal: Goal) {
        let was_running = self.goal != Goal::Rest;
        self.goal = goal;
        let running = goal != Goal::Rest;
        if running != was_running {
            self.clock = Clock::new(self.session.engine().step_count());
            self.post();
            self.outlet.event(Event::Running(running));
        }
    }

    fn restart(&mut self, experiment: &Experiment, problem: Arc<Problem>, changes: Vec<String>) {
        if matches!(self.goal, Goal::Step(_) | Goal::Epoch(_)) {
            // It was a goal of the run before.
            self.set_goal(Goal::Rest);
        }
        self.session = Session::new(experiment, problem);
        self.announce(changes);
    }

    fn apply(&mut self, new: &Experiment) {
        let old = self.session.engine().experiment();
        let changes = changes(old, new);
        let live = changes.iter().all(Change::live);
        let changes = changes.into_iter().map(|change| change.text).collect();
        if live {
            let step = self.session.engine().step_count();
            self.session.apply(new);
            let experiment = Box::new(new.clone());
            self.outlet.event(Event::Edited { step, changes, experiment });
            return;
        }
        let same_data = old.data == new.data
            && old.outputs() == new.outputs()
            && old.target_scale() == new.target_scale()
            && old.data_seed() == new.data_seed();
        if same_data {
            let problem = Arc::clone(self.session.engine().problem());
            self.restart(new, problem, changes);
        } else {
            match Problem::load(new) {
                Ok(problem) => self.restart(new, problem, changes),
                Err(error) => {
                    self.set_goal(Goal::Rest);
                    self.outlet.event(Event::Failed(error.to_string()));
                }
            }
        }
    }

    fn step(&mut self) {
        let single = matches!(self.goal, Goal::Step(_));
        let stepped = if self.observe || single {
            self.session.step_measured().map(|(loss, row, motion)| {
                self.motion = motion;
                (loss, row)
            })
        } else {
            self.session.step()
        };
        match stepped {
            Ok((loss, row)) => self.record(loss, row),
            Err(divergence) => self.diverged(divergence),
        }
        if self.observe {
            self.show();
        }
        self.look_at_clock();
        self.check_goal();
    }

    fn record(&mut self, loss: f64, row: Option<Row>) {
        self.news.push_loss(self.session.engine().step_count(), loss);
        if let Some(row) = row {
            self.news.push_row(&row);
        }
    }

    fn diverged(&mut self, divergence: Box<Divergence>) {
        self.set_goal(Goal::Rest);
        self.outlet.event(Event::Diverged(divergence));
    }

    fn check_goal(&mut self) {
        let engine = self.session.engine();
        let step = engine.step_count();
        let reached = match self.goal {
            Goal::Rest => false,
            Goal::End => self.session.finished(),
            Goal::Step(target) => step >= target,
            Goal::Epoch(target) => engine.epoch() >= target,
        };
        if reached {
            let finished = self.goal == Goal::End;
            self.set_goal(Goal::Rest);
            if finished {
                self.outlet.event(Event::Finished { step });
            }
        }
    }

    /// Posts when it is time to, asking the clock only about once a millisecond.
    fn look_at_clock(&mut self) {
        if self.clock.patience > 0 {
            self.clock.patience -= 1;
            return;
        }
        let now = Instant::now();
        let step = self.session.engine().step_count();
        let (since, from) = self.clock.window;
        let elapsed = now - since;
        if elapsed >= SPEED_WINDOW {
            self.clock.speed = Some((step - from) as f64 / elapsed.as_secs_f64());
            self.clock.window = (now, step);
        }
        self.clock.patience = self.clock.speed.map_or(0, |speed| (speed / 1000.0) as u64);
        if now - self.clock.posted >= POST_EVERY {
            self.clock.posted = now;
            self.post();
        }
    }

    fn post(&mut self) {
        let engine = self.session.engine();
        let (step, epoch, rate) = (engine.step_count(), engine.epoch(), engine.rate().0);
        let speed = self.clock.speed.filter(|_| self.goal != Goal::Rest);
        self.outlet.mailbox.post(|latest| {
            (latest.step, latest.epoch, latest.steps_per_second) = (step, epoch, speed);
            latest.rate = Some(rate);
            latest.news.extend(&self.news);
        });
        self.news.clear();
        self.outlet.wake();
    }

    /// Hands a copy of the weights to the observer, unless it is still busy with the last one.
    fn show(&mut self) {
        let engine = self.session.engine();
        let snapshot = Snapshot {
            run: self.run,
            step: engine.step_count(),
            experiment: engine.experiment().clone(),
            problem: Arc::clone(engine.problem()),
            params: engine.predicting_parameters(),
            motion: self.motion.clone(),
        };
        if self.outlet.snapshots.try_send(Box::new(snapshot)).is_ok() {
            self.observe = false;
        }
    }
}
