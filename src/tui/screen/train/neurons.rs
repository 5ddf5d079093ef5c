//! The network drawn below the form, and the cursor in it.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::{TrainScreen, past};
use crate::train::probe::{Neurons, NeuronsView};
use crate::tui::keymap::Action;
use crate::tui::screen::network_drawing::{self, NeuronId};
use crate::tui::theme::Theme;
use crate::tui::widgets::panel::Panel;
use crate::tui::workspace::Workspace;

/// The least room for the drawing, the line over it included.
pub const LEAST: (u16, u16) = (30, 8);
/// Rows below the form from which on it stays while the cursor is among the neurons.
pub const WHOLE: u16 = 20;

/// What was drawn in the panel, and where.
#[derive(Debug, Default)]
pub struct FormDrawn {
    /// Each field, by its place among all of them.
    pub targets: Vec<(Rect, usize)>,
    /// Each neuron.
    pub neurons: Vec<(Rect, NeuronId)>,
    /// The room there was for neurons.
    pub room: NeuronsView,
}

/// Draws the network as far as it has been seen. Returns where its neurons are, and the room for
/// them.
pub fn draw(
    screen: &TrainScreen,
    workspace: &Workspace,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) -> (Vec<(Rect, NeuronId)>, NeuronsView) {
    let at = (screen.neuron, screen.layer(workspace));
    network_drawing::draw(&workspace.run, at, frame, area, theme)
}

/// Draws the network in the whole panel, with a word at the right of its title.
pub fn draw_whole(
    screen: &TrainScreen,
    (workspace, right): (&Workspace, &str),
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) -> FormDrawn {
    let title = past::title(workspace, network_drawing::title(&workspace.run));
    let panel = past::panel(workspace, theme, &title).right(right).focused(true);
    frame.render_widget(&panel, area);
    let line = Rect { y: area.bottom().saturating_sub(1), height: 1, ..Panel::inner(area) };
    network_drawing::draw_legend("", frame, line, theme);
    let (neurons, room) = draw(screen, workspace, frame, Panel::inner(area), theme);
    FormDrawn { targets: Vec::new(), neurons, room }
}

fn seen(workspace: &Workspace) -> Option<&Neurons> {
    workspace.run.seen.as_ref()?.neurons.as_ref()
}

/// The neuron to begin with: the first one that is shown of a layer.
pub fn first(layer: usize, room: usize, workspace: &Workspace) -> Option<NeuronId> {
    let layers = &workspace.run.experiment.as_ref()?.layers;
    let layer = layer.min(layers.len().saturating_sub(1));
    let unit = seen(workspace)
        .and_then(|neurons| neurons.layers.get(layer)?.sequence(room).first().copied());
    Some((layer, unit.unwrap_or(0)))
}

/// The neuron that an arrow leads to from another one, with room for so many of a layer.
pub fn neighbour(
    (layer, unit): NeuronId,
    action: Action,
    room: usize,
    workspace: &Workspace,
) -> Option<NeuronId> {
    let neurons = seen(workspace)?;
    let sequence = neurons.layers.get(layer)?.sequence(room);
    let here = sequence.iter().position(|&it| it == unit).unwrap_or(0);
    let step = |by: isize| {
        let to = (here as isize + by).rem_euclid(sequence.len().max(1) as isize) as usize;
        Some((layer, *sequence.get(to)?))
    };
    let across = |to: usize| {
        let there = neurons.layers.get(to)?.sequence(room);
        let place = if room == 0 { here } else { here % room };
        let shown = if room == 0 { there.len() } else { there.len().min(room) };
        Some((to, *there.get(place.min(shown.checked_sub(1)?))?))
    };
    match action {
        Action::Up => step(-1),
        Action::Down => step(1),
        Action::Home => Some((layer, *sequence.first()?)),
        Action::End => Some((layer, *sequence.last()?)),
        Action::Decrease => across(layer.checked_sub(1)?),
        Action::Increase => across(layer + 1),
        _ => None,
    }
}

/// A neuron that there still is: itself, or the last one before it.
pub fn kept((layer, unit): NeuronId, workspace: &Workspace) -> Option<NeuronId> {
    let experiment = &workspace.experiment;
    let layer = layer.min(experiment.layers.len().checked_sub(1)?);
    let outputs = experiment.inputs_of(layer + 1).features;
    Some((layer, unit.min(outputs.checked_sub(1)?)))
}
