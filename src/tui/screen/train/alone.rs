//! One neuron in the place of the predictions.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::data::Target;
use crate::experiment::Experiment;
use crate::text::visible;
use crate::train::Problem;
use crate::train::probe::{self, Alone, FieldValues, Response};
use crate::train::problem::Head;
use crate::tui::screen::predictions::draw_response;
use crate::tui::theme::{Depth, Theme};
use crate::tui::widgets::curve::{Curve, Line as CurveLine};
use crate::tui::widgets::field::{Field, Surface};
use crate::tui::widgets::format;
use crate::tui::widgets::histogram::Histogram;

/// The neuron's name.
pub fn title(alone: &Alone, experiment: &Experiment, head: Head) -> String {
    let (layer, unit) = (alone.layer + 1, alone.unit + 1);
    if layer < experiment.layers.len() {
        return format!("Layer {layer}, neuron {unit}: a");
    }
    match head {
        Head::Values(_) => format!("Output {unit}"),
        Head::Binary => "Output: probability".to_owned(),
        Head::Classes(_) => format!("Output {unit}: probability"),
    }
}

/// The range of what is drawn.
pub fn range(alone: &Alone) -> String {
    let Some((low, high)) = values(alone).map(bounds).filter(|(low, high)| low <= high) else {
        return String::new();
    };
    let number = |x: f64| format::rough(x).trim().to_owned();
    format!("{} … {}", number(low), number(high))
}

/// The numbers that are drawn as a surface or a curve.
fn values(alone: &Alone) -> Option<&[f64]> {
    match &alone.picture {
        probe::Picture::Field(probe::Field { values: FieldValues::Values(values), .. }) => {
            Some(values)
        }
        probe::Picture::Curve(curve) => Some(&curve.y),
        probe::Picture::Other(Response::Pixels { weights, .. }) => Some(weights),
        probe::Picture::Field(_) | probe::Picture::Other(_) => None,
    }
}

fn bounds(values: &[f64]) -> (f64, f64) {
    let finite = values.iter().copied().filter(|it| it.is_finite());
    finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)))
}

/// Draws its response, the data on top where that is on the same plane.
pub fn draw(
    alone: &Alone,
    (problem, experiment): (&Problem, &Experiment),
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) {
    match &alone.picture {
        probe::Picture::Field(field) => {
            let probability = alone.layer + 1 == experiment.layers.len()
                && !matches!(problem.head, Head::Values(_));
            let (low, high) = values(alone).map_or((0.0, 0.0), bounds);
            let largest = high.max(-low);
            let range = if probability { (0.0, 1.0) } else { (-largest, largest) };
            draw_response((field, range), problem, frame, area, theme);
        }
        probe::Picture::Curve(curve) => {
            let points: Vec<(f64, f64)> =
                curve.x.iter().copied().zip(curve.y.iter().copied()).collect();
            let line = CurveLine { name: "", style: theme.accent(), points: &points };
            frame.render_widget(&Curve { theme, lines: &[line], dots: &[] }, area);
        }
        probe::Picture::Other(Response::Pixels { columns, weights }) => {
            draw_pixels(weights, *columns, frame, area, theme);
        }
        probe::Picture::Other(Response::Classes(means)) => {
            draw_classes(means, (alone, problem, experiment), frame, area, theme);
        }
        probe::Picture::Other(Response::Histogram(it)) => {
            let [bars, below] =
                Layout::vertical([Constraint::Max(12), Constraint::Fill(1)]).areas(area);
            let (counts, range) = (&it.bins, (it.min, it.max));
            let histogram = Histogram { theme, counts, mean: it.mean, std: it.std, range };
            frame.render_widget(&histogram, bars);
            draw_weights((alone, problem), frame, below, theme);
        }
        probe::Picture::Other(Response::Plane { .. } | Response::Curve(_)) => {}
    }
}

/// Draws the weights of the pixels of an image, as large as whole pixels can be.
fn draw_pixels(weights: &[f64], columns: usize, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
    let rows = weights.len().checked_div(columns).unwrap_or(0);
    if rows == 0 || area.is_empty() {
        return;
    }
    let (across, down) = (usize::from(area.width) / columns, 2 * usize::from(area.height) / rows);
    // Pixels twice as wide as high would be no squares; of whole cells down where there are so many.
    let scale = across.min(down).max(1);
    let scale = if scale > 1 { scale / 2 * 2 } else { 1 };
    let width = (columns * scale).min(area.width.into()) as u16;
    let height = (rows * scale).div_ceil(2).min(area.height.into()) as u16;
    let picture = Rect {
        x: area.x + (area.width - width) / 2,
        y: area.y + (area.height - height) / 2,
        width,
        height,
    };
    let (low, high) = bounds(weights);
    let largest = high.max(-low);
    let surface = Surface::Values { points: weights, range: (-largest, largest) };
    let field = Field { theme, surface, columns, x: (0.0, 1.0), y: (0.0, 1.0), data: &[] };
    frame.render_widget(&field, picture);
}

/// Draws the mean response to each class, and the largest weights below.
fn draw_classes(
    means: &[f64],
    (alone, problem, experiment): (&Alone, &Problem, &Experiment),
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) {
    let Target::Classes { names, .. } = &problem.split.train.target else { return };
    let output = alone.layer + 1 == experiment.layers.len();
    let what = if output { " mean probability by class" } else { " mean activation by class" };
    let name = |class: usize| names.get(class).map_or_else(Default::default, |it| visible(it));
    let wide = (0..means.len()).map(|class| format::width(&name(class))).max().unwrap_or(0).min(12);
    let (low, high) = bounds(means);
    let largest = high.max(-low);
    let room = usize::from(area.width).saturating_sub(wide + 10);
    let line = |(class, mean): (usize, &f64)| {
        let share = if largest > 0.0 { mean / largest } else { 0.0 };
        let bar = bar(share, low < 0.0, room);
        Line::from(vec![
            Span::styled(
                format!(" {:<wide$} ", format::truncate(&name(class), wide)),
                theme.text(),
            ),
            Span::styled(format!("{} ", format::rough(*mean)), theme.text()),
            Span::styled(bar, theme.class(class)),
        ])
    };
    let mut lines = vec![Line::styled(what, theme.muted())];
    lines.extend(means.iter().enumerate().map(line));
    let taken = lines.len() as u16 + 1;
    let [top, below] =
        Layout::vertical([Constraint::Length(taken), Constraint::Fill(1)]).areas(area);
    frame.render_widget(Paragraph::new(lines), top);
    draw_weights((alone, problem), frame, below, theme);
}

/// A bar of a share of -1 to 1 in `room` cells, from the middle if there are negative ones.
fn bar(share: f64, signed: bool, room: usize) -> String {
    if !share.is_finite() {
        return String::new();
    }
    let half = if signed { room / 2 } else { 0 };
    let most = room - half;
    let cells = (share.abs() * if share < 0.0 { half } else { most } as f64).round() as usize;
    if share < 0.0 {
        format!("{}{}", " ".repeat(half - cells.min(half)), "█".repeat(cells))
    } else {
        format!("{}{}", " ".repeat(half), "█".repeat(cells))
    }
}

/// Draws the largest weights with what they weigh.
fn draw_weights(
    (alone, problem): (&Alone, &Problem),
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) {
    let largest = alone.weights.iter().fold(0.0, |most: f64, (_, w)| most.max(w.abs()));
    let features = problem.input_names();
    let name = |input: usize| match alone.layer {
        0 => features.get(input).map(|name| visible(name).into_owned()).unwrap_or_default(),
        layer => format!("layer {layer}, neuron {}", input + 1),
    };
    let wide = alone.weights.iter().map(|(input, _)| format::width(&name(*input))).max();
    let wide = wide.unwrap_or(0).min(22);
    let room = usize::from(area.width).saturating_sub(wide + 10);
    let mut lines = vec![Line::styled(
        format!(" largest weights, and the bias {}", format::rough(alone.bias).trim()),
        theme.muted(),
    )];
    lines.extend(alone.weights.iter().map(|&(input, weight)| {
        let share = if largest > 0.0 { weight / largest } else { 0.0 };
        let bar = bar(share, true, room);
        let sign =
            if theme.depth == Depth::None { theme.text() } else { theme.edge(weight > 0.0, 1.0) };
        Line::from(vec![
            Span::styled(
                format!(" {:<wide$} ", format::truncate(&name(input), wide)),
                theme.text(),
            ),
            Span::styled(format!("{} ", format::rough(weight)), theme.text()),
            Span::styled(bar, sign),
        ])
    }));
    lines.truncate(area.height.into());
    frame.render_widget(Paragraph::new(lines), area);
}
