//! The line at the top: what is shown, the screens there are, and how it goes.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::compare::Ending;
use crate::tui::app::{App, Screen};
use crate::tui::contest::Contest;
use crate::tui::run_view::Status;
use crate::tui::theme::Theme;
use crate::tui::widgets::format;

/// The screens with their keys.
const TABS: [(Screen, &str); 2] = [(Screen::Train, "1 Train"), (Screen::Compare, "3 Compare")];

/// ```text
///  gradlab  Two spirals    1 Train  3 Compare 42%    ● running   step 12,400
/// ```
pub fn draw(app: &App, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
    let (title, right) = if let (Screen::Compare, Some(contest)) = (app.screen, &app.contest) {
        (contest.name.clone(), of_race(contest, area.width, theme))
    } else {
        (app.experiment.name(), of_run(app, area.width, theme))
    };
    let left = usize::from(area.width).saturating_sub(right.width() + 1);
    let mut spans = vec![
        Span::styled(" gradlab ", theme.accent()),
        Span::raw(format!(" {}", format::truncate(&title, left.saturating_sub(11)))),
    ];
    let tabs = tabs(app, theme);
    let width = |spans: &[Span<'_>]| spans.iter().map(Span::width).sum::<usize>();
    if width(&spans) + width(&tabs) + 4 <= left {
        spans.extend(tabs);
    }
    frame.render_widget(Line::from(spans), area);
    frame.render_widget(right.right_aligned(), area);
}

fn tabs(app: &App, theme: Theme) -> Vec<Span<'static>> {
    TABS.iter()
        .flat_map(|(screen, name)| {
            let here = *screen == app.screen;
            let style = if here { theme.accent() } else { theme.muted() };
            let race = app.contest.as_ref().filter(|_| *screen == Screen::Compare && !here);
            let share = race.map_or_else(String::new, |contest| format!(" {}%", contest.percent()));
            [Span::raw("   "), Span::styled(format!("{name}{share}"), style)]
        })
        .collect()
}

/// One line for a terminal that has no room for more.
pub fn brief(app: &App, theme: Theme) -> Line<'static> {
    if let (Screen::Compare, Some(contest)) = (app.screen, &app.contest) {
        let (mark, word, style) = state_of_race(contest, theme);
        let ranking = &contest.board.score.ranking;
        let first = ranking.standings.first().filter(|first| first.test_loss.is_some());
        let first =
            first.map_or_else(String::new, |it| format!(" 1 {}", contest.plan.arms[it.arm].name));
        return Line::from(vec![
            Span::styled(format!("{mark} {word}"), style),
            Span::raw(format!(" {}/{}{first}", ranking.done, ranking.total)),
        ]);
    }
    let (mark, word, style) = state_of_run(app, theme);
    let loss = app.run.latest(crate::train::telemetry::Series::TestLoss);
    let loss =
        loss.map_or_else(String::new, |loss| format!(" test {}", format::measure(loss).trim()));
    Line::from(vec![
        Span::styled(format!("{mark} {word}"), style),
        Span::raw(format!(" {}{loss}", format::thousands(app.run.step as f64))),
    ])
}

/// The state in a word, with a mark that does not need colour.
fn state_of_run(app: &App, theme: Theme) -> (&'static str, &'static str, Style) {
    match app.run.status {
        Status::Loading => ("◌", "loading", theme.muted()),
        Status::Running => ("●", "running", theme.good()),
        Status::Paused => ("‖", "paused", theme.warn()),
        Status::Finished => ("■", "finished", theme.text()),
        Status::Diverged(_) => ("▲", "diverged", theme.bad()),
        Status::Failed(_) => ("▲", "failed", theme.bad()),
    }
}

fn of_run(app: &App, width: u16, theme: Theme) -> Line<'static> {
    let (mark, word, style) = state_of_run(app, theme);
    let epoch = if width >= 100 { format!("   epoch {:.1}", app.run.epoch) } else { String::new() };
    let speed = match app.run.speed {
        Some(speed) if width >= 60 => format!("   {:>5}/s", format::tick(speed, speed / 30.0)),
        _ => String::new(),
    };
    let race = app.contest.as_ref().filter(|contest| width < 100 && contest.goes_on());
    let race = race.map_or_else(String::new, |contest| format!("   race {}%", contest.percent()));
    let pace = if width >= 80 && race.is_empty() {
        format!("   pace {}", app.pace)
    } else {
        String::new()
    };
    Line::from(vec![
        Span::styled(format!("{mark} {word}"), style),
        Span::raw(format!("   step {:>7}", format::thousands(app.run.step as f64))),
        Span::raw(epoch),
        Span::styled(format!("{speed}{pace}{race} "), theme.muted()),
    ])
}

fn state_of_race(contest: &Contest, theme: Theme) -> (&'static str, &'static str, Style) {
    match (&contest.board.ending, contest.board.paused) {
        (None, false) => ("●", "racing", theme.good()),
        (None, true) => ("‖", "resting", theme.warn()),
        (Some(Ending::Complete), _) => ("■", "finished", theme.text()),
        (Some(Ending::Cancelled), _) => ("■", "ended early", theme.warn()),
        (Some(Ending::Failed(_)), _) => ("▲", "failed", theme.bad()),
    }
}

fn of_race(contest: &Contest, width: u16, theme: Theme) -> Line<'static> {
    let (mark, word, style) = state_of_race(contest, theme);
    let board = &contest.board;
    let ranking = &board.score.ranking;
    let time = match (board.left(&contest.plan), contest.goes_on()) {
        (Some(left), true) => format!("   {} left", format::duration(left)),
        (None, true) => String::new(),
        (_, false) if board.elapsed.is_zero() => String::new(),
        (_, false) => format!("   in {}", format::duration(board.elapsed)),
    };
    let share = if width >= 100 { format!("   {:>3}%", contest.percent()) } else { String::new() };
    Line::from(vec![
        Span::styled(format!("{mark} {word}"), style),
        Span::raw(format!("   {:>3} of {} runs{share}", ranking.done, ranking.total)),
        Span::styled(format!("{time} "), theme.muted()),
    ])
}
