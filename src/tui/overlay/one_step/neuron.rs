//! What the neuron computes: its sum, its activation, and its weights in and out.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::equation::{self, Term};
use super::{Scene, learnt, order};
use crate::train::probe::step::{Neuron, Part};
use crate::tui::widgets::blocks;
use crate::tui::widgets::format;
use crate::tui::widgets::marked::{Mark, Marked};

/// The least rows of a plot that shows a form.
const PLOT: u16 = 5;
/// Rows of the list of weights where there is little room.
const LIST: u16 = 4;

/// Draws the sum, then the activation where there is room, then the weights.
pub fn draw(scene: Scene<'_>, frame: &mut Frame<'_>, area: Rect) {
    let sums = sums(scene, usize::from(area.width));
    let out = outgoing(scene, usize::from(area.width));
    let text = sums.len() as u16;
    let left = area.height.saturating_sub(text + 1 + out.len() as u16);
    let weights = scene.step.extent.weights as u16;
    // The list gets what it needs up to a third, the plot all else, if it is enough for one.
    let list = weights.min((area.height / 3).max(LIST)).min(left);
    let plot = left - list;
    let list = if plot < PLOT { weights.min(left) } else { list };
    let [top, middle, head, rows, bottom] = Layout::vertical([
        Constraint::Length(text),
        Constraint::Length(left - list),
        Constraint::Length(1),
        Constraint::Length(list),
        Constraint::Length(out.len() as u16),
    ])
    .areas(area);
    frame.render_widget(Paragraph::new(sums), top);
    if middle.height >= PLOT {
        draw_response(scene, frame, middle);
    }
    let names = names_width(head.width);
    let heading = format!("  {:<names$}{:>9}{:>9}{:>9}", "in", "w", "x", "w·x");
    frame.render_widget(Line::styled(heading, scene.theme.muted()), head);
    frame.render_widget(Paragraph::new(list_of_weights(scene, rows)), rows);
    frame.render_widget(Paragraph::new(out), bottom);
}

/// Columns of a name in the list.
fn names_width(width: u16) -> usize {
    usize::from(width).saturating_sub(2 + 27 + 4).clamp(5, 16)
}

/// What is computed, in lines.
fn sums(scene: Scene<'_>, width: usize) -> Vec<Line<'static>> {
    let Scene { step, theme, .. } = scene;
    let neuron = &step.neuron;
    let weights = neuron.weights.iter().zip(&neuron.inputs).enumerate();
    let terms = weights.map(|(index, (weight, input))| Term {
        name: Some(scene.input(index).to_owned()),
        factor: f64::from(*weight),
        value: f64::from(*input),
    });
    let bias = Term { name: None, factor: f64::from(neuron.bias), value: 1.0 };
    let [names, products] =
        equation::lines("z", terms.chain([bias]).collect(), f64::from(neuron.z), width);
    let mut lines = vec![Line::styled(names, theme.text()), Line::styled(products, theme.text())];
    let mut inner = "z";
    if let (Some(norm), Some(normalised)) = (&step.norm, neuron.normalised) {
        let value = equation::minus(&format::significant(f64::from(normalised), 4));
        lines.push(Line::raw(format!("n = {}(z) = {value}", norm.key())));
        inner = "n";
    }
    let value = equation::minus(&format::significant(f64::from(neuron.a), 4));
    let text = format!("a = {} = {value}", applied(scene, inner));
    lines.extend(
        format::wrap(&text, width).into_iter().map(|line| Line::styled(line, theme.accent())),
    );
    if step.fused {
        let text = format!("the {} is part of the loss", step.activation.key());
        lines.push(Line::styled(text, theme.muted()));
    }
    if let Some(passed) = neuron.passed_on {
        let passed = f64::from(passed);
        let text = if passed == 0.0 && neuron.a != 0.0 {
            "dropout: 0 is passed on in this step".to_owned()
        } else {
            format!("dropout: {} is passed on", equation::minus(&format::significant(passed, 4)))
        };
        lines.push(Line::styled(text, theme.muted()));
    }
    lines
}

/// The activation applied to `inner`; if others bear on it, which.
fn applied(scene: Scene<'_>, inner: &str) -> String {
    let step = scene.step;
    let key = step.activation.key();
    let unit = step.selection.unit;
    match step.neuron.partner {
        _ if step.fused => inner.to_owned(),
        Some(partner) => {
            let (value, gate) = if unit < partner { (unit, partner) } else { (partner, unit) };
            format!("{key}({inner} of neurons {} and {})", value + 1, gate + 1)
        }
        None if step.rowwise => {
            format!("{key}({inner} of all {})", step.extent.units)
        }
        None => format!("{key}({inner})"),
    }
}

/// The activation with the sample on it, and where the batch lies.
fn draw_response(scene: Scene<'_>, frame: &mut Frame<'_>, area: Rect) {
    let Scene { step, theme, .. } = scene;
    let Neuron { response, batch_inputs, batch_outputs, normalised, z, a, .. } = &step.neuron;
    let wide = |values: &[f32]| values.iter().map(|&x| f64::from(x)).collect::<Vec<f64>>();
    let points: Vec<(f64, f64)> =
        response.iter().map(|(x, y)| (f64::from(*x), f64::from(*y))).collect();
    let at = (f64::from(normalised.unwrap_or(*z)), f64::from(*a));
    let marks = [Mark { symbol: '●', style: theme.accent(), at }];
    let (below, beside) = (wide(batch_inputs), wide(batch_outputs));
    let plot = Marked { theme, points: &points, marks: &marks, below: &below, beside: &beside };
    frame.render_widget(&plot, area);
}

/// The rows of the list around the parameter that is looked at.
fn list_of_weights(scene: Scene<'_>, area: Rect) -> Vec<Line<'static>> {
    let (step, theme) = (scene.step, scene.theme);
    let order = order(step);
    let height = usize::from(area.height);
    let here = order.iter().position(|index| *index == step.selection.weight).unwrap_or(0);
    let top = here.saturating_sub(height / 2).min(order.len().saturating_sub(height));
    let names = names_width(area.width);
    let largest = step.neuron.weights.iter().filter(|it| it.is_finite());
    let largest = largest.fold(0.0_f32, |most, it| most.max(it.abs()));
    let room = usize::from(area.width).saturating_sub(2 + names + 27 + 1);
    let row = |index: usize| {
        let chosen = index == step.selection.weight;
        let (name, numbers) = numbers(scene, index);
        let cells: String =
            numbers.map(|it| format!("{:>9}", it.map_or_else(String::new, short))).concat();
        let style = if chosen { theme.selected() } else { theme.text() };
        let pointer = if chosen { "▸ " } else { "  " };
        let name = format::truncate(&name, names);
        let pad = " ".repeat(names.saturating_sub(format::width(&name)));
        let weight = step.neuron.weights.get(index).copied();
        let bar = weight.map_or_else(String::new, |weight| bar(weight / largest, room));
        Line::from(vec![
            Span::styled(format!("{pointer}{name}{pad}{cells}"), style),
            Span::styled(format!(" {bar}"), sign(scene, weight.unwrap_or(0.0))),
        ])
    };
    order.into_iter().skip(top).take(height).map(row).collect()
}

/// The name of a parameter, and its numbers: itself, its input, their product.
fn numbers(scene: Scene<'_>, index: usize) -> (String, [Option<f64>; 3]) {
    let step = scene.step;
    let neuron = &step.neuron;
    match (neuron.weights.get(index), neuron.inputs.get(index)) {
        (Some(&weight), Some(&input)) => {
            let (weight, input) = (f64::from(weight), f64::from(input));
            (scene.input(index).to_owned(), [Some(weight), Some(input), Some(weight * input)])
        }
        _ => match step.vectors.get(index.saturating_sub(neuron.weights.len())) {
            Some((Part::Bias, value)) => {
                let bias = Some(f64::from(*value));
                ("bias".to_owned(), [bias, None, bias])
            }
            Some((Part::Learnt(name), value)) => {
                (learnt(name).to_owned(), [Some(f64::from(*value)), None, None])
            }
            _ => (String::new(), [None; 3]),
        },
    }
}

fn short(value: f64) -> String {
    format::significant(value, 3)
}

/// A bar of so many columns at a share of 1.
fn bar(share: f32, room: usize) -> String {
    let full = (f64::from(share.abs()) * room as f64 * 8.0).round();
    let eighths = if full.is_finite() { (full as usize).min(room * 8) } else { 0 };
    blocks::bar(eighths)
}

fn sign(scene: Scene<'_>, weight: f32) -> Style {
    scene.theme.class(usize::from(weight > 0.0))
}

/// The weights that the next layer gives the neuron, the largest first, in a line.
fn outgoing(scene: Scene<'_>, width: usize) -> Vec<Line<'static>> {
    let Scene { step, theme, .. } = scene;
    let outgoing = &step.neuron.outgoing;
    if outgoing.is_empty() {
        return vec![Line::styled("  out  the network's own", theme.muted())];
    }
    let mut weights: Vec<(usize, f32)> = outgoing.iter().copied().enumerate().collect();
    weights.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    let mut text = "  out".to_owned();
    for (place, (unit, weight)) in weights.iter().enumerate() {
        let next = format!("  {} ({})", short(f64::from(*weight)), unit + 1);
        let more = format!("  + {} more", weights.len() - place);
        let last = place + 1 == weights.len();
        let room = if last { 0 } else { format::width(&more) };
        if format::width(&text) + format::width(&next) + room > width {
            text.push_str(&more);
            break;
        }
        text.push_str(&next);
    }
    vec![Line::styled(format::truncate(&text, width), theme.muted())]
}
