//! Loss and accuracy over the steps.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};

use crate::spec::Plain;
use crate::train::telemetry::Series as Kind;
use crate::tui::theme::{TEST_MARK, TRAIN_MARK, Theme};
use crate::tui::widgets::axis::{Axis, Scale};
use crate::tui::widgets::chart::{Chart, Event, Sample, Series};
use crate::tui::widgets::format;
use crate::tui::widgets::panel::Panel;
use crate::tui::workspace::Workspace;

/// Loss above accuracy; loss alone where there are no classes.
pub fn draw(
    workspace: &Workspace,
    log_axis: bool,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) {
    if workspace.run.latest(Kind::TestAccuracy).is_none() {
        draw_loss(workspace, log_axis, frame, area, theme);
        return;
    }
    let [loss, accuracy] = Layout::vertical([Constraint::Fill(3), Constraint::Fill(2)]).areas(area);
    draw_loss(workspace, log_axis, frame, loss, theme);
    draw_accuracy(workspace, frame, accuracy, theme);
}

fn samples(workspace: &Workspace, kind: Kind) -> Vec<Sample> {
    let sample = |b: &crate::train::telemetry::Bucket| {
        let x = (b.first + b.last) as f64 / 2.0;
        Sample { x, min: b.min, mean: b.mean, max: b.max }
    };
    workspace.run.history.series(kind).buckets().iter().map(sample).collect()
}

/// The loss, on a logarithmic axis or a linear one.
pub fn draw_loss(
    workspace: &Workspace,
    log_axis: bool,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) {
    let batch = samples(workspace, Kind::BatchLoss);
    let train = samples(workspace, Kind::TrainLoss);
    let test = samples(workspace, Kind::TestLoss);
    let series = [
        Series { name: "", mark: '·', style: theme.muted(), points: &batch },
        Series { name: "train", mark: TRAIN_MARK, style: theme.train(), points: &train },
        Series { name: "test", mark: TEST_MARK, style: theme.test(), points: &test },
    ];
    let events = events(workspace);
    let scale = if log_axis { Scale::Log } else { Scale::Linear };
    let chart = Chart::new(theme, scale, &series).events(&events).x_axis(steps(workspace));
    let rate = rate(workspace).map_or_else(String::new, |rate| format!("rate {rate} ─ "));
    let accuracy = workspace.run.latest(Kind::TestAccuracy);
    let accuracy = accuracy.map_or_else(String::new, |share| {
        format!("test accuracy {} ─ ", format::percent(share).trim())
    });
    // In the units of the target, as the loss may not be.
    let rmse = workspace.run.latest(Kind::TestRmse);
    let rmse = rmse
        .map_or_else(String::new, |rmse| format!("test RMSE {} ─ ", format::measure(rmse).trim()));
    let scale = if log_axis { "log" } else { "linear" };
    let state = earlier_state(workspace);
    let full = format!("{state}{rate}{accuracy}{rmse}{scale}");
    // The accuracy has a chart of its own where there is little room for it here.
    let fits = format::width(&full) + 10 <= usize::from(area.width);
    let right = if fits { full } else { format!("{state}{rate}{scale}") };
    let panel = Panel::new(theme, "Loss").right(&right);
    frame.render_widget(&panel, area);
    frame.render_widget(&chart, Panel::inner(area));
}

/// The step that the numbers shown are of, if that is not the one that the run stands at: after a
/// divergence the last finite ones remain.
fn earlier_state(workspace: &Workspace) -> String {
    match workspace.run.stale_step() {
        Some(step) => format!("values of step {} ─ ", format::thousands(step as f64)),
        None => String::new(),
    }
}

/// The rate that the schedule has come to, in two digits; none without a schedule.
fn rate(workspace: &Workspace) -> Option<Plain> {
    let rate = workspace.run.rate.filter(|_| workspace.experiment.schedule.key() != "none")?;
    Some(Plain(format!("{rate:.1e}").parse().unwrap_or(rate)))
}

fn draw_accuracy(workspace: &Workspace, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
    let train = samples(workspace, Kind::TrainAccuracy);
    let test = samples(workspace, Kind::TestAccuracy);
    let series = [
        Series { name: "train", mark: TRAIN_MARK, style: theme.train(), points: &train },
        Series { name: "test", mark: TEST_MARK, style: theme.test(), points: &test },
    ];
    let least = train.iter().chain(&test).map(|s| s.min).fold(1.0, f64::min);
    let low = if least >= 0.5 { 0.5 } else { 0.0 };
    let chart = Chart::new(theme, Scale::Percent, &series)
        .x_axis(steps(workspace))
        .y_axis(Axis::exact(Scale::Percent, low, 1.0));
    frame.render_widget(&Panel::new(theme, "Accuracy"), area);
    frame.render_widget(&chart, Panel::inner(area));
}

fn steps(workspace: &Workspace) -> Axis {
    Axis::steps(workspace.run.step as f64)
}

fn events(workspace: &Workspace) -> Vec<Event<'_>> {
    let near = workspace.run.step as f64 / 25.0;
    let mut events: Vec<Event<'_>> = Vec::new();
    for entry in workspace.run.log.iter().filter(|entry| entry.marked) {
        let event = Event { x: entry.step as f64, label: &entry.text };
        match events.last_mut() {
            // Of changes that lie too close to be told apart, the last one stands for all.
            Some(last) if event.x - last.x <= near => *last = event,
            _ => events.push(event),
        }
    }
    events
}
