//! The loop that joins terminal, app and worker. It sleeps until something happens, draws only
//! what changed, and never more often than the link can take.

use std::io;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded, never, select, unbounded};
use crossterm::event::Event as TerminalEvent;

use super::app::{App, Effect, Screen};
use super::contest::referee::{Order, Referee};
use super::input::{self, Input};
use super::run_view::{RunView, Status};
use super::screen;
use super::terminal::Guard;
use super::theme::Theme;
use crate::experiment::Experiment;
use crate::train::Command;
use crate::train::probe::View;
use crate::train::worker::Worker;

/// The shortest time between two frames.
const FRAME: Duration = Duration::from_millis(33);
/// The shortest time between two looks at the weights.
const LOOK: Duration = Duration::from_millis(66);
/// A frame that took long to write is followed by a rest of so many times that.
const REST: u32 = 4;
/// How long a signal may take to follow the error that has the same cause.
const PATIENCE: Duration = Duration::from_millis(200);

/// How the workbench ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The user quit.
    Quit,
    /// A signal of this number came.
    Signal(i32),
}

/// Opens the workbench on `experiment`, training.
///
/// # Errors
/// If there is no terminal or it is lost.
pub fn run(experiment: Experiment, theme: Theme) -> io::Result<End> {
    let (sender, inputs) = unbounded();
    // In this order no signal finds the terminal taken and nobody to give it back.
    input::watch_signals(sender.clone())?;
    let guard = Guard::take()?;
    input::read_terminal(sender);
    let (wake, woken) = bounded(1);
    let mut workbench = Workbench {
        guard,
        worker: Worker::spawn(experiment.clone(), &wake),
        referee: None,
        shown: None,
        app: App::new(experiment),
        wake,
        theme,
        looking: Look { asked: None, sight: None, last: Instant::now() },
        next_frame: Instant::now(),
        stale: true,
    };
    for effect in workbench.app.begin() {
        workbench.apply(effect)?;
    }
    workbench.run(&inputs, &woken).or_else(|error| hang_up(&inputs).ok_or(error))
}

/// A hang-up shows as an error and as a signal, in either order: the signal says what it was.
fn hang_up(inputs: &Receiver<Input>) -> Option<End> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Input::Quit(signal) = inputs.recv_deadline(deadline).ok()? {
            return Some(End::Signal(signal));
        }
    }
}

/// Everything that lives as long as the workbench is open. The terminal is given back first.
struct Workbench {
    guard: Guard,
    worker: Worker,
    /// The race's, if there is one: when it goes, the race is called off.
    referee: Option<Referee>,
    /// What the referee was last told to look at.
    shown: Option<Order>,
    app: App,
    wake: Sender<()>,
    theme: Theme,
    looking: Look,
    next_frame: Instant,
    stale: bool,
}

/// What an observation depends on: run, step, entries of the log (a live edit changes what the
/// network makes of its inputs without a step), and room on the screen.
type Sight = (u64, u64, usize, View);

/// When the weights were looked at.
struct Look {
    /// When a look was asked for that has not come yet.
    asked: Option<Instant>,
    /// What the last look was asked for.
    sight: Option<Sight>,
    last: Instant,
}

impl Look {
    /// When the next look is due; never if nothing has changed since the last.
    fn due(&self, sight: Sight) -> Option<Instant> {
        (self.sight != Some(sight)).then(|| match self.asked {
            // An answer may get lost when a run ends: ask again then, but not soon.
            Some(asked) => asked + 20 * LOOK,
            None => self.last + LOOK,
        })
    }
}

impl Workbench {
    fn run(&mut self, inputs: &Receiver<Input>, woken: &Receiver<()>) -> io::Result<End> {
        loop {
            let now = Instant::now();
            if self.stale && now >= self.next_frame {
                self.draw()?;
            }
            let timeout = self.next_deadline().map_or_else(never, crossbeam_channel::at);
            let input = select! {
                recv(inputs) -> input => Some(input.unwrap_or(Input::Lost)),
                recv(woken) -> _ => None,
                recv(timeout) -> _ => None,
            };
            let Some(input) = input else {
                self.news()?;
                continue;
            };
            // All that is waiting is taken before the next frame, so that held keys never lag.
            for input in std::iter::once(input).chain(inputs.try_iter()) {
                if let Some(end) = self.take(input)? {
                    return Ok(end);
                }
            }
        }
    }

    fn take(&mut self, input: Input) -> io::Result<Option<End>> {
        self.stale = true;
        let effects = match input {
            Input::Quit(signal) => return Ok(Some(End::Signal(signal))),
            Input::Lost => return Err(io::Error::other("the terminal is gone")),
            Input::Suspend => vec![Effect::Suspend],
            Input::Resume => {
                self.next_frame = Instant::now();
                self.guard.resume()?;
                Vec::new()
            }
            Input::Terminal(event) => {
                if matches!(event, TerminalEvent::Resize(..)) {
                    self.next_frame = Instant::now();
                    self.guard.forget()?;
                }
                self.app.on_input(&event)
            }
        };
        for effect in effects {
            if let Some(end) = self.apply(effect)? {
                return Ok(Some(end));
            }
        }
        Ok(None)
    }

    fn apply(&mut self, effect: Effect) -> io::Result<Option<End>> {
        match effect {
            Effect::Send(command) => {
                if let Command::Apply(experiment) = &command
                    && !self.worker.is_alive()
                {
                    self.worker = Worker::spawn((**experiment).clone(), &self.wake);
                    self.app.run = RunView::default();
                    self.looking.sight = None;
                    for effect in self.app.begin() {
                        self.apply(effect)?;
                    }
                }
                self.worker.send(command);
            }
            Effect::Quit => return Ok(Some(End::Quit)),
            Effect::Suspend => {
                if !self.guard.suspend()? {
                    self.app.complain("there is no shell to come back from");
                }
            }
            Effect::StartRace(name, plan) => {
                self.referee = Some(Referee::start(name, plan, &self.wake));
                self.shown = None;
            }
            Effect::Race(order) => {
                if let Some(referee) = &self.referee {
                    referee.send(order);
                }
            }
            Effect::Save => match super::save::save(&self.app) {
                Ok(path) => self.app.say(format!("wrote {}", path.display())),
                Err(error) => self.app.complain(&format!("could not write: {error}")),
            },
        }
        Ok(None)
    }

    /// Takes in what the worker and the observer left, and asks for another look if it is time.
    fn news(&mut self) -> io::Result<()> {
        for event in self.worker.events.try_iter() {
            self.app.run.on_event(event);
            self.stale = true;
        }
        if let Some(latest) = self.worker.mailbox.take(self.app.run.run) {
            self.app.run.on_latest(&latest);
            self.stale = true;
        }
        if let Some(observation) = self.worker.observer.take() {
            self.looking.asked = None;
            self.app.run.on_observation(observation);
            self.stale = true;
        }
        self.news_of_race()?;
        self.look();
        Ok(())
    }

    fn news_of_race(&mut self) -> io::Result<()> {
        if let Some(board) = self.referee.as_ref().and_then(Referee::take) {
            let (seen, effect) = self.app.on_board(board);
            self.stale |= seen;
            if let Some(effect) = effect {
                self.apply(effect)?;
            }
        }
        let Some(referee) = &self.referee else { return Ok(()) };
        for report in referee.reports.try_iter() {
            match report {
                Ok(folder) => self.app.say(format!("wrote {}/", folder.display())),
                Err(error) => self.app.complain(&format!("could not write: {error}")),
            }
            self.stale = true;
        }
        Ok(())
    }

    /// Tells the referee what is being looked at, if that has changed.
    fn show_race(&mut self) {
        let (Some(referee), Some(contest)) = (&self.referee, &self.app.contest) else { return };
        let unseen = Order::Show(contest.pair, None);
        let sight = if self.app.screen == Screen::Compare { contest.sight() } else { unseen };
        if self.shown != Some(sight) {
            self.shown = Some(sight);
            referee.send(sight);
        }
    }

    fn sight(&self) -> Sight {
        let run = &self.app.run;
        (run.run, run.step, run.log.len(), self.app.view)
    }

    fn look(&mut self) {
        let now = Instant::now();
        let sight = self.sight();
        if self.look_due().is_some_and(|due| due <= now) {
            self.looking = Look { asked: Some(now), sight: Some(sight), last: now };
            self.worker.observer.set_view(self.app.view);
            self.worker.send(Command::Observe);
        }
    }

    fn look_due(&self) -> Option<Instant> {
        if matches!(self.app.run.status, Status::Loading | Status::Failed(_)) {
            return None;
        }
        self.looking.due(self.sight())
    }

    /// When something is due without anything happening.
    fn next_deadline(&self) -> Option<Instant> {
        let frame = self.stale.then_some(self.next_frame);
        [frame, self.look_due()].into_iter().flatten().min()
    }

    fn draw(&mut self) -> io::Result<()> {
        let begun = Instant::now();
        let (app, theme) = (&mut self.app, self.theme);
        self.guard.draw(|frame| screen::draw(app, frame, theme))?;
        self.stale = false;
        self.show_race();
        // On a slow link writing blocks: leave the link, and the training, room to breathe.
        self.next_frame = begun + FRAME.max(begun.elapsed() * REST);
        Ok(())
    }
}
