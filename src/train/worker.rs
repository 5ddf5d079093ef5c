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

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, TryRecvError, unbounded};

use super::engine::{Divergence, LayerStep, Parameters};
use super::journal::{Journal, Start};
use super::message::{Command, Event};
use super::probe::{Observer, Recall, Requests, Snapshot, View};
use super::problem::Problem;
use super::session::{Row, Session};
use super::telemetry::{History, Mailbox};
use super::timeline::Timeline;
use crate::experiment::lesson::Until;
use crate::experiment::{Change, Experiment, changes};
use crate::parallel;
use clock::Clock;
use journalling::Pages;
use travel::Visit;

mod clock;
mod journalling;
mod travel;

/// How often the mailbox is filled, and a run at a pace wakes up: there are seldom more frames.
const POST_EVERY: Duration = Duration::from_millis(40);
/// A run that is behind its pace by more than this does not try to catch up: after a stop it would
/// rush through all the steps that it might have made.
const LATE: Duration = Duration::from_millis(250);
/// Speed is measured over about this long.
const SPEED_WINDOW: Duration = Duration::from_millis(500);
/// Buckets a series that the watcher is given of the way to where a run goes on.
const SHOWN: usize = 4096;

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
    /// Starts a thread that loads the data of `start` and rests where its run is.
    /// `wake` gets a token whenever there is something new to look at; a full one is left alone.
    /// If the system gives no thread, that is the first event.
    #[must_use]
    pub fn spawn(start: impl Into<Start>, wake: &Sender<()>) -> Self {
        Self::with_journal(start, None, wake)
    }

    /// As [`Worker::spawn`], with a journal by which the run can be gone on with later.
    #[must_use]
    pub fn with_journal(
        start: impl Into<Start>,
        journal: Option<Journal>,
        wake: &Sender<()>,
    ) -> Self {
        let (commands, inbox) = unbounded();
        let (outbox, events) = unbounded();
        let mailbox = Arc::new(Mailbox::default());
        let (observer, observes) = Observer::spawn(wake.clone());
        let outlet = Outlet {
            events: outbox.clone(),
            mailbox: Arc::clone(&mailbox),
            wake: wake.clone(),
            snapshots: observer.inlet(),
            view: observer.view(),
            recalls: observer.recalls(),
        };
        let start = start.into();
        let train = move || guarded(start, journal, &inbox, &outlet);
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
    view: Arc<Mutex<View>>,
    recalls: Sender<Vec<Recall>>,
}

impl Outlet {
    fn event(&self, event: Event) {
        let _ = self.events.send(event);
        self.wake();
    }

    fn wake(&self) {
        let _ = self.wake.try_send(());
    }

    /// The probes that are asked for.
    fn requests(&self) -> Requests {
        self.view.lock().unwrap_or_else(PoisonError::into_inner).requests
    }
}

/// Runs the thread; a panic becomes a [`Event::Failed`].
fn guarded(
    start: Start,
    journal: Option<Journal>,
    inbox: &Receiver<Command>,
    outlet: &Outlet,
) -> Option<Vec<Parameters>> {
    let work = || {
        let mut worker = WorkerLoop::open(start, journal, inbox, outlet)?;
        worker.work();
        worker.take_down_state();
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
    Until(Until),
}

/// The worker's own state.
struct WorkerLoop<'a> {
    session: Session,
    timeline: Timeline,
    /// The earlier step that is shown, if one is.
    visit: Option<Visit>,
    run: u64,
    /// Commands that set the experiment and were carried out.
    obeyed: u64,
    goal: Goal,
    pace: Option<f64>,
    observe: bool,
    motion: Vec<LayerStep>,
    news: History,
    clock: Clock,
    inbox: &'a Receiver<Command>,
    /// Commands that have come and are not carried out yet.
    queue: VecDeque<Command>,
    pages: Pages,
    outlet: &'a Outlet,
}

impl<'a> WorkerLoop<'a> {
    fn open(
        start: Start,
        journal: Option<Journal>,
        inbox: &'a Receiver<Command>,
        outlet: &'a Outlet,
    ) -> Option<Self> {
        let problem = match Problem::load(start.script.start()) {
            Ok(problem) => problem,
            Err(error) => {
                outlet.event(Event::Failed(error.to_string()));
                return None;
            }
        };
        let session = start.session(problem);
        let mut worker = Self {
            timeline: Timeline::of_script(&start.script, &session),
            session,
            visit: None,
            run: 0,
            obeyed: 0,
            goal: Goal::Rest,
            pace: None,
            observe: false,
            motion: Vec::new(),
            news: History::new(1024),
            clock: Clock::new(0),
            inbox,
            queue: VecDeque::new(),
            pages: Pages::new(journal, (start.step > 0).then_some(start.step)),
            outlet,
        };
        worker.announce(Vec::new());
        if start.step > 0 {
            worker.keep();
            worker.catch_up(start.step);
        }
        Some(worker)
    }

    /// Tells of a run at its start, with its first evaluation.
    fn announce(&mut self, changes: Vec<String>) {
        self.begin_run();
        let engine = self.session.engine();
        self.outlet.event(Event::Started {
            run: self.run,
            experiment: Box::new(engine.experiment().clone()),
            problem: Arc::clone(engine.problem()),
            changes,
            obeyed: self.obeyed,
        });
        self.tell_of_timeline();
        let row = self.session.evaluate();
        self.news.push_row(&row);
        self.post();
    }

    /// Numbers from here on are of another run than those before.
    fn begin_run(&mut self) {
        self.run += 1;
        self.motion.clear();
        self.news.clear();
        let (run, step) = (self.run, self.session.engine().step_count());
        let epoch = self.session.engine().epoch();
        self.clock = Clock::new(step);
        self.outlet.mailbox.post(|latest| {
            latest.news.clear();
            (latest.run, latest.step, latest.epoch) = (run, step, epoch);
        });
    }

    fn tell_of_timeline(&mut self) {
        self.timeline.set_head(self.head());
        self.outlet.event(Event::Timeline(Box::new(self.timeline.view())));
        self.take_down_place();
    }

    fn work(&mut self) {
        loop {
            if self.queue.is_empty() {
                let command = match self.wait() {
                    None => self.inbox.recv().ok(),
                    Some(Duration::ZERO) => match self.inbox.try_recv() {
                        Ok(command) => Some(command),
                        Err(TryRecvError::Empty) => {
                            self.step();
                            continue;
                        }
                        Err(TryRecvError::Disconnected) => None,
                    },
                    Some(wait) => match self.inbox.recv_timeout(wait) {
                        Ok(command) => Some(command),
                        Err(RecvTimeoutError::Timeout) => continue,
                        Err(RecvTimeoutError::Disconnected) => None,
                    },
                };
                let Some(command) = command else { return };
                self.queue.push_back(command);
            }
            self.queue.extend(self.inbox.try_iter());
            while let Some(command) = self.queue.pop_front() {
                match (&command, self.queue.front()) {
                    (Command::Stop, _) => return,
                    // Of experiments in a row only the last one counts, so that a key that is held
                    // down does not leave a queue of runs behind.
                    (Command::Apply(_, mark), Some(Command::Apply(_, next))) if mark == next => {
                        self.obeyed += 1;
                        self.mark(*mark);
                    }
                    (Command::Visit(_), Some(Command::Visit(_))) => {}
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
        let pace = self.pace.filter(|_| !self.is_catching_up());
        let Some(pace) = pace else { return Some(Duration::ZERO) };
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
        Some(if wait < POST_EVERY { Duration::ZERO } else { wait })
    }

    fn obey(&mut self, command: Command) {
        if !matches!(
            command,
            Command::Observe
                | Command::Recall(_)
                | Command::Pace(_)
                | Command::Delete(_)
                | Command::KeyframeMemory(_)
        ) {
            self.end_catching_up();
        }
        if let Command::Reset(mark) | Command::Apply(_, mark) = command {
            // What is told of the step that it starts from is not what it sets.
            self.stay(Some(mark));
            self.mark(mark);
        }
        self.obeyed += u64::from(command.sets_experiment());
        match command {
            Command::Run => {
                self.stay(None);
                if self.session.finished() {
                    self.session.prolong();
                }
                self.set_goal(Goal::End);
            }
            Command::Pause => self.set_goal(Goal::Rest),
            Command::Steps(n) => {
                self.stay(None);
                let target = self.session.engine().step_count() + n;
                self.set_goal(Goal::Step(target));
            }
            Command::Epoch => {
                self.stay(None);
                let target = self.session.engine().epoch().floor() + 1.0;
                self.set_goal(Goal::Epoch(target));
            }
            Command::Until(until) => {
                self.stay(None);
                self.set_goal(Goal::Until(until));
                self.check_goal();
            }
            Command::Reset(_) => {
                let experiment = self.session.engine().experiment().clone();
                let problem = Arc::clone(self.session.engine().problem());
                self.restart(&experiment, problem, Vec::new());
            }
            Command::Apply(experiment, _) => self.apply(&experiment),
            Command::Undo(mark) => self.undo(mark),
            Command::Redo(mark) => self.redo(mark),
            Command::Visit(step) => self.visit(step),
            Command::Return => self.come_back(),
            Command::Branch(mark) => self.stay(Some(mark)),
            Command::Go(branch, mark) => self.go_to_branch(branch, mark),
            Command::Delete(branch) => {
                self.timeline.forget(branch);
                self.tell_of_timeline();
            }
            Command::KeyframeMemory(bytes) => self.timeline.set_memory(bytes),
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
            Command::Recall(steps) => self.recall(&steps),
            Command::Stop => {}
        }
    }

    fn set_goal(&mut self, goal: Goal) {
        let was_running = self.goal != Goal::Rest;
        self.goal = goal;
        self.end_catching_up();
        let running = goal != Goal::Rest;
        if running != was_running {
            self.clock = Clock::new(self.session.engine().step_count());
            self.post();
            self.outlet.event(Event::Running(running));
            if !running {
                self.take_down_rest();
            }
        }
    }

    fn restart(&mut self, experiment: &Experiment, problem: Arc<Problem>, changes: Vec<String>) {
        if matches!(self.goal, Goal::Step(_) | Goal::Epoch(_) | Goal::Until(_)) {
            // It was a goal of the run before.
            self.set_goal(Goal::Rest);
        }
        self.post();
        let (plan, left_out) = self.session.rebased_edits(experiment);
        self.session = Session::new(experiment, problem);
        self.session.expect(&plan);
        self.timeline.restart(&self.session);
        self.announce(changes.into_iter().chain(left_out).collect());
        self.keep();
    }

    fn apply(&mut self, new: &Experiment) {
        let old = self.session.engine().experiment().clone();
        let changes = changes(&old, new);
        let step = self.session.engine().step_count();
        let live = changes.iter().all(Change::live);
        if live && step > 0 {
            let (plan, left_out) = self.session.rebased_edits(new);
            self.session.apply(new);
            self.session.expect(&plan);
            self.edited(&old, left_out);
            return;
        }
        let changes = changes.into_iter().map(|change| change.text).collect();
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

    /// Tells of an edit that was made in the middle of the run, where `old` was in force before.
    fn edited(&mut self, old: &Experiment, left_out: Vec<String>) {
        // What is on its way was made under the old experiment.
        self.post();
        self.timeline.edit(&self.session);
        let engine = self.session.engine();
        let new = engine.experiment();
        let changes = changes(old, new).into_iter().map(|change| change.text);
        self.outlet.event(Event::Edited {
            step: engine.step_count(),
            changes: changes.chain(left_out).collect(),
            experiment: Box::new(new.clone()),
            obeyed: self.obeyed,
        });
        self.tell_of_timeline();
        self.keep();
    }

    /// Makes the edit of the present step that the script has, if it has one.
    fn make_due_edit(&mut self) {
        let step = self.session.engine().step_count();
        if self.session.next_edit().is_some_and(|edit| edit.step <= step) {
            let old = self.session.engine().experiment().clone();
            self.session.make_due_edit();
            self.edited(&old, Vec::new());
        }
    }

    /// Keeps the present state as a keyframe, if the last one is far enough.
    fn keep(&mut self) {
        if self.timeline.keyframe_is_due(self.session.engine().step_count()) {
            self.timeline.keep(Arc::new(self.session.keyframe()));
        }
    }

    fn step(&mut self) {
        self.make_due_edit();
        let next = self.session.engine().step_count() + 1;
        let single = match self.goal {
            Goal::Step(_) => true,
            Goal::Until(until) => next == until.step,
            _ => false,
        };
        let looked_at = self.observe && !self.outlet.snapshots.is_full();
        let stepped = if looked_at || single {
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
            self.keep();
            if let Goal::Until(Until { bound: Some(bound), .. }) = self.goal
                && row.score(bound.score).is_some_and(|value| bound.is_met(value))
            {
                // What was measured of a step was of an earlier one.
                self.motion.clear();
                self.goal = Goal::Step(row.step);
            }
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
            Goal::Until(until) => step >= until.step,
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
        self.take_down_state_in_time(now);
    }

    fn post(&mut self) {
        if self.visit.is_some() {
            return;
        }
        let engine = self.session.engine();
        let (step, epoch, rate) = (engine.step_count(), engine.epoch(), engine.rate().0);
        self.timeline.set_head(step);
        self.timeline.extend(&self.news);
        let keyframes = self.timeline.new_kept_steps();
        let speed = self.clock.speed.filter(|_| self.goal != Goal::Rest);
        self.outlet.mailbox.post(|latest| {
            (latest.step, latest.epoch, latest.steps_per_second) = (step, epoch, speed);
            latest.rate = Some(rate);
            latest.news.extend(&self.news);
            latest.keyframes = keyframes.or_else(|| latest.keyframes.take());
        });
        self.news.clear();
        self.outlet.wake();
    }

    /// Hands a copy of the weights to the observer, unless it is still busy with the last one.
    fn show(&mut self) {
        if self.outlet.snapshots.is_full() {
            return;
        }
        let requests = self.outlet.requests();
        let needed = requests.need_state(self.session.engine().experiment().parameters());
        let state = needed.then(|| Arc::new(self.session.keyframe()));
        let paths = if requests.landscape { self.timeline.paths() } else { Vec::new() };
        let snapshot = Snapshot::of(self.session.engine(), self.run, self.motion.clone());
        let under_way = self.goal != Goal::Rest;
        let branch = self.branch_shown();
        let snapshot = Snapshot { branch, state, paths, under_way, ..snapshot };
        if self.outlet.snapshots.try_send(Box::new(snapshot)).is_ok() {
            self.observe = false;
        }
    }
}
