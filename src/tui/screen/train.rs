//! The Train screen: the experiment's form, and the run.

mod alone;
mod charts;
mod cursor;
pub(super) mod ghosts;
mod health;
pub(super) mod keys;
mod layout;
mod network;
mod neurons;
mod paint;
pub(super) mod past;
mod predictions;
mod projected;
mod samples;
mod sharpness;
pub(super) mod status;
pub(super) mod timeline;
mod weights;

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

pub use self::keys::{INSIDE, KEYS, PAINTING};
use self::paint::{Canvas, Outcome, Painter};
use super::{Screen, run_keys};
use crate::experiment::settings::{Place, Way};
use crate::experiment::{Experiment, Refused};
use crate::train::probe::{NeuronsView, Requests, View};
use crate::tui::drawn::Drawn;
use crate::tui::effect::Effect;
use crate::tui::form::{self, Row};
use crate::tui::keymap::{Action, Context};
use crate::tui::overlay::{
    Overlay, Request, one_step::StepView, picker::Picker, presets::Presets, prompt::Prompt,
    together::needed,
};
use crate::tui::screen::network_drawing::NeuronId;
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
    /// go to the charts; and the signs of the diagnosis, which is told of below any panel.
    const fn requests(self) -> Requests {
        let scores = Requests { scores: true, layers: true, examined: true, ..Requests::NONE };
        match self {
            Self::Off => Requests {
                predictions: true,
                weights: true,
                health: true,
                stability: true,
                ..scores
            },
            Self::Predictions => Requests { predictions: true, ..scores },
            Self::Charts => Requests { stability: true, ..scores },
            Self::Weights => Requests { weights: true, health: true, ..scores },
        }
    }
}

/// The shades of a plane of classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shades {
    /// The surer, the stronger.
    Confidence,
    /// One a class.
    Decided,
}

impl Shades {
    const fn other(self) -> Self {
        match self {
            Self::Confidence => Self::Decided,
            Self::Decided => Self::Confidence,
        }
    }
}

/// How the run is being looked at, and the field under the cursor.
#[derive(Debug)]
pub struct TrainScreen {
    /// The setting under the cursor; none before the cursor has moved.
    focus: Option<Place>,
    /// Whether settings at their defaults are shown as well.
    all: bool,
    /// Whether the loss axis is logarithmic.
    log_axis: bool,
    /// The panel that has the whole screen.
    zoom: Zoom,
    /// The neuron under the cursor, while that is among them.
    neuron: Option<NeuronId>,
    /// The shades of a plane of classes.
    shades: Shades,
    /// What paints points, while it does.
    painter: Option<Painter>,
    /// The room there is for a picture of the network, as it was last drawn.
    view: View,
    /// Where each field was drawn, for the mouse.
    targets: Vec<(Rect, Place)>,
    /// Where each neuron was drawn.
    neurons: Vec<(Rect, NeuronId)>,
    /// Whether there was no room for anything but the form and the loss.
    tiny: bool,
}

impl Default for TrainScreen {
    fn default() -> Self {
        Self {
            focus: None,
            all: false,
            log_axis: true,
            zoom: Zoom::Off,
            neuron: None,
            shades: Shades::Confidence,
            painter: None,
            view: View { grid: (40, 40), samples: 48, bins: 48, ..View::default() },
            targets: Vec::new(),
            neurons: Vec::new(),
            tiny: false,
        }
    }
}

type Edited = Result<Experiment, Refused>;

impl TrainScreen {
    /// Moves the cursor or changes how the run is looked at.
    fn look(&mut self, action: Action, workspace: &Workspace) {
        let (rows, focus) = (self.rows(workspace), self.focus(workspace));
        match action {
            Action::AllSettings => {
                self.all = !self.all;
                let rows = self.rows(workspace);
                self.focus = Some(cursor::kept(focus, &rows, &workspace.experiment));
            }
            Action::Back => self.zoom = Zoom::Off,
            Action::Zoom => self.zoom = self.zoom.next(),
            Action::LogAxis => self.log_axis = !self.log_axis,
            Action::Decided => self.shades = self.shades.other(),
            Action::NextSequence => self.view.sequence = self.view.sequence.wrapping_add(1),
            Action::Next => self.focus = Some(cursor::neighbour(focus, 1, &rows)),
            Action::Previous => self.focus = Some(cursor::neighbour(focus, -1, &rows)),
            Action::Up => self.focus = Some(cursor::vertical(focus, -1, &rows)),
            Action::Down => self.focus = Some(cursor::vertical(focus, 1, &rows)),
            Action::Home => self.focus = form::places(&rows).first().copied(),
            Action::End => self.focus = form::places(&rows).last().copied(),
            _ => {}
        }
    }

    /// Moves the cursor among the neurons, or into them or out of them. Returns whether it did.
    fn among_neurons(&mut self, action: Action, workspace: &Workspace) -> bool {
        let room = self.view.neurons.units;
        match (action, self.neuron) {
            (Action::Neurons, None) => {
                if matches!(self.zoom, Zoom::Charts | Zoom::Weights) {
                    self.zoom = Zoom::Off;
                }
                self.neuron = neurons::first(self.layer(workspace), room, workspace);
            }
            (Action::Neurons | Action::Back, Some(_)) => self.neuron = None,
            (Action::Next | Action::Previous | Action::Open, Some((layer, _))) => {
                self.focus = Some(form::of_layer(layer, "activation", &workspace.experiment));
                self.neuron = None;
                return action != Action::Open;
            }
            (_, Some(neuron)) => {
                let next = neurons::neighbour(neuron, action, room, workspace);
                self.neuron = Some(next.unwrap_or(neuron));
                return matches!(
                    action,
                    Action::Up
                        | Action::Down
                        | Action::Home
                        | Action::End
                        | Action::Decrease
                        | Action::Increase
                );
            }
            _ => return false,
        }
        true
    }

    /// The experiment as `action` edits it, if it does.
    fn edited(&self, action: Action, workspace: &Workspace) -> Option<Edited> {
        let experiment = &workspace.experiment;
        let (layer, focus) = (self.layer(workspace), self.focus(workspace));
        let nudge = |place: Place, way| experiment.nudge(&place.to_string(), way);
        Some(match action {
            Action::NewWeights => Ok(experiment.with_new_weights()),
            Action::NewData => Ok(experiment.with_new_data()),
            Action::Increase => nudge(focus, Way::Up),
            Action::Decrease => nudge(focus, Way::Down),
            Action::AddLayer => experiment.with_layer_after(layer),
            Action::RemoveLayer => experiment.without_layer(layer),
            Action::Norm => nudge(form::of_layer(layer, "norm", experiment), Way::Up),
            Action::Dropout => nudge(form::of_layer(layer, "dropout", experiment), Way::Up),
            Action::RatesUp => experiment.with_rates_scaled(2.0),
            Action::RatesDown => experiment.with_rates_scaled(0.5),
            _ => return None,
        })
    }

    /// Asks for what was edited, or says why it could not be.
    fn take(&mut self, action: Action, edited: Edited, workspace: &mut Workspace) -> Vec<Request> {
        let extra = match action {
            Action::Norm => Some("norm"),
            Action::Dropout => Some("dropout"),
            _ => None,
        };
        let layer = self.layer(workspace);
        // The row may not have been shown before: the cursor goes to it.
        let after = edited.as_ref().unwrap_or(&workspace.experiment);
        let extra = extra.map(|key| form::of_layer(layer, key, after));
        let shown =
            |place: &Place| form::rows(after, self.all, *place).iter().any(|row| row.holds(*place));
        if let Some(place) = extra.filter(shown) {
            self.focus = Some(place);
        }
        match edited {
            Ok(experiment) if experiment == workspace.experiment => Vec::new(),
            Ok(experiment) => {
                match action {
                    Action::NewWeights => workspace.say(format!(
                        "seed {}: other weights and batches on the same data; D is for other data",
                        experiment.seed
                    )),
                    Action::NewData => workspace.say(format!(
                        "data seed {}: other data under the same weights; R is for other weights",
                        experiment.data_seed()
                    )),
                    _ => {}
                }
                vec![Request::Edit(Box::new(experiment))]
            }
            Err(refused) => match needed(&workspace.experiment, refused) {
                Ok(request) => vec![request],
                Err(reason) => {
                    workspace.complain(&reason);
                    Vec::new()
                }
            },
        }
    }

    /// The overlay in which the field under the cursor is edited.
    fn open(&self, workspace: &Workspace) -> Box<dyn Overlay> {
        let (focus, experiment) = (self.focus(workspace), &workspace.experiment);
        match Picker::new(focus, experiment) {
            Some(picker) => Box::new(picker),
            None => Box::new(Prompt::new(focus, experiment)),
        }
    }

    /// The rows of the form.
    fn rows(&self, workspace: &Workspace) -> Vec<Row> {
        form::rows(&workspace.experiment, self.all, self.focus(workspace))
    }

    /// The setting under the cursor: at first the activation of the first layer.
    fn focus(&self, workspace: &Workspace) -> Place {
        let first = || form::of_layer(0, "activation", &workspace.experiment);
        self.focus.unwrap_or_else(first)
    }

    /// The layer of the neuron under the cursor, or of the setting; the last hidden one for a setting of no layer.
    fn layer(&self, workspace: &Workspace) -> usize {
        if let Some((layer, _)) = self.neuron {
            return layer;
        }
        cursor::layer(self.focus(workspace), &self.rows(workspace), &workspace.experiment)
    }
}

impl Screen for TrainScreen {
    fn act(&mut self, action: Action, workspace: &mut Workspace) -> Vec<Request> {
        if action == Action::Neurons && self.neuron.is_none() && self.tiny {
            workspace.complain("there is no room here for the network drawn");
            return Vec::new();
        }
        if let Some(requests) = self.painted(action, workspace) {
            return requests;
        }
        if self.among_neurons(action, workspace) {
            return Vec::new();
        }
        if let Some(requests) = run_keys::act(action, workspace) {
            return requests;
        }
        if let Some(edited) = self.edited(action, workspace) {
            return self.take(action, edited, workspace);
        }
        let request = match action {
            Action::Save => Request::Effect(Effect::Save),
            Action::Presets => Request::Open(Box::new(Presets::experiments())),
            Action::Inside if self.neuron.is_none() && self.is_at_data(workspace) => {
                self.begin_painting(workspace);
                return Vec::new();
            }
            Action::Paint => {
                self.begin_painting(workspace);
                return Vec::new();
            }
            Action::Inside => Request::Open(Box::new(StepView::of_layer(self.layer(workspace)))),
            Action::Open => Request::Open(self.open(workspace)),
            _ => {
                self.look(action, workspace);
                return Vec::new();
            }
        };
        vec![request]
    }

    fn on_mouse(&mut self, mouse: MouseEvent, workspace: &mut Workspace) -> Vec<Request> {
        if let Some(painter) = &mut self.painter {
            let outcome = painter.on_mouse(mouse, workspace);
            if !matches!(outcome, Outcome::Other) {
                return self.stroke(outcome, workspace);
            }
        }
        let at = Position::new(mouse.column, mouse.row);
        let neuron = self.neurons.iter().find(|(area, _)| area.contains(at)).map(|(_, it)| *it);
        if let Some(neuron) = neuron {
            if mouse.kind == MouseEventKind::Down(MouseButton::Left) {
                self.neuron = if self.neuron == Some(neuron) { None } else { Some(neuron) };
            }
            return Vec::new();
        }
        let hit = self.targets.iter().find(|(area, _)| area.contains(at)).map(|(_, place)| *place);
        let Some(place) = hit else { return Vec::new() };
        let before = self.focus(workspace);
        let action = match mouse.kind {
            MouseEventKind::Down(MouseButton::Left) if before == place => Some(Action::Open),
            MouseEventKind::Down(MouseButton::Left) => None,
            MouseEventKind::ScrollUp => Some(Action::Increase),
            MouseEventKind::ScrollDown => Some(Action::Decrease),
            _ => return Vec::new(),
        };
        self.focus = Some(place);
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
        let places = form::places(&self.rows(workspace));
        let place = |(area, index): &(Rect, usize)| Some((*area, *places.get(*index)?));
        self.targets = drawn.targets.iter().filter_map(place).collect();
        self.neurons.clone_from(&drawn.neurons);
        self.tiny = self.zoom == Zoom::Off && drawn.view.is_none();
        if let Some(painter) = &mut self.painter {
            painter.drawn(drawn.plane.and_then(|area| Canvas::of(area, workspace)));
        }
    }

    fn keys(&self) -> Option<&'static Context> {
        self.painter.as_ref().map(|_| &PAINTING)
    }

    fn label(&self, action: Action, workspace: &Workspace) -> Option<&'static str> {
        (action == Action::Toggle).then(|| run_keys::toggle_label(workspace))
    }

    fn footer(&self, workspace: &Workspace) -> Option<&'static [(Action, &'static str)]> {
        let among_neurons: &[_] =
            if workspace.run.running() { &keys::NEURONS[1..] } else { &keys::NEURONS[..4] };
        match self.neuron {
            _ if self.painter.is_some() => None,
            Some(_) => Some(among_neurons),
            None => workspace.past.is_some().then_some(&keys::IN_THE_PAST),
        }
    }

    fn trouble(&self, workspace: &Workspace) -> Option<String> {
        status::trouble(workspace)
    }

    fn on_experiment(&mut self, workspace: &Workspace) {
        let (focus, rows) = (self.focus(workspace), self.rows(workspace));
        self.focus = Some(cursor::kept(focus, &rows, &workspace.experiment));
        self.neuron = self.neuron.and_then(|neuron| neurons::kept(neuron, workspace));
        if let Some(painter) = &mut self.painter {
            painter.on_experiment();
        }
    }

    fn view(&self) -> Option<View> {
        let neurons = NeuronsView { alone: self.neuron, ..self.view.neurons };
        let requests = self.zoom.requests();
        // While another panel has the whole screen, there is at most the one neuron to be seen.
        let wanted = self.neuron.is_some() || neurons.units > 0;
        let requests = Requests { neurons: requests.predictions && wanted, ..requests };
        Some(View { neurons, requests, ..self.view })
    }
}

#[cfg(test)]
mod tests;
