//! The Train screen: the experiment's form, and the run.

mod charts;
mod cursor;
mod health;
mod keys;
mod layout;
mod network;
mod predictions;
mod status;
mod weights;

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

pub use self::keys::KEYS;
use super::Screen;
use crate::experiment::Experiment;
use crate::train::Command;
use crate::train::probe::{Requests, View};
use crate::tui::drawn::Drawn;
use crate::tui::effect::Effect;
use crate::tui::form::{self, Field, Way};
use crate::tui::keymap::Action;
use crate::tui::overlay::{
    Overlay, Request, page::Page, picker::Picker, presets::Presets, prompt::Prompt,
};
use crate::tui::run_view::Status;
use crate::tui::theme::Theme;
use crate::tui::workspace::Workspace;

/// A panel that can take the whole screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Zoom {
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

    /// The probes whose answers are shown, or will be as soon as the zoom is off. Scores always: they
    /// go to the charts.
    const fn requests(self) -> Requests {
        let scores = Requests { scores: true, ..Requests::NONE };
        match self {
            Self::Off => Requests::ALL,
            Self::Predictions => Requests { predictions: true, ..scores },
            Self::Charts => scores,
            Self::Weights => Requests { weights: true, health: true, ..scores },
        }
    }
}

/// How the run is being looked at, and the field under the cursor.
#[derive(Debug)]
pub struct TrainScreen {
    /// The field under the cursor.
    focus: Field,
    /// Whether the loss axis is logarithmic.
    log_axis: bool,
    /// The panel that has the whole screen.
    zoom: Zoom,
    /// The room there is for a picture of the network, as it was last drawn.
    view: View,
    /// Where each field was drawn, for the mouse.
    targets: Vec<(Rect, Field)>,
}

impl Default for TrainScreen {
    fn default() -> Self {
        Self {
            focus: Field::Activation(0),
            log_axis: true,
            zoom: Zoom::Off,
            view: View { grid: (40, 40), samples: 48, bins: 48, requests: Requests::ALL },
            targets: Vec::new(),
        }
    }
}

type Edited = Result<Experiment, String>;

impl TrainScreen {
    /// Moves the cursor or changes how the run is looked at.
    fn look(&mut self, action: Action, experiment: &Experiment) {
        let fields = || cursor::fields(experiment);
        match action {
            Action::Back => self.zoom = Zoom::Off,
            Action::Zoom => self.zoom = self.zoom.next(),
            Action::LogAxis => self.log_axis = !self.log_axis,
            Action::Next => self.focus = cursor::neighbour(self.focus, 1, experiment),
            Action::Previous => self.focus = cursor::neighbour(self.focus, -1, experiment),
            Action::Up => self.focus = cursor::vertical(self.focus, -1, experiment),
            Action::Down => self.focus = cursor::vertical(self.focus, 1, experiment),
            Action::Home => self.focus = fields().first().copied().unwrap_or(self.focus),
            Action::End => self.focus = fields().last().copied().unwrap_or(self.focus),
            _ => {}
        }
    }

    /// The experiment as `action` edits it, if it does.
    fn edited(&self, action: Action, experiment: &Experiment) -> Option<Edited> {
        let layer = cursor::layer(self.focus, experiment);
        Some(match action {
            Action::NewSeed => Ok(experiment.with_seed(experiment.seed.wrapping_add(1))),
            Action::Increase => form::nudge(self.focus, Way::Up, experiment),
            Action::Decrease => form::nudge(self.focus, Way::Down, experiment),
            Action::AddLayer => experiment.with_layer_after(layer),
            Action::RemoveLayer => experiment.without_layer(layer),
            Action::Norm => form::nudge(Field::Norm(layer), Way::Up, experiment),
            Action::Dropout => form::nudge(Field::Dropout(layer), Way::Up, experiment),
            Action::RatesUp => experiment.with_rates_scaled(2.0),
            Action::RatesDown => experiment.with_rates_scaled(0.5),
            Action::RatesTenth => experiment.with_rates_scaled(0.1),
            _ => return None,
        })
    }

    /// Asks for what was edited, or says why it could not be.
    fn take(&mut self, action: Action, edited: Edited, workspace: &mut Workspace) -> Vec<Request> {
        let layer = cursor::layer(self.focus, &workspace.experiment);
        let extra = match action {
            Action::Norm => Some(Field::Norm(layer)),
            Action::Dropout => Some(Field::Dropout(layer)),
            _ => None,
        };
        // The row may not have been shown before: the cursor goes to it.
        let after = edited.as_ref().unwrap_or(&workspace.experiment);
        if let Some(field) = extra.filter(|field| cursor::fields(after).contains(field)) {
            self.focus = field;
        }
        match edited {
            Ok(experiment) if experiment == workspace.experiment => Vec::new(),
            Ok(experiment) => {
                let mut requests = vec![Request::Edit(Box::new(experiment))];
                let diverged = matches!(workspace.run.status, Status::Diverged(_));
                if action == Action::RatesTenth && diverged {
                    requests.push(send(Command::Run));
                }
                requests
            }
            Err(error) => {
                workspace.complain(&error);
                Vec::new()
            }
        }
    }

    /// The overlay in which the field under the cursor is edited.
    fn open(&self, experiment: &Experiment) -> Box<dyn Overlay> {
        match Picker::new(self.focus, experiment) {
            Some(picker) if !matches!(self.focus, Field::Rate(_) | Field::DefaultRate) => {
                Box::new(picker)
            }
            _ => Box::new(Prompt::new(self.focus, experiment)),
        }
    }
}

const fn send(command: Command) -> Request {
    Request::Effect(Effect::Send(command))
}

/// Runs or pauses.
fn toggle(workspace: &mut Workspace) -> Option<Request> {
    let command = match workspace.run.status {
        // What is being loaded is on its way to run.
        Status::Running | Status::Loading => Command::Pause,
        Status::Failed(_) => return None,
        Status::Diverged(_) if !workspace.run.edited() => {
            workspace
                .complain("it would diverge again: t goes on with a tenth of the rates, r resets");
            return None;
        }
        Status::Paused | Status::Finished | Status::Diverged(_) => Command::Run,
    };
    Some(send(command))
}

impl Screen for TrainScreen {
    fn act(&mut self, action: Action, workspace: &mut Workspace) -> Vec<Request> {
        use Action::{Epoch, Reset, Step, Toggle};
        if matches!(action, Toggle | Step | Epoch | Reset) {
            // From here on the run goes by its own keys.
            workspace.rests = false;
        }
        if let Some(edited) = self.edited(action, &workspace.experiment) {
            return self.take(action, edited, workspace);
        }
        let request = match action {
            Toggle => return toggle(workspace).into_iter().collect(),
            Step => send(Command::Steps(1)),
            Epoch => send(Command::Epoch),
            Reset => send(Command::Reset),
            Action::Faster => Request::Effect(workspace.set_pace(workspace.pace.faster())),
            Action::Slower => Request::Effect(workspace.set_pace(workspace.pace.slower())),
            Action::Save => Request::Effect(Effect::Save),
            Action::Log => Request::Open(Box::new(Page::log(&workspace.run.log))),
            Action::Presets => Request::Open(Box::new(Presets::default())),
            Action::Open => Request::Open(self.open(&workspace.experiment)),
            _ => {
                self.look(action, &workspace.experiment);
                return Vec::new();
            }
        };
        vec![request]
    }

    fn on_mouse(&mut self, mouse: MouseEvent, workspace: &mut Workspace) -> Vec<Request> {
        let at = Position::new(mouse.column, mouse.row);
        let hit = self.targets.iter().find(|(area, _)| area.contains(at)).map(|(_, field)| *field);
        let Some(field) = hit else { return Vec::new() };
        let before = self.focus;
        let action = match mouse.kind {
            MouseEventKind::Down(MouseButton::Left) if before == field => Some(Action::Open),
            MouseEventKind::Down(MouseButton::Left) => None,
            MouseEventKind::ScrollUp => Some(Action::Increase),
            MouseEventKind::ScrollDown => Some(Action::Decrease),
            _ => return Vec::new(),
        };
        self.focus = field;
        action.map_or_else(Vec::new, |action| self.act(action, workspace))
    }

    fn draw(
        &self,
        workspace: &Workspace,
        frame: &mut Frame<'_>,
        area: Rect,
        theme: Theme,
    ) -> Drawn {
        layout::draw(self, workspace, frame, area, theme)
    }

    fn drawn(&mut self, drawn: &Drawn, workspace: &Workspace) {
        self.view = drawn.view.unwrap_or(self.view);
        let fields = cursor::fields(&workspace.experiment);
        let field = |(area, index): &(Rect, usize)| Some((*area, *fields.get(*index)?));
        self.targets = drawn.targets.iter().filter_map(field).collect();
    }

    fn header(&self, workspace: &Workspace, width: u16, theme: Theme) -> (String, Line<'static>) {
        (workspace.experiment.name(), status::line(workspace, width, theme))
    }

    fn brief(&self, workspace: &Workspace, theme: Theme) -> Line<'static> {
        status::brief(workspace, theme)
    }

    fn label(&self, action: Action, workspace: &Workspace) -> Option<&'static str> {
        let toggled = if workspace.run.running() { "pause" } else { "run" };
        (action == Action::Toggle).then_some(toggled)
    }

    fn trouble(&self, workspace: &Workspace) -> Option<String> {
        match &workspace.run.status {
            Status::Diverged(divergence) => Some(format!(
                "Diverged at {divergence}.\n\
                 t goes on from there with a tenth of every learning rate, r starts again."
            )),
            Status::Failed(text) => Some(format!("Failed: {text}")),
            _ => None,
        }
    }

    fn on_experiment(&mut self, workspace: &Workspace) {
        self.focus = cursor::kept(self.focus, &workspace.experiment);
    }

    fn view(&self) -> Option<View> {
        Some(View { requests: self.zoom.requests(), ..self.view })
    }
}

#[cfg(test)]
mod tests;
