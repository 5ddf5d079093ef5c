//! A picture of a network's predictions: the kind that fits the data.

mod sequence;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};

use crate::data::{self, Part, Scaling, Target};
use crate::text::visible;
use crate::train::Problem;
use crate::train::probe::{self, FieldValues, Predictions, View};
use crate::tui::theme::Theme;
use crate::tui::widgets::confusion::Confusion;
use crate::tui::widgets::curve::{Curve, Dots, Line};
use crate::tui::widgets::digits::{Picture, Pictures};
use crate::tui::widgets::field::{self, Field, Point, Surface};
use crate::tui::widgets::format;
use crate::tui::widgets::scatter::Scatter;

/// The room for a picture in `area`.
#[must_use]
pub fn room(area: Rect) -> View {
    let grid = (usize::from(area.width.max(1)), 2 * usize::from(area.height.max(1)));
    View { grid, samples: 48, bins: 48, ..View::default() }
}

/// Draws the picture.
pub fn draw_picture(
    predictions: &Predictions,
    problem: &Problem,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) {
    match predictions {
        Predictions::Field(field) => draw_field(field, problem, frame, area, theme),
        Predictions::Curve(curve) => draw_curve(curve, problem, frame, area, theme),
        Predictions::Confusion(confusion) => {
            draw_confusion(confusion, problem, frame, area, theme);
        }
        Predictions::Sequence(sequence) => sequence::draw(sequence, problem, frame, area, theme),
        Predictions::Scatter(scatter) => {
            let scatter = Scatter { theme, train: &[], test: &scatter.pairs };
            frame.render_widget(&scatter, area);
        }
    }
}

/// Draws the plane with painted points on it in the place of the data.
pub fn draw_painting(
    field: &probe::Field,
    (painted, problem): (&[data::Point], &Problem),
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) {
    let point = |point: &data::Point| Point {
        x: point.x1,
        y: point.x2,
        target: field::Target::Class(point.class),
        test: false,
        wrong: false,
    };
    let points = painted.iter().map(point).collect();
    draw_over_field(field, (points, problem), frame, area, theme);
}

fn draw_field(
    field: &probe::Field,
    problem: &Problem,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) {
    let mut points = sample(problem, area);
    if let FieldValues::Classes(answers) = &field.values {
        for point in &mut points {
            let class = nearest(field, point).and_then(|i| answers.get(i)).map(|p| p.0);
            point.wrong = matches!(point.target, field::Target::Class(truth) if class.is_some_and(|c| c != truth));
        }
    }
    draw_over_field(field, (points, problem), frame, area, theme);
}

/// Draws points over what is predicted.
fn draw_over_field(
    field: &probe::Field,
    (data, problem): (Vec<Point>, &Problem),
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) {
    let surface = match &field.values {
        FieldValues::Classes(points) => {
            let classes = match &problem.split.train.target {
                Target::Classes { names, .. } => names.len(),
                Target::Values { .. } => 0,
            };
            Surface::Classes { points, classes }
        }
        FieldValues::Values(points) => {
            let targets = data.iter().filter_map(|point| match point.target {
                field::Target::Value(value) => Some(value),
                field::Target::Class(_) => None,
            });
            let bounds = |(low, high): (f64, f64), x: f64| (low.min(x), high.max(x));
            let range = targets.fold((f64::INFINITY, f64::NEG_INFINITY), bounds);
            Surface::Values { points, range }
        }
    };
    let widget =
        Field { theme, surface, columns: field.grid.0, x: field.x, y: field.y, data: &data };
    frame.render_widget(&widget, area);
}

/// Draws numbers over the plane that are not predictions: those at the ends of `range` are the
/// strongest. Rows of classes lie on top.
pub fn draw_response(
    (field, range): (&probe::Field, (f64, f64)),
    problem: &Problem,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) {
    let FieldValues::Values(values) = &field.values else { return };
    let classes = matches!(problem.split.train.target, Target::Classes { .. });
    let data = if classes { sample(problem, area) } else { Vec::new() };
    let surface = Surface::Values { points: values, range };
    let widget =
        Field { theme, surface, columns: field.grid.0, x: field.x, y: field.y, data: &data };
    frame.render_widget(&widget, area);
}

/// So many rows of both parts that a field still shows between them.
fn sample(problem: &Problem, area: Rect) -> Vec<Point> {
    let cells = usize::from(area.width) * usize::from(area.height);
    let room = (cells / 7).max(20);
    let mut data = points(&problem.split.train, false, room * 2 / 3);
    data.extend(points(&problem.split.test, true, room / 3));
    data
}

/// The point of the grid that is nearest to a data point.
fn nearest(field: &probe::Field, point: &Point) -> Option<usize> {
    let cell = |value: f64, (low, high): (f64, f64), n: usize| {
        let place = (value - low) / (high - low) * n as f64;
        (0.0..n as f64).contains(&place).then_some(place as usize)
    };
    let (across, down) = field.grid;
    let column = cell(point.x, field.x, across)?;
    let row = cell(-point.y, (-field.y.1, -field.y.0), down)?;
    Some(row * across + column)
}

/// An input in the units of its source.
fn input(data: &Part, row: usize, feature: usize) -> f64 {
    data.scaling[feature].undo(f64::from(data.x[(row, feature)]))
}

/// The first value to predict in the units of its source.
fn own(scaling: &[Scaling], value: f32) -> f64 {
    scaling.first().map_or(f64::from(value), |scaling| scaling.undo(f64::from(value)))
}

/// At most `most` rows of a data set with two inputs, evenly chosen.
fn points(data: &Part, test: bool, most: usize) -> Vec<Point> {
    let stride = data.len().div_ceil(most.max(1)).max(1);
    (0..data.len())
        .step_by(stride)
        .map(|row| Point {
            x: input(data, row, 0),
            y: input(data, row, 1),
            target: match &data.target {
                Target::Classes { labels, .. } => field::Target::Class(labels[row]),
                Target::Values { values, scaling, .. } => {
                    field::Target::Value(own(scaling, values[(row, 0)]))
                }
            },
            test,
            wrong: false,
        })
        .collect()
}

fn draw_curve(
    curve: &probe::Curve,
    problem: &Problem,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) {
    let dots = |data: &Part| -> Vec<(f64, f64)> {
        (0..data.len())
            .map(|row| {
                let y = match &data.target {
                    Target::Classes { labels, .. } => labels[row] as f64,
                    Target::Values { values, scaling, .. } => own(scaling, values[(row, 0)]),
                };
                (input(data, row, 0), y)
            })
            .collect()
    };
    let (train, test) = (dots(&problem.split.train), dots(&problem.split.test));
    let points: Vec<(f64, f64)> = curve.x.iter().copied().zip(curve.y.iter().copied()).collect();
    let [train_mark, test_mark] = theme.small_marks();
    let widget = Curve {
        theme,
        lines: &[Line { name: "network", style: theme.accent(), points: &points }],
        dots: &[
            Dots { mark: train_mark, style: theme.faint(theme.train()), points: &train },
            Dots { mark: test_mark, style: theme.faint(theme.test()), points: &test },
        ],
    };
    frame.render_widget(&widget, area);
}

fn draw_confusion(
    confusion: &probe::Confusion,
    problem: &Problem,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) {
    let test = &problem.split.test;
    let Target::Classes { names, .. } = &test.target else { return };
    let names: Vec<_> = names.iter().map(|name| visible(name)).collect();
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    let name = |class: usize| names.get(class).copied().unwrap_or("?");
    let matrix = Confusion { theme, names: &names, counts: &confusion.counts };
    // Pictures get what the matrix leaves, if it leaves enough for a row of them.
    let wanted = names.len() as u16 + 2;
    let image = test.image.filter(|_| area.height >= wanted + 6);
    let below = if image.is_some() { area.height - wanted } else { 0 };
    let samples =
        if image.is_none() && area.height > wanted + 2 { area.height - wanted - 1 } else { 0 };
    let [top, middle, bottom] = Layout::vertical([
        Constraint::Min(0),
        Constraint::Length(samples),
        Constraint::Length(below),
    ])
    .areas(area);
    frame.render_widget(&matrix, top);
    if let Some((_, columns)) = image {
        let pixels: Vec<Vec<f64>> = confusion
            .samples
            .iter()
            .map(|sample| test.x.row(sample.row).iter().map(|&x| f64::from(x)).collect())
            .collect();
        let items: Vec<Picture<'_>> = confusion
            .samples
            .iter()
            .zip(&pixels)
            .map(|(sample, pixels)| Picture {
                pixels,
                truth: name(sample.truth),
                predicted: name(sample.predicted),
            })
            .collect();
        frame.render_widget(&Pictures { theme, columns, items: &items }, bottom);
    }
    let lines: Vec<_> = confusion
        .samples
        .iter()
        .map(|sample| {
            let right = sample.truth == sample.predicted;
            let (mark, style) = if right { ("✓", theme.good()) } else { ("×", theme.bad()) };
            let named = if right {
                name(sample.truth).to_owned()
            } else {
                format!("{} → {}", name(sample.truth), name(sample.predicted))
            };
            // The number stays where the names do not fit.
            let room = usize::from(area.width).saturating_sub(17).min(20);
            let named = format::truncate(&named, room);
            let confidence = sample.confidence * 100.0;
            let row = sample.row;
            let text = format!(" {mark} row {row:<4} {named:<room$} {confidence:>3.0}%");
            ratatui::text::Line::styled(text, style)
        })
        .collect();
    frame.render_widget(ratatui::widgets::Paragraph::new(lines), middle);
}
