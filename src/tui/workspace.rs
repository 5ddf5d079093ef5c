//! What all screens share: the experiment under edit, the run and the race as they are known, and
//! the answer to the last key.

mod time;

use std::time::{Duration, Instant};

use super::effect::Effect;
use super::keymap::run;
use super::pace::Pace;
use super::past::Past;
use super::progress::Progress;
use super::race_view::RaceView;
use super::run_view::{RunView, Status};
use super::time_window::TimeWindow;
use super::undo::Changes;
use super::widgets::format;
use crate::compare::claims::{self, Claim};
use crate::experiment::lesson::Panel;
use crate::experiment::{Experiment, changes};
use crate::text::visible;
use crate::train::Command;
use crate::train::memory::{Estimate, Watched};

/// The most commands that are remembered.
const RECENT: usize = 20;

/// How long a notice stays at the least: long enough to be read.
pub const NOTICE: Duration = Duration::from_secs(8);

/// A line at the bottom that answers the last key. It goes with the next key, or after [`NOTICE`].
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// The answer.
    pub text: String,
    /// Whether something could not be done.
    pub bad: bool,
    /// When it was said.
    since: Instant,
}

impl Notice {
    fn new(text: String, bad: bool) -> Self {
        Self { text: visible(&text).into_owned(), bad, since: Instant::now() }
    }
}

/// A claim that is being judged.
#[derive(Debug)]
pub struct Judging {
    /// The claim.
    pub claim: &'static Claim,
    /// How far that is.
    pub progress: claims::Progress,
}

impl Judging {
    /// How far it is, in percent.
    #[must_use]
    pub fn percent(&self) -> u32 {
        let (done, of) = self.progress.runs;
        let part = done as f64 / of.max(1) as f64;
        let share = (self.progress.evidence.len() as f64 + part) / self.claim.duels.len() as f64;
        (100.0 * share.clamp(0.0, 1.0)).floor() as u32
    }
}

/// What all screens share.
#[derive(Debug)]
pub struct Workspace {
    /// The experiment under edit; the worker follows. In the past it is that of the moment shown.
    pub experiment: Experiment,
    /// How often the experiment under edit was replaced.
    pub replaced: u64,
    /// What can be undone.
    pub changes: Changes,
    /// The moment of the past that is shown; none in the present.
    pub past: Option<Past>,
    /// How often the worker was told to come back from the past and has not answered.
    returns: usize,
    /// How many commands that set the experiment were sent to the worker.
    sent: u64,
    /// The run as it is known here.
    pub run: RunView,
    /// The stretch of the run that charts show.
    pub window: TimeWindow,
    /// The latest race.
    pub race: Option<RaceView>,
    /// Whether the run rests for a race or a claim only, and goes on after it.
    pub rests: bool,
    /// Steps a second.
    pub pace: Pace,
    /// Bytes of memory that a run may take.
    pub memory_limit: u64,
    /// The answer to the last key.
    pub notice: Option<Notice>,
    /// How far the lessons have been taken, and what was predicted of claims.
    pub progress: Progress,
    /// The claim that is being judged.
    pub judging: Option<Judging>,
    /// The panel that the page of a lesson is about.
    pub lit: Option<Panel>,
    /// Whether few things are shown, and these large.
    pub projector: bool,
    /// What the command palette did, by its names, the latest last.
    pub recent_commands: Vec<String>,
    /// Whether keys go to a lesson.
    pub lesson_leads: bool,
}

impl Workspace {
    /// The workspace around `experiment`, before its run.
    #[must_use]
    pub fn new(experiment: Experiment) -> Self {
        let mut workspace = Self {
            pace: Pace::suiting(experiment.train.steps),
            experiment,
            replaced: 0,
            changes: Changes::default(),
            past: None,
            returns: 0,
            sent: 0,
            run: RunView::default(),
            window: TimeWindow::default(),
            race: None,
            rests: false,
            memory_limit: u64::MAX,
            notice: None,
            progress: Progress::default(),
            judging: None,
            lit: None,
            projector: false,
            recent_commands: Vec::new(),
            lesson_leads: false,
        };
        workspace.announce_race();
        workspace
    }

    /// Remembers that the command palette did what is called so.
    pub fn remember_command(&mut self, name: String) {
        self.recent_commands.retain(|known| *known != name);
        self.recent_commands.push(name);
        let old = self.recent_commands.len().saturating_sub(RECENT);
        self.recent_commands.drain(..old);
    }

    /// Says why something could not be done.
    pub fn complain(&mut self, text: &str) {
        self.notice = Some(Notice::new(text.to_owned(), true));
    }

    /// Says what was done.
    pub fn say(&mut self, text: String) {
        self.notice = Some(Notice::new(text, false));
    }

    /// When the notice is to go.
    #[must_use]
    pub fn notice_ends(&self) -> Option<Instant> {
        self.notice.as_ref().map(|notice| notice.since + NOTICE)
    }

    /// Drops a notice that has been there long enough. Returns whether there was one.
    pub fn drop_old_notice(&mut self, now: Instant) -> bool {
        let old = self.notice_ends().is_some_and(|end| end <= now);
        if old {
            self.notice = None;
        }
        old
    }

    /// The commands that begin training.
    #[must_use]
    pub fn begin(&self) -> Vec<Effect> {
        vec![Effect::Send(Command::Pace(self.pace.limit())), Effect::Send(Command::Run)]
    }

    /// Changes how fast the run may go.
    pub fn set_pace(&mut self, pace: Pace) -> Effect {
        self.pace = pace;
        Effect::Send(Command::Pace(pace.limit()))
    }

    /// Takes up another experiment, and goes on with the run if it went on before. Returns nothing
    /// if it is the same, or would take too much memory. In the past it begins a branch there.
    pub fn take(&mut self, experiment: Experiment) -> Vec<Effect> {
        self.take_at(experiment, Instant::now())
    }

    /// As [`Workspace::take`], at this time: edits of one setting in quick succession are one.
    pub fn take_at(&mut self, experiment: Experiment, now: Instant) -> Vec<Effect> {
        if experiment == self.experiment || !self.allows(&Estimate::of(&experiment, Watched::Live))
        {
            return Vec::new();
        }
        let (mut effects, left) = self.leave_past();
        let before = self.experiment.clone();
        // An edit in the past is undone to the present that was left for it.
        let back = left.as_ref().map_or(&before, |past| &past.present);
        let mark = self.changes.edit(back, (&before, &experiment), now);
        let changes = changes(&before, &experiment);
        let (bears, restarts) = (!changes.is_empty(), changes.iter().any(|change| !change.live()));
        effects.push(self.send(Command::Apply(Box::new(experiment.clone()), mark)));
        self.replace(experiment);
        effects.extend(self.pace_after(&before));
        let over = left.is_none()
            && matches!(
                self.run.status,
                Status::Finished | Status::Diverged(_) | Status::Failed(_)
            );
        if over && restarts {
            effects.push(Effect::Send(Command::Run));
        } else if over && self.run.status == Status::Finished && bears {
            let [toggle, reset] = [run::TOGGLE, run::RESET].map(|row| row.name());
            let further = self.further();
            self.say(format!("the run is over: {toggle} {further}, {reset} starts again"));
        }
        if before.data != self.experiment.data {
            self.announce_race();
        }
        effects
    }

    /// Sets the experiment under edit.
    fn replace(&mut self, experiment: Experiment) {
        if experiment != self.experiment {
            self.experiment = experiment;
            self.replaced += 1;
        }
    }

    /// Returns true if so much memory may be taken; says why not otherwise.
    pub fn allows(&mut self, estimate: &Estimate) -> bool {
        let checked = estimate.check(self.memory_limit);
        if let Err(error) = &checked {
            self.complain(&error.to_string());
        }
        checked.is_ok()
    }

    /// Tells how far a run goes on that is over: to the end of its budget if that was made longer, else
    /// for as long again.
    #[must_use]
    pub fn further(&self) -> String {
        let (step, steps) = (self.run.step, self.experiment.train.steps);
        let shown = format::thousands(steps as f64);
        if steps > step {
            format!("trains on to step {shown}")
        } else {
            format!("trains {shown} steps more")
        }
    }

    /// Whether `panel` stands out: the one that the page of a lesson is about while keys go to the lesson,
    /// else the one that has the focus.
    #[must_use]
    pub fn stands_out(&self, panel: Panel, focused: bool) -> bool {
        self.lit.filter(|_| self.lesson_leads).map_or(focused, |lit| lit == panel)
    }

    /// The claim that is being judged, if it is this one.
    #[must_use]
    pub fn judging_of(&self, claim: &Claim) -> Option<&Judging> {
        self.judging.as_ref().filter(|judging| judging.claim.name == claim.name)
    }

    /// Whether this claim is being judged.
    #[must_use]
    pub fn is_judging(&self, claim: &Claim) -> bool {
        self.judging_of(claim).is_some()
    }

    /// Lets a run go on that rested, once neither a race nor a claim needs the cores.
    pub fn go_on_after_work(&mut self) -> Option<Effect> {
        let raced = self.race.as_ref().is_some_and(RaceView::is_run_here);
        if raced || self.judging.is_some() { None } else { self.go_on() }
    }

    /// Lets a run go on that rested.
    pub fn go_on(&mut self) -> Option<Effect> {
        std::mem::take(&mut self.rests).then_some(Effect::Send(Command::Run))
    }

    /// Says how the race starts that an experiment asks for.
    fn announce_race(&mut self) {
        if self.experiment.compare.is_some() {
            self.say("this experiment comes with a race: c starts it".to_owned());
        }
    }
}
