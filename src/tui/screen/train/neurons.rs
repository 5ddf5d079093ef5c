//! The network drawn below the form, and the cursor in it.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::network::{self, FormDrawn};
use super::{TrainScreen, past};
use crate::data::Target;
use crate::train::probe::{Neurons, NeuronsView};
use crate::tui::keymap::Action;
use crate::tui::screen::network_drawing::{Network, NeuronId};
use crate::tui::theme::{Depth, Theme};
use crate::tui::widgets::format;
use crate::tui::widgets::panel::Panel;
use crate::tui::workspace::Workspace;

/// The least room for the drawing, the line over it included.
pub const LEAST: (u16, u16) = (30, 8);
/// Rows below the form from which on it stays while the cursor is among the neurons.
pub const WHOLE: u16 = 20;

/// Draws the network as far as it has been seen. Returns where its neurons are, and the room for
/// them.
pub fn draw(
    screen: &TrainScreen,
    workspace: &Workspace,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) -> (Vec<(Rect, NeuronId)>, NeuronsView) {
    let run = &workspace.run;
    let (Some(experiment), Some(problem)) = (&run.experiment, &run.problem) else {
        return Default::default();
    };
    let network = Network { experiment, problem };
    let view = network.view(area, screen.neuron, theme);
    let at = (screen.neuron, screen.layer(workspace));
    let seen = seen(workspace).filter(|it| it.layers.len() == experiment.layers.len());
    let places = seen.map(|neurons| network.draw(neurons, at, frame, area, theme));
    (places.unwrap_or_default(), view)
}

/// Draws the network in the whole panel.
pub fn draw_whole(
    screen: &TrainScreen,
    workspace: &Workspace,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) -> FormDrawn {
    let title = past::title(workspace, title(workspace));
    let right = network::weights(workspace);
    let panel = past::panel(workspace, theme, &title).right(&right).focused(true);
    frame.render_widget(&panel, area);
    let line = Rect { y: area.bottom().saturating_sub(1), height: 1, ..Panel::inner(area) };
    draw_legend("", frame, line, theme);
    let (neurons, room) = draw(screen, workspace, frame, Panel::inner(area), theme);
    FormDrawn { targets: Vec::new(), neurons, room }
}

/// What is drawn of a neuron, where that does not show.
pub fn title(workspace: &Workspace) -> &'static str {
    match workspace.run.problem.as_ref().map(|it| (it.features(), &it.split.train.target)) {
        None | Some((0..=2, _)) => "Neurons",
        Some((_, Target::Classes { .. })) => "Neurons: mean by class",
        Some((_, Target::Values { .. })) => "Neurons: activations",
    }
}

/// The meaning of lines and surfaces, at the right end of a border.
pub fn draw_legend(title: &str, frame: &mut Frame<'_>, line: Rect, theme: Theme) {
    let dashes = if theme.depth == Depth::None { "╌╌" } else { "──" };
    let legend = Line::from(vec![
        Span::styled(format!(" {dashes} −"), theme.edge(false, 1.0)),
        Span::raw("  "),
        Span::styled("── + ", theme.edge(true, 1.0)),
    ]);
    let width = legend.width() as u16;
    if line.width > width + format::width(title) as u16 + 4 {
        frame.render_widget(legend, Rect { x: line.right() - width - 1, width, ..line });
    }
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
    let layers = &workspace.experiment.layers;
    let layer = layer.min(layers.len().checked_sub(1)?);
    Some((layer, unit.min(layers[layer].outputs().checked_sub(1)?)))
}
