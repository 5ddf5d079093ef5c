//! What became of walkers, in words.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::SurfaceScreen;
use crate::train::descent::{MOST_STEPS, Walker};
use crate::tui::theme::{Theme, mark};
use crate::tui::widgets::format;

/// The state of a walker: a mark that needs no colour, the step since when, and the word for it.
pub fn state(walker: &Walker, theme: Theme) -> (char, Option<u64>, &'static str, Style) {
    let outcome = walker.outcome();
    match (outcome.diverged, outcome.arrived, outcome.left) {
        (Some(step), ..) => ('▲', Some(step), "diverged", theme.bad()),
        (None, Some(step), _) => ('×', Some(step), "arrived", theme.good()),
        (None, None, Some(step)) => ('↗', Some(step), "left", theme.warn()),
        _ if walker.rests() => ('■', Some(MOST_STEPS), "rests", theme.muted()),
        _ => (' ', None, "", theme.muted()),
    }
}

/// How the walk goes, at the top of its map.
pub fn pace(screen: &SurfaceScreen) -> String {
    let simulation = &screen.simulation;
    let step = format::thousands(simulation.steps() as f64);
    match (simulation.is_running(), simulation.is_over()) {
        (true, _) => format!("step {step}   {}", simulation.pace()),
        (false, true) => format!("step {step}   ■ over"),
        (false, false) => format!("step {step}   ‖ paused"),
    }
}

/// The step, and letter, height and mark of each walker.
pub fn brief(screen: &SurfaceScreen, theme: Theme) -> Line<'static> {
    let step = format::thousands(screen.simulation.steps() as f64);
    let mut spans = vec![Span::raw(format!("step {step}"))];
    for (index, walker) in screen.simulation.walkers().iter().enumerate() {
        let letter = mark(index).to_ascii_uppercase();
        spans.push(Span::styled(format!("  {letter}"), theme.walker(index)));
        let height = format::significant(walker.height(), 2);
        spans.push(Span::raw(format!(" {height}")));
        let (mark, _, _, style) = state(walker, theme);
        if mark != ' ' {
            spans.push(Span::styled(mark.to_string(), style));
        }
    }
    Line::from(spans)
}
