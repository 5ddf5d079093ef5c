//! The loop that joins the terminal with all that is behind it. It sleeps until something happens,
//! draws only what changed, and never more often than the link can take.

use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded, never, select};
use crossterm::event::Event as TerminalEvent;

use super::driver::{Demand, Driver};
use super::effect::Effect;
use super::input::{self, Input};
use super::keymap::Action;
use super::link::{Account, Link};
use super::state_dir;
use super::terminal::Guard;
use super::theme::{Depth, Scheme, Theme};
use crate::compare::FolderWatch;
use crate::experiment::Script;
use crate::experiment::course::CoursePreset;
use crate::experiment::lesson::Lesson;
use crate::train::journal::{Journal, Resumed, ResumedFolder, Start};

/// How long the first frame waits for the terminal to tell its background.
const ASKING: Duration = Duration::from_millis(100);
/// How long the end waits for that, so that what is told late does not reach the shell.
const TOLD: Duration = Duration::from_millis(300);
/// How long that may be on its way.
const EXPECTED: Duration = Duration::from_secs(3);
/// The shortest time from the end of a frame to one that answers an input.
const ANSWER: Duration = Duration::from_millis(2);
/// A frame begins after so many times what the one before it took, unless it answers an input: drawing
/// takes a small part of a core, and a smaller one where many share it.
const REST: u32 = 16;
/// The same where the user asked for a number of frames: a link that is blocked is left alone.
const REST_AS_ASKED: u32 = 4;
/// What happens to the run within this time after an input is shown at once, as the answer to it.
const FOLLOWS: Duration = Duration::from_millis(500);
/// A frame that is due within this time is waited for.
const SOON: Duration = Duration::from_millis(100);
/// The longest rest.
const LONGEST_REST: Duration = Duration::from_secs(1);
/// The most inputs that wait to be taken, and that are taken between two frames.
const INPUTS: usize = 1024;
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

/// What the workbench opens with.
#[derive(Debug)]
pub enum Opening {
    /// A script at its start.
    Anew(Box<Script>),
    /// A session that is gone on with, and its folder.
    Resumed(Box<Resumed>, ResumedFolder),
    /// A script at its start, at rest, and a lesson or the list of them beside it.
    Lesson(Box<Script>, Teaching),
    /// A folder that other processes fill with the runs of a comparison on this script.
    Watching(Box<Script>, Box<FolderWatch>),
}

/// What is learned when the workbench opens.
#[derive(Debug)]
pub enum Subject {
    /// What is chosen from the list.
    Any,
    /// A lesson, with its name.
    Lesson(String, Box<Lesson>),
    /// A course.
    Course(&'static CoursePreset),
}

/// The lesson or course that the workbench opens with.
#[derive(Debug)]
pub struct Teaching {
    /// What is learned.
    pub subject: Subject,
    /// The page of the lesson to begin with, rather than the one where it was left.
    pub page: Option<usize>,
    /// The seed of its runs, if it is not their own.
    pub seed: Option<u64>,
    /// The file that answers go to, if they go to any.
    pub answers: Option<PathBuf>,
}

impl Opening {
    /// What is run.
    #[must_use]
    pub fn script(&self) -> &Script {
        match self {
            Self::Anew(script) | Self::Watching(script, _) | Self::Lesson(script, _) => script,
            Self::Resumed(resumed, _) => &resumed.start.script,
        }
    }

    /// Takes the lesson away that it opens with.
    fn teaching(&mut self) -> Option<Teaching> {
        match self {
            Self::Lesson(_, teaching) => Some(Teaching {
                subject: std::mem::replace(&mut teaching.subject, Subject::Any),
                answers: teaching.answers.take(),
                ..*teaching
            }),
            _ => None,
        }
    }

    /// What there is at the beginning.
    fn begin(self, wake: &Sender<()>) -> Beginning {
        match self {
            Self::Watching(script, watch) => Beginning {
                start: Start::from(*script),
                journal: None,
                notice: None,
                watch: Some(watch),
            },
            Self::Anew(script) | Self::Lesson(script, _) => {
                let journal = state_dir::sessions().map(|folder| Journal::open(&folder, wake));
                Beginning { start: Start::from(*script), journal, notice: None, watch: None }
            }
            Self::Resumed(resumed, folder) => {
                let Resumed { id, start, .. } = *resumed;
                let notice = match start.step {
                    0 => format!("session {id} begins again: it had come no farther"),
                    _ => format!("session {id} goes on: space trains"),
                };
                let journal = Some(Journal::go_on(folder, wake));
                Beginning { start, journal, notice: Some(notice), watch: None }
            }
        }
    }
}

/// Opens the lesson or the course, or the list of them.
fn begin_lesson(driver: &mut Driver, teaching: Teaching) {
    let Teaching { subject, page, seed, .. } = teaching;
    let effects = match subject {
        Subject::Any => driver.app.act(Action::Go('5')),
        Subject::Lesson(name, lesson) => driver.app.learn(&name, *lesson, page, seed),
        Subject::Course(course) => driver.app.take_course(course, false, seed),
    };
    driver.apply_all(effects);
}

/// What the workbench begins with.
struct Beginning {
    /// Where the run begins.
    start: Start,
    journal: Option<Journal>,
    /// What is to be said of it.
    notice: Option<String>,
    /// The folder that is shown on the Compare screen.
    watch: Option<Box<FolderWatch>>,
}

/// How the workbench looks, and what it sends.
#[derive(Clone, Copy, Debug)]
pub struct Display {
    /// The look.
    pub theme: Theme,
    /// Whether the terminal is asked for its background.
    pub ask: bool,
    /// What is known of the link.
    pub link: Link,
    /// Whether few things are shown, and these large.
    pub projector: bool,
    /// Whether the first hour has hints.
    pub hints: bool,
}

/// Bytes of memory that may be taken.
#[derive(Clone, Copy, Debug)]
pub struct Memory {
    /// By all: what would take more is refused.
    pub limit: u64,
    /// By keyframes.
    pub keyframes: usize,
}

/// Opens the workbench.
///
/// # Errors
/// If there is no terminal or it is lost.
pub fn run(opening: Opening, display: Display, memory: Memory) -> io::Result<End> {
    let (sender, inputs) = bounded(INPUTS);
    // In this order no signal finds the terminal taken and nobody to give it back.
    input::watch_signals(sender.clone())?;
    let guard = Guard::take()?;
    let asked = display.ask && display.theme.depth != Depth::None && guard.ask_background()?;
    input::read_terminal(sender, asked)?;
    let (wake, woken) = bounded(1);
    let mut opening = opening;
    let mut teaching = opening.teaching();
    let Beginning { start, journal, notice, watch } = opening.begin(&wake);
    let mut driver = Driver::start(start, journal, state_dir::races(), wake);
    driver.app.workspace.projector = display.projector;
    driver.give_hints(state_dir::hints().filter(|_| display.hints && teaching.is_none()));
    driver.set_memory(memory.limit, memory.keyframes);
    driver.keep_lessons(
        state_dir::lessons(),
        teaching.as_mut().and_then(|teaching| teaching.answers.take()),
    );
    if let Some(teaching) = teaching {
        begin_lesson(&mut driver, teaching);
    }
    if let Some(watch) = watch {
        driver.watch(*watch);
    }
    if let Some(notice) = notice {
        driver.app.workspace.say(notice);
    }
    let now = Instant::now();
    let mut runner = Runner {
        guard,
        driver,
        theme: display.theme,
        account: Account::new(display.link, now),
        asked,
        next_frame: if asked { now + ASKING } else { now },
        drawn: now,
        input: now,
        stale: true,
    };
    let end = runner.run(&inputs, &woken).or_else(|error| hang_up(&inputs).ok_or(error));
    if runner.asked && now.elapsed() < EXPECTED && matches!(end, Ok(End::Quit)) {
        wait_for_answer(&inputs);
    }
    // The terminal is given back first.
    let Runner { guard, driver, .. } = runner;
    drop(guard);
    driver.close();
    end
}

/// Takes in what the terminal was asked for, if that is on its way.
fn wait_for_answer(inputs: &Receiver<Input>) {
    let deadline = Instant::now() + TOLD;
    while let Ok(input) = inputs.recv_deadline(deadline) {
        if matches!(input, Input::Background(None) | Input::Lost | Input::Quit(_)) {
            return;
        }
    }
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

/// Everything that lives as long as the workbench is open.
struct Runner {
    guard: Guard,
    driver: Driver,
    theme: Theme,
    account: Account,
    /// Whether the terminal was asked for its background and has not answered.
    asked: bool,
    next_frame: Instant,
    /// When the last frame had been written.
    drawn: Instant,
    /// When the last input came.
    input: Instant,
    stale: bool,
}

impl Runner {
    fn run(&mut self, inputs: &Receiver<Input>, woken: &Receiver<()>) -> io::Result<End> {
        let quiet = crossbeam_channel::never();
        loop {
            let now = Instant::now();
            if self.stale && now >= self.next_frame {
                self.driver.news();
                self.draw()?;
            }
            // What comes now is taken in before the next frame, if that comes soon.
            let soon = self.next_frame.saturating_duration_since(now) < SOON;
            let waits = self.stale && soon && now >= self.input + FOLLOWS;
            let woken = if waits { &quiet } else { woken };
            let timeout = self.next_deadline().map_or_else(never, crossbeam_channel::at);
            let input = select! {
                recv(inputs) -> input => Some(input.unwrap_or(Input::Lost)),
                recv(woken) -> _ => None,
                recv(timeout) -> _ => None,
            };
            let Some(input) = input else {
                self.stale |= self.driver.news();
                if self.driver.take_changed() && self.input.elapsed() < FOLLOWS {
                    self.next_frame = self.next_frame.min(self.drawn + ANSWER);
                }
                continue;
            };
            // All that is waiting is taken before the next frame, so that held keys never lag.
            for input in std::iter::once(input).chain(inputs.try_iter().take(INPUTS)) {
                if let Some(end) = self.take(input)? {
                    return Ok(end);
                }
            }
        }
    }

    fn take(&mut self, input: Input) -> io::Result<Option<End>> {
        self.stale = true;
        // An input ends the rest.
        self.input = Instant::now();
        self.next_frame = self.next_frame.min(self.drawn + ANSWER);
        let effects = match input {
            Input::Quit(signal) => return Ok(Some(End::Signal(signal))),
            Input::Lost => return Err(io::Error::other("the terminal is gone")),
            Input::Suspend => vec![Effect::Suspend],
            Input::Resume => {
                self.next_frame = Instant::now();
                self.guard.resume()?;
                Vec::new()
            }
            Input::Background(told) => {
                self.next_frame = Instant::now();
                self.asked &= told.is_some();
                if let Some(background) = told {
                    self.theme.scheme = Scheme::on(background);
                }
                Vec::new()
            }
            Input::Terminal(event) => {
                if matches!(event, TerminalEvent::Resize(..)) {
                    self.next_frame = Instant::now();
                    self.guard.forget()?;
                }
                self.driver.app.on_input(&event)
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
        match self.driver.apply(effect) {
            Some(Demand::Quit) => return Ok(Some(End::Quit)),
            Some(Demand::Suspend) if !self.guard.suspend()? => {
                self.driver.app.workspace.complain("there is no shell to come back from");
            }
            Some(Demand::Copy(text)) => self.guard.copy(&text)?,
            Some(Demand::Suspend) | None => {}
        }
        Ok(None)
    }

    /// When something is due without anything happening.
    fn next_deadline(&self) -> Option<Instant> {
        let frame = self.stale.then_some(self.next_frame);
        [frame, self.driver.due()].into_iter().flatten().min()
    }

    fn draw(&mut self) -> io::Result<()> {
        let begun = Instant::now();
        let (app, theme) = (&self.driver.app, self.theme);
        let mut drawn = None;
        let bytes = self.guard.draw(|frame| drawn = Some(app.draw(frame, theme)))?;
        if let Some(drawn) = drawn {
            self.driver.drawn(&drawn);
        }
        self.stale = false;
        // On a slow link writing blocks: leave the link, and the training, room to breathe.
        self.drawn = Instant::now();
        let link = self.account.link();
        let rest = if link.fps.is_some() { REST_AS_ASKED } else { REST };
        let rested = begun + (self.drawn - begun) * rest;
        // Keys come seldom enough for their answers not to be counted, unless every byte is.
        let paid = if begun < self.input + FOLLOWS && !link.slow {
            begun + link.frame()
        } else {
            self.account.charge(begun, bytes, self.guard.cells()?)
        };
        self.next_frame = paid.max(rested.min(self.drawn + LONGEST_REST));
        Ok(())
    }
}
