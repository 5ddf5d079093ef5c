//! The list: the settings of the walk, then its walkers.
//!
//! ```text
//! ╭ Walk ───────────── rate ── height ──────────╮
//! │   surface    quadratic                      │
//! │   condition  50                             │
//! │   noise σ    0                              │
//! │ ▸ A sgd              0.0392  1.3e-4  × 93   │
//! ╰─────────────────────────────────────────────╯
//! ```

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::rows::{self, rows};
use super::{Focus, SurfaceScreen, status};
use crate::experiment::walk::WalkerSpec;
use crate::train::descent::Walker;
use crate::tui::drawn::Scroll;
use crate::tui::overlay::choice::Slot;
use crate::tui::theme::{Theme, mark};
use crate::tui::widgets::format;
use crate::tui::widgets::panel::Panel;

/// Columns of a rate and of a height.
const NUMBER: usize = 8;
/// Columns of the state: a mark and a step.
const STATE: usize = 8;
/// Columns of the least list that tells states in words, and of the least that tells since when.
const WORDS: usize = 48;
const SINCE: usize = 38;

/// The rows that it takes to show the whole list, border included.
pub fn height(screen: &SurfaceScreen) -> u16 {
    rows(screen.walk()).len() as u16 + 2
}

/// Draws it. Returns where each row was drawn, and how it was scrolled.
pub fn draw(
    screen: &SurfaceScreen,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) -> (Vec<(Rect, usize)>, Scroll) {
    let walk = screen.walk();
    let outcome = screen.simulation.walkers().first().map(Walker::outcome);
    let reach = outcome.filter(|it| it.has_minimum()).map_or_else(String::new, |outcome| {
        format!("× arrived: stays within {} of it", format::significant(outcome.reach(), 2))
    });
    let all = rows(walk);
    let inner = Panel::inner(area);
    let columns = state_columns(usize::from(inner.width)) - 1;
    let since = if columns == 0 { "" } else { "since" };
    let heading = format!("{:>NUMBER$} {:>NUMBER$} {since:<columns$}", "rate", "height");
    let panel = Panel::new(theme, "Walk").right(&heading).below(&reach);
    frame.render_widget(&panel.focused(screen.focus == Focus::List), area);
    let scroll = Scroll::to_show(screen.row, screen.top, usize::from(inner.height), all.len());
    let shown = all.iter().enumerate().skip(scroll.top).take(scroll.height);
    let lines = shown.clone().map(|(index, slot)| {
        let here = index == screen.row && screen.focus == Focus::List;
        line(screen, *slot, here, usize::from(inner.width), theme)
    });
    frame.render_widget(Paragraph::new(lines.collect::<Vec<_>>()), inner);
    let targets = shown.zip(inner.rows()).map(|((index, _), row)| (row, index)).collect();
    (targets, scroll)
}

fn line(
    screen: &SurfaceScreen,
    slot: Slot,
    here: bool,
    width: usize,
    theme: Theme,
) -> Line<'static> {
    let walk = screen.walk();
    let style = if here { theme.selected() } else { theme.text() };
    let Slot::Walker(index) = slot else {
        let name = if here { "▸ " } else { "  " }.to_owned() + &rows::name(slot, walk);
        let value = format::truncate(&rows::value(slot, walk), width.saturating_sub(14));
        return Line::from(vec![
            Span::styled(format!("{name:<13} "), theme.muted()),
            Span::styled(value, style),
        ]);
    };
    let (Some(spec), Some(walker)) =
        (walk.walkers.get(index), screen.simulation.walkers().get(index))
    else {
        return Line::default();
    };
    let pointer = if index == screen.chosen { "▸ " } else { "  " };
    let letter = mark(index).to_ascii_uppercase();
    let (mark, since, word, state_style) = status::state(walker, theme);
    let since = since.map_or_else(String::new, |step| format::thousands(step as f64));
    let state = match width {
        WORDS.. => format!("{word} {since}"),
        SINCE.. => format!("{mark} {since}"),
        _ => mark.to_string(),
    };
    let columns = state_columns(width);
    let room = width.saturating_sub(4 + 2 * (NUMBER + 1) + columns);
    let name = format::truncate(&name(spec), room);
    let number = |value: f64| format!(" {:>NUMBER$}", format::significant(value, 3));
    Line::from(vec![
        Span::styled(pointer, theme.accent()),
        Span::styled(format!("{letter} "), theme.walker(index)),
        Span::styled(format!("{name:<room$}"), style),
        Span::styled(number(walker.rate()), Style::new()),
        Span::styled(number(walker.height()), Style::new()),
        Span::styled(format!(" {state:<columns$}"), state_style),
    ])
}

/// The columns of states in a list of so many.
const fn state_columns(width: usize) -> usize {
    match width {
        WORDS.. => 2 * STATE,
        SINCE.. => STATE,
        _ => 1,
    }
}

/// The optimizer with what is not at its default, its rate left out, and its schedule.
fn name(spec: &WalkerSpec) -> String {
    let changed = spec.optimizer.changed().filter(|(key, _)| *key != "lr");
    let params: Vec<String> = changed.map(|(key, value)| format!("{key}={value}")).collect();
    let schedule =
        if spec.is_steady() { String::new() } else { format!(" {}", spec.schedule.key()) };
    let params = if params.is_empty() { String::new() } else { format!(" {}", params.join(",")) };
    format!("{}{schedule}{params}", spec.optimizer.key())
}
