//! The state of the user interface, and how it changes. Nothing here draws or waits: keys and
//! messages go in, effects come out, so that tests drive it without a terminal.

use std::sync::Arc;

use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};
use ratatui::layout::{Position, Rect};

use super::contest::board::Board;
use super::contest::referee::Order;
use super::contest::{self, Contest, proposal};
use super::form::{self, Field, Section, Way};
use super::keymap::{self, Action, Context};
use super::overlay::{
    BACKSPACE, LONGEST, Outcome, Overlay, checklist::Checklist, page::Page, picker::Picker,
    presets::Presets, prompt::Prompt, question::Question,
};
use super::pace::Pace;
use super::run_view::{RunView, Status};
use crate::compare::{Ending, Plan};
use crate::experiment::{Experiment, changes};
use crate::export::comparison;
use crate::train::Command;
use crate::train::probe::{Requests, View};

/// Something that the surroundings must do.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Tell the worker.
    Send(Command),
    /// End the program.
    Quit,
    /// Stop the program for a while.
    Suspend,
    /// Write the run to files.
    Save,
    /// Start a race, called so, in place of any other.
    StartRace(String, Arc<Plan>),
    /// Tell the race's referee.
    Race(Order),
}

/// Which screen is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// One run.
    Train,
    /// A race.
    Compare,
}

/// A panel that can take the whole screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zoom {
    /// Everything at once.
    Off,
    /// Predictions only.
    Predictions,
    /// Charts only.
    Charts,
    /// Weights and health only.
    Weights,
}

impl Zoom {
    const fn next(self) -> Self {
        match self {
            Self::Off => Self::Predictions,
            Self::Predictions => Self::Charts,
            Self::Charts => Self::Weights,
            Self::Weights => Self::Off,
        }
    }
}

/// A line at the bottom that answers the last key.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// What is said.
    pub text: String,
    /// Whether something could not be done.
    pub bad: bool,
}

/// The state of the user interface.
#[derive(Debug)]
pub struct App {
    /// What is edited here; the worker follows.
    pub experiment: Experiment,
    /// The run as it is known here.
    pub run: RunView,
    /// The field under the cursor.
    pub focus: Field,
    /// Which screen is shown; Compare only if there is a race.
    pub screen: Screen,
    /// The latest race.
    pub contest: Option<Contest>,
    /// Whether the run rests for the race only, and goes on after it.
    rests: bool,
    /// What lies on top, if anything.
    pub overlay: Option<Overlay>,
    /// Steps a second.
    pub pace: Pace,
    /// Whether the loss axis is logarithmic.
    pub log_axis: bool,
    /// Which panel has the whole screen.
    pub zoom: Zoom,
    /// The answer to the last key.
    pub notice: Option<Notice>,
    /// What there is room for on the screen.
    pub view: View,
    /// Where each field was drawn, for the mouse.
    pub targets: Vec<(Rect, Field)>,
}

impl App {
    /// The workbench with `experiment` on it.
    #[must_use]
    pub fn new(experiment: Experiment) -> Self {
        let mut app = Self {
            pace: Pace::suiting(experiment.train.steps),
            experiment,
            run: RunView::default(),
            focus: Field::Activation(0),
            screen: Screen::Train,
            contest: None,
            rests: false,
            overlay: None,
            log_axis: true,
            zoom: Zoom::Off,
            notice: None,
            view: View { grid: (40, 40), samples: 48, bins: 48, requests: Requests::ALL },
            targets: Vec::new(),
        };
        app.announce_race();
        app
    }

    /// Says how the race starts that an experiment asks for.
    fn announce_race(&mut self) {
        if self.experiment.compare.is_some() {
            self.say("this experiment comes with a race: c starts it".to_owned());
        }
    }

    /// Which keys hold.
    #[must_use]
    pub fn context(&self) -> Context {
        match (&self.overlay, self.screen) {
            (Some(overlay), _) => overlay.context(),
            (None, Screen::Train) => Context::Train,
            (None, Screen::Compare) => Context::Compare,
        }
    }

    /// The commands that begin training.
    #[must_use]
    pub fn begin(&self) -> Vec<Effect> {
        vec![Effect::Send(Command::Pace(self.pace.limit())), Effect::Send(Command::Run)]
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
        self.notice = None;
        if let Some(action) = keymap::action(self.context(), key) {
            return self.act(action);
        }
        if let Some(overlay) = &mut self.overlay {
            let plain = !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
            match key.code {
                KeyCode::Char(c) if plain => overlay.text(c),
                KeyCode::Backspace => overlay.text(BACKSPACE),
                _ => {}
            }
        }
        Vec::new()
    }

    fn on_mouse(&mut self, mouse: MouseEvent) -> Vec<Effect> {
        let wheel = match mouse.kind {
            MouseEventKind::ScrollUp => Some((Action::Up, Way::Up)),
            MouseEventKind::ScrollDown => Some((Action::Down, Way::Down)),
            _ => None,
        };
        if self.overlay.is_some() || self.screen == Screen::Compare {
            return wheel.map_or_else(Vec::new, |(action, _)| self.act(action));
        }
        let at = Position::new(mouse.column, mouse.row);
        let hit = self.targets.iter().find(|(area, _)| area.contains(at)).map(|(_, field)| *field);
        let Some(field) = hit else { return Vec::new() };
        match (mouse.kind, wheel) {
            (MouseEventKind::Down(MouseButton::Left), _) if self.focus == field => {
                self.act(Action::Open)
            }
            (MouseEventKind::Down(MouseButton::Left), _) => {
                self.focus = field;
                Vec::new()
            }
            (_, Some((_, way))) => {
                self.focus = field;
                self.nudge(way)
            }
            _ => Vec::new(),
        }
    }

    /// Does what a key asks for.
    pub fn act(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::Quit => return self.quit(),
            Action::Suspend => return vec![Effect::Suspend],
            _ => {}
        }
        if let Some(overlay) = &mut self.overlay {
            return match overlay.act(action, &self.experiment) {
                Outcome::Stay => Vec::new(),
                Outcome::Close => {
                    self.overlay = None;
                    Vec::new()
                }
                Outcome::Take(experiment) => {
                    let other_run = matches!(self.overlay.take(), Some(Overlay::Presets(_)));
                    let mut effects = self.take(*experiment);
                    if other_run && !effects.is_empty() {
                        effects.extend(self.go_on());
                    }
                    effects
                }
                Outcome::Race(plan) => {
                    self.overlay = None;
                    self.race(plan)
                }
                Outcome::Order(order) => {
                    self.overlay = None;
                    vec![Effect::Race(order)]
                }
                Outcome::Quit => vec![Effect::Quit],
            };
        }
        match (action, self.screen) {
            (Action::Help, _) => self.overlay = Some(Overlay::Page(Page::help(self.context()))),
            (_, Screen::Train) => return self.act_on_run(action),
            (_, Screen::Compare) => return self.act_on_race(action),
        }
        Vec::new()
    }

    /// Ends the program; first asks whether a race under way may be lost, unless it has just asked.
    fn quit(&mut self) -> Vec<Effect> {
        let asked = matches!(&self.overlay, Some(Overlay::Question(it)) if it.is_quit());
        match self.contest.as_ref().filter(|contest| contest.goes_on() && !asked) {
            Some(contest) => {
                let question = Question::quit(contest.runs());
                self.overlay = Some(Overlay::Question(question));
                Vec::new()
            }
            None => vec![Effect::Quit],
        }
    }

    fn act_on_run(&mut self, action: Action) -> Vec<Effect> {
        use Action::{Epoch, Reset, Step, Toggle};
        if matches!(action, Toggle | Step | Epoch | Reset) {
            // From here on the run goes by its own keys.
            self.rests = false;
        }
        match action {
            Action::Compare if self.contest.is_some() => self.screen = Screen::Compare,
            Action::Compare => self.list_for_race(),
            Action::Log => self.overlay = Some(Overlay::Page(Page::log(&self.run.log))),
            Action::Presets => self.overlay = Some(Overlay::Presets(Presets::default())),
            Action::Open => self.open(),
            Action::Back => self.zoom = Zoom::Off,
            Action::Zoom => self.zoom = self.zoom.next(),
            Action::LogAxis => self.log_axis = !self.log_axis,
            Action::Save => return vec![Effect::Save],
            Action::Toggle => return self.toggle(),
            Action::Step => return vec![Effect::Send(Command::Steps(1))],
            Action::Epoch => return vec![Effect::Send(Command::Epoch)],
            Action::Reset => return vec![Effect::Send(Command::Reset)],
            Action::NewSeed => {
                let seed = self.experiment.seed.wrapping_add(1);
                return self.edit(|experiment| Ok(experiment.with_seed(seed)));
            }
            Action::Next => self.focus = self.neighbour(1),
            Action::Previous => self.focus = self.neighbour(-1),
            Action::Up => self.focus = self.vertical(-1),
            Action::Down => self.focus = self.vertical(1),
            Action::Home => self.focus = self.fields().first().copied().unwrap_or(self.focus),
            Action::End => self.focus = self.fields().last().copied().unwrap_or(self.focus),
            Action::Increase => return self.nudge(Way::Up),
            Action::Decrease => return self.nudge(Way::Down),
            Action::AddLayer => {
                let layer = self.layer_under_cursor();
                return self.edit(|experiment| experiment.with_layer_after(layer));
            }
            Action::RemoveLayer => {
                let layer = self.layer_under_cursor();
                return self.edit(|experiment| experiment.without_layer(layer));
            }
            Action::Norm => return self.nudge_extra(Field::Norm(self.layer_under_cursor())),
            Action::Dropout => return self.nudge_extra(Field::Dropout(self.layer_under_cursor())),
            Action::RatesUp => return self.edit(|experiment| experiment.with_rates_scaled(2.0)),
            Action::RatesDown => return self.edit(|experiment| experiment.with_rates_scaled(0.5)),
            Action::RatesTenth => return self.tenth(),
            Action::Faster => return self.set_pace(self.pace.faster()),
            Action::Slower => return self.set_pace(self.pace.slower()),
            _ => {}
        }
        Vec::new()
    }

    fn act_on_race(&mut self, action: Action) -> Vec<Effect> {
        let Some(contest) = &mut self.contest else {
            self.screen = Screen::Train;
            return Vec::new();
        };
        let ranking = &contest.board.score.ranking;
        match action {
            Action::Back if contest.zoom != contest::Zoom::Off => {
                contest.zoom = contest::Zoom::Off;
            }
            Action::Back | Action::Train => {
                let goes_on = contest.goes_on();
                self.screen = Screen::Train;
                if goes_on {
                    let rests =
                        if self.rests { ". Training rests meanwhile: space runs it" } else { "" };
                    self.say(format!("the race goes on: c returns to it{rests}"));
                }
            }
            Action::Log => {
                let warnings = ranking.warnings(&contest.plan);
                let said = warnings.iter().map(|it| comparison::concern(it, &contest.plan));
                self.overlay = Some(Overlay::Page(Page::warnings(said)));
            }
            Action::EndRace if contest.goes_on() => {
                let question = Question::end_race(contest.runs());
                self.overlay = Some(Overlay::Question(question));
            }
            Action::Compare => self.list_for_race(),
            Action::Widen => {
                let base = contest.plan.experiment.clone();
                let mut spec = base.compare.clone().unwrap_or_default();
                spec.rates = spec.rates.wider();
                let list = Checklist::new(base, spec, contest.goes_on());
                self.overlay = Some(Overlay::Checklist(Box::new(list)));
            }
            _ => return contest.act(action).map(Effect::Race).into_iter().collect(),
        }
        Vec::new()
    }

    /// Opens the list of what to race: as it was for the last race, if that was of the same kind.
    fn list_for_race(&mut self) {
        let before = self.contest.as_ref().map(|contest| &contest.plan.experiment);
        let alike = |before: &&Experiment| {
            before.data == self.experiment.data
                && before.layers == self.experiment.layers
                && before.optimizer == self.experiment.optimizer
        };
        let spec = before.filter(alike).and_then(|before| before.compare.clone());
        let problem = self.run.problem.as_deref();
        let spec = spec.unwrap_or_else(|| proposal(&self.experiment, problem));
        let replaces = self.contest.as_ref().is_some_and(Contest::goes_on);
        let list = Checklist::new(self.experiment.clone(), spec, replaces);
        self.overlay = Some(Overlay::Checklist(Box::new(list)));
    }

    /// Goes to a new race. A run under way rests meanwhile: it would take time from the racers.
    fn race(&mut self, plan: Arc<Plan>) -> Vec<Effect> {
        let name = plan.experiment.name();
        self.contest = Some(Contest::new(name.clone(), Arc::clone(&plan)));
        self.screen = Screen::Compare;
        if matches!(self.run.status, Status::Running | Status::Loading) {
            self.rests = true;
        }
        if self.rests {
            self.say("training rests during the race, and goes on after it".to_owned());
        }
        vec![Effect::Send(Command::Pause), Effect::StartRace(name, plan)]
    }

    /// Lets a run go on that rested for the race.
    fn go_on(&mut self) -> Option<Effect> {
        std::mem::take(&mut self.rests).then_some(Effect::Send(Command::Run))
    }

    /// Takes in how the race stands. Returns whether there is anything new to see, and what
    /// follows.
    pub fn on_board(&mut self, board: Box<Board>) -> (bool, Option<Effect>) {
        let Some(contest) = &mut self.contest else { return (false, None) };
        let before = (contest.percent(), contest.goes_on());
        contest.board = board;
        let asked = if let Some(Overlay::Question(question)) = &mut self.overlay {
            question.runs = contest.runs();
            true
        } else {
            false
        };
        let seen = asked
            || self.screen == Screen::Compare
            || before != (contest.percent(), contest.goes_on());
        let over = before.1 && contest.board.ending == Some(Ending::Complete);
        if over && self.screen == Screen::Train {
            self.say("the race is over: c shows it".to_owned());
        }
        let ended = self.contest.as_ref().is_some_and(|contest| !contest.goes_on());
        (seen, if ended { self.go_on() } else { None })
    }

    fn toggle(&mut self) -> Vec<Effect> {
        let command = match self.run.status {
            // What is being loaded is on its way to run.
            Status::Running | Status::Loading => Command::Pause,
            Status::Failed(_) => return Vec::new(),
            Status::Diverged(_) if !self.run.edited() => {
                self.complain(
                    "it would diverge again: t goes on with a tenth of the rates, r resets",
                );
                return Vec::new();
            }
            Status::Paused | Status::Finished | Status::Diverged(_) => Command::Run,
        };
        vec![Effect::Send(command)]
    }

    fn tenth(&mut self) -> Vec<Effect> {
        let mut effects = self.edit(|experiment| experiment.with_rates_scaled(0.1));
        if !effects.is_empty() && matches!(self.run.status, Status::Diverged(_)) {
            effects.push(Effect::Send(Command::Run));
        }
        effects
    }

    fn set_pace(&mut self, pace: Pace) -> Vec<Effect> {
        self.pace = pace;
        vec![Effect::Send(Command::Pace(pace.limit()))]
    }

    fn open(&mut self) {
        self.overlay = Some(match Picker::new(self.focus, &self.experiment) {
            Some(picker) if !matches!(self.focus, Field::Rate(_) | Field::DefaultRate) => {
                Overlay::Picker(Box::new(picker))
            }
            _ => Overlay::Prompt(Prompt::new(self.focus, &self.experiment)),
        });
    }

    fn nudge(&mut self, way: Way) -> Vec<Effect> {
        let focus = self.focus;
        self.edit(|experiment| form::nudge(focus, way, experiment))
    }

    /// Moves on a field that may not be shown yet, and goes to it.
    fn nudge_extra(&mut self, field: Field) -> Vec<Effect> {
        let effects = self.edit(|experiment| form::nudge(field, Way::Up, experiment));
        if self.fields().contains(&field) {
            self.focus = field;
        }
        effects
    }

    fn edit(&mut self, change: impl Fn(&Experiment) -> Result<Experiment, String>) -> Vec<Effect> {
        match change(&self.experiment) {
            Ok(experiment) => self.take(experiment),
            Err(error) => {
                self.complain(&error);
                Vec::new()
            }
        }
    }

    /// Takes up another experiment, and goes on with the run if it went on before.
    fn take(&mut self, experiment: Experiment) -> Vec<Effect> {
        if experiment == self.experiment {
            return Vec::new();
        }
        let other_budget = experiment.train.steps != self.experiment.train.steps;
        let other_data = experiment.data != self.experiment.data;
        let restarts = changes(&self.experiment, &experiment).iter().any(|change| !change.live);
        self.experiment = experiment;
        if !self.fields().contains(&self.focus) {
            self.focus = match self.focus {
                Field::Norm(i) | Field::Dropout(i) if i < self.experiment.layers.len() => {
                    Field::Activation(i)
                }
                _ => Field::Activation(0),
            };
        }
        let mut effects = vec![Effect::Send(Command::Apply(Box::new(self.experiment.clone())))];
        if other_budget && other_data {
            effects.extend(self.set_pace(Pace::suiting(self.experiment.train.steps)));
        }
        let over =
            matches!(self.run.status, Status::Finished | Status::Diverged(_) | Status::Failed(_));
        if over && restarts {
            effects.push(Effect::Send(Command::Run));
        }
        if other_data {
            self.announce_race();
        }
        effects
    }

    /// Says why something could not be done.
    pub fn complain(&mut self, text: &str) {
        self.notice = Some(Notice { text: text.to_owned(), bad: true });
    }

    /// Says what was done.
    pub fn say(&mut self, text: String) {
        self.notice = Some(Notice { text, bad: false });
    }

    fn fields(&self) -> Vec<Field> {
        form::rows(&self.experiment).into_iter().flat_map(|row| row.fields).collect()
    }

    fn neighbour(&self, distance: isize) -> Field {
        let fields = self.fields();
        let n = fields.len() as isize;
        let here = fields.iter().position(|&f| f == self.focus).map_or(0, |i| i as isize);
        fields[(here + distance).rem_euclid(n) as usize]
    }

    fn vertical(&self, distance: isize) -> Field {
        let rows: Vec<Vec<Field>> = form::rows(&self.experiment)
            .into_iter()
            .map(|row| row.fields)
            .filter(|fields| !fields.is_empty())
            .collect();
        let place = rows.iter().enumerate().find_map(|(r, fields)| {
            fields.iter().position(|&f| f == self.focus).map(|column| (r as isize, column))
        });
        let (row, column) = place.unwrap_or((0, 0));
        let row = (row + distance).rem_euclid(rows.len() as isize) as usize;
        rows[row][column.min(rows[row].len() - 1)]
    }

    /// The layer of the focused field; the last hidden one for fields of no layer.
    fn layer_under_cursor(&self) -> usize {
        form::rows(&self.experiment)
            .into_iter()
            .find_map(|row| match row.section {
                Section::Layer(i) if row.fields.contains(&self.focus) => Some(i),
                _ => None,
            })
            .unwrap_or_else(|| self.experiment.layers.len().saturating_sub(2))
    }
}
