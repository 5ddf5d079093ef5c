//! The network of a run, drawn: from the answers of the probe to columns of pictures.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::data::{Features, Target};
use crate::experiment::{Experiment, LayerSpec};
use crate::text::visible;
use crate::train::Problem;
use crate::train::probe::{LayerNeurons, Neurons, NeuronsView, Response};
use crate::train::problem::Head;
use crate::tui::run_view::RunView;
use crate::tui::theme::{self, Depth, Theme};
use crate::tui::widgets::format;
use crate::tui::widgets::network_drawing::{
    Column, Edge, NetworkDrawing, Node, Picture, Pictures, Shape,
};

/// A neuron by its layer and its place among the outputs of that, from 0.
pub type NeuronId = (usize, usize);

/// The network of a run.
#[derive(Clone, Copy, Debug)]
pub struct Network<'a> {
    /// What is run.
    pub experiment: &'a Experiment,
    /// Its data.
    pub problem: &'a Problem,
}

/// The longest names of inputs and outputs, in cells.
const NAMES: [u16; 2] = [14, 10];
/// The longest name beside the picture of an input.
const SHORT: u16 = 4;
/// The largest share of the width that names of inputs without pictures take: one in so many.
const SHARE: u16 = 3;

impl Network<'_> {
    /// The room that there is for it in `area`, with this neuron shown alone.
    #[must_use]
    pub fn view(&self, area: Rect, alone: Option<NeuronId>, theme: Theme) -> NeuronsView {
        let room = self.shape(area.width).room((area.width, area.height), theme);
        // As fine as any theme draws it.
        let finest = Theme { depth: Depth::True, ..theme };
        let (across, down) = self.shape(area.width).room((area.width, area.height), finest).picture;
        // Points along a curve: two a cell.
        let across = if self.problem.columns() == 1 { 2 * across } else { across };
        NeuronsView { picture: (across.into(), down.into()), units: room.units, alone }
    }

    /// Draws it, with a cursor on a neuron; without one, so that a layer is in sight. Returns where
    /// its neurons are.
    pub fn draw(
        &self,
        neurons: &Neurons,
        (cursor, layer): (Option<NeuronId>, usize),
        frame: &mut Frame<'_>,
        area: Rect,
        theme: Theme,
    ) -> Vec<(Rect, NeuronId)> {
        let shape = self.shape(area.width);
        let room = shape.room((area.width, area.height), theme);
        let inputs = usize::from(shape.inputs > 0);
        let mut columns = Vec::new();
        if inputs > 0 {
            columns.push(self.inputs(neurons));
        }
        let layers = neurons.layers.iter().enumerate();
        columns.extend(layers.map(|(index, layer)| self.layer(index, layer, neurons, inputs > 0)));
        for column in &mut columns {
            let cut = column.nodes.len().saturating_sub(room.units);
            column.nodes.truncate(room.units);
            column.hidden += cut;
        }
        let place = |(layer, unit): NeuronId| {
            let shown = &neurons.layers.get(layer)?.shown;
            Some((layer + inputs, shown.iter().position(|it| it.unit == unit)?))
        };
        let looked_at = cursor.map_or(layer, |(layer, _)| layer) + inputs;
        let drawing = NetworkDrawing {
            theme,
            columns: &columns,
            room,
            first: (looked_at + 1).saturating_sub(room.columns),
            cursor: cursor.and_then(place),
        };
        frame.render_widget(&drawing, area);
        let id = |((column, place), area): ((usize, usize), Rect)| {
            let layer = column.checked_sub(inputs)?;
            Some((area, (layer, neurons.layers[layer].shown.get(place)?.unit)))
        };
        drawing.places(area).into_iter().filter_map(id).collect()
    }

    /// What the room depends on.
    fn shape(&self, width: u16) -> Shape {
        let names = self.problem.input_names();
        let image = self.problem.split.train.image;
        let longest = |names: &mut dyn Iterator<Item = &String>| {
            names.map(|name| format::width(&visible(name))).max().unwrap_or(0) as u16
        };
        let outputs = |experiment: &Experiment| {
            let after = 1..=experiment.layers.len();
            after.map(|index| experiment.inputs_of(index).features).max().unwrap_or(0)
        };
        let pictured_inputs = self.problem.columns() <= 2;
        let short = if self.problem.features.are_plain() { SHORT } else { NAMES[1] };
        let inputs = match image {
            Some(_) => 0,
            None if pictured_inputs => longest(&mut names.iter()).min(short) + 1,
            None => longest(&mut names.iter()).min(NAMES[0]).min(width / SHARE),
        };
        let pictures = match (self.problem.columns(), &self.problem.split.train.target) {
            (1, _) => Pictures::Curves,
            (2, _) => Pictures::Planes,
            (_, Target::Classes { names, .. }) => Pictures::Bars(names.len()),
            _ => Pictures::Bars(8),
        };
        let names = (0..self.experiment.outputs()).map(|unit| format::width(&self.output(unit)));
        let names = names.max().unwrap_or(0) as u16;
        let inputs_shown = if inputs > 0 { self.shown_inputs() } else { 0 };
        Shape {
            columns: self.experiment.layers.len() + usize::from(inputs > 0),
            units: outputs(self.experiment).max(inputs_shown),
            pictures,
            inputs,
            pictured_inputs,
            outputs: names + 1,
        }
    }

    /// The name of an output: the mark of its class where points of it are drawn, else its name.
    fn output(&self, unit: usize) -> String {
        let class = if self.problem.head == Head::Binary { 1 } else { unit };
        let name = match &self.problem.split.train.target {
            Target::Classes { .. } if self.problem.columns() <= 2 => theme::mark(class).to_string(),
            Target::Classes { names, .. } => names.get(class).cloned().unwrap_or_default(),
            Target::Values { names, .. } => names.get(unit).cloned().unwrap_or_default(),
        };
        format::truncate(&visible(&name), NAMES[1].into())
    }

    /// Inputs that there are to show: of a sequence those of a step.
    fn shown_inputs(&self) -> usize {
        self.experiment.data.extent().features.min(self.problem.inputs())
    }

    fn inputs(&self, neurons: &Neurons) -> Column {
        // Of a sequence those of the last step.
        let names = self.problem.input_names();
        let names = &names[names.len() - self.shown_inputs()..];
        let picture = |input: usize| match self.problem.columns() {
            1 => Picture::Curve(vec![0.0, 1.0]),
            2 => over_plane(self.problem.features, input),
            _ => Picture::None,
        };
        let node = |&input: &usize| Node {
            name: names.get(input).map(|name| visible(name).into_owned()).unwrap_or_default(),
            class: None,
            picture: picture(input),
        };
        Column {
            title: String::new(),
            nodes: neurons.inputs.iter().map(node).collect(),
            hidden: names.len().saturating_sub(neurons.inputs.len()),
            edges: Vec::new(),
        }
    }

    fn layer(
        &self,
        index: usize,
        layer: &LayerNeurons,
        neurons: &Neurons,
        has_inputs: bool,
    ) -> Column {
        let output = index + 1 == neurons.layers.len();
        let node = |neuron: &crate::train::probe::Neuron| self.node(neuron, output);
        let edges = layer.shown.iter().enumerate().flat_map(|(to, neuron)| {
            let weights = neuron.weights.iter().enumerate();
            weights.map(move |(from, weight)| Edge { from, to, weight: weight / layer.largest })
        });
        // Weights of pixels are pictures themselves.
        let edges = edges.filter(|_| index > 0 || has_inputs);
        let name = self.experiment.layers.get(index).map_or_else(String::new, LayerSpec::name);
        Column {
            title: if output { "out".to_owned() } else { format!("{} {name}", index + 1) },
            nodes: layer.shown.iter().map(node).collect(),
            hidden: layer.order.len().saturating_sub(layer.shown.len()),
            edges: edges.filter(|edge| edge.weight.is_finite()).collect(),
        }
    }

    fn node(&self, neuron: &crate::train::probe::Neuron, output: bool) -> Node {
        let name = if output { self.output(neuron.unit) } else { String::new() };
        let class = match self.problem.head {
            Head::Classes(_) if output => Some(neuron.unit),
            _ => None,
        };
        let picture = match &neuron.response {
            Response::Plane { columns, values } => {
                let values = match self.problem.head {
                    Head::Classes(n) if output => {
                        let chance = 1.0 / n.max(2) as f64;
                        values.iter().map(|p| (p - chance) / (1.0 - chance)).collect()
                    }
                    Head::Binary if output => values.iter().map(|p| 2.0 * p - 1.0).collect(),
                    _ => shares(values),
                };
                Picture::Surface { columns: *columns, values }
            }
            Response::Pixels { columns, weights } => {
                // Few weights of a picture are large: the others are to be seen as well.
                let square: f64 = weights.iter().map(|w| w * w).sum();
                let scale = 2.0 * (square / weights.len().max(1) as f64).sqrt();
                let shade = |w: &f64| if scale > 0.0 { w / scale } else { 0.0 };
                Picture::Surface { columns: *columns, values: weights.iter().map(shade).collect() }
            }
            Response::Curve(ys) => Picture::Curve(ys.clone()),
            Response::Classes(means) => Picture::Classes(means.clone()),
            Response::Histogram(histogram) => Picture::Histogram(histogram.bins.clone()),
        };
        Node { name, class, picture }
    }
}

/// Draws the network of a run as far as it has been seen, with a cursor on a neuron; without one, so
/// that a layer is in sight. Returns where its neurons are, and the room for them.
pub fn draw(
    run: &RunView,
    (cursor, layer): (Option<NeuronId>, usize),
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) -> (Vec<(Rect, NeuronId)>, NeuronsView) {
    let (Some(experiment), Some(problem)) = (&run.experiment, &run.problem) else {
        return Default::default();
    };
    let network = Network { experiment, problem };
    let view = network.view(area, cursor, theme);
    let seen = run.seen.as_ref().and_then(|seen| seen.neurons.as_ref());
    let seen = seen.filter(|it| it.layers.len() == experiment.layers.len());
    let places = seen.map(|neurons| network.draw(neurons, (cursor, layer), frame, area, theme));
    (places.unwrap_or_default(), view)
}

/// What is drawn of a neuron, where that does not show.
#[must_use]
pub fn title(run: &RunView) -> &'static str {
    match run.problem.as_ref().map(|it| (it.columns(), &it.split.train.target)) {
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

/// Numbers as shares of the largest of them, -1 to 1; all 0 where that is 0.
fn shares(values: &[f64]) -> Vec<f64> {
    let largest = values.iter().filter(|v| v.is_finite()).fold(0.0, |m: f64, v| m.max(v.abs()));
    values.iter().map(|v| if largest > 0.0 { v / largest } else { v * 0.0 }).collect()
}

/// An input over the plane from −1 to 1.
fn over_plane(features: Features, input: usize) -> Picture {
    const POINTS: usize = 16;
    let at = |i: usize| (2 * i + 1) as f32 / POINTS as f32 - 1.0;
    let value = |point: usize| {
        let (across, down) = (at(point % POINTS), at(point / POINTS));
        f64::from(features.input(input, |column| if column == 0 { across } else { -down }))
    };
    Picture::Surface { columns: POINTS, values: (0..POINTS * POINTS).map(value).collect() }
}
