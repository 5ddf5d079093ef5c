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
    let means = train.iter().chain(&test).map(|sample| sample.mean);
    let scale = Scale::of_loss(log_axis, means);
    let chart = Chart::new(theme, scale, &series)
        .background(1)
        .events(&events, "edits")
        .x_axis(steps(workspace));
    if area.height < 3 {
        // No room for a border: the numbers come first.
        frame.render_widget(&chart, area);
        return;
    }
    let right = title(workspace, scale.name(log_axis), usize::from(area.width).saturating_sub(10));
    frame.render_widget(&Panel::new(theme, "Loss").right(&right), area);
    frame.render_widget(&chart, Panel::inner(area));
}

/// As much of rate, accuracy and scale as `room` columns hold: the accuracy has a chart of its own
/// where there is little room for it here.
fn title(workspace: &Workspace, scale: &str, room: usize) -> String {
    let rate = rate(workspace).map(|rate| format!("rate {rate}"));
    let accuracy = workspace.run.latest(Kind::TestAccuracy);
    let accuracy = accuracy.map(|share| format!("test accuracy {}", format::percent(share)));
    // In the units of the target, as the loss may not be.
    let rmse = workspace.run.latest(Kind::TestRmse);
    let rmse = rmse.map(|rmse| format!("test RMSE {}", format::measure(rmse).trim()));
    let score = accuracy.or(rmse);
    let state = earlier_state(workspace);
    let (state, rate) = (|| state.as_deref(), || rate.as_deref());
    [
        vec![state(), rate(), score.as_deref(), Some(scale)],
        vec![state(), rate(), Some(scale)],
        vec![state()],
        vec![rate(), Some(scale)],
        vec![rate()],
        vec![Some(scale)],
        vec![scale.split(',').next()],
    ]
    .into_iter()
    .map(|parts| parts.into_iter().flatten().collect::<Vec<_>>().join(" ─ "))
    .find(|text| !text.is_empty() && format::width(text) <= room)
    .unwrap_or_default()
}

/// The step that the numbers shown are of, if that is not the one that the run stands at: after a
/// divergence the last finite ones remain.
fn earlier_state(workspace: &Workspace) -> Option<String> {
    let step = workspace.run.stale_step()?;
    Some(format!("values of step {}", format::thousands(step as f64)))
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
    workspace.run.marks().map(|entry| Event { x: entry.step as f64, label: &entry.text }).collect()
}
