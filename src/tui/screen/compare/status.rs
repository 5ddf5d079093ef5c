//! The race's state in a line.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::compare::Ending;
use crate::tui::race_view::RaceView;
use crate::tui::theme::Theme;
use crate::tui::widgets::format;

/// ```text
/// ● racing    12 of 104 runs   11%   1:20 left
/// ```
pub fn line(race: &RaceView, width: u16, theme: Theme) -> Line<'static> {
    let (mark, word, style) = state(race, theme);
    let status = &race.status;
    let ranking = &status.score.ranking;
    let time = match (status.left(&race.plan), race.goes_on()) {
        (Some(left), true) => format!("   {} left", format::duration(left)),
        (None, true) => String::new(),
        (_, false) if status.elapsed.is_zero() => String::new(),
        (_, false) => format!("   in {}", format::duration(status.elapsed)),
    };
    let time = if width >= 60 { time } else { String::new() };
    let share = if width >= 100 { format!("   {:>3}%", race.percent()) } else { String::new() };
    Line::from(vec![
        Span::styled(format!("{mark} {word}"), style),
        Span::raw(format!("   {:>3} of {} runs{share}", ranking.done, ranking.total)),
        Span::styled(format!("{time} "), theme.muted()),
    ])
}

/// The state and the leader.
pub fn brief(race: &RaceView, theme: Theme) -> Line<'static> {
    let (mark, word, style) = state(race, theme);
    let ranking = &race.status.score.ranking;
    let first = ranking.standings.first().filter(|first| first.test_loss.is_some());
    let first = first
        .map_or_else(String::new, |it| format!(" 1 {}", race.plan.arms[it.arm].name.on_terminal()));
    Line::from(vec![
        Span::styled(format!("{mark} {word}"), style),
        Span::raw(format!(" {}/{}{first}", ranking.done, ranking.total)),
    ])
}

/// The state in a word, with a mark that does not need colour.
fn state(race: &RaceView, theme: Theme) -> (&'static str, &'static str, Style) {
    match (&race.status.ending, race.status.paused) {
        (None, _) if race.watched => ("●", "watching", theme.good()),
        (None, false) => ("●", "racing", theme.good()),
        (None, true) => ("‖", "resting", theme.warn()),
        (Some(Ending::Complete), _) => ("■", "finished", theme.text()),
        (Some(Ending::Cancelled), _) => ("■", "ended early", theme.warn()),
        (Some(Ending::Failed(_)), _) => ("▲", "failed", theme.bad()),
    }
}
