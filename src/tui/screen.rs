//! Screens: each owns its state, takes actions, and draws itself.
//!
//! A new screen is a folder beside this file and a line in [`SCREENS`].

pub mod compare;
pub mod diagnosis;
pub mod landscape;
pub mod layers;
pub mod learn;
pub mod network_drawing;
pub mod predictions;
mod run_keys;
pub mod surface;
pub mod surfaces;
pub mod train;

use std::fmt::Debug;
use std::time::Instant;

use crossterm::event::{MouseEvent, MouseEventKind};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::drawn::Drawn;
use super::keymap::{Action, Context};
use super::overlay::{Overlay, Request, choice::Choice};
use super::race_view::RaceView;
use super::theme::Theme;
use super::workspace::Workspace;
use crate::train::probe::View;

/// All screens in the order of their tabs; the first is shown at the start.
pub static SCREENS: &[Tab] = &[
    Tab { key: '1', keys: &train::KEYS, new: || Box::new(train::TrainScreen::default()) },
    Tab { key: '2', keys: &layers::KEYS, new: || Box::new(layers::LayersScreen::default()) },
    Tab { key: '3', keys: &compare::KEYS, new: || Box::new(compare::CompareScreen::default()) },
    Tab { key: '4', keys: &surface::KEYS, new: || Box::new(surfaces::SurfacesScreen::default()) },
    Tab { key: '5', keys: &learn::KEYS, new: || Box::new(learn::LearnScreen::default()) },
];

/// A screen's entry in [`SCREENS`].
#[derive(Debug)]
pub struct Tab {
    /// The key that leads to it from any screen whose own keys do not say otherwise.
    pub key: char,
    /// Its keys, under its title.
    pub keys: &'static Context,
    /// Makes it.
    pub new: fn() -> Box<dyn Screen>,
}

impl Tab {
    /// Its name.
    #[must_use]
    pub const fn title(&self) -> &'static str {
        self.keys.title
    }
}

/// A picture of two networks of the race: of which arms, and the room for each, if it is shown.
pub type RaceSight = ([usize; 2], Option<View>);

/// Where a walker stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WalkerState {
    /// The place.
    pub at: [f64; 2],
    /// The height there.
    pub height: f64,
    /// The step from which on it has been at a minimum, if it is.
    pub arrived: Option<u64>,
}

/// How a walk stands.
#[derive(Clone, Debug, PartialEq)]
pub struct WalkState {
    /// Whether it has come to its end.
    pub over: bool,
    /// The step that it is at, while it goes on.
    pub under_way: Option<u64>,
    /// Its walkers.
    pub walkers: Vec<WalkerState>,
}

/// A screen of the workbench. [`Workspace`] is what all of them share.
pub trait Screen: Debug {
    /// Takes an action.
    fn act(&mut self, action: Action, workspace: &mut Workspace) -> Vec<Request>;

    /// Takes a click or a turn of the wheel, which moves up and down unless the screen knows better.
    fn on_mouse(&mut self, mouse: MouseEvent, workspace: &mut Workspace) -> Vec<Request> {
        match mouse.kind {
            MouseEventKind::ScrollUp => self.act(Action::Up, workspace),
            MouseEventKind::ScrollDown => self.act(Action::Down, workspace),
            _ => Vec::new(),
        }
    }

    /// Draws its panels into `area`, and changes nothing. Returns what was drawn where.
    fn draw(&self, workspace: &Workspace, frame: &mut Frame<'_>, area: Rect, theme: Theme)
    -> Drawn;

    /// Takes in what was drawn where.
    fn drawn(&mut self, _drawn: &Drawn, _workspace: &Workspace) {}

    /// The title in the header, and the state at its right end on a line of `width` columns: those of
    /// the run, unless the screen is about something else.
    fn header(&self, workspace: &Workspace, width: u16, theme: Theme) -> (String, Line<'static>) {
        train::status::header(workspace, width, theme)
    }

    /// The one line for a terminal that has no room for more; by default, how the run stands.
    fn brief(&self, workspace: &Workspace, theme: Theme) -> Line<'static> {
        train::status::brief(workspace, theme)
    }

    /// An addition to its tab while another screen is shown.
    fn tab_note(&self, _workspace: &Workspace) -> String {
        String::new()
    }

    /// The keys that hold in its present mode, if they are others than those of its tab.
    fn keys(&self) -> Option<&'static Context> {
        None
    }

    /// The word for `action` in the footer, if it is another one than the key table's.
    fn label(&self, _action: Action, _workspace: &Workspace) -> Option<&'static str> {
        None
    }

    /// What the footer shows in place of the key table's choice, with its words; none mostly.
    fn footer(&self, _workspace: &Workspace) -> Option<&'static [(Action, &'static str)]> {
        None
    }

    /// A failure, and what to do about it.
    fn trouble(&self, _workspace: &Workspace) -> Option<String> {
        None
    }

    /// An overlay to open in place of the screen while there is nothing on it to show.
    fn instead(&self, _workspace: &Workspace) -> Option<Box<dyn Overlay>> {
        None
    }

    /// Takes in what was chosen for it.
    fn on_choice(&mut self, _choice: Choice, _workspace: &mut Workspace) {}

    /// When it is to move by itself next; never if it rests.
    fn tick_due(&self) -> Option<Instant> {
        None
    }

    /// Moves by itself, if it is time. Returns whether that shows.
    fn tick(&mut self, _now: Instant) -> bool {
        false
    }

    /// Is told that another screen is shown from now on.
    fn on_leave(&mut self, _workspace: &mut Workspace) {}

    /// Is told that the experiment under edit has changed.
    fn on_experiment(&mut self, _workspace: &Workspace) {}

    /// Is told that a race begins.
    fn on_race(&mut self, _race: &RaceView) {}

    /// How its walk stands, if it has one.
    fn walk(&self) -> Option<WalkState> {
        None
    }

    /// Whether it is where a race is watched.
    fn shows_race(&self) -> bool {
        false
    }

    /// Whether it is where claims are put to the test.
    fn shows_claims(&self) -> bool {
        false
    }

    /// The room it has for a picture of the run's network.
    fn view(&self) -> Option<View> {
        None
    }

    /// Steps whose layers it would show, but that were not looked at, the most wanted first.
    fn unseen_steps(&self, _workspace: &Workspace) -> Vec<u64> {
        Vec::new()
    }

    /// The networks of the race that it has pictures of.
    fn race_sight(&self) -> Option<RaceSight> {
        None
    }
}
