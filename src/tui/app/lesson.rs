//! A lesson beside the screens: what its keys do, and what its pages set up.

use std::sync::Arc;
use std::time::Instant;

use super::App;
use crate::compare::{Ending, Plan};
use crate::experiment::lesson::preset::LessonPreset;
use crate::experiment::lesson::{Lesson, Place, Setup};
use crate::experiment::{Experiment, Script};
use crate::train::Command;
use crate::tui::effect::Effect;
use crate::tui::keymap::Action;
use crate::tui::learn::keys::{CONTROLS, SKIP};
use crate::tui::learn::{Lecture, Phase, measures};
use crate::tui::overlay::choice::Choice;
use crate::tui::pace::Pace;
use crate::tui::race_view::RaceView;
use crate::tui::run_view::Status;

/// The key of the screen that lists the lessons.
const LEARN: char = '5';
/// How many times as fast as usual a page is run.
const HASTE: u64 = 3;

impl App {
    /// Takes up the lesson called `name`: where it was left, or at `page`, by experiments of `seed` if one
    /// is given.
    pub fn learn(
        &mut self,
        name: &str,
        lesson: Lesson,
        page: Option<usize>,
        seed: Option<u64>,
    ) -> Vec<Effect> {
        let reached = self.workspace.progress.of(name).cloned();
        let reached = match page {
            Some(page) => {
                let mut reached = reached.unwrap_or_default();
                reached.page = page;
                Some(reached)
            }
            None => reached,
        };
        self.course = None;
        // What a page runs begins at a key, not when a race or a claim has ended.
        self.workspace.rests = false;
        self.lecture = Some(Lecture::new(name, lesson, reached.as_ref(), seed));
        self.open_page()
    }

    /// Takes up a lesson of the program, where it was left or `again` from its first page.
    pub(super) fn take_lesson(&mut self, preset: &LessonPreset, again: bool) -> Vec<Effect> {
        self.learn(preset.name, preset.get().clone(), again.then_some(0), None)
    }

    /// The lesson under way.
    #[must_use]
    pub fn lecture(&self) -> Option<&Lecture> {
        self.lecture.as_ref()
    }

    /// Whether keys go to the lesson under way.
    pub(super) fn lesson_is_focused(&self) -> bool {
        self.overlay.is_none() && self.lecture.as_ref().is_some_and(Lecture::is_focused)
    }

    /// Sets up what the page needs that was just opened, and shows its screen.
    fn open_page(&mut self) -> Vec<Effect> {
        let run = self.workspace.run.run;
        let Some(lecture) = &mut self.lecture else { return Vec::new() };
        let setup = lecture.due_setup(run);
        let screen = lecture.page().screen;
        self.light();
        let mut effects = match setup {
            Some(setup) => self.set_up(setup),
            None => Vec::new(),
        };
        let key = match screen {
            Some(Place::Layers) => Some('2'),
            Some(Place::Compare) if self.workspace.race.is_some() => Some('3'),
            // Before the race there is nothing to see on its screen.
            Some(Place::Train | Place::Compare) => Some('1'),
            Some(Place::Surface) => Some('4'),
            None if self.tab().key == LEARN => Some('1'),
            None => None,
        };
        if let Some(key) = key {
            self.go(key);
        }
        effects.push(self.keep_progress());
        self.tell_screens();
        effects
    }

    /// Lets the panel stand out that the page is about.
    fn light(&mut self) {
        self.workspace.lit = self.lecture.as_ref().and_then(|lecture| lecture.page().panel);
        self.workspace.lesson_leads = self.lecture.as_ref().is_some_and(Lecture::is_focused);
    }

    fn keep_progress(&mut self) -> Effect {
        if let Some(lecture) = &self.lecture {
            self.workspace.progress.set(lecture.name(), lecture.reached());
        }
        Effect::KeepProgress
    }

    fn set_up(&mut self, setup: Setup) -> Vec<Effect> {
        let mut effects = vec![Effect::Send(Command::Pause)];
        match setup {
            Setup::Experiment(experiment) | Setup::Race(experiment) => {
                effects.extend(self.workspace.take(*experiment));
                // What differs in nothing but live settings would go on from the weights that are there.
                effects.extend(self.workspace.reset());
            }
            Setup::Edit(experiment) => effects.extend(self.workspace.take(*experiment)),
            Setup::Walk(walk) => {
                self.go('4');
                self.choose(Choice::WalkAtRest(walk));
            }
        }
        self.workspace.notice = None;
        effects.push(Effect::Send(Command::Pause));
        effects
    }

    /// What an action does to the lesson under way; none if it is the screen's.
    pub(super) fn act_on_lesson(&mut self, action: Action) -> Option<Vec<Effect>> {
        let focused = self.lesson_is_focused();
        let lecture = self.lecture.as_mut()?;
        match action {
            Action::Go(LEARN) => {
                lecture.focus(true);
                self.light();
                return Some(Vec::new());
            }
            Action::Toggle => return self.run_page(),
            _ if !focused => return None,
            _ => {}
        }
        match action {
            Action::ToScreen => {
                lecture.focus(false);
                self.light();
            }
            Action::LeaveLesson => return Some(self.leave_lesson()),
            Action::GoOn => return Some(self.go_on()),
            Action::Skip => {
                lecture.skip();
                return Some(self.next_page());
            }
            Action::PageBack => {
                if lecture.back() {
                    return Some(self.open_page());
                }
            }
            Action::Answer(number) => {
                if !lecture.choose(number) {
                    self.workspace.complain("there is no such answer");
                }
            }
            Action::Up | Action::Down | Action::Increase | Action::Decrease
                if lecture.is_drawing() =>
            {
                lecture.shift(action);
            }
            // One who turns pages by arrows does not change the lesson's experiment unawares.
            Action::Up | Action::Down | Action::Increase | Action::Decrease => {
                let tab = CONTROLS.name();
                self.workspace.complain(&format!("{tab} leads to the controls: there arrows act"));
            }
            _ => return None,
        }
        Some(Vec::new())
    }

    /// What comes next on the page, or the next page.
    fn go_on(&mut self) -> Vec<Effect> {
        let Some(lecture) = &mut self.lecture else { return Vec::new() };
        match lecture.phase() {
            Phase::Ask => {
                if !lecture.submit() {
                    self.workspace
                        .complain(&format!("answer first; {} goes on without one", SKIP.name()));
                }
                Vec::new()
            }
            Phase::Run => {
                let races = |race: &RaceView| race.is_run_here() && lecture.is_of(&race.plan);
                let runs = lecture.has_started() && lecture.until().is_some();
                if runs && self.workspace.run.running()
                    || self.workspace.race.as_ref().is_some_and(races)
                    || lecture.walked().is_some()
                {
                    let skip = SKIP.name();
                    self.workspace
                        .complain(&format!("it is still running; {skip} goes on without waiting"));
                    return Vec::new();
                }
                match self.run_page() {
                    Some(effects) => effects,
                    None => self.act_on_screen(Action::Toggle),
                }
            }
            Phase::Hidden => lecture.show().map(Effect::Answered).into_iter().collect(),
            Phase::Over => self.next_page(),
        }
    }

    fn next_page(&mut self) -> Vec<Effect> {
        let Some(lecture) = &mut self.lecture else { return Vec::new() };
        if lecture.turn() {
            return self.open_page();
        }
        let (name, title) = (lecture.name().to_owned(), lecture.lesson().title.on_terminal());
        let over = format!("{title}: that was the last page");
        let mut effects = vec![self.keep_progress()];
        if let Some(next) = self.go_on_with_course(&name) {
            effects.extend(next);
        } else {
            effects.extend(self.leave_lesson());
            self.workspace.say(over);
        }
        effects
    }

    fn leave_lesson(&mut self) -> Vec<Effect> {
        let effect = self.keep_progress();
        (self.lecture, self.course) = (None, None);
        self.light();
        self.go(LEARN);
        vec![effect]
    }

    /// Begins what the page asks to be run, or goes on with it; none if the key means the screen.
    fn run_page(&mut self) -> Option<Vec<Effect>> {
        let focused = self.lesson_is_focused();
        let on_run = matches!(self.tab().key, '1' | '2');
        let lecture = self.lecture.as_mut()?;
        match lecture.phase() {
            Phase::Ask if focused => {
                self.workspace.complain(&format!(
                    "predict first; {} goes on without a prediction",
                    SKIP.name()
                ));
                Some(Vec::new())
            }
            Phase::Run => {
                if let Some(experiment) = lecture.race() {
                    let experiment = experiment.clone();
                    return Some(self.begin_race(experiment));
                }
                let until = lecture.until()?;
                if !on_run || self.workspace.run.running() || self.workspace.past.is_some() {
                    return None;
                }
                lecture.start(None);
                // Fast enough that nobody waits long; who has set a higher pace keeps it.
                let pace = self.workspace.pace.max(Pace::suiting(until.step.saturating_mul(HASTE)));
                Some(vec![self.workspace.set_pace(pace), Effect::Send(Command::Until(until))])
            }
            _ => None,
        }
    }

    fn begin_race(&mut self, experiment: Experiment) -> Vec<Effect> {
        let Some(spec) = experiment.compare.clone() else { return Vec::new() };
        match Plan::new(Script::from(experiment), &spec) {
            Ok(plan) => {
                let plan = Arc::new(plan);
                if let Some(lecture) = &mut self.lecture {
                    lecture.start(Some(Arc::clone(&plan)));
                }
                self.race(plan)
            }
            Err(reason) => {
                self.workspace.complain(&reason);
                Vec::new()
            }
        }
    }

    /// Lets the lesson under way see how run, walk and race stand. Returns whether that shows.
    pub(super) fn tell_lesson(&mut self) -> bool {
        let walk = self.screen().walk();
        let Some(lecture) = &mut self.lecture else { return false };
        if lecture.phase() != Phase::Run {
            return false;
        }
        if let Some(race) = self.workspace.race.as_ref().filter(|race| lecture.is_of(&race.plan)) {
            let over = race.status.ending == Some(Ending::Complete);
            let (measures, winner) = measures::of_race(race);
            return over && lecture.measure(&measures, winner);
        }
        if lecture.walk().is_some() {
            let Some(walk) = walk else { return false };
            let moved = lecture.see_walk(walk.under_way);
            return walk.over && lecture.measure(&measures::of_walk(&walk), None) || moved;
        }
        let run = &self.workspace.run;
        let settled = run.experiment.as_deref() == Some(&self.workspace.experiment);
        let Some(until) = lecture.until().filter(|_| settled && lecture.is_own_run(run.run)) else {
            return false;
        };
        let over = match run.status {
            Status::Running | Status::Loading => false,
            Status::Paused => {
                let measured = measures::of_run(&self.workspace);
                let met = until.bound.is_some_and(|bound| {
                    measured.get(bound.score.name()).is_some_and(|value| bound.is_met(*value))
                });
                run.step >= until.step || met
            }
            Status::Finished | Status::Diverged(_) | Status::Failed(_) => true,
        };
        over && lecture.measure(&measures::of_run(&self.workspace), None)
    }

    /// Takes a typed character into an answer; `None` deletes the last one.
    pub(super) fn type_answer(&mut self, c: Option<char>) {
        if let Some(lecture) = &mut self.lecture {
            lecture.type_in(c);
        }
    }

    /// Moves the screen that is shown, if it is time. Returns whether that shows.
    pub fn tick(&mut self, now: Instant) -> bool {
        let moved = self.screens[self.shown].tick(now);
        moved | self.tell_lesson()
    }
}
