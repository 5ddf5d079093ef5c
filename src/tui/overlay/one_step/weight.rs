//! How a weight moves: its gradient, its optimizer's rule and memory, and the loss along it.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::Scene;
use crate::spec::Value;
use crate::train::probe::step::{Memory, Others, Stage};
use crate::tui::overlay::formula_lines;
use crate::tui::theme::Theme;
use crate::tui::widgets::format;
use crate::tui::widgets::marked::{Mark, Marked};

/// The least rows of a plot that shows a form, its legend included.
const PLOT: u16 = 6;

/// Draws the numbers, then the rule, then the loss where there is room.
pub fn draw(scene: Scene<'_>, frame: &mut Frame<'_>, area: Rect) {
    let width = usize::from(area.width);
    let gradients = gradients(scene, width);
    let memory = memory(scene, width);
    let rule = rule(scene, width);
    let numbers = (gradients.len() + memory.len()) as u16;
    let left = area.height.saturating_sub(numbers);
    // The rule's text gives way to the numbers, and the plot to the rule.
    let text = (rule.len() as u16).min(left);
    let [top, middle, table, plot] = Layout::vertical([
        Constraint::Length(gradients.len() as u16),
        Constraint::Length(text),
        Constraint::Length(memory.len() as u16),
        Constraint::Min(0),
    ])
    .areas(area);
    frame.render_widget(Paragraph::new(gradients), top);
    frame.render_widget(Paragraph::new(rule), middle);
    frame.render_widget(Paragraph::new(memory), table);
    if plot.height >= PLOT {
        draw_along(scene, frame, plot);
    }
}

/// The gradient in each of its forms.
fn gradients(scene: Scene<'_>, width: usize) -> Vec<Line<'static>> {
    let Scene { step, theme, .. } = scene;
    let gradients = &step.trace.gradients;
    let samples = step.extent.samples;
    let row = |(index, (stage, value)): (usize, &(Stage, f32))| {
        let words = match stage {
            Stage::Loss if samples == 1 => "of one sample".to_owned(),
            Stage::Loss if width < 46 => format!("mean over {samples}"),
            Stage::Loss => format!("mean over {samples} samples"),
            Stage::Penalised => "with l1 and l2".to_owned(),
            Stage::Elsewhere => "taken anew at W + E".to_owned(),
            Stage::ValueClipped => "clipped by value".to_owned(),
            Stage::NormClipped => "clipped by the norm of all".to_owned(),
            Stage::Noisy => "with noise".to_owned(),
        };
        let name = if index == 0 { "∂L/∂w" } else { "     →" };
        let last = index + 1 == gradients.len();
        let number = if last { theme.accent() } else { theme.text() };
        let text = format!("{name:<8}{}", format::figure(f64::from(*value)));
        let room = width.saturating_sub(format::width(&text) + 2);
        Line::from(vec![
            Span::styled(text, number),
            Span::styled(format!("  {}", format::truncate(&words, room)), theme.muted()),
        ])
    };
    gradients.iter().enumerate().map(row).collect()
}

/// The rule's formula and the values of its parameters.
fn rule(scene: Scene<'_>, width: usize) -> Vec<Line<'static>> {
    let Scene { step, theme, .. } = scene;
    let card = step.optimizer.card();
    let formula = formula_lines(card.formula, width);
    let mut lines: Vec<Line<'static>> = formula.into_iter().map(Line::raw).collect();
    let rate = format::significant(step.trace.rate, 3);
    let rate = if (step.trace.factor - 1.0).abs() < 1e-12 {
        format!("{} α = {rate}", card.key)
    } else {
        format!("{} α = {rate} (× {} now)", card.key, format::significant(step.trace.factor, 3))
    };
    let others = step.optimizer.params().filter(|(param, value)| {
        // What is 0 and no part of the formula.
        let off = match value {
            Value::Flag(on) => !on,
            Value::Number(number) => *number == 0.0 && !card.formula.contains(param.key),
            _ => false,
        };
        param.key != "lr" && !off
    });
    let parts = std::iter::once(rate)
        .chain(others.map(|(param, value)| format!("{} {value}", param.key)))
        .chain(
            (step.decay > 0.0)
                .then(|| format!("decoupled decay {}", format::significant(step.decay, 3))),
        )
        .chain([format!("t = {}", format::thousands(step.trace.updates as f64))]);
    let mut text = String::new();
    for part in parts {
        let gap = if text.is_empty() { 0 } else { 2 };
        if gap > 0 && format::width(&text) + gap + format::width(&part) > width {
            lines.push(Line::styled(std::mem::take(&mut text), theme.muted()));
        }
        text.push_str(if text.is_empty() { "" } else { "  " });
        text.push_str(&part);
    }
    lines.push(Line::styled(text, theme.muted()));
    lines
}

/// What is remembered and the weight, before and after; the move, beside that of plain descent.
fn memory(scene: Scene<'_>, width: usize) -> Vec<Line<'static>> {
    let Scene { step, theme, .. } = scene;
    let pair = |(before, after): (f64, f64)| {
        format!("{} → {}", format::figure(before), format::figure(after))
    };
    let single = |(before, after): (f32, f32)| pair((f64::from(before), f64::from(after)));
    let mut wholes = 0;
    let mut lines = Vec::new();
    for (name, memory) in &step.trace.memory {
        let (name, numbers, note) = match *memory {
            Memory::Own(values) => ((*name).to_owned(), single(values), String::new()),
            Memory::Row(values) => ((*name).to_owned(), single(values), "of its row".to_owned()),
            Memory::Column(values) => {
                ((*name).to_owned(), single(values), "of its column".to_owned())
            }
            Memory::Scalar(values) => ((*name).to_owned(), pair(values), "of all".to_owned()),
            Memory::Whole { len, norms } => {
                wholes += 1;
                (format!("‖{name}‖"), pair(norms), format!("{len} numbers"))
            }
        };
        let text = format!("{} {numbers}", padded(&name, 7));
        let room = width.saturating_sub(format::width(&text) + 1);
        let note = if format::width(&note) <= room { note } else { String::new() };
        lines.push(Line::from(vec![
            Span::raw(text),
            Span::styled(format!(" {note}"), theme.muted()),
        ]));
    }
    let (before, after) = step.trace.values;
    let values = (f64::from(before), f64::from(after));
    lines.push(Line::styled(format!("{} {}", padded("w", 7), pair(values)), theme.accent()));
    let moved = format::significant(values.1 - values.0, 4);
    let plain = format::significant(step.plain() - values.0, 4);
    let text = format!("move {moved}   −α·∇L alone {plain}");
    lines.push(Line::raw(format::truncate(&text, width)));
    let mut notes = Vec::new();
    if wholes > 0 {
        notes.push("‖ ‖: of the whole matrix; none of its numbers is this weight's");
    }
    match step.others {
        Others::None => {}
        Others::OfTensor => notes.push("its move depends on all weights of its tensor"),
        Others::OfOptimizer => notes.push("its move depends on all weights of the optimizer"),
    }
    if !after.is_finite() {
        notes.push("the step takes it out of all numbers");
    }
    for note in notes {
        let wrapped = format::wrap(note, width).into_iter();
        lines.extend(wrapped.map(|line| Line::styled(line, theme.muted())));
    }
    lines
}

/// `name` in so many columns, cut where it is longer.
fn padded(name: &str, width: usize) -> String {
    let name = format::truncate(name, width);
    let pad = width.saturating_sub(format::width(&name));
    format!("{name}{}", " ".repeat(pad))
}

/// The loss along the weight, with the step on it.
fn draw_along(scene: Scene<'_>, frame: &mut Frame<'_>, area: Rect) {
    let Scene { step, theme, .. } = scene;
    let (from, to) = (f64::from(step.trace.values.0), f64::from(step.trace.values.1));
    let [legend, plot] = Layout::vertical([Constraint::Length(1), Constraint::Min(0)]).areas(area);
    let Some([now, after, plain]) = step.along.losses else {
        let text = "the loss along it: too many samples for that many passes";
        let text = if from.is_finite() { text } else { "the loss along it: –" };
        frame.render_widget(Line::styled(text, theme.muted()), legend);
        return;
    };
    let arrow = if to >= from { '→' } else { '←' };
    let close = step.selection.close;
    let change = |loss: f64| {
        let change = format::significant(loss - now, 2);
        if loss > now { format!("+{change}") } else { change }
    };
    let marked = |mark: char, style, number: String| {
        [Span::styled(mark.to_string(), style), Span::raw(format!(" {number}  "))]
    };
    let spans: Vec<Span<'_>> = std::iter::once([Span::raw("loss "), Span::raw("")])
        .chain([
            marked('●', theme.accent(), format::significant(now, 4)),
            marked(arrow, theme.good(), change(after)),
            marked('○', theme.test(), change(plain)),
        ])
        .flatten()
        .collect();
    let line = format::truncate_line(Line::from(spans), usize::from(legend.width));
    frame.render_widget(line, legend);
    // Differences, in a unit: where little changes, the digits of the loss would all be the same.
    let offset = if close { from } else { 0.0 };
    let changes = step.along.points.iter().map(|it| (it.1 - now).abs()).filter(|it| it.is_finite());
    let most = changes.fold(0.0, f64::max);
    if most == 0.0 {
        let finite = now.is_finite() && step.along.points.iter().all(|it| it.1.is_finite());
        let text =
            if finite { "the loss does not change along it" } else { "the loss is not finite" };
        let text = Line::styled(text, theme.muted());
        frame.render_widget(text, Rect { height: 1, ..plot });
        return;
    }
    let unit = unit(most);
    let place = |(w, loss): (f64, f64)| (w - offset, (loss - now) / unit);
    let points: Vec<(f64, f64)> = step.along.points.iter().map(|it| place(*it)).collect();
    let mark = |symbol, style, w, loss| Mark { symbol, style, at: place((w, loss)) };
    let marks = [
        mark('○', theme.test(), step.plain(), plain),
        mark(arrow, theme.good(), to, after),
        mark('●', theme.accent(), from, now),
    ];
    let widget = Marked { theme, points: &points, marks: &marks, below: &[], beside: &[] };
    frame.render_widget(&widget, plot);
    let along = if close { "w − ●" } else { "w" };
    let scale = if unit == 1.0 { String::new() } else { format!(" / {unit:e}") };
    // What is no number lies beyond the axis.
    let height = |point: Option<&(f64, f64)>| {
        point.map(|it| it.1).filter(|it| it.is_finite()).unwrap_or(f64::INFINITY)
    };
    let right = height(points.first()) > height(points.last());
    let labels = [format!("Δloss{scale} along {along}"), format!("Δloss{scale}")];
    draw_label(labels, right, frame, plot, theme);
}

/// Draws the first of `labels` that fits into the upper corner of a plot, at the side where its line is
/// lower.
fn draw_label(labels: [String; 2], right: bool, frame: &mut Frame<'_>, plot: Rect, theme: Theme) {
    // Half of the width within the axis, which has labels before it.
    let room = plot.width.saturating_sub(9) / 2;
    let fits = |label: &String| format::width(label) <= usize::from(room);
    let Some(label) = labels.into_iter().find(fits) else { return };
    let width = format::width(&label) as u16;
    let x = if right { plot.right() - width } else { plot.x + 9 };
    let area = Rect { x, width, height: plot.height.min(1), ..plot };
    frame.render_widget(Line::styled(label, theme.muted()), area);
}

/// A power of a thousand that brings `size` between 1 and 1000.
fn unit(size: f64) -> f64 {
    if size > 0.0 && size.is_finite() {
        10_f64.powi(3 * (size.log10() / 3.0).floor().clamp(-100.0, 100.0) as i32)
    } else {
        1.0
    }
}
