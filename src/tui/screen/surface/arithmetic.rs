//! The arithmetic of the chosen walker's last step.
//!
//! ```text
//! ╭ Step 93 of A: sgd:lr=0.0614,momentum=0.566 ────────────────╮
//! │ V ← μ·V + G     W ← W − α·V                                │
//! │ ∇L           -0.390      12.0    α = 0.0614                │
//! │ momentum     -4.10  → -3.90      3.90  → 12.1              │
//! │ W            -3.20  → -3.00      0.61  → 0.12              │
//! │ W − α·∇L              -3.10              0.05              │
//! ╰────────────────────────────────────────────────────────────╯
//! ```

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::SurfaceScreen;
use crate::experiment::walk::WalkerSpec;
use crate::surface::Point;
use crate::train::descent::{Memory, StepTrace};
use crate::tui::theme::{Theme, mark};
use crate::tui::widgets::format;
use crate::tui::widgets::panel::Panel;

/// Columns of a name.
const NAME: usize = 10;
/// Columns between two that share a line.
const GAP: usize = 3;

/// Draws it, with what there is to look at in the walk: first or last, as it is watched or stepped.
pub fn draw(
    screen: &SurfaceScreen,
    stands_out: bool,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) {
    let walk = screen.walk();
    let inner = Panel::inner(area);
    let width = usize::from(inner.width);
    let letter = mark(screen.chosen).to_ascii_uppercase();
    let spec = walk.walkers.get(screen.chosen);
    let walker = screen.simulation.walkers().get(screen.chosen);
    let trace = walker.and_then(|walker| walker.last());
    let step = trace.map_or(0, |trace| trace.step);
    let name = spec.map_or_else(String::new, ToString::to_string);
    let title = format!("Step {} of {letter}: {name}", format::thousands(step as f64));
    frame.render_widget(&Panel::new(theme, &title).focused(stands_out), area);
    let about = walk.about.on_terminal();
    let about: Vec<Line<'static>> = if about.is_empty() {
        Vec::new()
    } else {
        format::wrap(&about, width).into_iter().map(Line::raw).collect()
    };
    let arithmetic = match (spec, trace) {
        (Some(spec), Some(trace)) => lines(spec, trace, (width, inner.height.into()), theme),
        _ => vec![Line::styled("at the start: s makes a step, space walks", theme.muted())],
    };
    let (first, second) =
        if screen.simulation.is_stepped() { (arithmetic, about) } else { (about, arithmetic) };
    let gap =
        (!first.is_empty() && first.len() + 2 < usize::from(inner.height)).then(Line::default);
    let all: Vec<Line<'static>> = first.into_iter().chain(gap).chain(second).collect();
    frame.render_widget(Paragraph::new(all), inner);
}

/// The lines of one step; the rule's formula if there is room for it.
fn lines(
    spec: &WalkerSpec,
    trace: &StepTrace,
    (width, height): (usize, usize),
    theme: Theme,
) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let rate = format!("   α = {}", format::significant(trace.rate, 4));
    let noise = trace.noise.map_or_else(String::new, |noise| format!("   noise {}", pair(noise)));
    lines.push(Line::from(vec![
        Span::raw(format!("{} {}", padded("∇L"), pair(trace.gradient))),
        Span::styled(
            format::truncate(&(rate + &noise), width.saturating_sub(NAME + 22)),
            theme.muted(),
        ),
    ]));
    if let Some((last, count)) = trace.last_of {
        lines.push(Line::from(vec![
            Span::raw(format!("{} {}", padded("  the last"), pair(last))),
            Span::styled(format!("   of {count} evaluations"), theme.muted()),
        ]));
    }
    for (name, memory) in &trace.memory {
        let (name, text) = match *memory {
            Memory::Point(before, after) => ((*name).to_owned(), change(before, after)),
            Memory::Scalar((before, after)) => ((*name).to_owned(), single(before, after)),
            Memory::Whole(count, (before, after)) => {
                (format!("‖{name}‖"), format!("{}   {count} numbers", single(before, after)))
            }
        };
        lines.push(Line::raw(format!("{} {text}", padded(&name))));
    }
    let moved = format!("{} {}", padded("W"), change(trace.from, trace.to));
    lines.push(Line::styled(moved, theme.accent()));
    let plain = format!("{} {}", padded("W − α·∇L"), pair(trace.plain()));
    lines.push(Line::from(vec![
        Span::raw(plain.clone()),
        Span::styled("   plain gradient descent", theme.muted()),
    ]));
    let formula: Vec<&str> = spec.optimizer.card().formula.lines().collect();
    if lines.len() + formula.len() <= height {
        let formula = formula.into_iter().map(|line| Line::raw(format::truncate(line, width)));
        lines.splice(0..0, formula);
    }
    if lines.len() > height && lines[lines.len() - 2].width() + format::width(&plain) + GAP <= width
    {
        lines.pop();
        if let Some(line) = lines.last_mut() {
            line.push_span(Span::styled(format!("{}{plain}", " ".repeat(GAP)), theme.text()));
        }
    }
    // Where there is no room for all of them, what is remembered gives way.
    while lines.len() > height && lines.len() > 2 {
        lines.remove(lines.len() - 2);
    }
    lines
}

fn padded(name: &str) -> String {
    let name = format::truncate(name, NAME);
    let pad = NAME.saturating_sub(format::width(&name));
    format!("{name}{}", " ".repeat(pad))
}

fn number(value: f64) -> String {
    format::significant(value, 4)
}

fn pair([x, y]: Point) -> String {
    format!("({}, {})", number(x), number(y))
}

fn single(before: f64, after: f64) -> String {
    format!("{} → {}", number(before), number(after))
}

fn change(before: Point, after: Point) -> String {
    format!("{} → {}", pair(before), pair(after))
}
