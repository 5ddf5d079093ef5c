//! The app joined with its worker and the race's monitor: all of the workbench but the terminal.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, unbounded};

use super::app::App;
use super::drawn::DrawnFrame;
use super::effect::Effect;
use super::hints::Hints;
use super::race_view::RaceView;
use super::report::Reports;
use super::run_view::Status;
use super::save;
use crate::compare::claims::Judge;
use crate::compare::saved::{self, SavedRace};
use crate::compare::{FolderWatch, Monitor, Order};
use crate::parallel;
use crate::train::Command;
use crate::train::journal::{Journal, Start};
use crate::train::probe::View;
use crate::train::timeline::BOUND;
use crate::train::worker::Worker;

mod learning;

/// How long the end of the program may wait for a step and a disk.
const CLOSING: Duration = Duration::from_millis(1200);

/// The shortest time between two looks at the weights.
const LOOK: Duration = Duration::from_millis(66);
/// That time while the last look has not been drawn: the terminal takes fewer frames.
const UNDRAWN: Duration = Duration::from_millis(250);

/// Something that only the owner of the terminal can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Demand {
    /// End the program.
    Quit,
    /// Stop the program for a while.
    Suspend,
    /// Put a text on the clipboard of the terminal.
    Copy(String),
}

/// What an observation depends on: run, step, whether it goes on (some looks take their time as long as
/// it does), entries of the log (a live edit changes what the network makes of its inputs without a
/// step), moves to another moment or branch, and room on the screen.
type Sight = (u64, u64, bool, usize, u64, View);

/// When the weights were looked at.
#[derive(Debug)]
struct Look {
    /// When a look was asked for that has not come yet.
    asked: Option<Instant>,
    /// What the last look was asked for.
    sight: Option<Sight>,
    last: Instant,
    /// Whether what was seen then has been drawn.
    drawn: bool,
}

impl Look {
    /// When the next look is due; never if nothing has changed since the last.
    fn due(&self, sight: Sight) -> Option<Instant> {
        (self.sight != Some(sight)).then(|| match self.asked {
            // An answer may get lost when a run ends: ask again then, but not soon.
            Some(asked) => asked + 20 * LOOK,
            None if self.drawn => self.last + LOOK,
            None => self.last + UNDRAWN,
        })
    }
}

/// Steps that the observer is asked to look at again at one time, and the time between two such.
const RECALLS: usize = 8;
const RECALL: Duration = Duration::from_millis(200);
/// How long they may take before others are asked for in their place.
const RECALL_TAKES: Duration = Duration::from_secs(10);
/// Steps that are remembered as asked for.
const REMEMBERED: usize = 4096;

/// The run, how often another moment or branch of it came to be shown, and the part of it that is shown
/// large, if one is.
type Subject = (u64, u64, Option<(u64, u64)>);

/// What the observer was asked to look at again.
#[derive(Debug)]
struct Recalls {
    /// What it was of.
    of: Subject,
    asked: HashSet<u64>,
    /// Those that are not there yet.
    pending: Vec<u64>,
    last: Instant,
}

/// The app with the threads behind it. It never waits for one.
#[derive(Debug)]
pub struct Driver {
    /// The state of the user interface.
    pub app: App,
    worker: Worker,
    /// The race's, if there is one: when it goes, the race is cancelled.
    monitor: Option<Monitor>,
    /// The thread that judges a claim, while one is judged: when it goes, that is given up.
    judge: Option<Judge>,
    /// What the monitor was last told to look at.
    shown: Option<Order>,
    reports: Reports,
    /// The folder in which races are kept; none if they are not.
    kept: Option<PathBuf>,
    /// What the session can be gone on with; none if nothing is kept.
    journal: Option<Journal>,
    /// Lists of kept races on their way here.
    races: (Sender<Vec<SavedRace>>, Receiver<Vec<SavedRace>>),
    wake: Sender<()>,
    looking: Look,
    /// Whether the run has come to another state since that was last asked.
    changed: bool,
    recalls: Recalls,
    /// Bytes that keyframes may take.
    keyframes: usize,
    /// The file that tells how far the lessons have been taken; none if that is not kept.
    progress: Option<PathBuf>,
    /// The file that answers go to, if they go to any.
    answers: Option<PathBuf>,
    /// The hints that are left, if any are given.
    hints: Option<Hints>,
}

impl Driver {
    /// The workbench where a run begins: training from its start on, or at rest where it stood before.
    /// The session goes into `journal`, races into the folder `kept`. `wake` gets a token whenever there
    /// is [`Driver::news`].
    #[must_use]
    pub fn start(
        start: impl Into<Start>,
        journal: Option<Journal>,
        kept: Option<PathBuf>,
        wake: Sender<()>,
    ) -> Self {
        let start: Start = start.into();
        let begins = start.step == 0;
        let experiment = start.script.at(start.step).clone();
        let mut driver = Self {
            worker: Worker::with_journal(start, journal.clone(), &wake),
            monitor: None,
            judge: None,
            shown: None,
            reports: Reports::new(&wake),
            kept,
            journal,
            races: unbounded(),
            app: App::new(experiment),
            wake,
            changed: false,
            looking: Look { asked: None, sight: None, last: Instant::now(), drawn: true },
            recalls: Recalls {
                of: (0, 0, None),
                asked: HashSet::new(),
                pending: Vec::new(),
                last: Instant::now(),
            },
            keyframes: BOUND,
            progress: None,
            answers: None,
            hints: None,
        };
        if begins {
            driver.begin();
        } else {
            driver.worker.send(Command::Pace(driver.app.workspace.pace.limit()));
        }
        driver
    }

    /// Shows a folder that other processes fill on the Compare screen. The run rests: what is watched may
    /// run on this machine.
    pub fn watch(&mut self, watch: FolderWatch) {
        let (name, plan) = (watch.name().clone(), Arc::clone(watch.plan()));
        self.worker.send(Command::Pause);
        self.app.watch(RaceView { watched: true, ..RaceView::new(name, plan) });
        match Monitor::watch(watch, &self.wake) {
            Ok(monitor) => self.monitor = Some(monitor),
            Err(error) => {
                self.app.workspace.complain(&format!("the folder cannot be watched: {error}"));
            }
        }
    }

    /// Ends the training thread, and sees to it that the journal is written; waits for both, but not
    /// for long.
    pub fn close(&self) {
        let Some(journal) = &self.journal else { return };
        let until = Instant::now() + CLOSING;
        self.worker.send(Command::Stop);
        while self.worker.is_alive() && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(2));
        }
        let left = until.saturating_duration_since(Instant::now());
        // What was not written in time is at most as old as the last state.
        let _ = journal.close(left.max(CLOSING / 4));
    }

    /// Sets the bytes of memory that a run may take, and its keyframes.
    pub fn set_memory(&mut self, limit: u64, keyframes: usize) {
        self.app.workspace.memory_limit = limit;
        self.keyframes = keyframes;
        self.worker.send(Command::KeyframeMemory(keyframes));
    }

    /// Gives hints that the file `given` does not name, each once.
    pub fn give_hints(&mut self, given: Option<PathBuf>) {
        self.hints = given.and_then(|path| Hints::read(&path, Instant::now()));
    }

    /// Gives a hint, if one applies. Returns whether it does.
    fn hint(&mut self) -> bool {
        let now = Instant::now();
        let hint = self.hints.as_mut().and_then(|hints| hints.next(&self.app, now));
        let Some(text) = hint else { return false };
        self.app.workspace.say(text);
        true
    }

    /// Carries out effects that ask nothing of the owner of the terminal.
    pub fn apply_all(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            self.apply(effect);
        }
    }

    fn begin(&mut self) {
        self.worker.send(Command::KeyframeMemory(self.keyframes));
        for effect in self.app.workspace.begin() {
            self.apply(effect);
        }
    }

    /// Opens the experiment under edit, after a worker that broke down or never got its data.
    fn open_again(&mut self) {
        let workspace = &mut self.app.workspace;
        self.worker =
            Worker::with_journal(workspace.experiment.clone(), self.journal.clone(), &self.wake);
        workspace.change_worker();
        self.looking.sight = None;
        self.recalls.asked.clear();
        self.recalls.pending.clear();
        self.begin();
    }

    /// Carries out an effect, or returns what is left to the owner of the terminal.
    pub fn apply(&mut self, effect: Effect) -> Option<Demand> {
        match effect {
            Effect::Send(command) => {
                if matches!(command, Command::Apply(..) | Command::Undo(_) | Command::Redo(_))
                    && !self.worker.is_alive()
                {
                    self.open_again();
                } else {
                    self.worker.send(command);
                }
            }
            Effect::Quit => return Some(Demand::Quit),
            Effect::Suspend => return Some(Demand::Suspend),
            Effect::Copy(text) => return Some(Demand::Copy(text)),
            Effect::StartRace(plan) => {
                let before = self.monitor.take();
                match Monitor::start(plan, self.kept.clone(), before, &self.wake) {
                    Ok(monitor) => self.monitor = Some(monitor),
                    Err(error) => {
                        let text = format!("the race cannot start: {error}");
                        self.app.workspace.complain(&text);
                    }
                }
                self.shown = None;
            }
            Effect::Race(order) => {
                if let Some(monitor) = &self.monitor {
                    monitor.send(order);
                }
            }
            Effect::Report => {
                if let Some(race) = &self.app.workspace.race {
                    self.reports.begin(race);
                }
            }
            Effect::ListRaces => self.list_races(),
            Effect::Judge(claim) => self.judge(claim),
            Effect::StopJudging => self.judge = None,
            Effect::KeepProgress => self.keep_progress(),
            Effect::Answered(given) => self.keep_answer(&given),
            Effect::Save => {
                let workspace = &mut self.app.workspace;
                match save::save(workspace) {
                    Ok(path) => workspace.say(format!("wrote {}", path.display())),
                    Err(error) => workspace.complain(&format!("could not write: {error}")),
                }
            }
        }
        None
    }

    /// Takes in what the threads left, and asks for another look at the weights if it is time.
    /// Returns whether there is anything new to see.
    pub fn news(&mut self) -> bool {
        let mut fresh = false;
        let events: Vec<_> = self.worker.events.try_iter().collect();
        for event in events {
            (fresh, self.changed) = (true, true);
            if let Some(effect) = self.app.on_event(event) {
                self.apply(effect);
            }
        }
        if let Some(latest) = self.worker.mailbox.take(self.app.workspace.run.run) {
            self.app.on_latest(&latest);
            fresh = true;
        }
        if let Some(observation) = self.worker.observer.take() {
            self.looking.asked = None;
            self.app.on_observation(observation);
            fresh = true;
        }
        for observation in self.worker.observer.take_recalled() {
            self.recalls.pending.retain(|step| *step != observation.step);
            self.app.workspace.run.recall(&observation);
            fresh = true;
        }
        fresh |= self.news_of_race();
        fresh |= self.news_of_judge();
        if let Some(why) = self.journal.as_ref().and_then(|it| it.notices().try_recv().ok()) {
            self.app.workspace.complain(&format!("this session is not kept: {why}"));
            fresh = true;
        }
        fresh |= self.app.tick(Instant::now());
        fresh |= self.app.workspace.drop_old_notice(Instant::now());
        fresh |= self.hint();
        self.look();
        self.recall();
        fresh
    }

    /// Whether the run has come to another state since this was last asked: it may be what a key asked
    /// for.
    pub const fn take_changed(&mut self) -> bool {
        std::mem::replace(&mut self.changed, false)
    }

    fn news_of_race(&mut self) -> bool {
        let mut fresh = false;
        if let Some(status) = self.monitor.as_ref().and_then(Monitor::take) {
            let (seen, effect) = self.app.on_race_status(status);
            fresh |= seen;
            if let Some(effect) = effect {
                self.apply(effect);
            }
        }
        for list in self.races.1.try_iter() {
            self.app.on_races(list);
            fresh = true;
        }
        let workspace = &mut self.app.workspace;
        for report in self.reports.written.try_iter() {
            match report {
                Ok(folder) => workspace.say(format!("wrote {}/", folder.display())),
                Err(error) => workspace.complain(&format!("could not write: {error}")),
            }
            fresh = true;
        }
        fresh
    }

    /// Takes in what was drawn where, and tells the monitor what is being looked at, if that has
    /// changed.
    pub fn drawn(&mut self, drawn: &DrawnFrame) {
        self.app.drawn(drawn);
        self.looking.drawn |= self.looking.asked.is_none();
        let (Some(monitor), Some(sight)) = (&self.monitor, self.app.race_sight()) else { return };
        if self.shown != Some(sight) {
            self.shown = Some(sight);
            monitor.send(sight);
        }
    }

    /// Reads the list of kept races on a thread of its own: there may be many results.
    fn list_races(&mut self) {
        let (outbox, wake, kept) = (self.races.0.clone(), self.wake.clone(), self.kept.clone());
        let list = move || {
            let list = kept.map_or_else(Vec::new, |kept| saved::list(&kept));
            // Nobody is left to show it to if the workbench has closed.
            let _ = outbox.send(list);
            let _ = wake.try_send(());
        };
        if let Err(error) = parallel::spawn(list) {
            self.app.workspace.complain(&format!("races cannot be listed: {error}"));
            self.app.on_races(Vec::new());
        }
    }

    fn sight(&self) -> Sight {
        let run = &self.app.workspace.run;
        (run.run, run.step, run.running(), run.log.len(), run.moves, self.app.view())
    }

    fn look(&mut self) {
        let now = Instant::now();
        let sight = self.sight();
        if self.look_due().is_some_and(|due| due <= now) {
            self.looking = Look { asked: Some(now), sight: Some(sight), last: now, drawn: false };
            self.worker.observer.set_view(self.app.view());
            if let Some(race) = &self.app.workspace.race {
                self.worker.observer.set_arms(Arc::clone(&race.scripts));
            }
            self.worker.send(Command::Observe);
        }
    }

    fn subject(&self) -> Subject {
        let workspace = &self.app.workspace;
        let part = workspace.window.part(workspace.run.step);
        let part = part.map(|(low, high)| (low.max(0.0) as u64, high.max(0.0) as u64));
        (workspace.run.run, workspace.run.moves, part)
    }

    /// Steps that are to be looked at again and were not asked for yet; none while some of those that
    /// were are on their way.
    fn unseen_steps(&self) -> Vec<u64> {
        let recalls = &self.recalls;
        let same = recalls.of == self.subject();
        let mut steps = self.app.unseen_steps();
        let waits = same && recalls.last.elapsed() < RECALL_TAKES;
        if waits && recalls.pending.iter().any(|step| steps.contains(step)) {
            return Vec::new();
        }
        steps.retain(|step| !same || !recalls.asked.contains(step));
        steps.truncate(RECALLS);
        steps
    }

    /// Asks the observer for what is not known of the past and would be seen.
    fn recall(&mut self) {
        let now = Instant::now();
        if now < self.recalls.last + RECALL {
            return;
        }
        let steps = self.unseen_steps();
        if steps.is_empty() {
            return;
        }
        let of = self.subject();
        self.app.workspace.run.keep_detail(of.2);
        let recalls = &mut self.recalls;
        if recalls.of != of || recalls.asked.len() > REMEMBERED {
            recalls.asked.clear();
        }
        // What was left undone is asked for when it is wanted again; not so what takes too long.
        if now < recalls.last + RECALL_TAKES {
            for step in &recalls.pending {
                recalls.asked.remove(step);
            }
        }
        (recalls.of, recalls.last) = (of, now);
        recalls.asked.extend(&steps);
        recalls.pending.clone_from(&steps);
        self.worker.send(Command::Recall(steps));
    }

    /// When there is something to do next, if nothing happens: a look at the weights, a notice that
    /// goes, or a screen that moves by itself.
    #[must_use]
    pub fn due(&self) -> Option<Instant> {
        let unseen = !self.unseen_steps().is_empty();
        let recall = unseen.then(|| self.recalls.last + RECALL);
        [self.look_due(), self.app.workspace.notice_ends(), recall, self.app.tick_due()]
            .into_iter()
            .flatten()
            .min()
    }

    /// When the weights are to be looked at next, if nothing happens.
    #[must_use]
    pub fn look_due(&self) -> Option<Instant> {
        if matches!(self.app.workspace.run.status, Status::Loading | Status::Failed(_)) {
            return None;
        }
        self.looking.due(self.sight())
    }
}

#[cfg(test)]
mod tests;
