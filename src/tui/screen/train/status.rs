//! The run's state in a line.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::train::telemetry::Series;
use crate::tui::run_view::Status;
use crate::tui::theme::Theme;
use crate::tui::widgets::format;
use crate::tui::workspace::Workspace;

/// The title of the experiment, and the run's state on a line of `width` columns.
pub fn header(workspace: &Workspace, width: u16, theme: Theme) -> (String, Line<'static>) {
    let title = workspace.experiment.name().on_terminal().into_owned();
    (title, line(workspace, width, theme))
}

/// Columns of a line that has room for the epoch beside the screens there are.
const EPOCH: u16 = 136;

/// ```text
/// ● running   step  12,400   epoch 31.0   1.0k/s   pace 1k/s
/// ```
fn line(workspace: &Workspace, width: u16, theme: Theme) -> Line<'static> {
    if workspace.past.is_some() {
        return past(workspace, width, theme);
    }
    let (mark, word, style) = state(workspace, theme);
    let epoch = if width >= EPOCH {
        format!("   epoch {:>6.1}", workspace.run.epoch)
    } else {
        String::new()
    };
    let speed = match workspace.run.speed {
        Some(speed) if width >= 60 => format!("   {:>5}/s", format::short(speed)),
        // Its place is kept, so that nothing jumps when the run rests.
        None if width >= 100 => " ".repeat(10),
        _ => String::new(),
    };
    let race = workspace.race.as_ref().filter(|race| width < 100 && race.goes_on());
    let race = race.map_or_else(String::new, |race| format!("   race {}%", race.percent()));
    let pace = if width >= 80 && race.is_empty() {
        format!("   pace {}", workspace.pace)
    } else {
        String::new()
    };
    Line::from(vec![
        Span::styled(format!("{mark} {word:<8}"), style),
        Span::raw(format!("   step {:>7}", format::thousands(workspace.run.step as f64))),
        Span::raw(epoch),
        Span::styled(format!("{speed}{pace}{race} "), theme.muted()),
    ])
}

/// ```text
/// ◀ past       step   5,000 of 12,400
/// ```
fn past(workspace: &Workspace, width: u16, theme: Theme) -> Line<'static> {
    let (mark, word, style) = state(workspace, theme);
    let number = |step: u64| format::thousands(step as f64);
    let (moment, present) = (number(workspace.moment()), number(workspace.run.step));
    let room = format::width(&present).max(if width >= 60 { 7 } else { 0 });
    Line::from(vec![
        Span::styled(format!("{mark} {word:<8}"), style),
        Span::styled(format!("   step {moment:>room$} of {present} "), style),
    ])
}

/// The state and the loss.
pub fn brief(workspace: &Workspace, theme: Theme) -> Line<'static> {
    if workspace.past.is_some() {
        return past(workspace, 0, theme);
    }
    let (mark, word, style) = state(workspace, theme);
    let loss = workspace.run.latest(Series::TestLoss);
    let stale = workspace.run.stale_step();
    let of = stale.map_or_else(String::new, |step| format!(" of step {step}"));
    let loss =
        loss.map_or_else(String::new, |loss| format!(" test {}{of}", format::measure(loss).trim()));
    Line::from(vec![
        Span::styled(format!("{mark} {word}"), style),
        Span::raw(format!(" {}{loss}", format::thousands(workspace.run.step as f64))),
    ])
}

/// Why the run has ended before its time, and what to do about it.
pub fn trouble(workspace: &Workspace) -> Option<String> {
    match &workspace.run.status {
        _ if workspace.past.is_some() => None,
        Status::Diverged(divergence) => Some(format!(
            "Diverged at {divergence}.\n\
             r starts again, t goes on from there with a tenth of every learning rate."
        )),
        Status::Failed(text) => Some(format!("Failed: {text}")),
        _ => None,
    }
}

/// The state in a word, with a mark that does not need colour.
fn state(workspace: &Workspace, theme: Theme) -> (&'static str, &'static str, Style) {
    match workspace.run.status {
        _ if workspace.replays() => ("◌", "replays", theme.warn()),
        _ if workspace.past.is_some() => ("◀", "past", theme.warn()),
        Status::Loading => ("◌", "loading", theme.muted()),
        Status::Running => ("●", "running", theme.good()),
        Status::Paused => ("‖", "paused", theme.warn()),
        Status::Finished if workspace.run.edited() => ("■", "finished, edited", theme.warn()),
        Status::Finished => ("■", "finished", theme.text()),
        Status::Diverged(_) => ("▲", "diverged", theme.bad()),
        Status::Failed(_) => ("▲", "failed", theme.bad()),
    }
}
