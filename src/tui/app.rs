//! The state of the user interface, and how it changes: which screen is shown, what lies on top of
//! it, and what all screens share. Nothing here waits: keys and messages go in, effects come out, so
//! that tests drive it without a terminal.

mod claim;
mod commands;
mod course;
mod draw;
mod header;
mod lesson;
mod race;

use std::time::Instant;

use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};

use ratatui::layout::{Position, Rect};

use self::course::CourseUnderWay;
use super::drawn::DrawnFrame;
use super::effect::Effect;
use super::keymap::{self, Action, Context};
use super::learn::{self, Lecture};
use super::overlay::{
    self, BACKSPACE, LONGEST, Outcome, Overlay, Request, choice::Choice, page::Page,
    presets::Presets, question::Question,
};
use super::screen::{self, SCREENS, Screen, Tab, landscape, train};
use super::time_window::TimeWindow;
use super::workspace::Workspace;
use crate::compare::Order;
use crate::experiment::Experiment;
use crate::train::Event as RunEvent;
use crate::train::probe::{Observation, View};
use crate::train::telemetry::Latest;

/// The state of the user interface.
#[derive(Debug)]
pub struct App {
    /// What all screens share.
    pub workspace: Workspace,
    /// The screens, in the order of [`SCREENS`].
    screens: Vec<Box<dyn Screen>>,
    /// Index of the screen that is shown.
    shown: usize,
    /// What lies on top, if anything.
    overlay: Option<Box<dyn Overlay>>,
    /// The lesson under way, beside the screen that is shown.
    lecture: Option<Lecture>,
    /// Tabs and keys of the footer as they were drawn last, and what a click on each asks for.
    clickable: Vec<(Rect, Action)>,
    /// The course that it is of, if it is taken as a part of one.
    course: Option<CourseUnderWay>,
    /// Which replacement of the experiment under edit the screens know of.
    told: u64,
}

/// Every context of keys, in the order in which help shows them.
pub fn contexts() -> impl Iterator<Item = &'static Context> {
    let screens = SCREENS.iter().map(|tab| tab.keys).chain([&train::PAINTING, &landscape::KEYS]);
    let screens = screens.chain([&screen::learn::PREDICT]).chain(learn::keys::CONTEXTS);
    screens.chain(overlay::keys::CONTEXTS).chain([&keymap::EVERYWHERE])
}

impl App {
    /// The workbench with `experiment` on it.
    #[must_use]
    pub fn new(experiment: Experiment) -> Self {
        Self {
            workspace: Workspace::new(experiment),
            screens: SCREENS.iter().map(|tab| (tab.new)()).collect(),
            shown: 0,
            overlay: None,
            lecture: None,
            clickable: Vec::new(),
            course: None,
            told: 0,
        }
    }

    /// The tab of the screen that is shown.
    #[must_use]
    pub fn tab(&self) -> &'static Tab {
        &SCREENS[self.shown]
    }

    fn screen(&self) -> &dyn Screen {
        self.screens[self.shown].as_ref()
    }

    /// The keys that hold.
    #[must_use]
    pub fn context(&self) -> &'static Context {
        let lesson = self.lecture.as_ref().filter(|lecture| lecture.is_focused());
        let own = || lesson.map_or_else(|| self.screen_context(), Lecture::keys);
        self.overlay.as_ref().map_or_else(own, |overlay| overlay.context())
    }

    /// The keys of the screen that is shown.
    fn screen_context(&self) -> &'static Context {
        self.screen().keys().unwrap_or(self.tab().keys)
    }

    /// The room there is for a picture of the run's network: that of the screen that is shown, if it
    /// has one.
    #[must_use]
    pub fn view(&self) -> View {
        let others = self.screens.iter().find_map(|screen| screen.view());
        let view = self.screen().view().or(others);
        let view = view.unwrap_or_default();
        self.overlay.as_ref().map_or(view, |overlay| overlay.view(view))
    }

    /// Steps of the run that are to be looked at again, the most wanted first.
    #[must_use]
    pub fn unseen_steps(&self) -> Vec<u64> {
        self.screen().unseen_steps(&self.workspace)
    }

    /// What the race's monitor should look at, if there is a race.
    #[must_use]
    pub fn race_sight(&self) -> Option<Order> {
        self.workspace.race.as_ref()?;
        let unseen = || self.screens.iter().find_map(|screen| Some((screen.race_sight()?.0, None)));
        let (pair, view) = self.screen().race_sight().or_else(unseen)?;
        Some(Order::Show(pair, view))
    }

    /// Takes in a key, a mouse event or pasted text.
    pub fn on_input(&mut self, event: &Event) -> Vec<Effect> {
        match event {
            Event::Key(key) if key.kind != KeyEventKind::Release => self.on_key(*key),
            Event::Mouse(mouse) => self.on_mouse(*mouse),
            Event::Paste(text) => {
                if let Some(overlay) = &mut self.overlay {
                    let printed = text.chars().filter(|c| !c.is_control());
                    printed.take(LONGEST).for_each(|c| overlay.text(c));
                }
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn on_key(&mut self, key: KeyEvent) -> Vec<Effect> {
        self.workspace.notice = None;
        // What a lesson has no use for is the screen's, unless text is typed.
        let below = self.lesson_is_focused() && !self.context().takes_text;
        let on_screen = || keymap::action(self.screen_context(), key).filter(|_| below);
        let action = keymap::action(self.context(), key);
        let action = action.or_else(on_screen).or_else(|| self.tab_of(key));
        if let Some(action) = action {
            return self.act(action);
        }
        let plain = !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
        let typed = match key.code {
            KeyCode::Char(c) if plain => c,
            KeyCode::Backspace => BACKSPACE,
            _ => return Vec::new(),
        };
        if let Some(overlay) = &mut self.overlay {
            overlay.text(typed);
        } else if self.lesson_is_focused() {
            self.type_answer(Some(typed).filter(|c| *c != BACKSPACE));
        }
        Vec::new()
    }

    /// The way to the screen that has `key`, while nothing lies on top.
    fn tab_of(&self, key: KeyEvent) -> Option<Action> {
        let pressed = keymap::pressed(key);
        let tab = SCREENS.iter().find(|tab| keymap::ch(tab.key) == pressed)?;
        let typing = self.lesson_is_focused() && self.context().takes_text;
        (self.overlay.is_none() && !typing).then_some(Action::Go(tab.key))
    }

    fn on_mouse(&mut self, mouse: MouseEvent) -> Vec<Effect> {
        if mouse.kind == MouseEventKind::Down(MouseButton::Left) {
            let at = Position::new(mouse.column, mouse.row);
            let hit = self.clickable.iter().find(|(area, _)| area.contains(at));
            if let Some((_, action)) = hit.copied() {
                return self.act(action);
            }
        }
        if self.overlay.is_some() {
            return match mouse.kind {
                MouseEventKind::ScrollUp => self.act(Action::Up),
                MouseEventKind::ScrollDown => self.act(Action::Down),
                _ => Vec::new(),
            };
        }
        let requests = self.screens[self.shown].on_mouse(mouse, &mut self.workspace);
        self.carry_out(requests)
    }

    /// Does what a key asks for.
    pub fn act(&mut self, action: Action) -> Vec<Effect> {
        match (action, &mut self.overlay) {
            (Action::Quit, _) => return self.quit(),
            (Action::Suspend, _) => return vec![Effect::Suspend],
            (Action::Races, _) => return self.list_races(),
            (Action::Back, Some(_)) => self.overlay = None,
            (_, Some(overlay)) => {
                let outcome = overlay.act(action, &self.workspace.experiment);
                return self.follow(outcome, action);
            }
            (Action::Help, None) => self.help(),
            (Action::Palette, None) => self.open_palette(),
            (Action::Projector, _) => self.workspace.projector = !self.workspace.projector,
            (Action::CopyRecipe, None) => return self.copy_recipe(),
            (Action::Concepts, None) => self.overlay = Some(Box::new(Presets::concepts())),
            (_, None) => {
                if let Some(effects) = self.act_on_lesson(action) {
                    return effects;
                }
                if let Action::Go(key) = action {
                    self.go(key);
                } else {
                    return self.act_on_screen(action);
                }
            }
        }
        Vec::new()
    }

    fn act_on_screen(&mut self, action: Action) -> Vec<Effect> {
        let requests = self.screens[self.shown].act(action, &mut self.workspace);
        self.carry_out(requests)
    }

    fn follow(&mut self, outcome: Outcome, action: Action) -> Vec<Effect> {
        let request = match outcome {
            Outcome::Stay => return Vec::new(),
            Outcome::Keep(effect) => return vec![effect],
            Outcome::Below => return self.act_on_screen(action),
            Outcome::Close => None,
            Outcome::Ask(request) => Some(request),
        };
        self.overlay = None;
        self.carry_out(request.into_iter().collect())
    }

    fn carry_out(&mut self, requests: Vec<Request>) -> Vec<Effect> {
        let mut effects = Vec::new();
        for request in requests {
            match request {
                Request::Open(overlay) => {
                    self.overlay = Some(overlay);
                    self.tell_overlay();
                }
                Request::Go(key) => self.go(key),
                Request::Edit(experiment) => effects.extend(self.workspace.take(*experiment)),
                Request::Load(experiment) => {
                    let taken = self.workspace.take(*experiment);
                    if !taken.is_empty() {
                        effects.extend(taken);
                        effects.extend(self.workspace.go_on());
                    }
                }
                Request::GoTo(branch) => effects.extend(self.workspace.go_to(branch)),
                Request::Race(plan) => effects.extend(self.race(plan)),
                Request::Choose(choice) => self.choose(choice),
                Request::Learn(lesson, again) => effects.extend(self.take_lesson(lesson, again)),
                Request::Act(tab, action) => {
                    if let Some(key) = tab {
                        self.go(key);
                    }
                    effects.extend(self.act(action));
                }
                Request::OnScreen(key, request) => {
                    self.go(key);
                    effects.extend(self.carry_out(vec![*request]));
                }
                Request::Command(name, request) => effects.extend(self.command(name, *request)),
                Request::Course(course, again) => {
                    effects.extend(self.take_course(course, again, None));
                }
                Request::Judge(claim) => effects.extend(self.judge(claim)),
                Request::StopJudging => effects.extend(self.stop_judging()),
                Request::Effect(effect) => effects.push(effect),
            }
            self.tell_screens();
        }
        self.tell_screens();
        effects
    }

    /// Tells the screen that is shown what was chosen for it.
    pub(super) fn choose(&mut self, choice: Choice) {
        self.screens[self.shown].on_choice(choice, &mut self.workspace);
    }

    /// When the screen that is shown is to move by itself; never if it rests.
    #[must_use]
    pub fn tick_due(&self) -> Option<Instant> {
        self.screen().tick_due()
    }

    /// Tells the screens if the experiment under edit is another one.
    fn tell_screens(&mut self) {
        if self.told != self.workspace.replaced {
            self.told = self.workspace.replaced;
            self.screens.iter_mut().for_each(|screen| screen.on_experiment(&self.workspace));
        }
    }

    /// Tells the overlay how the run stands.
    fn tell_overlay(&mut self) {
        if let Some(overlay) = &mut self.overlay {
            overlay.on_run(&self.workspace);
        }
    }

    /// Takes in the latest of the run.
    pub fn on_latest(&mut self, latest: &Latest) {
        self.workspace.run.on_latest(latest);
        self.tell_overlay();
        self.tell_lesson();
    }

    /// Takes in a look at the run.
    pub fn on_observation(&mut self, observation: Box<Observation>) {
        self.workspace.run.on_observation(observation);
        self.tell_overlay();
        self.tell_lesson();
    }

    /// Takes in what happened to the run. Returns what follows.
    pub fn on_event(&mut self, event: RunEvent) -> Option<Effect> {
        let workspace = &mut self.workspace;
        let effect = match &event {
            RunEvent::Visiting { step, experiment } => {
                workspace.on_visiting(*step, (**experiment).clone())
            }
            RunEvent::Returned => {
                workspace.on_returned();
                None
            }
            RunEvent::Started { experiment, obeyed, .. } => {
                workspace.window = TimeWindow::default();
                workspace.on_moved(0);
                workspace.follow(experiment, *obeyed);
                None
            }
            RunEvent::Moved { experiment, step, obeyed, .. } => {
                workspace.window.fit(*step);
                workspace.on_moved(*step);
                workspace.follow(experiment, *obeyed);
                None
            }
            RunEvent::Edited { experiment, obeyed, .. } => {
                workspace.follow(experiment, *obeyed);
                None
            }
            _ => None,
        };
        let branches = matches!(event, RunEvent::Timeline(_));
        workspace.run.on_event(event);
        if let Some(overlay) = self.overlay.as_mut().filter(|_| branches) {
            overlay.on_timeline(workspace.run.timeline_now());
        }
        self.tell_overlay();
        self.tell_screens();
        self.tell_lesson();
        effect
    }

    /// Ends the program; first asks whether a race under way may be lost, unless it has just asked.
    fn quit(&mut self) -> Vec<Effect> {
        let asked = self.overlay.as_ref().is_some_and(|overlay| overlay.confirms_quit());
        match self.workspace.race.as_ref().filter(|race| race.is_run_here() && !asked) {
            Some(race) => {
                self.overlay =
                    Some(Box::new(Question::quit(race.runs(), race.status.not_kept.is_none())));
                Vec::new()
            }
            None => vec![Effect::Quit],
        }
    }

    fn help(&mut self) {
        let rows = || contexts().flat_map(|context| context.rows);
        let bound = |tab: &&Tab| rows().any(|row| row.keys().contains(&keymap::ch(tab.key)));
        let unbound = SCREENS.iter().filter(|tab| !bound(tab));
        let tabs = unbound.map(|tab| (tab.key, format!("the {} screen", tab.title())));
        self.overlay = Some(Box::new(Page::help(self.context(), contexts(), tabs)));
    }

    /// Goes to the screen of `key`, or to what it opens in its place.
    fn go(&mut self, key: char) {
        let index = SCREENS.iter().position(|tab| tab.key == key);
        let Some(index) = index.filter(|index| *index != self.shown) else { return };
        if let Some(overlay) = self.screens[index].instead(&self.workspace) {
            self.overlay = Some(overlay);
            return;
        }
        self.screens[self.shown].on_leave(&mut self.workspace);
        self.shown = index;
    }

    /// Takes in what was drawn where.
    pub fn drawn(&mut self, drawn: &DrawnFrame) {
        self.clickable.clone_from(&drawn.clickable);
        self.screens[self.shown].drawn(&drawn.screen, &self.workspace);
        if let (Some(overlay), Some(scroll)) = (&mut self.overlay, drawn.overlay) {
            overlay.drawn(scroll);
        }
    }
}

#[cfg(test)]
mod tests;
