//! The Layers screen: what happens inside the network over the whole run.

mod charts;
mod diagnosis;
mod drawing;
mod keys;
mod label;
mod layout;
mod raster;
mod shown;
mod stability;
mod strips;

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

pub use self::keys::KEYS;
use self::shown::Shown;
use super::train::{keys::IN_THE_PAST, status};
use super::{Screen, run_keys};
use crate::train::probe::{NeuronsView, Requests, View};
use crate::tui::drawn::Drawn;
use crate::tui::keymap::Action;
use crate::tui::overlay::{Request, one_step::StepView};
use crate::tui::theme::Theme;
use crate::tui::time_window::Way;
use crate::tui::workspace::Workspace;

/// A panel that has the whole screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Zoom {
    /// Everything at once.
    Off,
    /// The layer under the cursor only.
    Layer,
    /// Charts only.
    Charts,
    /// The network drawn only.
    Network,
    /// Stability and diagnosis only.
    Signs,
}

impl Zoom {
    const fn next(self) -> Self {
        match self {
            Self::Off => Self::Layer,
            Self::Layer => Self::Charts,
            Self::Charts => Self::Network,
            Self::Network => Self::Signs,
            Self::Signs => Self::Off,
        }
    }
}

/// How the inside of the network is being looked at.
#[derive(Debug)]
pub struct LayersScreen {
    /// The layer under the cursor, from 0.
    layer: usize,
    /// What the strips show.
    shown: Shown,
    /// The panel that has the whole screen.
    zoom: Zoom,
    /// The first layer in sight.
    top: usize,
    /// Where each layer was drawn, for the mouse.
    targets: Vec<(Rect, usize)>,
    /// The room there was for the network drawn.
    neurons: NeuronsView,
}

impl Default for LayersScreen {
    fn default() -> Self {
        Self {
            layer: 0,
            shown: Shown::default(),
            zoom: Zoom::Off,
            top: 0,
            targets: Vec::new(),
            neurons: NeuronsView::default(),
        }
    }
}

impl LayersScreen {
    /// Changes what is looked at, and how.
    fn look(&mut self, action: Action, workspace: &mut Workspace) {
        let last = workspace.experiment.layers.len().saturating_sub(1);
        match action {
            Action::Up => self.layer = self.layer.saturating_sub(1),
            Action::Down => self.layer = (self.layer + 1).min(last),
            Action::Home => self.layer = 0,
            Action::End => self.layer = last,
            Action::Metric => self.shown.next(),
            Action::LogAxis => self.shown.toggle_scale(),
            Action::Zoom => self.zoom = self.zoom.next(),
            Action::Decrease => pan(Way::Earlier, workspace),
            Action::Increase => pan(Way::Later, workspace),
            _ => {}
        }
    }
}

fn pan(way: Way, workspace: &mut Workspace) {
    let present = workspace.run.step;
    if !workspace.window.pan(way, present) {
        let zoomed = workspace.window.is_zoomed();
        workspace.say(match (zoomed, way) {
            (false, _) => "the whole run is shown: x zooms in on a part of it".to_owned(),
            (true, Way::Earlier) => "this is the start of the run".to_owned(),
            (true, Way::Later) => "this is the present".to_owned(),
        });
    }
}

impl Screen for LayersScreen {
    fn act(&mut self, action: Action, workspace: &mut Workspace) -> Vec<Request> {
        if let Some(requests) = run_keys::act(action, workspace) {
            return requests;
        }
        match action {
            Action::Back if self.zoom != Zoom::Off => self.zoom = Zoom::Off,
            Action::Back => return vec![Request::Go('1')],
            Action::Open => {
                return vec![Request::Open(Box::new(StepView::of_layer(self.layer)))];
            }
            _ => self.look(action, workspace),
        }
        Vec::new()
    }

    fn on_mouse(&mut self, mouse: MouseEvent, workspace: &mut Workspace) -> Vec<Request> {
        match mouse.kind {
            MouseEventKind::ScrollUp => self.act(Action::Up, workspace),
            MouseEventKind::ScrollDown => self.act(Action::Down, workspace),
            MouseEventKind::Down(MouseButton::Left) => {
                let at = Position::new(mouse.column, mouse.row);
                let hit = self.targets.iter().find(|(area, _)| area.contains(at));
                match hit.map(|(_, layer)| *layer) {
                    Some(layer) if layer == self.layer => self.act(Action::Open, workspace),
                    Some(layer) => {
                        self.layer = layer;
                        Vec::new()
                    }
                    None => Vec::new(),
                }
            }
            _ => Vec::new(),
        }
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

    fn drawn(&mut self, drawn: &Drawn, _: &Workspace) {
        self.top = drawn.scroll.map_or(self.top, |scroll| scroll.top);
        self.targets.clone_from(&drawn.targets);
        self.neurons = drawn.view.map(|view| view.neurons).unwrap_or_default();
    }

    fn label(&self, action: Action, workspace: &Workspace) -> Option<&'static str> {
        (action == Action::Toggle).then(|| run_keys::toggle_label(workspace))
    }

    fn footer(&self, workspace: &Workspace) -> Option<&'static [(Action, &'static str)]> {
        workspace.past.is_some().then_some(&IN_THE_PAST)
    }

    fn trouble(&self, workspace: &Workspace) -> Option<String> {
        status::trouble(workspace)
    }

    fn view(&self) -> Option<View> {
        let requests = Requests {
            layers: true,
            health: true,
            scores: true,
            examined: true,
            stability: true,
            neurons: self.neurons.units > 0,
            ..Requests::NONE
        };
        Some(View { neurons: self.neurons, ..View::of(requests) })
    }

    fn unseen_steps(&self, workspace: &Workspace) -> Vec<u64> {
        strips::unseen_steps(workspace)
    }

    fn on_experiment(&mut self, workspace: &Workspace) {
        self.layer = self.layer.min(workspace.experiment.layers.len().saturating_sub(1));
    }
}
